import {createLinearCeiling, type LinearCeiling} from './linearCeiling.ts';
import type {Pattern} from './pattern.ts';
import type {PreparedProblem, Variant} from './preparedProblem.ts';
import {
  type CapacityRange,
  createValueTable,
  isGridExact,
  type KnapsackItem,
  sharedMemory,
  type TableMemory,
  type ValueTable,
} from './valueTable.ts';

/** The most valuable way to fill a bin of a type. */
export interface PricedType {
  readonly type: number;
  /** Worth more than was asked for, as far as it was found; null: none such. */
  readonly pattern: Pattern | null;
  readonly value: number;
  /** No pattern of the type is worth more than this. */
  readonly upper: number;
}

export interface PriceList {
  /** By row, at least 0: what a copy is worth. */
  readonly values: ArrayLike<number>;
  /** By type: only patterns worth more are of interest. */
  readonly targets: ArrayLike<number>;
  /** Nodes of the search in each type before its ceiling is taken as upper bound; 0: no search. */
  readonly effort: number;
}

export interface Pricer {
  price(list: PriceList): readonly PricedType[];
  /** By prices of room alone, without any grid: one filling of each type, and an `upper` that is near where bins hold many. */
  priceRoughly(list: PriceList): readonly PricedType[];
  /** Over a coarse grid: finds most of the patterns in a fraction of the time, but its `upper` is far from the truth. */
  priceQuickly(list: PriceList): readonly PricedType[];
}

const QUICK_CELLS = 6000;

/**
 * `demand` by row: a pattern takes no more of it. `mostCells` of a table: how fine its grid may be. Only types that are
 * `isUsed` are priced.
 */
export function createPricer(
  prepared: PreparedProblem,
  demand: ArrayLike<number>,
  mostCells: number,
  isUsed: (type: number) => boolean = () => true,
): Pricer {
  const memory = sharedMemory();
  const withCells = (cells: number) => {
    const searches = prepared.groups.flatMap(({variants, types}) => {
      const used = types.filter(isUsed);
      if (used.length === 0) return [];
      const contents = binContents(prepared, variants, used, demand);
      if (cells < mostCells || isGridExact(contents.items, contents.range, cells)) {
        return [createGroupPricer(prepared, used, contents, cells, memory, false)];
      }
      return sizeClasses(prepared, used).map((alike) =>
        createGroupPricer(prepared, alike, binContents(prepared, variants, alike, demand), cells, memory, true),
      );
    });
    return (list: PriceList) => searches.flatMap((search) => search(list));
  };
  let exact: ((list: PriceList) => readonly PricedType[]) | null = null;
  const quick = withCells(Math.min(QUICK_CELLS, mostCells));
  return {
    price(list) {
      exact ??= withCells(mostCells);
      return exact(list);
    },
    priceQuickly: quick,
    priceRoughly: (list) => quick({...list, effort: 0}),
  };
}

/** Of capacities in one grid, from the smallest to the largest. */
const GRID_SPAN = 4;

/** Types of about the same size: a grid for all of them is nearly as fine as one for each. */
function sizeClasses({types}: PreparedProblem, indices: readonly number[]): readonly (readonly number[])[] {
  const magnitude = (amount: number) => Math.floor(Math.log(Math.max(amount, 1)) / Math.log(GRID_SPAN));
  return [...Map.groupBy(indices, (type) => types[type]!.capacity.map(magnitude).join()).values()];
}

type GroupPricer = (list: PriceList) => readonly PricedType[];

/** What bins of some types can hold. */
interface BinContents {
  readonly range: CapacityRange;
  /** Variants by position. */
  readonly order: readonly number[];
  /** By position. */
  readonly items: readonly KnapsackItem[];
}

function binContents(
  prepared: PreparedProblem,
  candidates: readonly number[],
  types: readonly number[],
  demand: ArrayLike<number>,
): BinContents {
  const range = capacityRange(prepared, types);
  const capacity = range.most;
  const bound = (index: number) => boundIn(prepared.variants[index]!, capacity, demand);
  const order = candidates
    .filter((variant) => bound(variant) > 0)
    .sort((a, b) => share(prepared.variants[b]!, capacity) - share(prepared.variants[a]!, capacity) || a - b);
  return {
    range,
    order,
    items: order.map((variant) => ({size: prepared.variants[variant]!.size, bound: bound(variant)})),
  };
}

