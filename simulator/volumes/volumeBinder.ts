import type {NodeSelector} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import {compareQuantities, formatQuantity, parseQuantity, type Quantity} from '../../model/quantity.ts';
import {toCsiNodeAffinity, toCsiSource} from './inTreeVolumes.ts';
import {matchVolumes} from './matchVolumes.ts';
import type {PersistentVolume} from './persistentVolume.ts';
import {claimKey, type PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {type ClaimVolume, claimNameOf} from './podVolumes.ts';
import {isProvisioning, type StorageClass} from './storageClass.ts';
import type {VolumeState} from './volumeState.ts';

const NOTHING: Quantity = parseQuantity('0')!;
const NO_VOLUMES: FreeVolumes = new Map();

/** The claims of a pod, sorted out before any node is looked at. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** To be bound where the pod goes; the smallest first. */
  readonly waiting: readonly WaitingClaim[];
  /** To have a volume made on a node that has been selected already. */
  readonly selected: readonly WaitingClaim[];
  /** Whether a claim is not bound that should be before the pod is scheduled. */
  readonly hasUnboundImmediate: boolean;
}

export interface WaitingClaim {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  /** Volumes kept for it, in order. */
  readonly kept: readonly PersistentVolume[];
  readonly free: FreeVolumes;
}

/**
 * Volumes that claims of one kind could have, by the nodes that reach them (null for all nodes), so that a node looks at
 * its own only: there may be thousands that lie on one node each. Within a group the best first; those taken since are
 * dropped when they come up.
 */
type FreeVolumes = ReadonlyMap<ReadonlySet<number> | null, RankedVolume[]>;

interface RankedVolume {
  readonly volume: PersistentVolume;
  readonly rank: number;
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
  /** By what claims ask for. */
  readonly #free = new Map<string, FreeVolumes>();
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
    const selected: WaitingClaim[] = [];
    let hasUnboundImmediate = false;
    for (const volume of claimVolumes) {
      const claim = this.#volumes.claim(pod.class.namespace, claimNameOf(volume, pod));
      if (claim === undefined) continue;
      const storageClass = this.#volumes.storageClass(claim.storageClassName);
      if (claim.isBound) bound.push(claim);
      else if (storageClass?.waitsForFirstConsumer !== true || claim.volumeName !== '') hasUnboundImmediate = true;
      else if (claim.selectedNode !== null) selected.push({claim, storageClass, kept: [], free: NO_VOLUMES});
      else waiting.push({claim, storageClass, ...this.#match(claim)});
    }
    return {bound, waiting: waiting.sort(bySize), selected, hasUnboundImmediate};
  }

  find({bound, waiting, selected}: PodClaims, node: number): PodVolumes {
    const boundVerdict = this.#checkBound(bound, node);
    if (typeof boundVerdict !== 'string') return {kind: 'Error', message: boundVerdict.error};
    const {name} = this.#nodes[node]!;
    if (selected.some(({claim}) => claim.selectedNode !== name)) return conflict(boundVerdict, 'BindConflict');

    const refused = this.#volumes.hasAttributesClasses
      ? undefined
      : waiting.find(({claim}) => claim.volumeAttributesClassName !== '');
    if (refused !== undefined) return {kind: 'Error', message: attributesClassMessage(refused.claim)};
    const {bindings, unmatched} = this.#matchOn(waiting, node);
    const provisions = selected.length === 0 ? unmatched : [...selected, ...unmatched];
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

  #match(claim: PersistentVolumeClaim): Pick<WaitingClaim, 'kept' | 'free'> {
    const {hasAttributesClasses} = this.#volumes;
    const {kept} = matchVolumes(claim, this.#volumes.volumesFor(claim), hasAttributesClasses);
    const {storageClassName, request = NOTHING, accessModes, volumeMode, selector, volumeAttributesClassName} = claim;
    const size = formatQuantity(request);
    const kind = [storageClassName, size, accessModes, volumeMode, selector ?? null, volumeAttributesClassName];
    const key = JSON.stringify(kind);
    let free = this.#free.get(key);
    if (free === undefined) {
      free = this.#group(
        matchVolumes(claim, this.#volumes.volumesOfClass(storageClassName), hasAttributesClasses).free,
      );
      this.#free.set(key, free);
    }
    return {kept, free};
  }

  #group(volumes: readonly PersistentVolume[]): FreeVolumes {
    const groups = new Map<ReadonlySet<number> | null, RankedVolume[]>();
    for (const [rank, volume] of volumes.entries()) {
      const nodes = this.#volumes.nodesReaching(volume.nodeAffinity);
      const group = groups.get(nodes);
      if (group === undefined) groups.set(nodes, [{volume, rank}]);
      else group.push({volume, rank});
    }
    return groups;
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

  /** A volume of its own for each claim, as far as there are any. */
  #matchOn(
    waiting: readonly WaitingClaim[],
    node: number,
  ): {readonly bindings: readonly Binding[]; readonly unmatched: readonly WaitingClaim[]} {
    const bindings: Binding[] = [];
    const unmatched: WaitingClaim[] = [];
    for (const each of waiting) {
      const volume = this.#bestVolume(each, node, bindings);
      if (volume === undefined) unmatched.push(each);
      else bindings.push({claim: each.claim, volume});
    }
    return {bindings, unmatched};
  }

  #bestVolume({kept, free}: WaitingClaim, node: number, chosen: readonly Binding[]): PersistentVolume | undefined {
    const isOpen = (volume: PersistentVolume): boolean => chosen.every((binding) => binding.volume !== volume);
    // Once a claim that the pod uses twice has the volume kept for it, upstream takes any other for the second use.
    const decisive = kept.find(isOpen);
    if (decisive !== undefined) return this.#volumes.isReachable(decisive.nodeAffinity, node) ? decisive : undefined;
    if (free.size === 0) return undefined;
    let best = this.#firstOf(free.get(null), isOpen);
    for (const nodes of this.#volumes.setsReachableFrom(node)) {
      const found = this.#firstOf(free.get(nodes), isOpen);
      if (found !== undefined && (best === undefined || found.rank < best.rank)) best = found;
    }
    return best?.volume;
  }

  /** No volume that was taken becomes free again. */
  #firstOf(group: RankedVolume[] | undefined, isOpen: (volume: PersistentVolume) => boolean): RankedVolume | undefined {
    if (group === undefined) return undefined;
    const isFree = ({volume}: RankedVolume): boolean => this.#volumes.volume(volume.name) === volume;
    while (group.length > 0 && !isFree(group[0]!)) group.shift();
    return group.find((ranked) => isOpen(ranked.volume) && isFree(ranked));
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
