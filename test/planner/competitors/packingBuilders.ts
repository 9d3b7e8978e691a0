import {
  type BinType,
  COST_UNITS,
  NO_LIMITS,
  type PackingItem,
  type PackingProblem,
  toCost,
} from '../../../planner/packingProblem.ts';
import {binsOf, costOf, type PackingSolution} from '../../../planner/packingSolution.ts';

/** `[count, cpu, memory]`. */
export function item(
  name: string,
  [count, ...size]: readonly [number, number, number],
  rest: Partial<PackingItem> = {},
): PackingItem {
  return {name, size, count, maxPerBin: null, binTypes: null, standsFor: null, ...rest};
}

/** `[cpu, memory, price]`. */
export function bin(
  name: string,
  [cpu, memory, price]: readonly [number, number, number],
  rest: Partial<BinType> = {},
): BinType {
  return {name, capacity: [cpu, memory], cost: toCost(price), available: null, kind: name, ...rest};
}

export function problem(
  items: readonly PackingItem[],
  binTypes: readonly BinType[],
  exclusions: PackingProblem['exclusions'] = [],
): PackingProblem {
  return {dimensions: ['cpu', 'memory'], items, binTypes, exclusions, limits: NO_LIMITS};
}

/** `3 x small: a=1 b=2`, a line for each kind of filled bin, sorted. */
export function contents({binTypes, items}: PackingProblem, solution: PackingSolution | null): readonly string[] {
  return (solution ?? [])
    .map(
      ({binType, items: packed, times}) =>
        `${times} x ${binTypes[binType]!.name}: ${packed.map(({item: index, count}) => `${items[index]!.name}=${count}`).join(' ')}`,
    )
    .sort();
}

export function price(of: PackingProblem, solution: PackingSolution | null): number | null {
  return solution === null ? null : costOf(of, solution) / COST_UNITS;
}

export function bins(solution: PackingSolution | null): number | null {
  return solution === null ? null : binsOf(solution);
}

/** Copies of each item that were packed, and whether every bin keeps to its capacity. */
export function audit(
  {binTypes, items, exclusions}: PackingProblem,
  solution: PackingSolution,
): {readonly packed: readonly number[]; readonly broken: number} {
  const packed = items.map(() => 0);
  let broken = 0;
  for (const {binType, items: held, times} of solution) {
    const {capacity} = binTypes[binType]!;
    const used = capacity.map(() => 0);
    for (const {item: index, count} of held) {
      const {size, maxPerBin, binTypes: allowed} = items[index]!;
      packed[index] = packed[index]! + count * times;
      for (const [d, amount] of size.entries()) used[d] = used[d]! + amount * count;
      if (maxPerBin !== null && count > maxPerBin) broken++;
      if (allowed !== null && !allowed.includes(binType)) broken++;
    }
    if (used.some((amount, d) => amount > capacity[d]!)) broken++;
    const indices = new Set(held.map(({item: index}) => index));
    if (exclusions.some(([a, b]) => indices.has(a) && indices.has(b))) broken++;
  }
  return {packed, broken};
}
