import type {PreparedProblem} from './preparedProblem.ts';
import {commonDivisor} from './valueTable.ts';

/** A sum over the bins that is a whole number in every plan: at most `at`, or at least one more. */
export interface Branch {
  readonly weights: ReadonlyMap<number, number>;
  readonly at: number;
}

/** Weights by type whose sum over a fleet says something about what it costs. */
export type FleetMeasure = ReadonlyMap<number, number>;

const WHOLE = 1e-4;
/** Sizes of one family are at most so far apart in the ratio of their two scarcest dimensions. */
const FAMILY_SPREAD = 1.35;
/** Types of one size are at most so far apart in the first dimension. */
const SIZE_SPREAD = 1.25;
/** Sums of larger weights are hardly ever far from whole. */
const LARGEST_WEIGHT = 4096;

/**
 * What to branch on, the most telling first: how much of a family of machines is bought in all, whatever the sizes, which
 * nearly fixes the cost; then how many bins, of one size, of one family, of one type.
 */
export function fleetMeasures({types, problem}: PreparedProblem): readonly (readonly FleetMeasure[])[] {
  const all = [...types.keys()];
  const ratio = (type: number) => {
    const [first, second] = types[type]!.capacity;
    return second === undefined || first === 0 ? 1 : second / first!;
  };
  const families = problem.dimensions.length > 1 ? clusters(all, ratio, FAMILY_SPREAD) : [all];
  const sizes = clusters(all, (type) => types[type]!.capacity[0]!, SIZE_SPREAD);
  const counts = (members: readonly number[]) => new Map(members.map((type) => [type, 1]));
  return [
    families.flatMap((members) => {
      const divisor = members.reduce((common, type) => commonDivisor(common, types[type]!.cost), 0);
      const weights = members.map((type) => [type, divisor === 0 ? 0 : types[type]!.cost / divisor] as const);
      return weights.some(([, weight]) => weight > LARGEST_WEIGHT) ? [] : [new Map(weights)];
    }),
    [all, ...families, ...sizes, ...all.map((type) => [type])].map(counts),
  ];
}

function clusters(
  members: readonly number[],
  measure: (member: number) => number,
  spread: number,
): readonly (readonly number[])[] {
  const sorted = members.toSorted((a, b) => measure(a) - measure(b) || a - b);
  const found: number[][] = [];
  for (const member of sorted) {
    const open = found.at(-1);
    if (open !== undefined && measure(member) <= measure(open[0]!) * spread) open.push(member);
    else found.push([member]);
  }
  return found;
}

/** The branch that a fleet in fractions is farthest from, by the first measures that are not whole; null: it is whole. */
export function chooseFleetBranch(
  counts: readonly number[],
  measures: readonly (readonly FleetMeasure[])[],
): Branch | null {
  for (const level of measures) {
    const branch = mostFractional(level.map((weights) => ({weights, sum: weighted(weights, counts)})));
    if (branch !== null) return branch;
  }
  return null;
}

function weighted(weights: FleetMeasure, counts: readonly number[]): number {
  let sum = 0;
  for (const [type, weight] of weights) sum += weight * counts[type]!;
  return sum;
}

interface Candidate extends Omit<Branch, 'at'> {
  readonly sum: number;
}

function mostFractional(candidates: readonly Candidate[]): Branch | null {
  let best: {branch: Branch; score: number} | null = null;
  for (const {weights, sum} of candidates) {
    const score = distance(sum) * (1 + 0.02 * weights.size);
    if (distance(sum) > WHOLE && (best === null || score > best.score)) {
      best = {branch: {weights, at: Math.floor(sum)}, score};
    }
  }
  return best?.branch ?? null;
}

function distance(sum: number): number {
  return Math.abs(sum - Math.round(sum));
}
