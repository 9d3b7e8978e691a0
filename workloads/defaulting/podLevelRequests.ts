import type {PodSpec, ResourceList} from '../../model/kubernetes.ts';
import {aggregateContainers, isPodLevelResource} from '../../model/podRequests.ts';
import {formatQuantity} from '../../model/quantity.ts';
import {isHugePages, toQuantities} from '../../model/resources.ts';
import {defaultRequirements} from './quantities.ts';

/**
 * Requests of the pod as a whole, for the limits it has as a whole: what the containers ask for together, or the
 * limit where none of them asks. Needs the containers' own defaults in place; runs before LimitRanger.
 */
export function defaultPodLevelRequests(spec: PodSpec): PodSpec {
  const {resources} = spec;
  if (resources === undefined) return spec;
  const {limits, requests} = defaultRequirements({limits: resources.limits ?? {}, requests: {}});
  const own = defaultRequirements({requests: resources.requests ?? {}}).requests ?? {};
  const containers = aggregateContainers(spec, (container) => toQuantities(container.resources?.requests));
  const completed: Record<string, string | number> = {...own};
  for (const [name, limit] of Object.entries(requests ?? {})) {
    if (Object.hasOwn(own, name) || !isPodLevelResource(name)) continue;
    const asked = containers.get(name);
    completed[name] = asked === undefined || isHugePages(name) ? limit : formatQuantity(asked);
  }
  return {
    ...spec,
    resources: {
      ...resources,
      ...withValues('limits', limits),
      ...withValues('requests', completed),
    },
  };
}

function withValues(side: 'limits' | 'requests', list: ResourceList | undefined): Record<string, ResourceList> {
  return list === undefined || Object.keys(list).length === 0 ? {} : {[side]: list};
}
