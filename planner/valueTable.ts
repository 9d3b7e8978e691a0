/** What can be put into a bin beside others. */
export interface KnapsackItem {
  readonly size: readonly number[];
  /** Largest count in one bin; finite. */
  readonly bound: number;
}

/**
 * Best values of a knapsack for every capacity on a grid, for the items from each position on. Sizes are rounded down to
 * the grid and dimensions without an axis are left out, so a value is never less than what truly fits.
 */
export interface ValueTable {
  /** `values` by position; items of value 0 or less are never taken. */
  fill(values: ArrayLike<number>): void;
  /** The best value of the items from `position` on in what remains, by dimension. */
  best(position: number, remaining: ArrayLike<number>): number;
}

interface Axis {
  readonly dimension: number;
  /** Of the grid, in the dimension's units. */
  readonly step: number;
  /** Points of the grid, from 0 on. */
  readonly length: number;
}

/** Entries of the tables of all positions that are worth their memory; beyond, one table serves every position. */
const MOST_ENTRIES = 24_000_000;
const MOST_AXES = 3;

/** Between which the capacities lie that will be asked for, by dimension. */
export interface CapacityRange {
  readonly least: readonly number[];
  readonly most: readonly number[];
}

/** Room for so many entries, with anything in it. */
export type TableMemory = (entries: number) => Float64Array<ArrayBuffer>;

/** For tables of which only the one that was filled last is asked. */
export function sharedMemory(): TableMemory {
  let memory = new Float64Array(0);
  return (entries) => {
    if (memory.length < entries) memory = new Float64Array(entries);
    return memory.subarray(0, entries);
  };
}

/** `mostCells`: how fine the grid may be. */
export function createValueTable(
  items: readonly KnapsackItem[],
  range: CapacityRange,
  mostCells: number,
  memory: TableMemory,
): ValueTable {
  const axes = chooseAxes(items, range, mostCells);
  const cells = cellsOf(axes);
  const hasStages = (items.length + 1) * cells <= MOST_ENTRIES;
  const entries = (hasStages ? items.length + 1 : 1) * cells;
  let table = new Float64Array(0);
  const [first, second, third] = threeOf(axes);
  const sizes = items.map(({size}) =>
    [first, second, third].map(({dimension, step}) => Math.floor(size[dimension]! / step)),
  );
  const lengths: Lengths = [first.length, second.length, third.length];
  return {
    fill(values) {
      table = memory(entries);
      if (hasStages) table.fill(0, items.length * cells);
      else table.fill(0);
      for (let position = items.length - 1; position >= 0; position--) {
        const value = values[position]!;
        const start = hasStages ? position * cells : 0;
        const stage = table.subarray(start, start + cells);
        const rest = hasStages ? table.subarray(start + cells, start + 2 * cells) : stage;
        if (value > 0) addItem(stage, rest, lengths, sizes[position]!, items[position]!.bound, value);
        else if (hasStages) stage.set(rest);
      }
    },
    best(position, remaining) {
      const row = pointOf(first, remaining) * second.length + pointOf(second, remaining);
      return table[(hasStages ? position * cells : 0) + row * third.length + pointOf(third, remaining)]!;
    },
  };
}

function pointOf({dimension, step, length}: Axis, remaining: ArrayLike<number>): number {
  const point = Math.floor(remaining[dimension]! / step);
  return point < length ? point : length - 1;
}

/** Whether a grid that is no finer has a point for all that the items can come to in the two scarcest dimensions. */
export function isGridExact(items: readonly KnapsackItem[], range: CapacityRange, mostCells: number): boolean {
  return cellsOf(exactAxes(items, range).slice(0, 2)) <= mostCells;
}

/** The scarcest dimensions, with steps that are multiples of the exact ones where those are too fine. */
function chooseAxes(items: readonly KnapsackItem[], range: CapacityRange, mostCells: number): readonly Axis[] {
  const exact = exactAxes(items, range);
  for (let count = Math.min(MOST_AXES, exact.length); count > 2; count--) {
    if (cellsOf(exact.slice(0, count)) <= mostCells) return exact.slice(0, count);
  }
  return coarsened(exact.slice(0, 2), mostCells);
}

