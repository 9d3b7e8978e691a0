import type {ResourceList} from './kubernetes.ts';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  scaledValue,
} from './quantity.ts';

export const CPU = 'cpu';
export const MEMORY = 'memory';
export const EPHEMERAL_STORAGE = 'ephemeral-storage';
export const PODS = 'pods';

/**
 * Amounts in the scheduler's units by resource name: CPU in millicores, everything else in whole units (bytes for
 * memory and storage). Integers, exact up to 2^53. A resource that is absent is not asked for or not offered.
 */
export type Resources = Readonly<Record<string, number>>;

/** Exact amounts by resource name, for sums that are rounded once at the end, as Kubernetes does. */
export type Quantities = ReadonlyMap<string, Quantity>;

const NONE: Quantities = new Map();

/** Reads a ResourceList. Texts that are not quantities were refused when the object was read; here they throw. */
export function toQuantities(list: ResourceList | undefined): Quantities {
  if (list === undefined) return NONE;
  const quantities = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(list)) {
    const quantity = parseQuantity(text);
    if (quantity === undefined) throw new Error(`${name}: ${JSON.stringify(text)} is not a quantity`);
    quantities.set(name, quantity);
  }
  return quantities;
}

/** In the scheduler's units, rounded up: 1.5m of CPU is 2 millicores, 100m bytes are 1 byte. */
export function toResources(quantities: Quantities): Resources {
  const resources: Record<string, number> = Object.create(null);
  for (const [name, quantity] of quantities) resources[name] = toAmount(name, quantity);
  return resources;
}

/** One quantity of a resource in the scheduler's units, rounded up. */
export function toAmount(name: string, quantity: Quantity): number {
  return Number(scaledValue(quantity, name === CPU ? -3 : 0));
}

/** An amount in the scheduler's units as a manifest would write it: 1500 millicores are `1500m`, 2^31 bytes `2Gi`. */
export function formatAmount(name: string, amount: number): string {
  const isCpu = name === CPU;
  return formatQuantity({unscaled: BigInt(amount), scale: isCpu ? -3 : 0, format: isCpu ? 'DecimalSI' : 'BinarySI'});
}

export function sumQuantities(lists: readonly Quantities[]): Quantities {
  const sum = new Map<string, Quantity>();
  for (const list of lists) {
    for (const [name, quantity] of list) {
      const known = sum.get(name);
      sum.set(name, known === undefined ? quantity : addQuantities(known, quantity));
    }
  }
  return sum;
}

export function maxQuantities(a: Quantities, b: Quantities): Quantities {
  const max = new Map(a);
  for (const [name, quantity] of b) {
    const known = max.get(name);
    if (known === undefined || compareQuantities(quantity, known) > 0) max.set(name, quantity);
  }
  return max;
}

/** Extended resources carry a domain that is not Kubernetes' own: `nvidia.com/gpu`. They are integers and never overcommitted. */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** The amount of a resource, 0 where it is not named. */
export function amountOf(resources: Resources, name: string): number {
  return Object.hasOwn(resources, name) ? resources[name]! : 0;
}

/** Scalar resources are counted only when a pod asks for them (scheduler/util.IsScalarResourceName). */
export function isScalarResource(name: string): boolean {
  return (
    isExtendedResource(name) ||
    isHugePages(name) ||
    name.includes('kubernetes.io/') ||
    name.startsWith('attachable-volumes-')
  );
}
