import type {Container, KubernetesObject, PodSpec, PodTemplateSpec, ResourceList} from '../../model/kubernetes.ts';
import {podLimits, podRequests} from '../../model/podRequests.ts';
import {compareQuantities, formatQuantity, type Quantity, scaledValue} from '../../model/quantity.ts';
import {type Quantities, toQuantities} from '../../model/resources.ts';
import {canonicalResources} from '../defaulting/quantities.ts';
import {aggregateMessage} from '../validation/fieldError.ts';
import {forbid, type Refusal} from './refusal.ts';

export const LIMIT_RANGER_ANNOTATION = 'kubernetes.io/limit-ranger';

/** One item of a LimitRange, after the API's own defaulting. */
export interface LimitRangeItem {
  readonly type: string;
  readonly default: ResourceList;
  readonly defaultRequest: ResourceList;
  readonly min: ResourceList;
  readonly max: ResourceList;
  readonly maxLimitRequestRatio: ResourceList;
}

export interface LimitRange {
  readonly name: string;
  readonly items: readonly LimitRangeItem[];
}

/** Reads a v1 LimitRange with the defaults that its maxima and minima imply (pkg/apis/core/v1/defaults.go). */
export function toLimitRange(object: KubernetesObject): LimitRange {
  const {limits = []} = (object.spec ?? {}) as {limits?: readonly (Partial<LimitRangeItem> & {type?: string})[]};
  return {name: object.metadata.name ?? '', items: limits.map(defaultItem)};
}

/**
 * The mutating half of the plugin LimitRanger: containers get the default for each request or limit they leave out.
 * Several LimitRanges apply in the order of their creation; the annotation is that of the last one to set something.
 */
export function applyLimitRangeDefaults(pod: PodTemplateSpec, ranges: readonly LimitRange[]): PodTemplateSpec {
  let {spec, metadata} = pod;
  for (const range of ranges) {
    for (const item of range.items) {
      if (item.type !== 'Container') continue;
      const notes: string[] = [];
      const containers = spec.containers.map((container) => fill(container, item, 'container', notes));
      const initContainers = spec.initContainers?.map((container) => fill(container, item, 'init container', notes));
      spec = {...spec, containers, ...(initContainers === undefined ? {} : {initContainers})};
      if (notes.length === 0) continue;
      const annotation = `LimitRanger plugin set: ${notes.join('; ')}`;
      metadata = {...metadata, annotations: {...metadata?.annotations, [LIMIT_RANGER_ANNOTATION]: annotation}};
    }
  }
  return {...pod, ...(metadata === undefined ? {} : {metadata}), spec};
}

/** The validating half: minima, maxima and ratios of containers and of the pod; the first LimitRange that fails. */
export function checkLimitRanges(spec: PodSpec, ranges: readonly LimitRange[]): Refusal | undefined {
  const [first, ...others] = ranges
    .map(({items}) => items.flatMap((item) => reasonsAgainst(spec, item)))
    .filter((reasons) => reasons.length > 0)
    .map(aggregateMessage);
  return first === undefined ? undefined : forbid('validating', first, others);
}

/** The same for a claim's storage request; undefined when it may be created. */
export function checkClaimLimits(storage: ResourceList, ranges: readonly LimitRange[]): string | undefined {
  const requests = toQuantities(storage);
  for (const range of ranges) {
    const reasons = range.items
      .filter(({type}) => type === 'PersistentVolumeClaim')
      .flatMap((item) => [...minimumReasons(item, requests, new Map()), ...claimMaximumReasons(item, requests)]);
    if (reasons.length > 0) return aggregateMessage(reasons);
  }
  return undefined;
}

function defaultItem(item: Partial<LimitRangeItem> & {type?: string}): LimitRangeItem {
  const {type = ''} = item;
  const given = {
    default: canonicalResources(item.default ?? {}),
    defaultRequest: canonicalResources(item.defaultRequest ?? {}),
    min: canonicalResources(item.min ?? {}),
    max: canonicalResources(item.max ?? {}),
    maxLimitRequestRatio: canonicalResources(item.maxLimitRequestRatio ?? {}),
  };
  if (type !== 'Container') return {type, ...given};
  const limits = {...given.max, ...given.default};
  return {type, ...given, default: limits, defaultRequest: {...given.min, ...limits, ...given.defaultRequest}};
}

