import type {PodSpec, ResourceList, ResourceRequirements} from '../../model/kubernetes.ts';
import {aggregateContainers, isPodLevelResource} from '../../model/podRequests.ts';
import {compareQuantities, formatQuantity, type Quantity, scaledValue} from '../../model/quantity.ts';
import {CPU, EPHEMERAL_STORAGE, isExtendedResource, isHugePages, MEMORY, toQuantities} from '../../model/resources.ts';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalidValue,
  notFound,
  requiredValue,
  unsupportedValue,
} from './fieldError.ts';
import {qualifiedNameErrors} from './formats.ts';

const POSITIVE = 'must be greater than or equal to 0';
const POD_LEVEL_RESOURCES = ['cpu', 'hugepages-', 'memory'];

/** Names without a domain that the API knows, for containers or elsewhere. */
const STANDARD_RESOURCES = new Set(
  [
    'cpu memory ephemeral-storage storage pods services resourcequotas replicationcontrollers secrets configmaps',
    'persistentvolumeclaims services.nodeports services.loadbalancers requests.cpu requests.memory requests.storage',
    'requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage',
  ]
    .join(' ')
    .split(' '),
);

/** Requests and limits of one container; `claims` are the names of the pod's resource claims. */
export function containerResourceErrors(
  resources: ResourceRequirements | undefined,
  path: FieldPath,
  claims: readonly string[],
): FieldError[] {
  const {requests = {}, limits = {}} = resources ?? {};
  const errors = [
    ...amountErrors(limits, path.child('limits'), containerResourceNameErrors),
    ...amountErrors(requests, path.child('requests'), containerResourceNameErrors),
    ...requestAgainstLimitErrors(requests, limits, path),
  ];
  const names = new Set([...Object.keys(requests), ...Object.keys(limits)]);
  if ([...names].some(isHugePages) && !names.has(CPU) && !names.has(MEMORY)) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  }
  (resources?.claims ?? []).forEach(({name}, index) => {
    if (claims.includes(name)) return;
    const known = claims.length === 0 ? 'which is empty' : `[${claims.join(' ')}]`;
    errors.push(
      notFound(path.child('claims').index(index), name, `must be one of the names in pod.spec.resourceClaims ${known}`),
    );
  });
  return errors;
}

/** Requests and limits of the pod as a whole, among themselves and against its containers. */
export function podResourceErrors(spec: PodSpec, path: FieldPath): FieldError[] {
  const {resources} = spec;
  if (resources === undefined) return [];
  const {requests = {}, limits = {}} = resources;
  const at = path.child('resources');
  const errors = [
    ...amountErrors(limits, at.child('limits'), podResourceNameErrors),
    ...amountErrors(requests, at.child('requests'), podResourceNameErrors),
  ];
  if (errors.length > 0) return errors;
  errors.push(...requestAgainstLimitErrors(requests, limits, at));
  const aggregate = aggregateContainers(spec, (container) => toQuantities(container.resources?.requests));
  for (const [name, request] of sorted(requests)) {
    const asked = aggregate.get(name);
    if (asked === undefined || compareQuantities(asked, request) <= 0) continue;
    const why = `must be greater than or equal to aggregate container requests of ${formatQuantity(asked)}`;
    errors.push(invalidValue(at.child('requests').key(name), formatQuantity(request), why));
  }
  for (const [name, limit] of sorted(limits)) errors.push(...containerLimitErrors(spec, at, name, limit));
  return errors;
}

/** Names and amounts of a list: known resources, not negative, whole where the resource comes in pieces. */
function amountErrors(
  list: ResourceList,
  path: FieldPath,
  nameErrors: (name: string, path: FieldPath) => FieldError[],
): FieldError[] {
  return sorted(list).flatMap(([name, quantity]) => {
    const at = path.key(name);
    const errors = nameErrors(name, at);
    if (quantity.unscaled < 0n) errors.push(invalidValue(at, formatQuantity(quantity), POSITIVE));
    if (isInteger(name) && scaledValue(quantity, -3) % 1000n !== 0n) {
      errors.push(invalidValue(at, formatQuantity(quantity), 'must be an integer'));
    }
    return errors;
  });
}

/** What is wrong with the name of a resource that a container asks for. */
export function containerResourceNameErrors(name: string, path: FieldPath): FieldError[] {
  const errors = qualifiedNameErrors(name).map((why) => invalidValue(path, name, why));
  if (!name.includes('/')) {
    if (errors.length > 0) return errors;
    if (!STANDARD_RESOURCES.has(name) && !isHugePages(name)) {
      errors.push(invalidValue(path, name, 'must be a standard resource type or fully qualified'));
    }
    if (!isContainerResource(name)) {
      errors.push(invalidValue(path, name, 'must be a standard resource for containers'));
    }
  } else if (!isNative(name) && (errors.length > 0 || !isExtendedResource(name))) {
    errors.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

function podResourceNameErrors(name: string, path: FieldPath): FieldError[] {
  return isPodLevelResource(name) ? [] : [unsupportedValue(path, name, POD_LEVEL_RESOURCES)];
}

function requestAgainstLimitErrors(requests: ResourceList, limits: ResourceList, path: FieldPath): FieldError[] {
  const known = toQuantities(limits);
  return sorted(requests).flatMap(([name, request]) => {
    const limit = known.get(name);
    const mayOvercommit = isOvercommitAllowed(name);
    if (limit === undefined) {
      if (mayOvercommit) return [];
      return [requiredValue(path.child('limits'), 'Limit must be set for non overcommitable resources')];
    }
    const compared = compareQuantities(request, limit);
    const [at, value] = [path.child('requests'), formatQuantity(request)];
    if (!mayOvercommit && compared !== 0) {
      return [invalidValue(at, value, `must be equal to ${name} limit of ${formatQuantity(limit)}`)];
    }
    if (compared > 0) {
      return [invalidValue(at, value, `must be less than or equal to ${name} limit of ${formatQuantity(limit)}`)];
    }
    return [];
  });
}

function containerLimitErrors(spec: PodSpec, path: FieldPath, name: string, limit: Quantity): FieldError[] {
  return spec.containers.flatMap(({resources}, index) => {
    const own = toQuantities(resources?.limits).get(name);
    if (own === undefined || compareQuantities(own, limit) <= 0) return [];
    const at = path.child('containers').index(index).key(name).child('limits');
    return [
      invalidValue(at, formatQuantity(own), `must be less than or equal to pod limits of ${formatQuantity(limit)}`),
    ];
  });
}

function isContainerResource(name: string): boolean {
  return name === CPU || name === MEMORY || name === EPHEMERAL_STORAGE || isHugePages(name);
}

/** Kubernetes' own resources, which have no domain or one under kubernetes.io. */
function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** Whether a limit may be above its request. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

function isInteger(name: string): boolean {
  return name.includes('/') ? !isNative(name) : STANDARD_RESOURCES.has(name) && /^(pods|services|secrets)/.test(name);
}

function sorted(list: ResourceList): [string, Quantity][] {
  return [...toQuantities(list)].sort(([a], [b]) => (a < b ? -1 : 1));
}
