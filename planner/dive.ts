import {
  type GenerationLimits,
  generateColumns,
  isProper,
  type PatternPool,
  type PatternUse,
} from './columnGeneration.ts';
import type {BinRow} from './dualBound.ts';
import {demandLeft, type FilledBins, type Fleet, limitsLeft} from './fleet.ts';
import {coverageOf, type Pattern} from './pattern.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import {createPricer} from './pricing.ts';
import type {Solver} from './solver.ts';

export interface DiveOptions {
  readonly mostCells: number;
  readonly effort: number;
  /** Added to the fraction of a pattern when one has to be chosen, so that dives differ; 0: the largest fraction. */
  nudge(): number;
  shouldStop(): boolean;
}

/**
 * From bins in fractions to whole ones: fixes what is whole, else the pattern that is nearest to a whole bin, and solves
 * the relaxation for what is left, until nothing is. null: it ended where the limits allow nothing more.
 */
export function dive(
  prepared: PreparedProblem,
  start: readonly PatternUse[],
  pool: PatternPool,
  solver: Solver,
  options: DiveOptions,
): Fleet | null {
  const fleet: FilledBins[] = [];
  let uses = start;
  for (;;) {
    const chosen = chooseBins(prepared, uses, fleet, options);
    if (chosen.length === 0) return null;
    fleet.push(...chosen);
    const demand = demandLeft(prepared, prepared.demand, fleet);
    if (demand.every((left) => left === 0)) return fleet;
    const relaxed = generateColumns(
      prepared,
      {demand, binRows: limitRows(prepared, limitsLeft(prepared, fleet))},
      pool,
      createPricer(prepared, demand, options.mostCells),
      solver,
      generationLimits(options),
    );
    if (relaxed.status === 'failed' || relaxed.status === 'infeasible') return null;
    uses = relaxed.uses;
  }
}

function generationLimits({effort, shouldStop}: DiveOptions): GenerationLimits {
  return {cutoff: Number.POSITIVE_INFINITY, effort, tolerance: 1e-4, shouldStop};
}

export function limitRows({types}: PreparedProblem, left: readonly number[]): readonly BinRow[] {
  const rows = left.map((upper) => ({
    lower: Number.NEGATIVE_INFINITY,
    upper,
    weights: new Map<number, number>(),
  }));
  for (const [type, {weights}] of types.entries()) {
    for (const {limit, weight} of weights) rows[limit]!.weights.set(type, weight);
  }
  return rows;
}

function chooseBins(
  prepared: PreparedProblem,
  uses: readonly PatternUse[],
  fleet: Fleet,
  {nudge}: DiveOptions,
): readonly FilledBins[] {
  const demand = demandLeft(prepared, prepared.demand, fleet);
  const whole = wholeBins(prepared, uses, demand);
  if (whole.length > 0) return whole;
  const limits = limitsLeft(prepared, fleet);
  let best: {pattern: PatternUse['pattern']; score: number} | null = null;
  for (const {pattern, amount} of uses) {
    if (!isProper(prepared, pattern, demand)) continue;
    if (prepared.types[pattern.type]!.weights.some(({limit, weight}) => weight > limits[limit]!)) continue;
    const score = amount + nudge();
    if (best === null || score > best.score) best = {pattern, score};
  }
  return best === null ? [] : [{pattern: best.pattern, times: 1}];
}

/** Bins that are whole already; takes what they pack from `demand`. */
export function wholeBins(
  prepared: PreparedProblem,
  uses: readonly PatternUse[],
  demand: number[],
): readonly FilledBins[] {
  const whole: FilledBins[] = [];
  for (const {pattern, amount} of uses) {
    let bins = Math.floor(amount + 1e-6);
    while (bins > 0) {
      const fitting = trimmed(prepared, pattern, demand);
      if (fitting === null) break;
      const times = Math.min(bins, timesWithin(prepared, fitting, demand));
      whole.push({pattern: fitting, times});
      for (const [row, count] of coverageOf(prepared, fitting)) demand[row]! -= count * times;
      bins -= times;
    }
  }
  return whole;
}

/** A relaxation may pack more copies than there are: the pattern without those. null: nothing is left of it. */
export function trimmed(prepared: PreparedProblem, pattern: Pattern, demand: readonly number[]): Pattern | null {
  if (isProper(prepared, pattern, demand)) return pattern;
  const left = new Map<number, number>();
  const counts = pattern.variants.map((variant, index) => {
    const {row} = prepared.variants[variant]!;
    const count = Math.min(pattern.counts[index]!, left.get(row) ?? demand[row]!);
    left.set(row, (left.get(row) ?? demand[row]!) - count);
    return count;
  });
  const kept = [...counts.keys()].filter((index) => counts[index]! > 0);
  if (kept.length === 0) return null;
  return {
    type: pattern.type,
    variants: kept.map((index) => pattern.variants[index]!),
    counts: kept.map((index) => counts[index]!),
  };
}

/** How many such bins pack no more than is asked for. */
export function timesWithin(prepared: PreparedProblem, pattern: Pattern, demand: readonly number[]): number {
  let times = Number.POSITIVE_INFINITY;
  for (const [row, count] of coverageOf(prepared, pattern)) times = Math.min(times, Math.floor(demand[row]! / count));
  return times;
}
