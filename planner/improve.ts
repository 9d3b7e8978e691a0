import {createPatternPool, generateColumns, type PatternPool} from './columnGeneration.ts';
import {type DiveOptions, dive, limitRows} from './dive.ts';
import {demandLeft, type FilledBins, type Fleet, fleetCost, isComplete, limitsLeft, merged} from './fleet.ts';
import type {Pattern} from './pattern.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import {createPricer} from './pricing.ts';
import type {Solver} from './solver.ts';

export interface ImproveOptions extends Omit<DiveOptions, 'nudge'> {
  /** Attempts in a row without success after which it ends. */
  readonly patience: number;
  /** Attempts in all; infinite: no limit. */
  readonly attempts: number;
  /** A random number from 0 to below 1. */
  draw(): number;
  /** A plan of this cost cannot be improved. */
  readonly bound: number;
}

/** Bins that are emptied at once. */
const FEWEST_BINS = 2;
const FEW_BINS = 8;
const MOST_BINS = 20;
/** What the bins hold that are emptied at once, where they hold little each. */
const COPIES = 50;
/** Of a full bin to be emptied; that of an empty one is 1 more. */
const ODDS_OF_FULL = 0.1;

/** Empties a few bins at a time and packs what they held anew, as long as that makes the plan cheaper now and then. */
export function improve(prepared: PreparedProblem, start: Fleet, solver: Solver, options: ImproveOptions): Fleet {
  let fleet = merged(start);
  let cost = fleetCost(prepared, fleet);
  let failures = 0;
  const pool = createPatternPool();
  let attempts = 0;
  while (
    attempts++ < options.attempts &&
    failures < options.patience &&
    cost > options.bound &&
    !options.shouldStop()
  ) {
    const better = attempt(prepared, fleet, pool, solver, options);
    if (better === null || fleetCost(prepared, better) >= cost) {
      failures++;
      continue;
    }
    fleet = better;
    cost = fleetCost(prepared, fleet);
    failures = 0;
  }
  return fleet;
}

function attempt(
  prepared: PreparedProblem,
  fleet: Fleet,
  pool: PatternPool,
  solver: Solver,
  {draw, ...options}: ImproveOptions,
): Fleet | null {
  const bins = fleet.reduce((sum, {times}) => sum + times, 0);
  const copies = prepared.demand.reduce((sum, count) => sum + count, 0);
  const most = Math.max(FEW_BINS, Math.min(MOST_BINS, Math.round((COPIES * bins) / copies)));
  const emptied = Math.min(bins, FEWEST_BINS + Math.floor(draw() * (most - FEWEST_BINS + 1)));
  const kept = withoutSome(prepared, fleet, emptied, draw);
  const demand = demandLeft(prepared, prepared.demand, kept);
  const limits = limitsLeft(prepared, kept);
  const rest: PreparedProblem = {
    ...prepared,
    demand,
    limits: prepared.limits.map((limit, index) => ({...limit, atMost: limits[index]!})),
  };
  const relaxed = generateColumns(
    rest,
    {demand, binRows: limitRows(rest, limits)},
    pool,
    createPricer(rest, demand, options.mostCells),
    solver,
    {
      cutoff: fleetCost(prepared, fleet) - fleetCost(prepared, kept),
      effort: options.effort,
      tolerance: 1e-4,
      shouldStop: options.shouldStop,
    },
  );
  const packed = dive(rest, relaxed.uses, pool, solver, {...options, nudge: () => draw() * 0.3});
  if (packed === null) return null;
  const all = merged([...kept, ...packed]);
  return isComplete(prepared, all) ? all : null;
}

/** Bins that are emptier are taken more often. */
function withoutSome(prepared: PreparedProblem, fleet: Fleet, count: number, draw: () => number): Fleet {
  const times = fleet.map((filled) => filled.times);
  const odds = fleet.map(({pattern}) => ODDS_OF_FULL + wasteIn(prepared, pattern));
  for (let taken = 0; taken < count; taken++) {
    let mark = draw() * times.reduce((sum, each, index) => sum + each * odds[index]!, 0);
    let position = times.findIndex((each) => each > 0);
    for (const [index, each] of times.entries()) {
      if (each === 0) continue;
      position = index;
      mark -= each * odds[index]!;
      if (mark < 0) break;
    }
    times[position]!--;
  }
  return fleet.flatMap(({pattern}, index): readonly FilledBins[] =>
    times[index]! > 0 ? [{pattern, times: times[index]!}] : [],
  );
}

/** The share of a bin that is free, dimensions taken together. */
function wasteIn({types, variants}: PreparedProblem, pattern: Pattern): number {
  const {capacity} = types[pattern.type]!;
  const free = capacity.map((amount, dimension) => {
    const used = pattern.variants.reduce(
      (sum, variant, index) => sum + variants[variant]!.size[dimension]! * pattern.counts[index]!,
      0,
    );
    return 1 - used / Math.max(amount, 1);
  });
  return free.reduce((sum, share) => sum + share, 0) / Math.max(free.length, 1);
}
