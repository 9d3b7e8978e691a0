import type {KubernetesObject, NodeSelector, ResourceList} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {parseQuantity, type Quantity} from '../../model/quantity.ts';
import {type CsiSource, type InTreeSource, inTreeSourceOf} from './inTreeVolumes.ts';
import {type PersistentVolumeClaim, storageOf} from './persistentVolumeClaim.ts';
import {classNameOf} from './storageClass.ts';

/** A volume, as far as the scheduler looks at it. */
export interface PersistentVolume {
  readonly name: string;
  readonly labels: Labels;
  readonly storageClassName: string;
  /** Bytes. */
  readonly capacity: Quantity;
  readonly accessModes: readonly string[];
  readonly volumeMode: string;
  /** '' for none. */
  readonly volumeAttributesClassName: string;
  /** The claim it is bound to, or kept for; null while it is free. */
  readonly claimRef: ClaimReference | null;
  /** From which nodes it can be reached; null for all. */
  readonly nodeAffinity: NodeSelector | null;
  /** Whether a claim may take it. */
  readonly isAvailable: boolean;
  readonly isTerminating: boolean;
  /** Where it lies for CSI; null for other volumes. */
  readonly csi: CsiSource | null;
  /** Where it lies for a plugin that CSI drivers have replaced; null for other volumes. */
  readonly inTree: InTreeSource | null;
}

export interface ClaimReference {
  readonly namespace: string;
  readonly name: string;
  /** '' where any claim of the name will do. */
  readonly uid: string;
}

const NOTHING: Quantity = parseQuantity('0')!;

interface VolumeSpec {
  readonly capacity?: ResourceList;
  readonly accessModes?: readonly string[];
  readonly claimRef?: {readonly namespace?: string; readonly name?: string; readonly uid?: string};
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly volumeAttributesClassName?: string;
  readonly nodeAffinity?: {readonly required?: NodeSelector};
  readonly csi?: {readonly driver?: string; readonly volumeHandle?: string};
}

/** A volume that does not say how it is, being new, is what the controller of volumes makes of it: available. */
export function toPersistentVolume({metadata, spec, status}: KubernetesObject): PersistentVolume {
  const fields = (spec ?? {}) as VolumeSpec;
  const {
    capacity,
    accessModes = [],
    claimRef,
    storageClassName = '',
    volumeMode = 'Filesystem',
    volumeAttributesClassName = '',
    nodeAffinity,
    csi,
  } = fields;
  const {phase = 'Available'} = (status ?? {}) as {readonly phase?: string};
  const {name = '', labels = {}, annotations} = metadata;
  return {
    name,
    labels,
    storageClassName: classNameOf(annotations, storageClassName),
    capacity: storageOf(capacity) ?? NOTHING,
    accessModes,
    volumeMode,
    volumeAttributesClassName,
    claimRef:
      claimRef === undefined
        ? null
        : {namespace: claimRef.namespace ?? '', name: claimRef.name ?? '', uid: claimRef.uid ?? ''},
    nodeAffinity: nodeAffinity?.required ?? null,
    isAvailable: phase === 'Available',
    isTerminating: metadata.deletionTimestamp !== undefined,
    csi: csi === undefined ? null : {driver: csi.driver ?? '', volumeHandle: csi.volumeHandle ?? ''},
    inTree: inTreeSourceOf(fields as Readonly<Record<string, unknown>>),
  };
}

/** Whether a volume is bound to this very claim, or kept for it. */
export function isVolumeOf({claimRef}: PersistentVolume, {namespace, name, uid}: PersistentVolumeClaim): boolean {
  return (
    claimRef !== null &&
    claimRef.namespace === namespace &&
    claimRef.name === name &&
    (claimRef.uid === '' || claimRef.uid === uid)
  );
}
