import type {PackingProblem} from '../packingProblem.ts';

export interface Bonus {
  readonly holding: readonly {readonly item: number; readonly count: number}[];
  readonly amount: number;
}

/** Whether what fits into a bin of a type is worth at most `allowed`, bonuses included. */
export type FillingAnswer = 'within' | 'above' | 'unknown';

export type FillingCheck = (
  worth: readonly number[],
) => (binType: number, allowed: number, bonuses: readonly Bonus[]) => FillingAnswer;

/** Entries of the tables of one group of bin types. */
const MOST_ENTRIES = 12_000_000;
/** Fillings looked at one by one before it gives up. */
const MOST_STEPS = 20_000_000;

/**
 * Exhaustive search over what a bin can hold, item by item, cut off where a ceiling for the rest shows that it cannot
 * get above what is allowed. The ceilings are tables over two dimensions whose sizes are rounded down.
 */
export function createFillingCheck(problem: PackingProblem): FillingCheck {
  const groups = new Map<string, Group>();
  const groupOf = (binType: number): Group => {
    const members = allowedItems(problem, binType);
    const key = members.join();
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group = createGroup(problem, members);
    groups.set(key, group);
    return group;
  };
  return (worth) => {
    const filled = new Map<Group, readonly Float64Array[]>();
    return (binType, allowed, bonuses) => {
      const group = groupOf(binType);
      const ceilings = filled.get(group) ?? ceilingsOf(group, worth);
      filled.set(group, ceilings);
      return search(problem, group, ceilings, worth, binType, allowed, bonuses);
    };
  };
}

interface Group {
  readonly items: readonly GroupItem[];
  /** Two dimensions with the steps of their grid. */
  readonly axes: readonly [GridAxis, GridAxis];
}

interface GroupItem {
  readonly item: number;
  readonly size: readonly number[];
  readonly most: number;
}

interface GridAxis {
  readonly dimension: number;
  readonly step: number;
  readonly points: number;
}

function allowedItems({items}: PackingProblem, binType: number): readonly number[] {
  return [...items.keys()].filter((item) => {
    const {binTypes, standsFor} = items[item]!;
    return items[standsFor ?? item]!.count > 0 && (binTypes === null || binTypes.includes(binType));
  });
}

function createGroup(problem: PackingProblem, members: readonly number[]): Group {
  const largest = problem.dimensions.map((_, dimension) =>
    Math.max(...problem.binTypes.map(({capacity}) => capacity[dimension]!)),
  );
  const items = members
    .map((item): GroupItem => {
      const {size, standsFor, maxPerBin} = problem.items[item]!;
      const fitting = size.map((amount, dimension) =>
        amount === 0 ? Number.POSITIVE_INFINITY : Math.floor(largest[dimension]! / amount),
      );
      const {count} = problem.items[standsFor ?? item]!;
      return {item, size, most: Math.min(count, maxPerBin ?? count, ...fitting)};
    })
    .filter(({most}) => most > 0)
    .sort((a, b) => fullness(b, largest) - fullness(a, largest));
  return {items, axes: gridOf(items, largest)};
}

function fullness({size}: GroupItem, largest: readonly number[]): number {
  return Math.max(...size.map((amount, dimension) => (amount === 0 ? 0 : amount / largest[dimension]!)));
}

