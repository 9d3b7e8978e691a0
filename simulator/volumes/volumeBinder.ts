import type {NodeSelector} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import {compareQuantities, parseQuantity, type Quantity} from '../../model/quantity.ts';
import {toCsiNodeAffinity, toCsiSource} from './inTreeVolumes.ts';
import {type MatchingVolumes, matchVolumes} from './matchVolumes.ts';
import type {PersistentVolume} from './persistentVolume.ts';
import {claimKey, type PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {type ClaimVolume, claimNameOf} from './podVolumes.ts';
import {isProvisioning, type StorageClass} from './storageClass.ts';
import type {VolumeState} from './volumeState.ts';

const NOTHING: Quantity = parseQuantity('0')!;

/** The claims of a pod, sorted out before any node is looked at. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** To be bound where the pod goes. */
  readonly waiting: readonly WaitingClaim[];
  /** Whether a claim is not bound that should be before the pod is scheduled. */
  readonly hasUnboundImmediate: boolean;
}

export interface WaitingClaim {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  readonly matching: MatchingVolumes;
}

export interface Binding {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
}

/** How the claims of a pod would be bound on a node, or what stands against it. */
export type PodVolumes =
  | {readonly kind: 'Found'; readonly bindings: readonly Binding[]; readonly provisions: readonly WaitingClaim[]}
  | {readonly kind: 'Conflict'; readonly reasons: readonly string[]}
  | {readonly kind: 'Error'; readonly message: string};

type BoundVerdict = 'Fits' | 'NodeConflict' | 'VolumeGone';
type WaitingVerdict = 'Fits' | 'BindConflict' | 'NotEnoughSpace';

const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const NOT_ENOUGH_SPACE = 'node(s) did not have enough free storage';
const VOLUME_GONE = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

/** Finds volumes for claims where pods go (volumebinding/binder.go). */
export class VolumeBinder {
  readonly #volumes: VolumeState;
  readonly #nodes: readonly Node[];
  /** The affinity of volumes of old plugins as their CSI drivers see it. */
  readonly #translated = new WeakMap<PersistentVolume, NodeSelector | null>();

  constructor(volumes: VolumeState, nodes: readonly Node[]) {
    this.#volumes = volumes;
    this.#nodes = nodes;
  }