function fill(container: Container, item: LimitRangeItem, role: string, notes: string[]): Container {
  const {requests = {}, limits = {}} = container.resources ?? {};
  const missingRequests = Object.keys(item.defaultRequest).filter((name) => !Object.hasOwn(requests, name));
  const missingLimits = Object.keys(item.default).filter((name) => !Object.hasOwn(limits, name));
  if (missingRequests.length > 0)
    notes.push(`${missingRequests.sort().join(', ')} request for ${role} ${container.name}`);
  if (missingLimits.length > 0) notes.push(`${missingLimits.sort().join(', ')} limit for ${role} ${container.name}`);
  if (missingRequests.length === 0 && missingLimits.length === 0) return container;
  return {
    ...container,
    resources: {
      ...container.resources,
      ...(missingLimits.length === 0 ? {} : {limits: {...item.default, ...limits}}),
      ...(missingRequests.length === 0 ? {} : {requests: {...item.defaultRequest, ...requests}}),
    },
  };
}

function reasonsAgainst(spec: PodSpec, item: LimitRangeItem): string[] {
  if (item.type === 'Container') {
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({resources}) =>
      reasonsFor(item, toQuantities(resources?.requests), toQuantities(resources?.limits)),
    );
  }
  if (item.type !== 'Pod') return [];
  // A pod's overhead is not its user's to choose, so the plugin leaves it out.
  const {overhead: _overhead, ...bare} = spec;
  return reasonsFor(item, podRequests(bare), podLimits(bare));
}

function reasonsFor(item: LimitRangeItem, requests: Quantities, limits: Quantities): string[] {
  return [
    ...minimumReasons(item, requests, limits),
    ...maximumReasons(item, requests, limits),
    ...ratioReasons(item, requests, limits),
  ];
}

function minimumReasons({type, min}: LimitRangeItem, requests: Quantities, limits: Quantities): string[] {
  return sorted(min).flatMap(([name, minimum]) => {
    const text = `minimum ${name} usage per ${type} is ${formatQuantity(minimum)}`;
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (request === undefined) return [`${text}.  No request is specified`];
    if (compareQuantities(request, minimum) < 0) return [`${text}, but request is ${formatQuantity(request)}`];
    if (limit !== undefined && compareQuantities(limit, minimum) < 0) {
      return [`${text}, but limit is ${formatQuantity(limit)}`];
    }
    return [];
  });
}

function maximumReasons({type, max}: LimitRangeItem, requests: Quantities, limits: Quantities): string[] {
  return sorted(max).flatMap(([name, maximum]) => {
    const text = `maximum ${name} usage per ${type} is ${formatQuantity(maximum)}`;
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (limit === undefined) return [`${text}.  No limit is specified`];
    if (compareQuantities(limit, maximum) > 0) return [`${text}, but limit is ${formatQuantity(limit)}`];
    if (request !== undefined && compareQuantities(request, maximum) > 0) {
      return [`${text}, but request is ${formatQuantity(request)}`];
    }
    return [];
  });
}

/** Claims have no limits: their request is held against the maximum. */
function claimMaximumReasons({type, max}: LimitRangeItem, requests: Quantities): string[] {
  return sorted(max).flatMap(([name, maximum]) => {
    const request = requests.get(name);
    if (request === undefined || compareQuantities(request, maximum) <= 0) return [];
    return [
      `maximum ${name} usage per ${type} is ${formatQuantity(maximum)}, but request is ${formatQuantity(request)}`,
    ];
  });
}

function ratioReasons(item: LimitRangeItem, requests: Quantities, limits: Quantities): string[] {
  return sorted(item.maxLimitRequestRatio).flatMap(([name, allowed]) => {
    const text = `${name} max limit to request ratio per ${item.type} is ${formatQuantity(allowed)}`;
    const request = milliValue(requests.get(name));
    const limit = milliValue(limits.get(name));
    if (request === 0) return [`${text}, but no request is specified or request is 0`];
    if (limit === 0) return [`${text}, but no limit is specified or limit is 0`];
    const ratio = limit / request;
    return ratio * 1000 > milliValue(allowed) ? [`${text}, but provided ratio is ${ratio.toFixed(6)}`] : [];
  });
}

function milliValue(quantity: Quantity | undefined): number {
  return quantity === undefined ? 0 : Number(scaledValue(quantity, -3));
}

/** The server goes through a map in random order; by name is as good as any and always the same. */
function sorted(list: ResourceList): [string, Quantity][] {
  return [...toQuantities(list)].sort(([a], [b]) => (a < b ? -1 : 1));
}
