import type {KubernetesObject} from '../model/kubernetes.ts';

/** What the status of a pod holds about its containers and its network, which has no bearing on placement. */
const OBSERVATIONS: ReadonlySet<string> = new Set([
  'conditions',
  'containerStatuses',
  'ephemeralContainerStatuses',
  'hostIP',
  'hostIPs',
  'initContainerStatuses',
  'podIP',
  'podIPs',
]);

/** The object without bookkeeping of the API server that nothing reads: half of a dump, often more. */
export function slimObject(object: KubernetesObject): KubernetesObject {
  const {managedFields, ...metadata} = object.metadata as KubernetesObject['metadata'] & {managedFields?: unknown};
  const slim = managedFields === undefined ? object : {...object, metadata};
  const {status} = slim;
  if (slim.kind !== 'Pod' || slim.apiVersion !== 'v1' || typeof status !== 'object' || status === null) return slim;
  const entries = Object.entries(status);
  const kept = entries.filter(([field]) => !OBSERVATIONS.has(field));
  return kept.length === entries.length ? slim : {...slim, status: Object.fromEntries(kept)};
}
