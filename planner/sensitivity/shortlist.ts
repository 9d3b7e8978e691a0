import type {PackingItem, PackingProblem} from '../packingProblem.ts';
import type {PackingSolution} from '../packingSolution.ts';

/** Of each item the families, and of each family the kinds, that are kept. */
const FAMILIES = 5;
const KINDS = 3;

/**
 * Few bin types, so that a problem is packed in a moment: those that `solution` uses, and for each item the kinds on
 * which it is best off, of several families so that one can stand in for another. A bin type's worth is what it could
 * hold by the prices that `solution` pays. By rising index.
 */
export function shortlist(
  problem: PackingProblem,
  solution: PackingSolution,
  familyOf: (kind: string) => string,
): readonly number[] {
  const kept = keptBinTypes(problem, solution, familyOf);
  return [...problem.binTypes.keys()].filter((index) => kept.has(index));
}

/** A problem on some of its bin types. */
export function onBinTypes(problem: PackingProblem, indices: readonly number[]): PackingProblem {
  const {binTypes, items, limits} = problem;
  const position = new Map(indices.map((index, at) => [index, at]));
  return {
    ...problem,
    items: items.map((item) => ({
      ...item,
      binTypes: item.binTypes === null ? null : item.binTypes.flatMap((index) => position.get(index) ?? []),
    })),
    binTypes: indices.map((index) => binTypes[index]!),
    limits: {
      ...limits,
      budgets: limits.budgets.map((budget) => ({...budget, weights: indices.map((index) => budget.weights[index]!)})),
    },
  };
}

/** A solution whose bin types are all among `indices`, in terms of them. */
export function solutionOn(solution: PackingSolution, indices: readonly number[]): PackingSolution {
  return solution.map((bins) => ({...bins, binType: indices.indexOf(bins.binType)}));
}

function keptBinTypes(
  problem: PackingProblem,
  solution: PackingSolution,
  familyOf: (kind: string) => string,
): ReadonlySet<number> {
  const {binTypes, items, limits} = problem;
  const isTooLarge = (index: number) =>
    binTypes[index]!.capacity.some((amount, d) => amount > (limits.largestBin?.[d] ?? amount));
  const prices = paidPrices(problem, solution);
  const mayHold = eligible(problem);
  const worth = binTypes.map(({cost, capacity}, index) =>
    cost === null || isTooLarge(index) ? null : heldValue(items, prices, mayHold[index]!, capacity) / Math.max(1, cost),
  );
  const kept = new Set(solution.map(({binType}) => binType).filter((index) => !isTooLarge(index)));
  for (const item of items.keys()) {
    if (items[item]!.count === 0) continue;
    const own = [...binTypes.keys()].filter(
      (index) => worth[index] !== null && mayHold[index]!.has(item) && fits(items[item]!, binTypes[index]!.capacity),
    );
    const best = own.toSorted((a, b) => worth[b]! - worth[a]! || a - b);
    const kinds = new Map<string, Set<string>>();
    for (const index of best) {
      const {kind} = binTypes[index]!;
      const family = familyOf(kind);
      if (!kinds.has(family) && kinds.size === FAMILIES) continue;
      const ofFamily = kinds.get(family) ?? new Set();
      kinds.set(family, ofFamily);
      if (ofFamily.size < KINDS) ofFamily.add(kind);
      if (ofFamily.has(kind)) kept.add(index);
    }
  }
  return kept;
}

/** The items that each bin type may hold. */
function eligible({binTypes, items}: PackingProblem): readonly ReadonlySet<number>[] {
  const sets = binTypes.map(() => new Set<number>());
  for (const [item, {binTypes: own}] of items.entries()) {
    for (const index of own ?? binTypes.keys()) sets[index]!.add(item);
  }
  return sets;
}

function fits({size}: PackingItem, capacity: readonly number[]): boolean {
  return size.every((amount, d) => amount <= capacity[d]!);
}

/** What a copy of each item costs in a packing: its bin's cost, shared by what each item takes of its fullest dimension. */
function paidPrices({items, binTypes}: PackingProblem, solution: PackingSolution): readonly number[] {
  const paid = items.map(() => ({cost: 0, count: 0}));
  for (const {binType, items: held, times} of solution) {
    const {capacity, cost} = binTypes[binType]!;
    const shares = held.map(({item, count}) => ({item, count, share: shareOf(items[item]!, capacity)}));
    const sum = shares.reduce((total, {count, share}) => total + count * share, 0);
    for (const {item, count, share} of shares) {
      const own = paid[item]!;
      own.cost += sum > 0 ? ((cost ?? 0) * share * count * times) / sum : 0;
      own.count += count * times;
    }
  }
  return paid.map(({cost, count}) => (count === 0 ? 0 : cost / count));
}

function shareOf({size}: PackingItem, capacity: readonly number[]): number {
  return Math.max(...size.map((amount, d) => (amount === 0 ? 0 : amount / Math.max(1, capacity[d]!))));
}

/** What a bin holds when it is filled with what pays most for its fullest dimension. */
function heldValue(
  items: readonly PackingItem[],
  prices: readonly number[],
  mayHold: ReadonlySet<number>,
  capacity: readonly number[],
): number {
  const left = [...capacity];
  const order = [...mayHold]
    .filter((item) => prices[item]! > 0 && fits(items[item]!, capacity))
    .map((item) => ({item, rate: prices[item]! / Math.max(1e-12, shareOf(items[item]!, capacity))}))
    .sort((a, b) => b.rate - a.rate || a.item - b.item);
  let value = 0;
  for (const {item} of order) {
    const {count, maxPerBin, size} = items[item]!;
    const room = Math.min(...size.map((amount, d) => (amount === 0 ? count : Math.floor(left[d]! / amount))));
    const taken = Math.min(room, count, maxPerBin ?? count);
    if (taken <= 0) continue;
    for (const [d, amount] of size.entries()) left[d]! -= taken * amount;
    value += taken * prices[item]!;
  }
  return value;
}
