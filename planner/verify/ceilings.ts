/** An item as far as it matters to a bin of one type. */
export interface Choice {
  readonly item: number;
  readonly size: readonly number[];
  /** Of one copy: a whole number of at least 0. */
  readonly worth: number;
  /** Copies in one bin, at most. */
  readonly most: number;
}

/** At least what the choices from a position on can be worth in the room that remains, by dimension. */
export type Ceiling = (position: number, remaining: readonly number[]) => number;

/** A price for each unit of room, by dimension, at least 0. Any prices make a valid ceiling, good ones a low one. */
export type RoomPrices = readonly number[];

/** Halvings of an interval until its ends are close enough: what is left makes a ceiling a trillionth higher. */
const HALVINGS = 40;
const ROUNDS = 2;

/** The room prices that make the linear ceiling lowest, nearly. */
export function bestRoomPrices(choices: readonly Choice[], capacity: readonly number[]): RoomPrices {
  const pressure = capacity.map((amount, dimension) => {
    const total = choices.reduce((sum, {size, most}) => sum + size[dimension]! * most, 0);
    return total <= amount ? 0 : total / Math.max(amount, 1);
  });
  const scarce = [...capacity.keys()]
    .filter((dimension) => pressure[dimension]! > 0)
    .sort((a, b) => pressure[b]! - pressure[a]!);
  const prices = capacity.map(() => 0);
  const [first, ...others] = scarce;
  if (first === undefined) return prices;
  for (let round = 0; round < ROUNDS; round++) {
    for (const dimension of others) prices[dimension] = balancedPrice(choices, capacity, prices, first, dimension);
    if (others.length < 2) break;
  }
  prices[first] = pour(choices, capacity, prices, first).price;
  return prices;
}

