import type {Container, PodSpec, PodStatus, ResourceList, ResourceRequirements} from './kubernetes.ts';
import {isSidecar} from './podRequests.ts';
import {compareQuantities, formatQuantity} from './quantity.ts';
import {maxQuantities, type Quantities, toQuantities} from './resources.ts';

/** What the kubelet says of the resources of a pod that is being resized in place. */
export interface PodResize {
  /** The node cannot grant what the spec asks for now, so that the spec does not count. */
  readonly isInfeasible: boolean;
  /** What each container has or was promised, by name; containers that have no status are absent. */
  readonly containers: Readonly<Record<string, ResourceList>>;
  /** The same of the pod as a whole, null without a status. */
  readonly pod: ResourceList | null;
}

interface ActualResources {
  readonly resources?: ResourceRequirements;
  readonly allocatedResources?: ResourceList;
}

/** How the status of a running pod changes what its spec asks for; null when it does not. */
export function podResize(spec: PodSpec, status: PodStatus = {}): PodResize | null {
  const statuses = [...listOf(status.containerStatuses), ...listOf(status.initContainerStatuses)];
  const resizable = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  const actual = new Map<string, Quantities>();
  for (const one of statuses) if (one.resources !== undefined) actual.set(one.name, actualRequests(one));
  const own = status as ActualResources;
  const pod = hasRequests(spec.resources) && own.resources !== undefined ? actualRequests(own) : null;
  const isInfeasible = isResizeInfeasible(status);
  const isResized =
    isInfeasible ||
    resizable.some(({name, resources}) => exceeds(actual.get(name), resources)) ||
    exceeds(pod ?? undefined, spec.resources);
  if (!isResized) return null;
  return {
    isInfeasible,
    containers: Object.fromEntries(
      resizable.flatMap(({name}) => (actual.has(name) ? [[name, toList(actual.get(name)!)]] : [])),
    ),
    pod: pod === null ? null : toList(pod),
  };
}

/**
 * The spec with the requests that count during a resize: the largest of what is wanted, what is in force and what was
 * promised (component-helpers' PodRequests with UseStatusResources).
 */
export function withResize(spec: PodSpec, resize: PodResize): PodSpec {
  const {initContainers, resources} = spec;
  const resizeContainer = (container: Container): Container => {
    const actual = Object.hasOwn(resize.containers, container.name) ? resize.containers[container.name] : undefined;
    if (actual === undefined) return container;
    return {...container, resources: withRequests(container.resources, actual, resize)};
  };
  return {
    ...spec,
    containers: spec.containers.map(resizeContainer),
    ...(initContainers === undefined
      ? {}
      : {initContainers: initContainers.map((one) => (isSidecar(one) ? resizeContainer(one) : one))}),
    ...(resources === undefined || resize.pod === null
      ? {}
      : {resources: withPodRequests(resources, resize.pod, resize)}),
  };
}

function withRequests(
  resources: ResourceRequirements = {},
  actual: ResourceList,
  {isInfeasible}: PodResize,
): ResourceRequirements {
  const wanted = isInfeasible ? undefined : resources.requests;
  return {...resources, requests: toList(maxQuantities(toQuantities(wanted), toQuantities(actual)))};
}

/** The pod as a whole asks for the same resources as before; one that it does not have counts as nothing. */
function withPodRequests(
  resources: ResourceRequirements,
  actual: ResourceList,
  resize: PodResize,
): ResourceRequirements {
  const counted = withRequests(resources, actual, resize).requests ?? {};
  const names = Object.keys(resources.requests ?? {});
  return {...resources, requests: Object.fromEntries(names.map((name) => [name, counted[name] ?? '0']))};
}

function actualRequests({resources, allocatedResources}: ActualResources): Quantities {
  return maxQuantities(toQuantities(resources?.requests), toQuantities(allocatedResources));
}

/** Whether more is in force than is asked for; a request that is left out is the limit. */
function exceeds(actual: Quantities | undefined, {limits, requests}: ResourceRequirements = {}): boolean {
  const wanted = toQuantities({...limits, ...requests});
  return [...(actual ?? [])].some(([name, quantity]) => {
    const own = wanted.get(name);
    return own === undefined ? quantity.unscaled > 0n : compareQuantities(quantity, own) > 0;
  });
}

/** Only the first condition of the kind is looked at, whatever its status is. */
function isResizeInfeasible({conditions}: PodStatus): boolean {
  const pending = (conditions as readonly {readonly type?: string; readonly reason?: string}[] | undefined)?.find(
    ({type}) => type === 'PodResizePending',
  );
  return pending?.reason === 'Infeasible';
}

function hasRequests(resources: ResourceRequirements | undefined): boolean {
  return Object.keys(resources?.requests ?? {}).length > 0;
}

function listOf(statuses: unknown): readonly (ActualResources & {readonly name: string})[] {
  return (statuses ?? []) as readonly (ActualResources & {readonly name: string})[];
}

function toList(quantities: Quantities): ResourceList {
  return Object.fromEntries([...quantities].map(([name, quantity]) => [name, formatQuantity(quantity)]));
}
