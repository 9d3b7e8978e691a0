import type {PodSpec, Volume} from '../../model/kubernetes.ts';

/** A disk that cannot be mounted by two pods of a node, or only to be read. */
export interface Disk {
  readonly isReadOnly: boolean;
  /** Names of which two equal ones mean the same disk. */
  readonly identities: readonly string[];
}

/** Whether one pod with a disk keeps another with the other disk from a node. */
export function isConflict(a: Disk, b: Disk): boolean {
  if (a.isReadOnly && b.isReadOnly) return false;
  return a.identities.some((identity) => b.identities.includes(identity));
}

/** The disks that a pod names in its own specification, whatever its claims are bound to. */
export function disksOf({volumes = []}: PodSpec): readonly Disk[] {
  return volumes.flatMap(toDisk);
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
