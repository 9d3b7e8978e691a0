import type {PackingProblem} from './packingProblem.ts';

/**
 * A problem as the search sees it: without what cannot be used, with one row for each demand and one for each limit.
 * Indices are its own; `item` and `index` lead back to the problem's.
 */
export interface PreparedProblem {
  readonly problem: PackingProblem;
  /** By row: how many copies have to be packed. */
  readonly demand: readonly number[];
  readonly variants: readonly Variant[];
  readonly types: readonly PreparedType[];
  /** Types of one group may hold the same items, so that one table of best values serves them all. */
  readonly groups: readonly PricingGroup[];
  readonly limits: readonly PreparedLimit[];
  /** Largest number of kinds; null: no limit. */
  readonly kinds: number | null;
}

/** A size in which a copy of a row's demand can be packed. */
export interface Variant {
  readonly item: number;
  readonly row: number;
  readonly size: readonly number[];
  /** Largest count in one bin by its own rule; infinite where there is none. */
  readonly maxPerBin: number;
  /** Variants that may not share a bin with this one. */
  readonly excludes: readonly number[];
}

export interface PreparedType {
  /** In the problem's bin types. */
  readonly index: number;
  readonly capacity: readonly number[];
  readonly cost: number;
  readonly kind: string;
  readonly group: number;
  /** The limits it counts towards. */
  readonly weights: readonly {readonly limit: number; readonly weight: number}[];
}

export interface PricingGroup {
  readonly variants: readonly number[];
  readonly types: readonly number[];
}

export interface PreparedLimit {
  readonly source: LimitSource;
  readonly atMost: number;
}

/** Where a limit stands in the problem. */
export type LimitSource =
  | {readonly kind: 'bins'}
  | {readonly kind: 'available'; readonly binType: number}
  | {readonly kind: 'budget'; readonly budget: number};

export function prepare(problem: PackingProblem): PreparedProblem {
  const rows = new Map<number, number>();
  const demand: number[] = [];
  for (const [item, {count, standsFor}] of problem.items.entries()) {
    if (standsFor !== null || count === 0) continue;
    rows.set(item, demand.length);
    demand.push(count);
  }
  const variants = preparedVariants(problem, rows);
  const limits = preparedLimits(problem);
  const {types, groups} = preparedTypes(problem, variants, limits);
  return {problem, demand, variants, types, groups, limits, kinds: problem.limits.kinds};
}

function preparedVariants({items, exclusions}: PackingProblem, rows: ReadonlyMap<number, number>): readonly Variant[] {
  const known = [...items.keys()].filter((item) => rows.has(items[item]!.standsFor ?? item));
  const byItem = new Map(known.map((item, variant) => [item, variant]));
  const excludes = new Map<number, number[]>(known.map((_, variant) => [variant, []]));
  for (const [a, b] of exclusions) {
    const first = byItem.get(a);
    const second = byItem.get(b);
    if (first === undefined || second === undefined) continue;
    excludes.get(first)!.push(second);
    excludes.get(second)!.push(first);
  }
  return known.map((item, variant) => {
    const {size, maxPerBin, standsFor} = items[item]!;
    return {
      item,
      row: rows.get(standsFor ?? item)!,
      size,
      maxPerBin: maxPerBin ?? Number.POSITIVE_INFINITY,
      excludes: excludes.get(variant)!,
    };
  });
}

function preparedLimits({binTypes, limits}: PackingProblem): readonly PreparedLimit[] {
  const prepared: PreparedLimit[] = [];
  if (limits.bins !== null) prepared.push({source: {kind: 'bins'}, atMost: limits.bins});
  for (const [binType, {available}] of binTypes.entries()) {
    if (available !== null) prepared.push({source: {kind: 'available', binType}, atMost: available});
  }
  for (const [budget, {atMost}] of limits.budgets.entries()) prepared.push({source: {kind: 'budget', budget}, atMost});
  return prepared;
}