/** `isOneOfMany`: tables are dear then, so that none is filled where prices of room show that no filling is wanted. */
function createGroupPricer(
  prepared: PreparedProblem,
  types: readonly number[],
  {range, order, items}: BinContents,
  mostCells: number,
  memory: TableMemory,
  isOneOfMany: boolean,
): GroupPricer {
  // Large, and not needed where prices of room are enough.
  let made: ValueTable | null = null;
  const table: ValueTable = {
    fill: (...values) => {
      made ??= createValueTable(items, range, mostCells, memory);
      made.fill(...values);
    },
    best: (...at) => made!.best(...at),
  };
  const search = createSearch(
    prepared,
    order,
    items.map((item) => item.bound),
    table,
  );
  const linear = new Map(types.map((type) => [type, createLinearCeiling(items, prepared.types[type]!.capacity)]));
  const worth = new Float64Array(order.length);
  return ({values, targets, effort}) => {
    for (const [position, variant] of order.entries()) worth[position] = values[prepared.variants[variant]!.row]!;
    let isFilled = false;
    return types.map((type) => {
      const ceiling = linear.get(type)!;
      ceiling.fill(worth);
      const searched = (nodes: number) => search(type, ceiling, worth, targets[type]!, nodes);
      if (effort === 0) return searched(0);
      if (isOneOfMany) {
        const rough = searched(0);
        if (rough.upper <= targets[type]!) return rough;
      }
      if (!isFilled) table.fill(worth);
      isFilled = true;
      return searched(effort);
    });
  };
}

function capacityRange({types, problem}: PreparedProblem, indices: readonly number[]): CapacityRange {
  const capacities = problem.dimensions.map((_, dimension) => indices.map((type) => types[type]!.capacity[dimension]!));
  return {least: capacities.map((own) => Math.min(...own)), most: capacities.map((own) => Math.max(...own))};
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

type Search = (type: number, linear: LinearCeiling, worth: Float64Array, target: number, effort: number) => PricedType;

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
  let linear: LinearCeiling;
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
      if (value + ceilingAt(position + 1, remaining) > best) descend(position + 1, value, remaining, worth);
      return;
    }
    const size = sizes[position]!;
    const choices: {count: number; remaining: readonly number[]; value: number; bound: number}[] = [];
    for (let count = most; count >= 0; count--) {
      const left = remaining.map((amount, dimension) => amount - count * size[dimension]!);
      const own = value + count * each;
      const bound = own + ceilingAt(position + 1, left);
      if (bound > best) choices.push({count, remaining: left, value: own, bound});
    }
    choices.sort((a, b) => b.bound - a.bound);
    for (const choice of choices) {
      if (choice.bound <= best) break;
      nodes--;
      counts[position] = choice.count;
      descend(position + 1, choice.value, choice.remaining, worth);
      counts[position] = 0;
    }
  }

  function ceilingAt(position: number, remaining: readonly number[]): number {
    return Math.min(linear.best(position, remaining), table.best(position, remaining));
  }

  /** Starts from the best filling in fractions, without the fractions, and fills up what that leaves. */
  function round(capacity: readonly number[], worth: Float64Array): void {
    const {fractions} = linear;
    const preferred = linear.preferred();
    const remaining = [...capacity];
    for (const wanted of [fractions, bounds]) {
      for (const position of preferred) {
        if (worth[position]! <= 0) continue;
        const held = counts[position]!;
        const count = Math.min(fitting(position, remaining), Math.floor(wanted[position]! + 1e-9) - held);
        if (count <= 0) continue;
        counts[position] = held + count;
        for (const [dimension, amount] of sizes[position]!.entries()) remaining[dimension]! -= amount * count;
      }
    }
    let total = 0;
    for (let position = 0; position < order.length; position++) total += counts[position]! * worth[position]!;
    if (total > best) {
      best = total;
      isFound = true;
      bestCounts.set(counts);
    }
    counts.fill(0);
  }

  function fitting(position: number, remaining: readonly number[]): number {
    if (excludes[position]!.some((other) => counts[other]! > 0)) return 0;
    return sizes[position]!.reduce(
      (most, amount, dimension) => (amount === 0 ? most : Math.min(most, Math.floor(remaining[dimension]! / amount))),
      bounds[position]!,
    );
  }

  return (type, ceilingOfType, worth, target, effort) => {
    const {capacity} = types[type]!;
    linear = ceilingOfType;
    counts.fill(0);
    const ceiling = effort === 0 ? linear.best(0, capacity) : ceilingAt(0, capacity);
    if (ceiling <= target) return {type, pattern: null, value: 0, upper: ceiling};
    best = target;
    nodes = effort;
    isFound = false;
    round(capacity, worth);
    if (effort > 0) descend(0, 0, capacity, worth);
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
