/**
 * What a planner solves, stripped of Kubernetes: items of several dimensions go into bins of several types so that the
 * bins cost as little as possible. All numbers are integers, so that a bound can be checked without rounding.
 */
export interface PackingProblem {
  /** What the entries of `size` and `capacity` measure, such as `cpu`, `memory`, `pods`. */
  readonly dimensions: readonly string[];
  readonly items: readonly PackingItem[];
  readonly binTypes: readonly BinType[];
  /** Pairs of different items, by index, that never share a bin. */
  readonly exclusions: readonly (readonly [number, number])[];
  readonly limits: PackingLimits;
}

/** All pods that look the same to the scheduler. */
export interface PackingItem {
  readonly name: string;
  /** By dimension, integers of at least 0. */
  readonly size: readonly number[];
  /** How many there are; 0 is allowed. */
  readonly count: number;
  /** At most so many of them in one bin (host ports, anti-affinity to their own kind); null: as many as fit. */
  readonly maxPerBin: number | null;
  /** Indices of the bin types that may hold it; null: all. */
  readonly binTypes: readonly number[] | null;
  /**
   * Index of an item that this one replaces in another size: each copy of it that is packed counts as one of the other,
   * and its own `count` is 0. null: it stands for itself.
   */
  readonly standsFor: number | null;
}

/** What can be bought: an instance type in a zone and a pool. A node that exists is one with cost 0 and one available. */
export interface BinType {
  readonly name: string;
  /** By dimension, integers of at least 0: what is left to the items after system pods. */
  readonly capacity: readonly number[];
  /**
   * Integer of at least 0: for money, billionths of the currency in an hour. null: unknown, so that no plan can use it.
   */
  readonly cost: number | null;
  /** At most so many; null: no limit. */
  readonly available: number | null;
  /** Bin types with the same kind count as one where the diversity of a fleet is limited: the instance type's name. */
  readonly kind: string;
}

/** What a whole fleet has to keep to; null and empty: no limit. */
export interface PackingLimits {
  /** Bins of all types together. */
  readonly bins: number | null;
  /** Different kinds of bins. */
  readonly kinds: number | null;
  /** By dimension: a bin with more capacity than this in any is too large to lose; null in a dimension: no limit. */
  readonly largestBin: readonly (number | null)[] | null;
  /** Further sums over the bins, such as the cores of a node pool. */
  readonly budgets: readonly PackingBudget[];
}

/** The weights of all bins that are used add up to at most `atMost`. */
export interface PackingBudget {
  readonly name: string;
  /** By bin type, integers of at least 0. */
  readonly weights: readonly number[];
  readonly atMost: number;
}

/** The limits of a problem that has none. */
export const NO_LIMITS: PackingLimits = {bins: null, kinds: null, largestBin: null, budgets: []};

/** Units of `cost` in one unit of the currency. */
export const COST_UNITS = 1_000_000_000;

/** A price in the units of `cost`, to the nearest. */
export function toCost(pricePerHour: number): number {
  return Math.round(pricePerHour * COST_UNITS);
}