/** Of the dimensions that can run out, the scarcest first, with the common divisors of the sizes as steps. */
function exactAxes(items: readonly KnapsackItem[], {least, most}: CapacityRange): readonly Axis[] {
  const scarcest = most
    .map((amount, dimension) => {
      const need = items.reduce((sum, {size, bound}) => sum + size[dimension]! * bound, 0);
      return {dimension, scarcity: need / Math.max(amount, 1), need};
    })
    .filter(({dimension, need}) => need > least[dimension]!)
    .sort((a, b) => b.scarcity - a.scarcity);
  return scarcest.map(({dimension, need}): Axis => {
    const step = items.reduce((divisor, {size}) => commonDivisor(divisor, size[dimension]!), 0);
    return {dimension, step, length: Math.floor(Math.min(most[dimension]!, need) / step) + 1};
  });
}

function coarsened(axes: readonly Axis[], mostCells: number): readonly Axis[] {
  if (cellsOf(axes) <= mostCells) return axes;
  const finest = axes.reduce((best, axis, index) => (axis.length > axes[best]!.length ? index : best), 0);
  const coarser = axes.map((axis, index) =>
    index === finest ? {...axis, step: axis.step * 2, length: Math.floor((axis.length - 1) / 2) + 1} : axis,
  );
  return coarsened(coarser, mostCells);
}

function cellsOf(axes: readonly Axis[]): number {
  return axes.reduce((product, {length}) => product * length, 1);
}

/** Axes of one point stand for those that are missing. */
function threeOf(axes: readonly Axis[]): readonly [Axis, Axis, Axis] {
  const none: Axis = {dimension: 0, step: Number.POSITIVE_INFINITY, length: 1};
  return [axes[2] ?? none, axes[0] ?? none, axes[1] ?? none];
}

export function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

type Lengths = readonly [number, number, number];

/** Fills `table` with the best of `rest`, the values without the item, and of any number of copies up to its bound. */
function addItem(
  table: Float64Array,
  rest: Float64Array,
  lengths: Lengths,
  size: readonly number[],
  bound: number,
  value: number,
): void {
  const fits = lengths.reduce((most, length, axis) => {
    const amount = size[axis]!;
    return amount === 0 ? most : Math.min(most, Math.floor((length - 1) / amount));
  }, Number.POSITIVE_INFINITY);
  if (fits === Number.POSITIVE_INFINITY) {
    for (let index = 0; index < table.length; index++) table[index] = rest[index]! + bound * value;
    return;
  }
  if (bound >= fits) {
    addUnbounded(table, rest, lengths, size, value);
    return;
  }
  let left = bound;
  let source = rest;
  for (let copies = 1; left > 0; copies *= 2) {
    const taken = Math.min(copies, left);
    const several = size.map((amount) => amount * taken);
    addOnce(table, source, lengths, several, value * taken);
    source = table;
    left -= taken;
  }
}

function addUnbounded(
  table: Float64Array,
  rest: Float64Array,
  [planes, rows, columns]: Lengths,
  size: readonly number[],
  value: number,
): void {
  const [a, b, c] = size as [number, number, number];
  const offset = (a * rows + b) * columns + c;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const start = (plane * rows + row) * columns;
      const end = start + columns;
      const from = plane < a || row < b ? end : Math.min(start + c, end);
      for (let index = start; index < from; index++) table[index] = rest[index]!;
      for (let index = from; index < end; index++) {
        const without = rest[index]!;
        const candidate = table[index - offset]! + value;
        table[index] = Math.max(candidate, without);
      }
    }
  }
}

/** Downwards, so that `table` may be `rest` itself. */
function addOnce(
  table: Float64Array,
  rest: Float64Array,
  [planes, rows, columns]: Lengths,
  size: readonly number[],
  value: number,
): void {
  const [a, b, c] = size as [number, number, number];
  const offset = (a * rows + b) * columns + c;
  for (let plane = planes - 1; plane >= 0; plane--) {
    for (let row = rows - 1; row >= 0; row--) {
      const start = (plane * rows + row) * columns;
      const end = start + columns;
      const from = plane < a || row < b ? end : Math.min(start + c, end);
      for (let index = end - 1; index >= from; index--) {
        const without = rest[index]!;
        const candidate = rest[index - offset]! + value;
        table[index] = Math.max(candidate, without);
      }
      if (table !== rest) for (let index = start; index < from; index++) table[index] = rest[index]!;
    }
  }
}
