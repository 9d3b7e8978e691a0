import type {PodSpec, ResourceList} from './kubernetes.ts';
import {compareQuantities, type Quantity} from './quantity.ts';
import {CPU, MEMORY, type Quantities, sumQuantities, toQuantities} from './resources.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/**
 * The quality-of-service class the kubelet gives a pod, from CPU and memory alone (pkg/apis/core/v1/helper/qos):
 * BestEffort without any request or limit, Guaranteed when every container limits both and asks for just that much.
 * Pod-level values, where given, are looked at instead of the containers'.
 */
export function qosClass(spec: PodSpec): QosClass {
  const podLevel = spec.resources;
  const holders =
    podLevel !== undefined && (hasValues(podLevel.requests) || hasValues(podLevel.limits))
      ? [podLevel]
      : [...spec.containers, ...(spec.initContainers ?? [])].map(({resources}) => resources);
  const requests = sumQuantities(holders.map((holder) => positive(holder?.requests)));
  const limits = sumQuantities(holders.map((holder) => positive(holder?.limits)));
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const allLimited = holders.every((holder) => positive(holder?.limits).size === 2);
  const equal =
    requests.size === limits.size &&
    [...requests].every(([name, quantity]) => {
      const limit = limits.get(name);
      return limit !== undefined && compareQuantities(quantity, limit) === 0;
    });
  return allLimited && equal ? 'Guaranteed' : 'Burstable';
}

/** CPU and memory above zero: the API treats a zero as absent here. */
function positive(list: ResourceList | undefined): Quantities {
  const kept = new Map<string, Quantity>();
  for (const [name, quantity] of toQuantities(list)) {
    if ((name === CPU || name === MEMORY) && quantity.unscaled > 0n) kept.set(name, quantity);
  }
  return kept;
}

function hasValues(list: ResourceList | undefined): boolean {
  return list !== undefined && Object.keys(list).length > 0;
}
