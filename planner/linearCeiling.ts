import type {KnapsackItem} from './valueTable.ts';

/**
 * A ceiling on what fits into a bin of one type: each unit of room has a price, and of an item counts what it is worth
 * beyond the room that it takes, as often as it may be there. Any prices are valid; near the best, the ceiling is that of
 * items in fractions, which is close where a bin holds many of them.
 */
export interface LinearCeiling {
  /** As in `ValueTable`. */
  fill(values: ArrayLike<number>): void;
  /** No less than the best value of the items from `position` on in what remains, by dimension. */
  best(position: number, remaining: ArrayLike<number>): number;
  /** The best filling in fractions: counts by position. */
  readonly fractions: Float64Array;
  /** Positions, those first that pay most for room. */
  preferred(): Int32Array;
}

/** Tangents until the lowest point between two of them is taken for the lowest of all. */
const MOST_TANGENTS = 30;
/** Prices of more than two dimensions are found one after the other, so often. */
const ROUNDS = 2;
/** Items that are sorted one by one. */
const FEW = 12;
/** Covers the rounding of sums of doubles that are at least 0. */
const ROUNDED_UP = 1 + 2 ** -44;

/** For items of which more than the bin's `capacity` cannot be there. */
export function createLinearCeiling(items: readonly KnapsackItem[], capacity: readonly number[]): LinearCeiling {
  const bounds = items.map(({size, bound}) => boundWithin(size, bound, capacity));
  const scarce = scarceDimensions(items, bounds, capacity);
  const sizes = scarce.map((dimension) => Float64Array.from(items, ({size}) => size[dimension]!));
  const room = scarce.map((dimension) => capacity[dimension]!);
  const pour = createPour(sizes, bounds, room);
  const prices = new Float64Array(scarce.length);
  /** By position: what the items from there on are worth beyond the room that they take. */
  const gains = new Float64Array(items.length + 1);
  const fractions = new Float64Array(items.length);
  return {
    fractions,
    preferred: pour.preferred,
    fill(values) {
      findPrices(pour, prices, values, fractions);
      for (let position = items.length - 1; position >= 0; position--) {
        let each = values[position]!;
        for (const [axis, price] of prices.entries()) each -= price * sizes[axis]![position]!;
        gains[position] = gains[position + 1]! + Math.max(each, 0) * bounds[position]!;
      }
    },
    best(position, remaining) {
      let sum = gains[position]!;
      for (let axis = 0; axis < scarce.length; axis++) sum += prices[axis]! * remaining[scarce[axis]!]!;
      return Math.ceil(sum * ROUNDED_UP);
    },
  };
}

function boundWithin(size: readonly number[], bound: number, capacity: readonly number[]): number {
  return size.reduce(
    (most, amount, dimension) => (amount === 0 ? most : Math.min(most, Math.floor(capacity[dimension]! / amount))),
    bound,
  );
}

/** Those that can run out, the scarcest first. */
function scarceDimensions(
  items: readonly KnapsackItem[],
  bounds: readonly number[],
  capacity: readonly number[],
): readonly number[] {
  const scarcity = capacity.map((amount, dimension) => {
    const need = items.reduce((sum, {size}, position) => sum + size[dimension]! * bounds[position]!, 0);
    return need / Math.max(amount, 1);
  });
  return [...capacity.keys()]
    .filter((dimension) => scarcity[dimension]! > 1)
    .sort((a, b) => scarcity[b]! - scarcity[a]!);
}

/** What a bin of items in fractions comes to where room in all dimensions but the first is paid for. */
interface Poured {
  /** Of a unit of room in the first dimension. */
  readonly price: number;
  /** What the items are worth beyond their room, and the room at these prices. */
  readonly ceiling: number;
  /** By axis: what is left of the room, so how the ceiling rises with the price; negative where items want more. */
  readonly left: Float64Array;
  /** By item. */
  readonly taken: Float64Array;
}

interface Pour {
  (values: ArrayLike<number>, prices: Float64Array): Poured;
  /** The price of room along an axis at which no item is worth it. */
  dearest(values: ArrayLike<number>, axis: number): number;
  /** The items, those first that paid most the last time. */
  preferred(): Int32Array;
}

