import type {PodSpec, Volume} from '../../../model/kubernetes.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

/** A pod went that had the same disk or claim; there is a new node; or a claim came that the pod names. */
export const volumeRestrictions: EventsToRegister = () => [
  on('Pod', ['Delete'], ({class: podClass}, event) => {
    const deleted = event.old!.class;
    if (deleted.namespace !== podClass.namespace) return false;
    const claims = new Set(claimNamesOf(deleted.spec));
    return claimNamesOf(podClass.spec).some((name) => claims.has(name)) || shareDisk(podClass.spec, deleted.spec);
  }),
  on('Node', ['Add']),
  on('PersistentVolumeClaim', ['Add'], ({class: podClass}, event) => {
    const {namespace, name} = event.new!;
    return namespace === podClass.namespace && claimNamesOf(podClass.spec).includes(name);
  }),
];

function claimNamesOf({volumes = []}: PodSpec): readonly string[] {
  return volumes.flatMap(({persistentVolumeClaim}) => persistentVolumeClaim?.claimName ?? []);
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

/** Whether two pods have a disk that only one may have, or both only to read. */
function shareDisk({volumes: ones = []}: PodSpec, {volumes: others = []}: PodSpec): boolean {
  return ones.some((one) => others.some((other) => isConflict(one, other)));
}

function isConflict(one: Volume, other: Volume): boolean {
  const a = one as DiskSources;
  const b = other as DiskSources;
  const isShared = (first: {readOnly?: boolean}, second: {readOnly?: boolean}): boolean =>
    first.readOnly === true && second.readOnly === true;
  if (a.gcePersistentDisk && b.gcePersistentDisk) {
    return (
      a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName && !isShared(a.gcePersistentDisk, b.gcePersistentDisk)
    );
  }
  if (a.awsElasticBlockStore && b.awsElasticBlockStore) {
    return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID;
  }
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !isShared(a.iscsi, b.iscsi);
  if (!a.rbd || !b.rbd) return false;
  const {monitors = [], pool = DEFAULT_POOL, image} = a.rbd;
  const isSame = (b.rbd.pool ?? DEFAULT_POOL) === pool && b.rbd.image === image;
  return isSame && monitors.some((monitor) => b.rbd!.monitors?.includes(monitor)) && !isShared(a.rbd, b.rbd);
}

/** The API's default for Ceph images. */
const DEFAULT_POOL = 'rbd';
