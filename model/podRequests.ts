import type {Container, PodSpec} from './kubernetes.ts';
import {parseQuantity} from './quantity.ts';
import {
  CPU,
  isHugePages,
  MEMORY,
  maxQuantities,
  type Quantities,
  type Resources,
  sumQuantities,
  toQuantities,
  toResources,
} from './resources.ts';

/** What scoring assumes for a container that does not ask: 100m of CPU and 200 MiB (scheduler/util/pod_resources.go). */
export const DEFAULT_MILLI_CPU_REQUEST = 100;
export const DEFAULT_MEMORY_REQUEST = 200 * 1024 * 1024;

type Side = 'requests' | 'limits';

/**
 * What a pod asks for as a whole (k8s.io/component-helpers/resource): the containers and sidecars together, or the
 * largest moment of the init phase where that is more; pod-level values replace the sum; overhead comes on top.
 */
export function podRequests(spec: PodSpec): Quantities {
  return aggregate(spec, 'requests', (container) => toQuantities(container.resources?.requests));
}

/** The same over limits; overhead is added only to resources that have a limit. */
export function podLimits(spec: PodSpec): Quantities {
  return aggregate(spec, 'limits', (container) => toQuantities(container.resources?.limits));
}

/** A pod's effective requests in the scheduler's units. */
export function effectiveRequests(spec: PodSpec): Resources {
  return toResources(podRequests(spec));
}

/**
 * CPU (millicores) and memory (bytes) as scoring sees them: containers that leave a request out count with the
 * defaults above; an explicit zero stays zero.
 */
export function nonZeroRequests(spec: PodSpec): {readonly cpu: number; readonly memory: number} {
  const withDefaults = (container: Container): Quantities => {
    const own = new Map(toQuantities(container.resources?.requests));
    if (!own.has(CPU)) own.set(CPU, DEFAULT_CPU);
    if (!own.has(MEMORY)) own.set(MEMORY, DEFAULT_MEMORY);
    return own;
  };
  const explicit = podRequests(spec);
  const filled = aggregate(spec, 'requests', withDefaults);
  const chosen = new Map(filled);
  // With pod-level requests a default applies only to a resource that the finished sum, overhead included, lacks.
  if (spec.resources?.requests !== undefined && Object.keys(spec.resources.requests).length > 0) {
    for (const name of [CPU, MEMORY]) {
      const known = explicit.get(name);
      if (known !== undefined) chosen.set(name, known);
    }
  }
  const {cpu = 0, memory = 0} = toResources(chosen);
  return {cpu, memory};
}

const DEFAULT_CPU = parseQuantity(`${DEFAULT_MILLI_CPU_REQUEST}m`)!;
const DEFAULT_MEMORY = parseQuantity(DEFAULT_MEMORY_REQUEST)!;

/** The containers' part of a pod's request or limit: without pod-level values and without overhead. */
export function aggregateContainers(spec: PodSpec, amounts: (container: Container) => Quantities): Quantities {
  let running = sumQuantities(spec.containers.map(amounts));
  let sidecars: Quantities = new Map();
  let initPeak: Quantities = new Map();
  for (const container of spec.initContainers ?? []) {
    const own = amounts(container);
    const moment = sumQuantities([own, sidecars]);
    if (isSidecar(container)) {
      running = sumQuantities([running, own]);
      sidecars = moment;
    }
    initPeak = maxQuantities(initPeak, moment);
  }
  return maxQuantities(running, initPeak);
}

/** An init container that keeps running beside the others. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** The resources a pod may state for itself as a whole. */
export function isPodLevelResource(name: string): boolean {
  return name === CPU || name === MEMORY || isHugePages(name);
}

function aggregate(spec: PodSpec, side: Side, amounts: (container: Container) => Quantities): Quantities {
  const total = new Map(aggregateContainers(spec, amounts));
  for (const [name, quantity] of toQuantities(spec.resources?.[side])) {
    if (isPodLevelResource(name)) total.set(name, quantity);
  }
  const overhead = toQuantities(spec.overhead);
  if (side === 'requests') return sumQuantities([total, overhead]);
  return sumQuantities([total, new Map([...overhead].filter(([name]) => total.has(name)))]);
}
