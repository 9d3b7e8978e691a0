import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import {perClass} from '../framework/perClass.ts';
import {
  type FilterPlugin,
  type Handle,
  type PreFilterExtensions,
  type PreFilterResult,
  SKIP,
  success,
} from '../framework/plugin.ts';
import {type Status, unresolvable, unschedulable} from '../framework/status.ts';
import type {KubernetesVersion} from '../simulation.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';
import type {ClusterState} from '../state/clusterState.ts';
import {
  type AttachableVolume,
  addCsiVolumes,
  type DriverOfVolume,
  findMissingClaim,
  type MigratedPlugins,
  migratedPlugins,
  toAttachableVolume,
  uniqueName,
} from '../volumes/csiVolumes.ts';
import type {VolumeState} from '../volumes/volumeState.ts';

interface FilterState {
  readonly pod: Pod;
  readonly attachable: readonly AttachableVolume[];
  /** A claim of the pod does not exist. */
  readonly missing: Status | null;
  /** The volumes of the pod by the plugins that count, once looked up. */
  readonly wanted: Map<MigratedPlugins, DriverOfVolume>;
  /** Whether pods are thought to have come to a node or to have left it. */
  readonly isTrial: boolean;
}

/** The volumes of the pods on a node, as long as nothing changes there. */
interface KnownVolumes {
  readonly changes: number;
  readonly revision: number;
  readonly volumes: DriverOfVolume;
}

interface VolumeAttachmentSpec {
  readonly nodeName?: string;
  readonly attacher?: string;
  readonly source?: {readonly persistentVolumeName?: string};
}

/** Keeps nodes within the number of volumes that their CSI drivers can attach. */
export class NodeVolumeLimits implements FilterPlugin<FilterState> {
  readonly name = 'NodeVolumeLimits';
  readonly filterScope = 'cluster';
  readonly #nodes: readonly Node[];
  readonly #volumes: VolumeState;
  readonly #state: ClusterState;
  readonly #objects: ClusterObjects;
  readonly #version: KubernetesVersion;
  readonly #attachableOf = perClass(({spec}) =>
    (spec.volumes ?? []).flatMap((volume) => toAttachableVolume(volume) ?? []),
  );
  readonly #known = new Map<number, KnownVolumes>();
  #attachments: ReadonlyMap<string, DriverOfVolume> | null = null;
  readonly #status = unschedulable(this.name, 'node(s) exceed max volume count');

  constructor({nodes, volumes, state, objects, kubernetesVersion}: Handle) {
    this.#nodes = nodes;
    this.#volumes = volumes;
    this.#state = state;
    this.#objects = objects;
    this.#version = kubernetesVersion;
  }

  preFilter(pod: Pod): PreFilterResult<FilterState> {
    const attachable = this.#attachableOf(pod.class);
    if (attachable.length === 0) return SKIP;
    const reason = findMissingClaim(pod, attachable, this.#volumes);
    const missing = reason === null ? null : unresolvable(this.name, reason);
    return success({pod, attachable, missing, wanted: new Map(), isTrial: false});
  }

  filter(state: FilterState, node: number): Status | null {
    if (state.missing !== null) return state.missing;
    const csiNode = this.#volumes.csiNode(node);
    const wanted = this.#wantedBy(state, migratedPlugins(csiNode, this.#version));
    if (wanted.size === 0 || csiNode === null || csiNode.limits.size === 0) return null;

    const attached = state.isTrial ? this.#volumesOn(node) : this.#knownVolumesOn(node);
    const attachments = this.#attachmentsOn(node);
    for (const [driver, limit] of csiNode.limits) {
      let added = 0;
      for (const [volume, its] of wanted) if (its === driver && !attached.has(volume)) added++;
      if (added === 0) continue;
      let present = 0;
      for (const its of attached.values()) if (its === driver) present++;
      for (const [volume, its] of attachments) if (its === driver && !attached.has(volume)) present++;
      if (present + added > limit) return this.#status;
    }
    return null;
  }

  /** Upstream keeps nothing about other pods; here their volumes are looked up anew only while they are not as known. */
  readonly preFilterExtensions: PreFilterExtensions<FilterState> = {
    clone: (state) => ({...state, isTrial: true}),
    addPod: () => {},
    removePod: () => {},
  };

  #wantedBy({pod, attachable, wanted}: FilterState, migrated: MigratedPlugins): DriverOfVolume {
    let volumes = wanted.get(migrated);
    if (volumes === undefined) {
      volumes = new Map();
      addCsiVolumes(volumes, pod, attachable, migrated, this.#volumes);
      wanted.set(migrated, volumes);
    }
    return volumes;
  }

  #knownVolumesOn(node: number): DriverOfVolume {
    const changes = this.#state.changes.lastOfNode[node]!;
    const {revision} = this.#volumes;
    let known = this.#known.get(node);
    if (known === undefined || known.changes !== changes || known.revision !== revision) {
      known = {changes, revision, volumes: this.#volumesOn(node)};
      this.#known.set(node, known);
    }
    return known.volumes;
  }

  #volumesOn(node: number): DriverOfVolume {
    const {pods} = this.#state;
    const migrated = migratedPlugins(this.#volumes.csiNode(node), this.#version);
    const found: DriverOfVolume = new Map();
    for (let index = pods.first(node); index >= 0; index = pods.next(index)) {
      const pod = pods.at(index);
      const attachable = this.#attachableOf(pod.class);
      if (attachable.length > 0) addCsiVolumes(found, pod, attachable, migrated, this.#volumes);
    }
    return found;
  }

  /** What is attached to a node whether or not a pod there uses it. */
  #attachmentsOn(node: number): DriverOfVolume {
    this.#attachments ??= this.#readAttachments();
    return this.#attachments.get(this.#nodes[node]!.name) ?? NOTHING;
  }

  #readAttachments(): ReadonlyMap<string, DriverOfVolume> {
    const byNode = new Map<string, DriverOfVolume>();
    for (const {spec} of this.#objects.list('VolumeAttachment.storage.k8s.io')) {
      const {nodeName = '', attacher = '', source} = (spec ?? {}) as VolumeAttachmentSpec;
      const csi = this.#volumes.volume(source?.persistentVolumeName ?? '')?.csi ?? null;
      if (attacher === '' || csi === null) continue;
      const volumes = byNode.get(nodeName);
      const name = uniqueName({driver: attacher, volumeHandle: csi.volumeHandle});
      if (volumes === undefined) byNode.set(nodeName, new Map([[name, attacher]]));
      else volumes.set(name, attacher);
    }
    return byNode;
  }
}

const NOTHING: DriverOfVolume = new Map();
