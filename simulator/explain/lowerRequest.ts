import type {Container, PodSpec, ResourceRequirements} from '../../model/kubernetes.ts';
import {isPodLevelResource, isSidecar} from '../../model/podRequests.ts';
import {CPU, formatAmount, toAmount, toQuantities} from '../../model/resources.ts';

const MEBIBYTE = 2 ** 20;
const CPU_STEPS = [1000, 500, 250, 100, 50, 10] as const;

/**
 * The largest amount up to `most` that a manifest would say: steps of a few per cent at most. Millicores or bytes; 0
 * where nothing sensible is left.
 */
export function roundedRequest(resource: string, most: number): number {
  if (resource === CPU) {
    const step = CPU_STEPS.find((one) => one <= most / 20) ?? 10;
    return Math.floor(most / step) * step;
  }
  const step = Math.max(MEBIBYTE, 2 ** Math.floor(Math.log2(Math.max(1, most / 32))));
  return Math.floor(most / step) * step;
}

/**
 * A spec that asks for `target` of a resource as a whole, in the scheduler's unit, and no more in any phase: the
 * container that asks for most gives way. null where that cannot be done by one of them.
 */
export function withLowerRequest(spec: PodSpec, resource: string, target: number): PodSpec | null {
  const goal = target - amountIn(spec.overhead, resource);
  if (goal <= 0) return null;
  const running = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  const excess = running.reduce((sum, container) => sum + requestOf(container, resource), 0) - goal;
  const largest = running.reduce<Container | null>(
    (best, one) => (best === null || requestOf(one, resource) > requestOf(best, resource) ? one : best),
    null,
  );
  if (excess > 0 && (largest === null || requestOf(largest, resource) <= excess)) return null;
  const lowered = (container: Container): Container =>
    excess > 0 && container === largest
      ? withRequest(container, resource, requestOf(container, resource) - excess)
      : container;

  let beside = 0;
  const initContainers: Container[] = [];
  for (const container of spec.initContainers ?? []) {
    const own = lowered(container);
    if (isSidecar(container)) {
      beside += requestOf(own, resource);
      initContainers.push(own);
      continue;
    }
    const most = goal - beside;
    if (requestOf(own, resource) > most && most <= 0) return null;
    initContainers.push(requestOf(own, resource) > most ? withRequest(own, resource, most) : own);
  }
  const podLevel = spec.resources?.requests;
  const isPodLevel = isPodLevelResource(resource) && podLevel !== undefined && Object.hasOwn(podLevel, resource);
  return {
    ...spec,
    containers: spec.containers.map(lowered),
    ...(spec.initContainers === undefined ? {} : {initContainers}),
    ...(isPodLevel ? {resources: requirementsWith(spec.resources, resource, goal)} : {}),
  };
}

function requestOf({resources}: Container, resource: string): number {
  return amountIn(resources?.requests, resource);
}

function amountIn(list: ResourceRequirements['requests'], resource: string): number {
  const quantity = toQuantities(list).get(resource);
  return quantity === undefined ? 0 : toAmount(resource, quantity);
}

function withRequest(container: Container, resource: string, amount: number): Container {
  return {...container, resources: requirementsWith(container.resources, resource, amount)};
}

function requirementsWith(
  requirements: ResourceRequirements | undefined,
  resource: string,
  amount: number,
): ResourceRequirements {
  return {
    ...requirements,
    requests: {...requirements?.requests, [resource]: formatAmount(resource, amount)},
  };
}
