import type {PackingProblem} from '../packingProblem.ts';
import {bestRoomPrices, type Ceiling, type Choice, gridCeiling, linearCeiling, type RoomPrices} from './ceilings.ts';

/** Whether what fits into a bin of a type is worth at most `allowed`. */
export type FillingAnswer = 'within' | 'above' | 'unknown';

/** `worth` by item, whole numbers of at least 0. */
export type FillingCheck = (binType: number, worth: readonly number[], allowed: number) => FillingAnswer;

/** Cells of the grids of ceilings over one dimension and over two. */
const CELLS_OF_ONE = 20_000;
const CELLS_OF_TWO = 250_000;
/** Fillings looked at one by one with the first ceilings, and with all of them before it gives up. */
const FEW_STEPS = 300;
const MOST_STEPS = 10_000_000;

/**
 * Looks for a filling that is worth more than allowed, cut off wherever a ceiling shows that there is none: first the
 * cheapest ceiling, then finer ones, and at last item by item. Answers faster where it is asked about similar worths,
 * since room prices that were good once are tried first.
 */
export function createFillingCheck(problem: PackingProblem): FillingCheck {
  const candidates = problem.binTypes.map((_, binType) => candidatesFor(problem, binType));
  const lastPrices: (RoomPrices | undefined)[] = problem.binTypes.map(() => undefined);
  return (binType, worth, allowed) => {
    const {capacity} = problem.binTypes[binType]!;
    const choices = candidates[binType]!.flatMap((candidate): readonly Choice[] => {
      const own = worth[candidate.item]!;
      return own > 0 ? [{...candidate, worth: own}] : [];
    });
    if (!Number.isSafeInteger(allowed)) return 'unknown';
    const isWithin = (most: bigint): boolean => most <= BigInt(allowed);
    const before = lastPrices[binType];
    if (before !== undefined && isWithin(linearCeiling(choices, capacity, before))) return 'within';
    const prices = bestRoomPrices(choices, capacity);
    lastPrices[binType] = prices;
    const most = linearCeiling(choices, capacity, prices);
    if (isWithin(most)) return 'within';
    // Beyond this, sums of doubles are no longer exact.
    if (most * 4n > BigInt(Number.MAX_SAFE_INTEGER)) return 'unknown';

    const search = createSearch(problem, choices, capacity, allowed);
    const scarce = [...prices.keys()]
      .filter((dimension) => prices[dimension]! > 0)
      .sort((a, b) => prices[b]! * capacity[b]! - prices[a]! * capacity[a]!)
      .slice(0, 2);
    const grids = [
      ...scarce.map((dimension) => ({dimensions: [dimension], mostCells: CELLS_OF_ONE})),
      ...(scarce.length < 2 ? [] : [{dimensions: scarce, mostCells: CELLS_OF_TWO}]),
    ];
    const ceilings: Ceiling[] = [];
    for (const {dimensions, mostCells} of grids) {
      ceilings.push(gridCeiling(choices, capacity, prices, dimensions, mostCells));
      const answer = search(ceilings, FEW_STEPS);
      if (answer !== 'unknown') return answer;
    }
    return search(ceilings, MOST_STEPS);
  };
}

/** What may be in a bin of a type, the largest first. */
function candidatesFor({items, binTypes}: PackingProblem, binType: number): readonly Omit<Choice, 'worth'>[] {
  const {capacity} = binTypes[binType]!;
  return items
    .flatMap(({size, standsFor, maxPerBin, binTypes: allowed}, item): readonly Omit<Choice, 'worth'>[] => {
      if (allowed !== null && !allowed.includes(binType)) return [];
      const {count} = items[standsFor ?? item]!;
      const most = size.reduce(
        (least, amount, dimension) =>
          amount === 0 ? least : Math.min(least, Math.floor(capacity[dimension]! / amount)),
        Math.min(count, maxPerBin ?? count),
      );
      return most > 0 ? [{item, size, most}] : [];
    })
    .sort((a, b) => fullness(b.size, capacity) - fullness(a.size, capacity));
}

function fullness(size: readonly number[], capacity: readonly number[]): number {
  return Math.max(...size.map((amount, dimension) => (amount === 0 ? 0 : amount / capacity[dimension]!)));
}

type Search = (ceilings: readonly Ceiling[], mostSteps: number) => FillingAnswer;

function createSearch(
  {exclusions}: PackingProblem,
  choices: readonly Choice[],
  capacity: readonly number[],
  allowed: number,
): Search {
  const positions = new Map(choices.map(({item}, position) => [item, position]));
  const excludes: readonly Set<number>[] = choices.map(() => new Set<number>());
  for (const [a, b] of exclusions) {
    const first = positions.get(a);
    const second = positions.get(b);
    if (first === undefined || second === undefined) continue;
    excludes[first]!.add(second);
    excludes[second]!.add(first);
  }
  const watched = excludes.map((others) => others.size > 0);
  const needs = needsFrom(choices, capacity);
  const held = choices.map(() => 0);

  /** The same for states from which the same can follow. */
  const keyOf = (position: number, remaining: readonly number[]): string => {
    let key = '';
    for (const [dimension, amount] of remaining.entries()) {
      key += amount >= needs[position]![dimension]! ? ',' : `${amount},`;
    }
    for (let before = 0; before < position; before++) if (watched[before]) key += `${held[before]},`;
    return key;
  };

  return (ceilings, mostSteps) => {
    const known = choices.map(() => new Map<string, number>());
    let steps = 0;
    const exceeds = (position: number, value: number, remaining: readonly number[]): boolean => {
      for (const ceiling of ceilings) {
        // Worth is whole, so what is less than one above is not above.
        if (value + ceiling(position, remaining) < allowed + 1) return false;
      }
      if (position === choices.length) return value > allowed;
      const key = keyOf(position, remaining);
      const before = known[position]!.get(key);
      if (before !== undefined && before >= value) return false;
      if (++steps > mostSteps) return true;
      known[position]!.set(key, value);
      const {size, worth, most} = choices[position]!;
      const isExcluded = [...excludes[position]!].some((other) => other < position && held[other]! > 0);
      let count = isExcluded ? 0 : most;
      for (const [dimension, amount] of size.entries()) {
        if (amount > 0) count = Math.min(count, Math.floor(remaining[dimension]! / amount));
      }
      for (; count >= 0; count--) {
        const taken = count;
        held[position] = taken;
        const left = remaining.map((amount, dimension) => amount - size[dimension]! * taken);
        if (exceeds(position + 1, value + worth * taken, left)) return true;
      }
      held[position] = 0;
      return false;
    };
    held.fill(0);
    if (!exceeds(0, 0, capacity)) return 'within';
    return steps > mostSteps ? 'unknown' : 'above';
  };
}

/** By position: the room that all copies from there on need, by dimension. */
function needsFrom(choices: readonly Choice[], capacity: readonly number[]): readonly (readonly number[])[] {
  const needs: (readonly number[])[] = [capacity.map(() => 0)];
  for (const {size, most} of choices.toReversed()) {
    needs.push(needs.at(-1)!.map((need, dimension) => need + size[dimension]! * most));
  }
  return needs.reverse();
}
