import {createPatternPool, generateColumns, type PatternPool} from './columnGeneration.ts';
import {type DiveOptions, dive, limitRows} from './dive.ts';
import {demandLeft, type FilledBins, type Fleet, fleetCost, isComplete, limitsLeft, merged} from './fleet.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import {createPricer} from './pricing.ts';
import type {Solver} from './solver.ts';

export interface ImproveOptions extends Omit<DiveOptions, 'nudge'> {
  /** Attempts in a row without success after which it ends. */
  readonly patience: number;
  /** A random number from 0 to below 1. */
  draw(): number;
  /** A plan of this cost cannot be improved. */
  readonly bound: number;
}

/** Bins that are emptied at once. */
const FEWEST_BINS = 2;
const MOST_BINS = 8;

/** Empties a few bins at a time and packs what they held anew, as long as that makes the plan cheaper now and then. */
export function improve(prepared: PreparedProblem, start: Fleet, solver: Solver, options: ImproveOptions): Fleet {
  let fleet = merged(start);
  let cost = fleetCost(prepared, fleet);
  let failures = 0;
  const pool = createPatternPool();
  while (failures < options.patience && cost > options.bound && !options.shouldStop()) {
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
  const emptied = Math.min(bins, FEWEST_BINS + Math.floor(draw() * (MOST_BINS - FEWEST_BINS + 1)));
  const kept = withoutSome(fleet, emptied, draw);
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

function withoutSome(fleet: Fleet, count: number, draw: () => number): Fleet {
  const times = fleet.map((filled) => filled.times);
  let total = times.reduce((sum, each) => sum + each, 0);
  for (let taken = 0; taken < count; taken++) {
    let index = Math.floor(draw() * total);
    let position = 0;
    while (index >= times[position]!) index -= times[position++]!;
    times[position]!--;
    total--;
  }
  return fleet.flatMap(({pattern}, index): readonly FilledBins[] =>
    times[index]! > 0 ? [{pattern, times: times[index]!}] : [],
  );
}
