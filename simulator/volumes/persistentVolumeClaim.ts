import type {KubernetesObject, LabelSelector, OwnerReference, ResourceList} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import {parseQuantity, type Quantity} from '../../model/quantity.ts';
import {classNameOf} from './storageClass.ts';

export const BIND_COMPLETED_ANNOTATION = 'pv.kubernetes.io/bind-completed';
const SELECTED_NODE_ANNOTATION = 'volume.kubernetes.io/selected-node';

/** A claim, as far as the scheduler looks at it. */
export interface PersistentVolumeClaim {
  readonly namespace: string;
  readonly name: string;
  /** '' where no API server has seen the claim. */
  readonly uid: string;
  /** '' where it asks for no class. */
  readonly storageClassName: string;
  readonly accessModes: readonly string[];
  readonly volumeMode: string;
  /** Which volumes will do; undefined for all. */
  readonly selector: LabelSelector | undefined;
  /** Storage asked for, in bytes; undefined where the claim does not say. */
  readonly request: Quantity | undefined;
  /** '' for none. */
  readonly volumeAttributesClassName: string;
  /** The volume it is bound to, or asks to be bound to; '' for none. */
  readonly volumeName: string;
  /** Claim and volume have both agreed. */
  readonly isBound: boolean;
  /** Its volume is gone. */
  readonly isLost: boolean;
  readonly isTerminating: boolean;
  /** Where a provisioner has been told to make a volume; null while nobody has decided. */
  readonly selectedNode: string | null;
  /** A pod controls the claims of its ephemeral volumes. */
  readonly ownerReferences: readonly OwnerReference[];
  /** Whether an API server had it, so that the controllers of the cluster have done with it what they would. */
  readonly isLive: boolean;
}

interface ClaimSpec {
  readonly accessModes?: readonly string[];
  readonly selector?: LabelSelector;
  readonly resources?: {readonly requests?: ResourceList};
  readonly volumeName?: string;
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly volumeAttributesClassName?: string;
}

export function toPersistentVolumeClaim({metadata, spec, status}: KubernetesObject): PersistentVolumeClaim {
  const {annotations, ownerReferences = []} = metadata;
  const {
    accessModes = [],
    selector,
    resources,
    volumeName = '',
    storageClassName = '',
    volumeMode = 'Filesystem',
    volumeAttributesClassName = '',
  } = (spec ?? {}) as ClaimSpec;
  const {phase} = (status ?? {}) as {readonly phase?: string};
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    storageClassName: classNameOf(annotations, storageClassName),
    accessModes,
    volumeMode,
    selector,
    request: storageOf(resources?.requests),
    volumeAttributesClassName,
    volumeName,
    isBound: volumeName !== '' && labelValue(annotations, BIND_COMPLETED_ANNOTATION) !== undefined,
    isLost: phase === 'Lost',
    isTerminating: metadata.deletionTimestamp !== undefined,
    selectedNode: labelValue(annotations, SELECTED_NODE_ANNOTATION) ?? null,
    ownerReferences,
    isLive: metadata.uid !== undefined || metadata.creationTimestamp !== undefined || phase !== undefined,
  };
}

/** The amount of storage in a list; undefined where there is none. */
export function storageOf(list: ResourceList | undefined): Quantity | undefined {
  return list?.storage === undefined ? undefined : parseQuantity(list.storage);
}

export function claimKey({namespace, name}: Pick<PersistentVolumeClaim, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
