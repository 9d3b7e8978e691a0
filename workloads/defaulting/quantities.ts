import type {ResourceList, ResourceRequirements} from '../../model/kubernetes.ts';
import {formatQuantity, parseQuantity, scaledValue} from '../../model/quantity.ts';

const MILLI = -3;

/** A quantity as the API server stores it: in canonical form, finer than a milli-unit rounded up. */
export function canonicalQuantity(text: string | number): string {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return String(text);
  if (quantity.scale >= MILLI) return formatQuantity(quantity);
  return formatQuantity({...quantity, unscaled: scaledValue(quantity, MILLI), scale: MILLI});
}

export function canonicalResources(list: ResourceList): ResourceList {
  const entries = Object.entries(list).map(([name, text]) => [name, canonicalQuantity(text)] as const);
  return Object.fromEntries(entries);
}

/** A list under its name; the API server stores no empty ones. */
export function nonEmpty(
  side: 'limits' | 'requests',
  list: ResourceList,
): {[Side in 'limits' | 'requests']?: ResourceList} {
  return Object.keys(list).length === 0 ? {} : {[side]: list};
}

/** Canonical quantities, and a request for every limit that has none. */
export function defaultRequirements(resources: ResourceRequirements = {}): ResourceRequirements {
  const limits = resources.limits === undefined ? undefined : canonicalResources(resources.limits);
  const requests = resources.requests === undefined ? undefined : canonicalResources(resources.requests);
  const completed = {...limits, ...requests};
  const {limits: _limits, requests: _requests, ...others} = resources;
  return {...others, ...nonEmpty('limits', limits ?? {}), ...nonEmpty('requests', completed)};
}
