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

/** Canonical quantities, and a request for every limit that has none. */
export function defaultRequirements(resources: ResourceRequirements = {}): ResourceRequirements {
  const limits = resources.limits === undefined ? undefined : canonicalResources(resources.limits);
  const requests = resources.requests === undefined ? undefined : canonicalResources(resources.requests);
  return {
    ...resources,
    ...(limits === undefined ? {} : {limits}),
    ...(requests === undefined && limits === undefined ? {} : {requests: {...limits, ...requests}}),
  };
}
