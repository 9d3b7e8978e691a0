import {cheapestTypeFor} from './binTypes.ts';
import {type FilledBins, type Fleet, isComplete, limitsLeft} from './fleet.ts';
import {coverageOf, type Pattern} from './pattern.ts';
import type {PreparedProblem, PreparedType} from './preparedProblem.ts';

/** What goes into a bin next: the largest that fits, or what is most alike to the room that is left. */
export type FillingRule = 'largestFirst' | 'bestAligned';

/**
 * A plan in one pass: fills a bin of each type with the largest items first, buys the one that packs most for its cost as
 * often as the demand allows, and goes on with the rest. null: the limits stopped it, which proves nothing.
 */
export function packGreedily(prepared: PreparedProblem, rule: FillingRule = 'largestFirst'): Fleet | null {
  const left = [...prepared.demand];
  const weights = prepared.problem.dimensions.map((_, dimension) => {
    const total = prepared.variants.reduce((sum, {row, size}) => sum + size[dimension]! * prepared.demand[row]!, 0);
    return total === 0 ? 0 : 1 / total;
  });
  const worth = prepared.variants.map(({size}) =>
    size.reduce((sum, amount, dimension) => sum + amount * weights[dimension]!, Number.EPSILON),
  );
  const orders = prepared.groups.map(({variants}) => variants.toSorted((a, b) => worth[b]! - worth[a]! || a - b));
  const fleet: FilledBins[] = [];
  while (left.some((count) => count > 0)) {
    const limits = limitsLeft(prepared, fleet);
    let best: {pattern: Pattern; ratio: number} | null = null;
    for (const [type, prepareType] of prepared.types.entries()) {
      if (timesAllowed(prepareType, limits) < 1) continue;
      const pattern =
        rule === 'largestFirst'
          ? fill(prepared, type, orders[prepareType.group]!, left)
          : fillAligned(prepared, type, left);
      const value = pattern.variants.reduce((sum, variant, index) => sum + worth[variant]! * pattern.counts[index]!, 0);
      const ratio = value / prepareType.cost;
      if (value > 0 && (best === null || ratio > best.ratio)) best = {pattern, ratio};
    }
    if (best === null) return null;
    const {pattern} = best;
    let times = timesAllowed(prepared.types[pattern.type]!, limits);
    for (const [row, count] of coverageOf(prepared, pattern)) times = Math.min(times, Math.floor(left[row]! / count));
    for (const [row, count] of coverageOf(prepared, pattern)) left[row]! -= count * times;
    fleet.push({pattern, times});
  }
  const smaller = withCheapestTypes(prepared, fleet);
  return isComplete(prepared, smaller) ? smaller : isComplete(prepared, fleet) ? fleet : null;
}

/** Each bin as the cheapest type that holds what it holds; limits may be broken by that. */
export function withCheapestTypes(prepared: PreparedProblem, fleet: Fleet): Fleet {
  return fleet.map(({pattern, times}) => {
    const type = cheapestTypeFor(prepared, pattern) ?? pattern.type;
    return {pattern: {...pattern, type}, times};
  });
}

export function timesAllowed({weights}: PreparedType, limits: readonly number[]): number {
  return weights.reduce(
    (times, {limit, weight}) => Math.min(times, Math.floor(limits[limit]! / weight)),
    Number.POSITIVE_INFINITY,
  );
}

function fill(
  {types, variants}: PreparedProblem,
  type: number,
  order: readonly number[],
  left: readonly number[],
): Pattern {
  const remaining = [...types[type]!.capacity];
  const taken = new Map<number, number>();
  const rest = new Map<number, number>();
  for (const variant of order) {
    const {row, size, maxPerBin, excludes} = variants[variant]!;
    if (excludes.some((other) => taken.has(other))) continue;
    const wanted = rest.get(row) ?? left[row]!;
    const count = size.reduce(
      (most, amount, dimension) => (amount === 0 ? most : Math.min(most, Math.floor(remaining[dimension]! / amount))),
      Math.min(wanted, maxPerBin),
    );
    if (count <= 0) continue;
    taken.set(variant, count);
    rest.set(row, wanted - count);
    for (const [dimension, amount] of size.entries()) remaining[dimension]! -= amount * count;
  }
  const held = [...taken].sort(([a], [b]) => a - b);
  return {type, variants: held.map(([variant]) => variant), counts: held.map(([, count]) => count)};
}

/**
 * Takes the copy whose sizes point most into the direction of the room that is left, again and again: the largest dot
 * product of both, as shares of the bin (after Panigrahy and others, 2011).
 */
function fillAligned({types, variants, groups}: PreparedProblem, type: number, left: readonly number[]): Pattern {
  const {capacity, group} = types[type]!;
  const remaining = [...capacity];
  const taken = new Map<number, number>();
  const rest = [...left];
  const candidates = new Set(groups[group]!.variants.filter((variant) => left[variants[variant]!.row]! > 0));
  for (;;) {
    let best: {variant: number; score: number} | null = null;
    for (const variant of candidates) {
      const {row, size, maxPerBin, excludes} = variants[variant]!;
      const isRoom =
        rest[row]! > 0 &&
        (taken.get(variant) ?? 0) < maxPerBin &&
        size.every((amount, dimension) => amount <= remaining[dimension]!) &&
        !excludes.some((other) => taken.has(other));
      if (!isRoom) {
        candidates.delete(variant);
        continue;
      }
      const score = size.reduce(
        (sum, amount, dimension) => sum + (amount * remaining[dimension]!) / Math.max(capacity[dimension]!, 1) ** 2,
        0,
      );
      if (best === null || score > best.score) best = {variant, score};
    }
    if (best === null) break;
    const {row, size} = variants[best.variant]!;
    taken.set(best.variant, (taken.get(best.variant) ?? 0) + 1);
    rest[row]!--;
    for (const [dimension, amount] of size.entries()) remaining[dimension]! -= amount;
  }
  const held = [...taken].sort(([a], [b]) => a - b);
  return {type, variants: held.map(([variant]) => variant), counts: held.map(([, count]) => count)};
}