function preparedTypes(
  problem: PackingProblem,
  variants: readonly Variant[],
  limits: readonly PreparedLimit[],
): Pick<PreparedProblem, 'types' | 'groups'> {
  const groups = new Map<string, {variants: readonly number[]; types: number[]}>();
  const candidates = candidateTypes(problem, variants, limits);
  const useful = candidates.filter((type) => replacementOf(problem, candidates, type) === null);
  const types = useful.map(({index, capacity, cost, kind, held, weights}, type) => {
    const key = held.join();
    const group = groups.get(key) ?? {variants: held, types: []};
    groups.set(key, group);
    group.types.push(type);
    return {index, capacity, cost, kind, group: [...groups.keys()].indexOf(key), weights};
  });
  return {types, groups: [...groups.values()]};
}

/** The bin types that `prepare` leaves out for another, each with one that it keeps. */
export function replacedTypes(problem: PackingProblem): readonly {readonly binType: number; readonly by: number}[] {
  const {variants, limits} = prepare(problem);
  const candidates = candidateTypes(problem, variants, limits);
  return candidates.flatMap((type) => {
    let by = replacementOf(problem, candidates, type);
    for (let next = by; next !== null; next = replacementOf(problem, candidates, next)) by = next;
    return by === null ? [] : [{binType: type.index, by: by.index}];
  });
}

function candidateTypes(
  problem: PackingProblem,
  variants: readonly Variant[],
  limits: readonly PreparedLimit[],
): readonly Candidate[] {
  return problem.binTypes.flatMap(({capacity, cost, kind}, index) => {
    if (cost === null || isTooLarge(problem, capacity)) return [];
    const held = [...variants.keys()].filter((variant) => canHold(problem, index, variants[variant]!));
    if (held.length === 0) return [];
    const weights = limits.flatMap(({source}, limit) => {
      const weight = weightOf(problem, source, index);
      return weight === 0 ? [] : [{limit, weight}];
    });
    return [{index, capacity, cost, kind, held, weights}];
  });
}

/** Where kinds are counted, every type may be needed. */
function replacementOf({limits}: PackingProblem, candidates: readonly Candidate[], type: Candidate): Candidate | null {
  if (limits.kinds !== null) return null;
  return candidates.find((other) => dominates(other, type, other.index < type.index)) ?? null;
}

interface Candidate {
  readonly index: number;
  readonly kind: string;
  readonly capacity: readonly number[];
  readonly cost: number;
  readonly held: readonly number[];
  readonly weights: PreparedType['weights'];
}

/** Whether whatever `type` can do, `other` can do for no more. */
function dominates(other: Candidate, type: Candidate, isEarlier: boolean): boolean {
  if (other === type || other.cost > type.cost || other.weights.length > type.weights.length) return false;
  if (!other.capacity.every((amount, dimension) => amount >= type.capacity[dimension]!)) return false;
  const weights = new Map(type.weights.map(({limit, weight}) => [limit, weight]));
  if (!other.weights.every(({limit, weight}) => weight <= (weights.get(limit) ?? 0))) return false;
  const held = new Set(other.held);
  if (!type.held.every((variant) => held.has(variant))) return false;
  return isEarlier || !dominates(type, other, true);
}

/** Whether one copy fits into an empty bin of the type. */
export function canHold({items, binTypes}: PackingProblem, binType: number, {item, size, maxPerBin}: Variant): boolean {
  const allowed = items[item]!.binTypes;
  if (maxPerBin < 1 || (allowed !== null && !allowed.includes(binType))) return false;
  const {capacity} = binTypes[binType]!;
  return size.every((amount, dimension) => amount <= capacity[dimension]!);
}

export function isTooLarge({limits}: PackingProblem, capacity: readonly number[]): boolean {
  return (limits.largestBin ?? []).some((largest, dimension) => largest !== null && capacity[dimension]! > largest);
}

export function weightOf({limits}: PackingProblem, source: LimitSource, binType: number): number {
  switch (source.kind) {
    case 'bins':
      return 1;
    case 'available':
      return source.binType === binType ? 1 : 0;
    case 'budget':
      return limits.budgets[source.budget]!.weights[binType]!;
  }
}
