/** What happens in a cluster that may let a rejected pod be scheduled after all (framework.ClusterEvent). */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import type {DeviceClass, ResourceClaim, ResourceSlice} from '../dynamicResources/resourceApi.ts';
import type {PersistentVolume} from '../volumes/persistentVolume.ts';
import type {PersistentVolumeClaim} from '../volumes/persistentVolumeClaim.ts';
import type {StorageClass} from '../volumes/storageClass.ts';

/** `Update` is a change that none of the others names. */
export type PodAction =
  | 'Add'
  | 'Delete'
  | 'UpdatePodLabel'
  | 'UpdatePodScaleDown'
  | 'UpdatePodSchedulingGatesEliminated'
  | 'UpdatePodToleration'
  | 'UpdatePodGeneratedResourceClaim'
  | 'Update';

export type NodeAction =
  | 'Add'
  | 'Delete'
  | 'UpdateNodeAllocatable'
  | 'UpdateNodeLabel'
  | 'UpdateNodeTaint'
  | 'UpdateNodeDeclaredFeature';

/** What the pod of an event takes up: upstream goes by spec.nodeName and status.nominatedNodeName. */
export type Holding = 'Node' | 'Nomination' | 'Nothing';

/** A pod came or went, or changed; it is another one than the pods that wait, but for changes of their own. */
export interface PodEvent {
  readonly resource: 'Pod';
  readonly action: PodAction;
  readonly holds: Holding;
  /** null for Add. */
  readonly old: Pod | null;
  /** null for Delete. */
  readonly new: Pod | null;
}

export interface NodeEvent {
  readonly resource: 'Node';
  readonly action: NodeAction;
  readonly old: Node | null;
  readonly new: Node | null;
}

/** The other objects that plugins listen to. */
export interface ObjectTypes {
  readonly PersistentVolume: PersistentVolume;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly StorageClass: StorageClass;
  readonly CSINode: KubernetesObject;
  readonly CSIDriver: KubernetesObject;
  readonly CSIStorageCapacity: KubernetesObject;
  readonly VolumeAttachment: KubernetesObject;
  readonly ResourceClaim: ResourceClaim;
  readonly ResourceSlice: ResourceSlice;
  readonly DeviceClass: DeviceClass;
}

export type ObjectEvent = {
  readonly [Kind in keyof ObjectTypes]: {
    readonly resource: Kind;
    readonly action: 'Add' | 'Update' | 'Delete';
    readonly old: ObjectTypes[Kind] | null;
    readonly new: ObjectTypes[Kind] | null;
  };
}[keyof ObjectTypes];

/** Moves pods whatever has rejected them: one pod, or all for null. */
export interface WildcardEvent {
  readonly resource: '*';
  readonly pod: Pod | null;
}

/** An event that plugins listen to. */
export type PluginEvent = PodEvent | NodeEvent | ObjectEvent;
export type ClusterEvent = PluginEvent | WildcardEvent;
export type EventResource = PluginEvent['resource'];
export type EventOf<Resource extends EventResource> = Extract<PluginEvent, {readonly resource: Resource}>;

/** The pod is on a node now. */
export function assignedPodAdd(pod: Pod): PodEvent {
  return {resource: 'Pod', action: 'Add', holds: 'Node', old: null, new: pod};
}

/** The pod is no longer on its node. */
export function assignedPodDelete(pod: Pod): PodEvent {
  return {resource: 'Pod', action: 'Delete', holds: 'Node', old: pod, new: null};
}

/** The pod is no longer nominated to a node, where it had taken up room for pods of its priority or below. */
export function nominatedPodDelete(pod: Pod): PodEvent {
  return {resource: 'Pod', action: 'Delete', holds: 'Nomination', old: pod, new: null};
}
