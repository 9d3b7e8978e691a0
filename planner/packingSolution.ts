import type {PackingProblem} from './packingProblem.ts';

/** Bins of one type that are filled alike. */
export interface PackedBins {
  /** Index of a bin type. */
  readonly binType: number;
  /** What each of the bins holds: counts of at least 1, by rising index of the item. */
  readonly items: readonly PackedItem[];
  /** How many such bins; at least 1. */
  readonly times: number;
}

export interface PackedItem {
  /** Index of an item. */
  readonly item: number;
  readonly count: number;
}

/** Where everything goes: each item exactly as often as the problem counts it. */
export type PackingSolution = readonly PackedBins[];

/** What the bins cost, in the problem's units. Bins without a price make it NaN: no plan uses them. */
export function costOf(problem: PackingProblem, solution: PackingSolution): number {
  let cost = 0;
  for (const {binType, times} of solution) cost += (problem.binTypes[binType]?.cost ?? Number.NaN) * times;
  return cost;
}

/** Bins in all. */
export function binsOf(solution: PackingSolution): number {
  return solution.reduce((sum, {times}) => sum + times, 0);
}
