import type {NodeSelector} from '../../model/kubernetes.ts';
import {labelValue, ZONE_LABEL} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import {matchesNodeSelector} from '../../model/selector.ts';
import {perClass} from '../framework/perClass.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';
import type {ClusterState} from '../state/clusterState.ts';
import {type CsiNode, toCsiNode} from './csiNode.ts';
import {NodeSets} from './nodeSets.ts';
import type {PersistentVolume} from './persistentVolume.ts';
import {claimKey, type PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {claimNameOf, claimVolumesOf, whyNotClaimOf} from './podVolumes.ts';
import {StorageCapacity} from './storageCapacity.ts';
import {allowsTopology, type StorageClass} from './storageClass.ts';
import {settleNewClaims} from './volumeController.ts';
import {VolumeObjects} from './volumeObjects.ts';

/**
 * Claims and volumes in one run. Binding takes no time here: what the scheduler decides, and what the controllers of
 * volumes then do, is in place before the next pod. Nothing is read before a pod asks for it.
 */
export class VolumeState {
  readonly #objects: ClusterObjects;
  readonly #nodes: readonly Node[];
  readonly #state: ClusterState;
  readonly #reachable: NodeSets<NodeSelector>;
  readonly #provisionable: NodeSets<StorageClass>;
  readonly #claimVolumes = perClass(({spec}) => claimVolumesOf(spec));
  readonly #uses = new Map<string, number>();
  readonly #csiNodes = new Map<number, CsiNode | null>();
  #volumes: VolumeObjects | null = null;
  #capacity: StorageCapacity | null = null;
  #changesRead = 0;
  #revision = 0;
  /** Whether the version knows VolumeAttributesClasses. */
  readonly hasAttributesClasses: boolean;

  constructor(objects: ClusterObjects, nodes: readonly Node[], state: ClusterState, version: KubernetesVersion) {
    this.#objects = objects;
    this.#nodes = nodes;
    this.#state = state;
    // Volumes are tied to labels of nodes, never to their names.
    this.#reachable = new NodeSets(nodes, (selector, {labels}) => matchesNodeSelector(selector, {name: '', labels}));
    this.#provisionable = new NodeSets(nodes, (storageClass, {labels}) => allowsTopology(storageClass, labels));
    this.hasAttributesClasses = isAtLeast(version, '1.34');
  }

  claim(namespace: string, name: string): PersistentVolumeClaim | undefined {
    return this.#read().claim(namespace, name);
  }

  volume(name: string): PersistentVolume | undefined {
    return this.#read().volume(name);
  }

  /** The smallest first, equal ones in the order of the input. */
  volumesOfClass(name: string): readonly PersistentVolume[] {
    return this.#read().volumesOfClass(name);
  }

  /** Those of a claim's class that were made for a claim of its name. */
  volumesFor(claim: PersistentVolumeClaim): readonly PersistentVolume[] {
    return this.#read().volumesFor(claim);
  }

  storageClass(name: string): StorageClass | undefined {
    return this.#read().storageClass(name);
  }

  /** null where the node has no CSINode. */
  csiNode(node: number): CsiNode | null {
    let known = this.#csiNodes.get(node);
    if (known === undefined) {
      const object = this.#objects.get('CSINode.storage.k8s.io', '', this.#nodes[node]!.name);
      known = object === undefined ? null : toCsiNode(object);
      this.#csiNodes.set(node, known);
    }
    return known;
  }

  /** Whether volumes of this affinity can be reached from a node. */
  isReachable(nodeAffinity: NodeSelector | null, node: number): boolean {
    return nodeAffinity === null || this.#reachable.has(nodeAffinity, node);
  }

  /** The nodes from which volumes of this affinity can be reached, the same set for equal ones; null for all nodes. */
  nodesReaching(nodeAffinity: NodeSelector | null): ReadonlySet<number> | null {
    return nodeAffinity === null ? null : this.#reachable.get(nodeAffinity);
  }

  /** Those of these sets, among all asked for so far, that a node is in. */
  setsReachableFrom(node: number): readonly ReadonlySet<number>[] {
    return this.#reachable.at(node);
  }

  /** Whether volumes of a class can be made for a node. */
  isProvisionable(storageClass: StorageClass, node: number): boolean {
    return this.#provisionable.has(storageClass, node);
  }

  /** Whether there is room for a volume that a node has access to. */
  isRoomFor(claim: PersistentVolumeClaim, storageClass: StorageClass, node: number): boolean {
    this.#capacity ??= new StorageCapacity(this.#objects, this.#nodes);
    return this.#capacity.isEnough(storageClass, claim, node);
  }

  /** Grows whenever a claim changes that pods on nodes use already. */
  get revision(): number {
    return this.#revision;
  }

  /** How many volumes of pods on nodes are this claim; ephemeral volumes do not count. */
  usesOf(claim: PersistentVolumeClaim): number {
    const {changes, pods} = this.#state;
    for (; this.#changesRead < changes.length; this.#changesRead++) {
      const sign = changes.signAt(this.#changesRead);
      if (sign === 0) continue;
      const {class: podClass} = pods.at(changes.podAt(this.#changesRead));
      for (const {claimName} of this.#claimVolumes(podClass)) {
        if (claimName === null) continue;
        const key = claimKey({namespace: podClass.namespace, name: claimName});
        this.#uses.set(key, (this.#uses.get(key) ?? 0) + sign);
      }
    }
    return this.#uses.get(claimKey(claim)) ?? 0;
  }

  bind(claim: PersistentVolumeClaim, volume: PersistentVolume): void {
    this.#read().bind(claim, volume);
    this.#noteChange(claim);
  }

  /** Makes a volume for a claim in the zone of a node, and binds them. */
  provision(claim: PersistentVolumeClaim, storageClass: StorageClass, node: number): void {
    this.#read().provision(claim, storageClass, affinityToZone(this.#nodes[node]!));
    this.#noteChange(claim);
  }

  /** The claims of a pod's ephemeral volumes go with the pod; should it come again, it has new ones. */
  renewEphemeral(pod: Pod): void {
    for (const volume of this.#claimVolumes(pod.class)) {
      if (volume.claimName !== null) continue;
      const claim = this.claim(pod.class.namespace, claimNameOf(volume, pod));
      if (claim !== undefined && whyNotClaimOf(pod, claim) === null) this.#read().renew(claim);
    }
  }

  #noteChange(claim: PersistentVolumeClaim): void {
    if (this.usesOf(claim) > 0) this.#revision++;
  }

  #read(): VolumeObjects {
    if (this.#volumes === null) {
      this.#volumes = new VolumeObjects(this.#objects);
      settleNewClaims(this.#volumes, this.hasAttributesClasses);
    }
    return this.#volumes;
  }
}

function affinityToZone({labels}: Node): NodeSelector | null {
  const zone = labelValue(labels, ZONE_LABEL);
  if (zone === undefined) return null;
  return {nodeSelectorTerms: [{matchExpressions: [{key: ZONE_LABEL, operator: 'In', values: [zone]}]}]};
}