/** The price of a dimension at which what is packed into the first just fills it. */
function balancedPrice(
  choices: readonly Choice[],
  capacity: readonly number[],
  others: RoomPrices,
  first: number,
  dimension: number,
): number {
  const isOverfull = (price: number): boolean =>
    pour(choices, capacity, others.with(dimension, price), first).used[dimension]! > capacity[dimension]!;
  if (!isOverfull(0)) return 0;
  let low = 0;
  let high = Math.max(...choices.map(({worth, size}) => (size[dimension]! > 0 ? worth / size[dimension]! : 0)));
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (isOverfull(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** Packs in fractions what pays most for room in one dimension, the others being paid for. */
function pour(
  choices: readonly Choice[],
  capacity: readonly number[],
  prices: RoomPrices,
  first: number,
): {readonly price: number; readonly used: readonly number[]} {
  const gains = choices
    .map((choice) => {
      const gain = choice.size.reduce(
        (left, amount, dimension) => (dimension === first ? left : left - amount * prices[dimension]!),
        choice.worth,
      );
      return {...choice, rate: choice.size[first] === 0 ? gain * Number.POSITIVE_INFINITY : gain / choice.size[first]!};
    })
    .filter(({rate}) => rate > 0)
    .sort((a, b) => b.rate - a.rate);
  const used = capacity.map(() => 0);
  for (const {size, most, rate} of gains) {
    const room = capacity[first]! - used[first]!;
    const taken = size[first] === 0 ? most : Math.min(most, room / size[first]!);
    for (const [dimension, amount] of size.entries()) used[dimension]! += amount * taken;
    if (taken < most) return {price: rate, used};
  }
  return {price: 0, used};
}

/** Binary places of room prices where they have to be exact. */
const PLACES = 90n;

/** What the choices can be worth if room is paid for in fractions, rounded down. */
export function linearCeiling(choices: readonly Choice[], capacity: readonly number[], prices: RoomPrices): bigint {
  const exact = prices.map(toExact);
  let sum = exact.reduce((total, price, dimension) => total + price * BigInt(capacity[dimension]!), 0n);
  for (const choice of choices) {
    const gain = exactGain(choice, exact);
    if (gain > 0n) sum += gain * BigInt(choice.most);
  }
  return sum >> PLACES;
}

function exactGain({worth, size}: Choice, prices: readonly bigint[]): bigint {
  return prices.reduce(
    (left, price, dimension) => (price === 0n ? left : left - price * BigInt(size[dimension]!)),
    BigInt(worth) << PLACES,
  );
}

function toExact(price: number): bigint {
  return BigInt(Math.floor(price * 2 ** Number(PLACES)));
}

/** Sizes and room counted in steps, rounded down. */
interface Axis {
  readonly dimension: number;
  readonly step: number;
  readonly points: number;
}

const NO_AXIS: Axis = {dimension: 0, step: Number.POSITIVE_INFINITY, points: 1};
/** A worth is counted in so many parts at most, so that rounding up does not add up to a whole. */
const MOST_PARTS = 1024;
/** Covers the rounding of the few products and sums of doubles that are at least 0. */
const ROUNDED_UP = 1 + 2 ** -48;

/**
 * The best that can be had on a grid over one or two dimensions, by position; room in the other dimensions is paid for.
 * `capacity` is the largest that will be asked for, and the linear ceiling of it a safe whole number.
 */
export function gridCeiling(
  choices: readonly Choice[],
  capacity: readonly number[],
  prices: RoomPrices,
  dimensions: readonly number[],
  mostCells: number,
): Ceiling {
  const axes = coarsened(
    dimensions.map((dimension) => finestAxis(choices, capacity, dimension)),
    mostCells,
  );
  const [first = NO_AXIS, second = NO_AXIS] = axes;
  const paid = prices.map((price, dimension) => (dimensions.includes(dimension) ? 0 : price));
  const exact = paid.map(toExact);
  const parts = partsFor(linearCeiling(choices, capacity, prices));
  const tables: Table[] = [{values: new Float64Array(1), rows: 1, columns: 1}];
  for (const choice of choices.toReversed()) {
    const table = tables.at(-1)!;
    const gain = exactGain(choice, exact) * BigInt(parts);
    const value = gain <= 0n ? 0 : Number((gain + (1n << PLACES) - 1n) >> PLACES);
    tables.push(value > 0 ? withChoice(table, first, second, choice, value) : table);
  }
  tables.reverse();
  const charged = paid.flatMap((price, dimension) => (price > 0 ? [{price: price * parts, dimension}] : []));
  return (position, remaining) => {
    const {values, rows, columns} = tables[position]!;
    const value = values[pointOf(first, rows, remaining) * columns + pointOf(second, columns, remaining)]!;
    if (charged.length === 0) return value / parts;
    const sum = charged.reduce((total, {price, dimension}) => total + price * remaining[dimension]!, value);
    return (sum * ROUNDED_UP) / parts;
  };
}

/** Sums of doubles stay exact up to the largest of whole numbers that are. */
function partsFor(most: bigint): number {
  let parts = MOST_PARTS;
  while (parts > 1 && 2n * most * BigInt(parts) > BigInt(Number.MAX_SAFE_INTEGER)) parts /= 2;
  return parts;
}

function pointOf({dimension, step}: Axis, points: number, remaining: readonly number[]): number {
  return Math.min(Math.floor(remaining[dimension]! / step), points - 1);
}

function finestAxis(choices: readonly Choice[], capacity: readonly number[], dimension: number): Axis {
  const step = choices.reduce((common, {size}) => greatestDivisor(common, size[dimension]!), 0);
  const total = choices.reduce((sum, {size, most}) => sum + size[dimension]! * most, 0);
  if (step === 0) return NO_AXIS;
  return {dimension, step, points: Math.floor(Math.min(capacity[dimension]!, total) / step) + 1};
}

function coarsened(axes: readonly Axis[], mostCells: number): readonly Axis[] {
  if (axes.reduce((cells, {points}) => cells * points, 1) <= mostCells) return axes;
  const finest = axes.reduce((best, {points}, index) => (points > axes[best]!.points ? index : best), 0);
  const coarser = axes.map((axis, index) =>
    index === finest ? {...axis, step: axis.step * 2, points: Math.floor((axis.points - 1) / 2) + 1} : axis,
  );
  return coarsened(coarser, mostCells);
}

/** Best values by room in two dimensions, as far as more room is worth more. */
interface Table {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** The table with up to `most` copies of one more choice. */
function withChoice(table: Table, first: Axis, second: Axis, {size, most}: Choice, value: number): Table {
  const rows = Math.floor(size[first.dimension]! / first.step);
  const columns = Math.floor(size[second.dimension]! / second.step);
  const grown = enlarged(
    table,
    Math.min(first.points, table.rows + rows * most),
    Math.min(second.points, table.columns + columns * most),
  );
  if (rows === 0 && columns === 0) {
    for (let index = 0; index < grown.values.length; index++) grown.values[index]! += value * most;
    return grown;
  }
  let left = most;
  for (let copies = 1; left > 0; copies *= 2) {
    const taken = Math.min(copies, left);
    addOnce(grown, rows * taken, columns * taken, value * taken);
    left -= taken;
  }
  return grown;
}

/** A copy that goes on with the values at its edges. */
function enlarged(table: Table, rows: number, columns: number): Table {
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = Math.min(row, table.rows - 1) * table.columns;
    values.set(table.values.subarray(start, start + table.columns), row * columns);
    if (columns > table.columns) {
      values.fill(table.values[start + table.columns - 1]!, row * columns + table.columns, (row + 1) * columns);
    }
  }
  return {values, rows, columns};
}

/** From the end, so that what is read is still without these copies. */
function addOnce({values, rows: rowCount, columns: columnCount}: Table, rows: number, columns: number, value: number) {
  const offset = rows * columnCount + columns;
  for (let row = rowCount - 1; row >= rows; row--) {
    const start = row * columnCount;
    for (let index = start + columnCount - 1; index >= start + columns; index--) {
      const candidate = values[index - offset]! + value;
      if (candidate > values[index]!) values[index] = candidate;
    }
  }
}

export function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