function createPour(sizes: readonly Float64Array[], bounds: readonly number[], room: readonly number[]): Pour {
  const order = Int32Array.from(bounds.keys());
  const rates = new Float64Array(bounds.length);
  const left = new Float64Array(room.length);
  const taken = new Float64Array(bounds.length);
  const pour = (values: ArrayLike<number>, prices: Float64Array): Poured => {
    const [first] = sizes;
    for (let item = 0; item < rates.length; item++) {
      let gain = values[item]!;
      for (let axis = 1; axis < sizes.length; axis++) gain -= prices[axis]! * sizes[axis]![item]!;
      const each = first?.[item] ?? 0;
      rates[item] = gain <= 0 ? 0 : each === 0 ? Number.POSITIVE_INFINITY : gain / each;
    }
    sortWhereFull();
    left.set(room);
    taken.fill(0);
    let price = 0;
    let ceiling = 0;
    for (const item of order) {
      const rate = rates[item]!;
      if (rate === 0) break;
      const each = first?.[item] ?? 0;
      const most = bounds[item]!;
      const count = each === 0 ? most : Math.min(most, left[0]! / each);
      taken[item] = count;
      for (let axis = 0; axis < sizes.length; axis++) left[axis]! -= sizes[axis]![item]! * count;
      for (let axis = 1; axis < sizes.length; axis++) ceiling -= prices[axis]! * sizes[axis]![item]! * count;
      ceiling += values[item]! * count;
      if (count < most) {
        price = rate;
        break;
      }
    }
    for (let axis = 1; axis < sizes.length; axis++) ceiling += prices[axis]! * room[axis]!;
    return {price, ceiling, left, taken};
  };
  return Object.assign(pour, {
    preferred: () => order.sort((a, b) => rates[b]! - rates[a]! || a - b),
    dearest: (values: ArrayLike<number>, axis: number) =>
      sizes[axis]!.reduce((most, size, item) => (size === 0 ? most : Math.max(most, values[item]! / size)), 0),
  });

  /** By falling rate around the item at which the room is full; what is before and after it stays unsorted. */
  function sortWhereFull(): void {
    const [first] = sizes;
    let start = 0;
    let end = order.length;
    let free = room[0] ?? Number.POSITIVE_INFINITY;
    while (end - start > FEW) {
      const {above, below} = partition(start, end, rates[order[(start + end) >> 1]!]!);
      let need = 0;
      for (let place = start; place < above; place++) need += (first?.[order[place]!] ?? 0) * bounds[order[place]!]!;
      if (need > free) {
        end = above;
        continue;
      }
      free -= need;
      start = above;
      for (; start < below; start++) free -= (first?.[order[start]!] ?? 0) * bounds[order[start]!]!;
      if (free < 0) return;
    }
    for (let place = start + 1; place < end; place++) {
      for (let at = place; at > start && rates[order[at - 1]!]! < rates[order[at]!]!; at--) swap(at, at - 1);
    }
  }

  /** Those with a rate above the pivot's first, then the equal ones. */
  function partition(start: number, end: number, pivot: number): {readonly above: number; readonly below: number} {
    let above = start;
    let below = end;
    for (let place = start; place < below; ) {
      const rate = rates[order[place]!]!;
      if (rate > pivot) swap(place++, above++);
      else if (rate < pivot) swap(place, --below);
      else place++;
    }
    return {above, below};
  }

  function swap(a: number, b: number): void {
    const item = order[a]!;
    order[a] = order[b]!;
    order[b] = item;
  }
}

/** The prices at which the ceiling is lowest, nearly, and what a bin then holds in fractions. */
function findPrices(pour: Pour, prices: Float64Array, values: ArrayLike<number>, fractions: Float64Array): void {
  prices.fill(0);
  const rounds = prices.length > 2 ? ROUNDS : 1;
  for (let round = 0; round < rounds; round++) {
    for (let axis = 1; axis < prices.length; axis++) {
      prices[axis] = lowestPoint(pour, prices, values, axis, fractions);
    }
  }
  const {price, taken} = pour(values, prices);
  if (prices.length > 0) prices[0] = price;
  if (prices.length < 2) fractions.set(taken);
}

/** The price of one dimension at which the ceiling is lowest, between tangents from both sides. */
function lowestPoint(
  pour: Pour,
  prices: Float64Array,
  values: ArrayLike<number>,
  axis: number,
  fractions: Float64Array,
): number {
  const touch = (price: number): Tangent => {
    prices[axis] = price;
    const {ceiling, left, taken} = pour(values, prices);
    return {price, ceiling, slope: left[axis]!, taken: taken.slice()};
  };
  let low = touch(0);
  let high = low;
  let lowest = 0;
  if (low.slope < 0) {
    high = touch(pour.dearest(values, axis));
    lowest = high.price;
    for (let count = 0; count < MOST_TANGENTS && high.slope > 0; count++) {
      const rise = high.ceiling - high.slope * high.price - (low.ceiling - low.slope * low.price);
      lowest = rise / (low.slope - high.slope);
      const foreseen = low.ceiling + low.slope * (lowest - low.price);
      if (!(lowest > low.price && lowest < high.price)) break;
      const middle = touch(lowest);
      if (middle.ceiling <= foreseen * ROUNDED_UP) break;
      if (middle.slope < 0) low = middle;
      else high = middle;
    }
  }
  // Of both fillings so much that the room along the axis is just full.
  const share = low === high ? 1 : high.slope / (high.slope - low.slope);
  for (let item = 0; item < fractions.length; item++) {
    fractions[item] = share * low.taken[item]! + (1 - share) * high.taken[item]!;
  }
  return lowest;
}

interface Tangent {
  readonly price: number;
  readonly ceiling: number;
  readonly slope: number;
  readonly taken: Float64Array;
}
