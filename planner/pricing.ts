import type {Pattern} from './pattern.ts';
import type {PreparedProblem, Variant} from './preparedProblem.ts';
import {createValueTable, type ValueTable} from './valueTable.ts';

/** The most valuable way to fill a bin of a type. */
export interface PricedType {
  readonly type: number;
  /** Worth more than was asked for, as far as it was found; null: none such. */
  readonly pattern: Pattern | null;
  readonly value: number;
  /** No pattern of the type is worth more than this. */
  readonly upper: number;
}

export interface Pricer {
  /**
   * `values` by row, at least 0; `targets` by type: only patterns worth more are of interest. `effort`: nodes of the
   * search in each type before its table's value is taken as upper bound.
   */
  price(values: ArrayLike<number>, targets: ArrayLike<number>, effort: number): readonly PricedType[];
}

/** `demand` by row: a pattern takes no more of it. `mostCells` of a table: how fine its grid may be. */
export function createPricer(prepared: PreparedProblem, demand: ArrayLike<number>, mostCells: number): Pricer {
  const searches = prepared.groups.map(({variants, types}) =>
    createGroupPricer(prepared, variants, types, demand, mostCells),
  );
  return {
    price: (values, targets, effort) => searches.flatMap((search) => search(values, targets, effort)),
  };
}

type GroupPricer = (values: ArrayLike<number>, targets: ArrayLike<number>, effort: number) => readonly PricedType[];

function createGroupPricer(
  prepared: PreparedProblem,
  candidates: readonly number[],
  types: readonly number[],
  demand: ArrayLike<number>,
  mostCells: number,
): GroupPricer {
  const capacity = largestCapacity(prepared, types);
  const bound = (index: number) => boundIn(prepared.variants[index]!, capacity, demand);
  const order = candidates
    .filter((variant) => bound(variant) > 0)
    .sort((a, b) => share(prepared.variants[b]!, capacity) - share(prepared.variants[a]!, capacity) || a - b);
  const items = order.map((variant) => ({size: prepared.variants[variant]!.size, bound: bound(variant)}));
  const table = createValueTable(items, capacity, mostCells);
  const search = createSearch(
    prepared,
    order,
    items.map((item) => item.bound),
    table,
  );
  const worth = new Float64Array(order.length);
  return (values, targets, effort) => {
    for (const [position, variant] of order.entries()) worth[position] = values[prepared.variants[variant]!.row]!;
    table.fill(worth);
    return types.map((type) => search(type, worth, targets[type]!, effort));
  };
}

function largestCapacity({types, problem}: PreparedProblem, indices: readonly number[]): readonly number[] {
  return problem.dimensions.map((_, dimension) =>
    indices.reduce((most, type) => Math.max(most, types[type]!.capacity[dimension]!), 0),
  );
}

function boundIn({size, maxPerBin, row}: Variant, capacity: readonly number[], demand: ArrayLike<number>): number {
  return size.reduce(
    (most, amount, dimension) => (amount === 0 ? most : Math.min(most, Math.floor(capacity[dimension]! / amount))),
    Math.min(maxPerBin, demand[row]!),
  );
}

/** Large items are decided first: what is left after them is small, and so is the error of its bound. */
function share({size}: Variant, capacity: readonly number[]): number {
  return size.reduce((sum, amount, dimension) => sum + amount / Math.max(capacity[dimension]!, 1), 0);
}

type Search = (type: number, worth: Float64Array, target: number, effort: number) => PricedType;

/** Depth first, most promising count first, cut off by the table's values. */
function createSearch(
  {types, variants}: PreparedProblem,
  order: readonly number[],
  bounds: readonly number[],
  table: ValueTable,
): Search {
  const counts = new Int32Array(order.length);
  const bestCounts = new Int32Array(order.length);
  const positionOf = new Map(order.map((variant, position) => [variant, position]));
  const excludes = order.map((variant) => variants[variant]!.excludes.flatMap((other) => positionOf.get(other) ?? []));
  const sizes = order.map((variant) => variants[variant]!.size);
  let best = 0;
  let nodes = 0;
  let isFound = false;

  function descend(position: number, value: number, remaining: readonly number[], worth: Float64Array): void {
    if (nodes <= 0) return;
    if (position === order.length) {
      if (value <= best) return;
      best = value;
      isFound = true;
      bestCounts.set(counts);
      return;
    }
    const each = worth[position]!;
    const most = each > 0 ? fitting(position, remaining) : 0;
    if (most === 0) {
      if (value + table.best(position + 1, remaining) > best) descend(position + 1, value, remaining, worth);
      return;
    }
    const size = sizes[position]!;
    const choices: {count: number; remaining: readonly number[]; bound: number}[] = [];
    for (let count = most; count >= 0; count--) {
      const left = remaining.map((amount, dimension) => amount - count * size[dimension]!);
      const bound = value + count * each + table.best(position + 1, left);
      if (bound > best) choices.push({count, remaining: left, bound});
    }
    choices.sort((a, b) => b.bound - a.bound);
    for (const choice of choices) {
      if (choice.bound <= best) break;
      nodes--;
      counts[position] = choice.count;
      descend(position + 1, value + choice.count * each, choice.remaining, worth);
      counts[position] = 0;
    }
  }

  function fitting(position: number, remaining: readonly number[]): number {
    if (excludes[position]!.some((other) => counts[other]! > 0)) return 0;
    return sizes[position]!.reduce(
      (most, amount, dimension) => (amount === 0 ? most : Math.min(most, Math.floor(remaining[dimension]! / amount))),
      bounds[position]!,
    );
  }

  return (type, worth, target, effort) => {
    const {capacity} = types[type]!;
    const ceiling = table.best(0, capacity);
    if (ceiling <= target) return {type, pattern: null, value: 0, upper: ceiling};
    best = target;
    nodes = effort;
    isFound = false;
    counts.fill(0);
    descend(0, 0, capacity, worth);
    const pattern = isFound ? patternOf(type, order, bestCounts) : null;
    return {type, pattern, value: isFound ? best : 0, upper: nodes > 0 ? best : ceiling};
  };
}

function patternOf(type: number, order: readonly number[], counts: ArrayLike<number>): Pattern {
  const taken = order
    .map((variant, position) => ({variant, count: counts[position]!}))
    .filter(({count}) => count > 0)
    .sort((a, b) => a.variant - b.variant);
  return {type, variants: taken.map(({variant}) => variant), counts: taken.map(({count}) => count)};
}