  /** Claims that do not exist are left out. */
  claimsOf(pod: Pod, claimVolumes: readonly ClaimVolume[]): PodClaims {
    const bound: PersistentVolumeClaim[] = [];
    const waiting: WaitingClaim[] = [];
    let hasUnboundImmediate = false;
    for (const volume of claimVolumes) {
      const claim = this.#volumes.claim(pod.class.namespace, claimNameOf(volume, pod));
      if (claim === undefined) continue;
      const storageClass = this.#volumes.storageClass(claim.storageClassName);
      if (claim.isBound) bound.push(claim);
      else if (storageClass?.waitsForFirstConsumer === true && claim.volumeName === '') {
        waiting.push({claim, storageClass, matching: this.#match(claim)});
      } else hasUnboundImmediate = true;
    }
    return {bound, waiting, hasUnboundImmediate};
  }

  find({bound, waiting}: PodClaims, node: number): PodVolumes {
    const boundVerdict = this.#checkBound(bound, node);
    if (typeof boundVerdict !== 'string') return {kind: 'Error', message: boundVerdict.error};
    const {name} = this.#nodes[node]!;
    const decided = waiting.filter(({claim}) => claim.selectedNode !== null);
    if (decided.some(({claim}) => claim.selectedNode !== name)) return conflict(boundVerdict, 'BindConflict');

    const open = waiting.filter(({claim}) => claim.selectedNode === null);
    const foreign = open.find(
      ({claim}) => !this.#volumes.hasAttributesClasses && claim.volumeAttributesClassName !== '',
    );
    if (foreign !== undefined) return {kind: 'Error', message: attributesClassMessage(foreign.claim)};
    const {bindings, unmatched} = this.#matchOn(open, node);
    const provisions = [...decided, ...unmatched];
    const verdict = this.#checkProvisions(provisions, node);
    if (boundVerdict === 'Fits' && verdict === 'Fits') return {kind: 'Found', bindings, provisions};
    return conflict(boundVerdict, verdict);
  }

  /** Binds the claims of a pod for good; a node that has no volumes for them leaves them as they are. */
  bind(claims: PodClaims, node: number): void {
    const found = this.find(claims, node);
    if (found.kind !== 'Found') return;
    for (const {claim, volume} of found.bindings) this.#volumes.bind(claim, volume);
    for (const {claim, storageClass} of found.provisions) this.#volumes.provision(claim, storageClass, node);
  }

  #match(claim: PersistentVolumeClaim): MatchingVolumes {
    const volumes = this.#volumes.volumesOfClass(claim.storageClassName);
    return matchVolumes(claim, volumes, this.#volumes.hasAttributesClasses);
  }

  #checkBound(claims: readonly PersistentVolumeClaim[], node: number): BoundVerdict | {readonly error: string} {
    for (const {volumeName} of claims) {
      const volume = this.#volumes.volume(volumeName);
      if (volume === undefined) return 'VolumeGone';
      if (this.#isMigrated(volume, node)) {
        const source = toCsiSource(volume.inTree!, volume.labels);
        if (source?.kind === 'Failed') return {error: `could not translate pv: ${source.message}`};
        if (!this.#volumes.isReachable(this.#translatedAffinity(volume), node)) return 'NodeConflict';
      } else if (!this.#volumes.isReachable(volume.nodeAffinity, node)) return 'NodeConflict';
    }
    return 'Fits';
  }

  /** Whether a CSI driver of the node has taken over the volumes of the plugin that this one is of. */
  #isMigrated({inTree}: PersistentVolume, node: number): boolean {
    if (inTree === null || inTree.plugin.volumeHandle === null) return false;
    return this.#volumes.csiNode(node)?.migratedPlugins.has(inTree.plugin.name) === true;
  }

  #translatedAffinity(volume: PersistentVolume): NodeSelector | null {
    let affinity = this.#translated.get(volume);
    if (affinity === undefined) {
      affinity = toCsiNodeAffinity(volume.inTree!.plugin, volume.nodeAffinity, volume.labels);
      this.#translated.set(volume, affinity);
    }
    return affinity;
  }

  /** A volume of its own for each claim, the smallest claim first. */
  #matchOn(
    waiting: readonly WaitingClaim[],
    node: number,
  ): {readonly bindings: readonly Binding[]; readonly unmatched: readonly WaitingClaim[]} {
    const bindings: Binding[] = [];
    const unmatched: WaitingClaim[] = [];
    const chosen = new Set<string>();
    for (const each of waiting.length > 1 ? waiting.toSorted(bySize) : waiting) {
      const volume = this.#bestVolume(each.matching, node, chosen);
      if (volume === undefined) unmatched.push(each);
      else {
        chosen.add(volume.name);
        bindings.push({claim: each.claim, volume});
      }
    }
    return {bindings, unmatched};
  }

  #bestVolume({kept, free}: MatchingVolumes, node: number, chosen: ReadonlySet<string>): PersistentVolume | undefined {
    const isReachable = (volume: PersistentVolume): boolean => this.#volumes.isReachable(volume.nodeAffinity, node);
    // Once a claim that the pod uses twice has the volume kept for it, upstream takes any other for the second use.
    const decisive = kept.find(({name}) => !chosen.has(name));
    if (decisive !== undefined) return isReachable(decisive) ? decisive : undefined;
    return free.find((volume) => !chosen.has(volume.name) && isReachable(volume));
  }

  #checkProvisions(provisions: readonly WaitingClaim[], node: number): WaitingVerdict {
    for (const {claim, storageClass} of provisions) {
      if (!isProvisioning(storageClass) || !this.#volumes.isProvisionable(storageClass, node)) return 'BindConflict';
      if (!this.#volumes.isRoomFor(claim, storageClass, node)) return 'NotEnoughSpace';
    }
    return 'Fits';
  }
}

function bySize(a: WaitingClaim, b: WaitingClaim): number {
  return compareQuantities(a.claim.request ?? NOTHING, b.claim.request ?? NOTHING);
}

function conflict(bound: BoundVerdict, waiting: WaitingVerdict): PodVolumes {
  const reasons: string[] = [];
  if (bound === 'NodeConflict') reasons.push(NODE_CONFLICT);
  if (waiting === 'BindConflict') reasons.push(BIND_CONFLICT);
  if (waiting === 'NotEnoughSpace') reasons.push(NOT_ENOUGH_SPACE);
  if (bound === 'VolumeGone') reasons.push(VOLUME_GONE);
  return {kind: 'Conflict', reasons};
}

function attributesClassMessage(claim: PersistentVolumeClaim): string {
  return `unsupported volumeAttributesClassName is set on claim ${claimKey(claim)} when the feature-gate VolumeAttributesClass is disabled`;
}
