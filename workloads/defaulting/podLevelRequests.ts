import type {PodSpec} from '../../model/kubernetes.ts';
import {aggregateContainers, isPodLevelResource} from '../../model/podRequests.ts';
import {formatQuantity} from '../../model/quantity.ts';
import {toQuantities} from '../../model/resources.ts';
import {canonicalResources, nonEmpty} from './quantities.ts';

/**
 * Requests of a pod as a whole that has limits as a whole: what its containers ask for together, or the limit where none
 * of them asks. Needs the containers' own defaults in place; runs before LimitRanger.
 */
export function defaultPodLevelRequests(spec: PodSpec): PodSpec {
  const {resources} = spec;
  if (resources === undefined) return spec;
  const limits = canonicalResources(resources.limits ?? {});
  const requests = new Map(Object.entries(canonicalResources(resources.requests ?? {})));
  if (Object.keys(limits).length > 0) {
    const containers = aggregateContainers(spec, (container) => toQuantities(container.resources?.requests));
    for (const [name, asked] of containers) {
      if (!requests.has(name) && isPodLevelResource(name)) requests.set(name, formatQuantity(asked));
    }
    for (const [name, limit] of Object.entries(limits)) {
      if (!requests.has(name) && isPodLevelResource(name)) requests.set(name, limit);
    }
  }
  return {
    ...spec,
    resources: {
      ...resources,
      ...nonEmpty('limits', limits),
      ...nonEmpty('requests', Object.fromEntries(requests)),
    },
  };
}
