import type {Pod, PodClass} from '../../model/pod.ts';
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
import {isAtLeast} from '../simulation.ts';
import type {ClusterState} from '../state/clusterState.ts';
import {type Disk, disksOf, isConflict} from '../volumes/disks.ts';
import {claimNamesOf, notFound} from '../volumes/podVolumes.ts';
import type {VolumeState} from '../volumes/volumeState.ts';

interface FilterState {
  readonly disks: readonly Disk[];
  /** The pod's claims that only one pod may use. */
  readonly exclusiveClaims: ReadonlySet<string>;
  /** How many volumes of other pods are these claims. */
  conflicts: number;
}

/** Keeps pods apart that cannot use a disk, or a ReadWriteOncePod claim, at the same time. */
export class VolumeRestrictions implements FilterPlugin<FilterState> {
  readonly name = 'VolumeRestrictions';
  readonly filterScope = 'cluster';
  readonly #volumes: VolumeState;
  readonly #state: ClusterState;
  readonly #disksOf = perClass(({spec}) => disksOf(spec));
  readonly #claimNamesOf = perClass(({spec}) => claimNamesOf(spec));
  readonly #diskStatus = unschedulable(this.name, 'node(s) had no available disk');
  readonly #claimStatus: Status;

  constructor({volumes, state, kubernetesVersion}: Handle) {
    this.#volumes = volumes;
    this.#state = state;
    this.#claimStatus = unschedulable(
      this.name,
      isAtLeast(kubernetesVersion, '1.34')
        ? 'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'
        : 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
    );
  }

  preFilter({class: podClass}: Pod): PreFilterResult<FilterState> {
    const exclusiveClaims = new Set<string>();
    let conflicts = 0;
    for (const name of this.#claimNamesOf(podClass)) {
      const claim = this.#volumes.claim(podClass.namespace, name);
      if (claim === undefined) {
        return {kind: 'Rejected', status: unresolvable(this.name, notFound('persistentvolumeclaim', name))};
      }
      if (!claim.accessModes.includes('ReadWriteOncePod') || exclusiveClaims.has(name)) continue;
      exclusiveClaims.add(name);
      if (this.#volumes.usesOf(claim) > 0) conflicts++;
    }
    const disks = this.#disksOf(podClass);
    if (disks.length === 0 && conflicts === 0) return SKIP;
    return success({disks, exclusiveClaims, conflicts});
  }

  filter({disks, conflicts}: FilterState, node: number): Status | null {
    if (disks.length > 0 && this.#hasDiskConflict(disks, node)) return this.#diskStatus;
    return conflicts > 0 ? this.#claimStatus : null;
  }

  readonly preFilterExtensions: PreFilterExtensions<FilterState> = {
    clone: (state) => ({...state}),
    addPod: (state, _pod, added) => {
      state.conflicts += this.#usesIn(state, added.class);
    },
    removePod: (state, _pod, removed) => {
      state.conflicts -= this.#usesIn(state, removed.class);
    },
  };

  /** Upstream goes by the name of the claim alone, whatever the namespace of the other pod. */
  #usesIn({exclusiveClaims}: FilterState, podClass: PodClass): number {
    return this.#claimNamesOf(podClass).filter((name) => exclusiveClaims.has(name)).length;
  }

  #hasDiskConflict(disks: readonly Disk[], node: number): boolean {
    const {pods} = this.#state;
    for (let pod = pods.first(node); pod >= 0; pod = pods.next(pod)) {
      const others = this.#disksOf(pods.at(pod).class);
      if (others.some((other) => disks.some((disk) => isConflict(disk, other)))) return true;
    }
    return false;
  }
}
