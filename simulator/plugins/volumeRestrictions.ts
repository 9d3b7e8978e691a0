import type {Volume} from '../../model/kubernetes.ts';
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
import {notFound} from '../volumes/podVolumes.ts';
import type {VolumeState} from '../volumes/volumeState.ts';

/** A disk that cannot be mounted by two pods of a node, or only to be read. */
interface Disk {
  readonly isReadOnly: boolean;
  /** Names of which two equal ones mean the same disk. */
  readonly identities: readonly string[];
}

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
  readonly #disksOf = perClass(({spec}) => (spec.volumes ?? []).flatMap(toDisk));
  readonly #claimNamesOf = perClass(({spec}) =>
    (spec.volumes ?? []).flatMap(({persistentVolumeClaim}) => persistentVolumeClaim?.claimName ?? []),
  );
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
      if (others.some((other) => disks.some((disk) => conflict(disk, other)))) return true;
    }
    return false;
  }
}

function conflict(a: Disk, b: Disk): boolean {
  if (a.isReadOnly && b.isReadOnly) return false;
  return a.identities.some((identity) => b.identities.includes(identity));
}

interface DiskSources {
  readonly gcePersistentDisk?: {readonly pdName?: string; readonly readOnly?: boolean};
  readonly awsElasticBlockStore?: {readonly volumeID?: string};
  readonly iscsi?: {readonly iqn?: string; readonly readOnly?: boolean};
  readonly rbd?: {
    readonly monitors?: readonly string[];
    readonly pool?: string;
    readonly image?: string;
    readonly readOnly?: boolean;
  };
}

/** The API's defaults for Ceph images. */
const DEFAULT_POOL = 'rbd';

function toDisk(volume: Volume): readonly Disk[] {
  const {gcePersistentDisk, awsElasticBlockStore, iscsi, rbd} = volume as DiskSources;
  const identity = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts);
  if (gcePersistentDisk !== undefined) {
    const {pdName, readOnly = false} = gcePersistentDisk;
    return [{isReadOnly: readOnly, identities: [identity('GCE', pdName)]}];
  }
  if (awsElasticBlockStore !== undefined) {
    return [{isReadOnly: false, identities: [identity('AWS', awsElasticBlockStore.volumeID)]}];
  }
  if (iscsi !== undefined) return [{isReadOnly: iscsi.readOnly ?? false, identities: [identity('iSCSI', iscsi.iqn)]}];
  if (rbd === undefined) return [];
  const {monitors = [], pool = DEFAULT_POOL, image, readOnly = false} = rbd;
  return [{isReadOnly: readOnly, identities: monitors.map((monitor) => identity('RBD', monitor, pool, image))}];
}