/** The two dimensions that a bin runs out of first, as fine as memory allows. */
function gridOf(items: readonly GroupItem[], largest: readonly number[]): readonly [GridAxis, GridAxis] {
  const demand = largest.map((amount, dimension) => {
    const total = items.reduce((sum, {size, most}) => sum + size[dimension]! * most, 0);
    return {dimension, total, pressure: amount === 0 ? 0 : total / amount};
  });
  const [first, second] = demand.toSorted((a, b) => b.pressure - a.pressure);
  const axis = (chosen: (typeof demand)[number] | undefined): GridAxis => {
    if (chosen === undefined || chosen.total === 0) return {dimension: 0, step: Number.POSITIVE_INFINITY, points: 1};
    const {dimension, total} = chosen;
    const step = items.reduce((common, {size}) => divisor(common, size[dimension]!), 0);
    return {dimension, step, points: Math.floor(Math.min(largest[dimension]!, total) / step) + 1};
  };
  let axes: [GridAxis, GridAxis] = [axis(first), axis(second)];
  while (axes[0].points * axes[1].points * (items.length + 1) > MOST_ENTRIES) {
    const wide = axes[0].points >= axes[1].points ? 0 : 1;
    const {dimension, step, points} = axes[wide];
    const coarser = {dimension, step: step * 2, points: Math.floor((points - 1) / 2) + 1};
    axes = wide === 0 ? [coarser, axes[1]] : [axes[0], coarser];
  }
  return axes;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** By position: the most that the items from there on can be worth, for every point of the grid. */
function ceilingsOf({items, axes: [first, second]}: Group, worth: readonly number[]): readonly Float64Array[] {
  const ceilings: Float64Array[] = [new Float64Array(first.points * second.points)];
  for (const {item, size, most} of items.toReversed()) {
    const rest = ceilings.at(-1)!;
    const best = Float64Array.from(rest);
    const value = worth[item]!;
    const rows = Math.floor(size[first.dimension]! / first.step);
    const columns = Math.floor(size[second.dimension]! / second.step);
    for (let count = 1; count <= most && value > 0; count++) {
      if (rows * count >= first.points || columns * count >= second.points) break;
      const shift = rows * count * second.points + columns * count;
      for (let row = rows * count; row < first.points; row++) {
        const end = (row + 1) * second.points;
        for (let index = row * second.points + columns * count; index < end; index++) {
          const candidate = rest[index - shift]! + value * count;
          if (candidate > best[index]!) best[index] = candidate;
        }
      }
    }
    ceilings.push(best);
  }
  return ceilings.reverse();
}

function search(
  problem: PackingProblem,
  {items, axes}: Group,
  ceilings: readonly Float64Array[],
  worth: readonly number[],
  binType: number,
  allowed: number,
  bonuses: readonly Bonus[],
): FillingAnswer {
  const total = items.reduce((sum, {item, most}) => sum + worth[item]! * most, 0);
  const promised = bonuses.reduce((sum, {amount}) => sum + Math.abs(amount), 0);
  if (!Number.isSafeInteger(total + promised)) return 'unknown';
  const held = new Map<number, number>();
  const [first, second] = axes;
  let steps = 0;

  const ceiling = (position: number, remaining: readonly number[]): number => {
    const row = Math.min(Math.floor(remaining[first.dimension]! / first.step), first.points - 1);
    const column = Math.min(Math.floor(remaining[second.dimension]! / second.step), second.points - 1);
    return ceilings[position]![row * second.points + column]!;
  };
  /** What bonuses add when the items before the position are decided; at most, where they are not all. */
  const bonus = (position: number): number => {
    const open = new Set(items.slice(position).map(({item}) => item));
    return bonuses.reduce((sum, {holding, amount}) => {
      const isMissed = holding.some(({item, count}) => !open.has(item) && (held.get(item) ?? 0) < count);
      if (isMissed) return sum;
      const isDecided = holding.every(({item}) => !open.has(item));
      return isDecided ? sum + amount : sum + Math.max(amount, 0);
    }, 0);
  };
  const isExcluded = (item: number): boolean =>
    problem.exclusions.some(
      ([a, b]) => (a === item && (held.get(b) ?? 0) > 0) || (b === item && (held.get(a) ?? 0) > 0),
    );
  const bonusFrom = bonuses.length === 0 ? () => 0 : bonus;

  const exceeds = (position: number, value: number, remaining: readonly number[]): boolean => {
    if (++steps > MOST_STEPS) return true;
    if (value + ceiling(position, remaining) + bonusFrom(position) <= allowed) return false;
    if (position === items.length) return true;
    const {item, size, most} = items[position]!;
    const fitting = size.reduce(
      (least, amount, dimension) =>
        amount === 0 ? least : Math.min(least, Math.floor(remaining[dimension]! / amount)),
      isExcluded(item) ? 0 : most,
    );
    for (let count = fitting; count >= 0; count--) {
      held.set(item, count);
      const rest = remaining.map((amount, dimension) => amount - size[dimension]! * count);
      if (exceeds(position + 1, value + worth[item]! * count, rest)) return true;
    }
    held.delete(item);
    return false;
  };
  if (!exceeds(0, 0, problem.binTypes[binType]!.capacity)) return 'within';
  return steps > MOST_STEPS ? 'unknown' : 'above';
}
