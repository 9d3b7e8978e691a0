import type {PackingSolution} from './packingSolution.ts';
import {coverageOf, type Pattern, patternKey} from './pattern.ts';
import type {PreparedProblem} from './preparedProblem.ts';

/** Bins in whole numbers: a plan in the making, in terms of the prepared problem. */
export type Fleet = readonly FilledBins[];

export interface FilledBins {
  readonly pattern: Pattern;
  readonly times: number;
}

export function fleetCost({types}: PreparedProblem, fleet: Fleet): number {
  return fleet.reduce((sum, {pattern, times}) => sum + types[pattern.type]!.cost * times, 0);
}

/** What is still to be packed, by row; below 0 where more was packed than asked for. */
export function demandLeft(prepared: PreparedProblem, demand: ArrayLike<number>, fleet: Fleet): number[] {
  const left = Array.from(demand);
  for (const {pattern, times} of fleet) {
    for (const [row, count] of coverageOf(prepared, pattern)) left[row]! -= count * times;
  }
  return left;
}

/** What each limit still allows; below 0 where it is broken. */
export function limitsLeft({limits, types}: PreparedProblem, fleet: Fleet): number[] {
  const left = limits.map(({atMost}) => atMost);
  for (const {pattern, times} of fleet) {
    for (const {limit, weight} of types[pattern.type]!.weights) left[limit]! -= weight * times;
  }
  return left;
}

export function kindsOf({types}: PreparedProblem, fleet: Fleet): ReadonlySet<string> {
  return new Set(fleet.map(({pattern}) => types[pattern.type]!.kind));
}

/** Whether everything is packed, neither more nor less, within every limit. Sizes are the patterns' business. */
export function isComplete(prepared: PreparedProblem, fleet: Fleet): boolean {
  return (
    demandLeft(prepared, prepared.demand, fleet).every((left) => left === 0) &&
    limitsLeft(prepared, fleet).every((left) => left >= 0) &&
    (prepared.kinds === null || kindsOf(prepared, fleet).size <= prepared.kinds)
  );
}

/** Bins filled alike said once, in a fixed order. */
export function merged(fleet: Fleet): Fleet {
  const bins = new Map<string, FilledBins>();
  for (const {pattern, times} of fleet) {
    if (times === 0) continue;
    const key = patternKey(pattern);
    bins.set(key, {pattern, times: (bins.get(key)?.times ?? 0) + times});
  }
  return [...bins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, filled]) => filled);
}

/** In terms of the problem itself: bins by rising type, the most frequent first. */
export function toSolution({types, variants}: PreparedProblem, fleet: Fleet): PackingSolution {
  return merged(fleet)
    .map(({pattern, times}) => ({
      binType: types[pattern.type]!.index,
      items: pattern.variants
        .map((variant, index) => ({item: variants[variant]!.item, count: pattern.counts[index]!}))
        .sort((a, b) => a.item - b.item),
      times,
    }))
    .sort((a, b) => a.binType - b.binType || b.times - a.times);
}
