import type {KubernetesObject} from '../model/kubernetes.ts';

/** The API group of an object: '' for Kubernetes' core. */
export function groupOf({apiVersion}: KubernetesObject): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The kind with its group, as the API server writes it: `Pod`, `Deployment.apps`. */
export function qualifiedKind(object: KubernetesObject): string {
  const group = groupOf(object);
  return group === '' ? object.kind : `${object.kind}.${group}`;
}

/** Kinds that make pods, by qualified kind. */
export const WORKLOAD_KINDS: ReadonlySet<string> = new Set([
  'Pod',
  'ReplicationController',
  'ReplicaSet.apps',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Job.batch',
  'CronJob.batch',
]);

/** Kinds that make no pods but that admission, the scheduler's plugins or the clock look at. */
const KEPT_KINDS: ReadonlySet<string> = new Set([
  'Namespace',
  'LimitRange',
  'ResourceQuota',
  'PriorityClass.scheduling.k8s.io',
  'RuntimeClass.node.k8s.io',
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass.storage.k8s.io',
  'CSINode.storage.k8s.io',
  'CSIDriver.storage.k8s.io',
  'CSIStorageCapacity.storage.k8s.io',
  'VolumeAttachment.storage.k8s.io',
  'ResourceClaim.resource.k8s.io',
  'ResourceClaimTemplate.resource.k8s.io',
  'ResourceSlice.resource.k8s.io',
  'DeviceClass.resource.k8s.io',
  'PodDisruptionBudget.policy',
  'HorizontalPodAutoscaler.autoscaling',
  'PodGroup.scheduling.volcano.sh',
  'Queue.scheduling.volcano.sh',
]);

/** Kubernetes' own groups: what they hold beside the kinds above is configuration and never makes pods. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

const CORE_CONFIGURATION: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Endpoints',
  'Event',
  'PodTemplate',
  'Secret',
  'ServiceAccount',
]);

export function isKept(object: KubernetesObject): boolean {
  return KEPT_KINDS.has(qualifiedKind(object));
}

/** Whether the kind is known to make no pods, so that leaving it unused is worth no remark. */
export function isConfiguration(object: KubernetesObject): boolean {
  const group = groupOf(object);
  return group === '' ? CORE_CONFIGURATION.has(object.kind) : BUILT_IN_GROUPS.has(group);
}
