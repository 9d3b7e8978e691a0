import {
  type BinRow,
  type DualBound,
  type Duals,
  dualBound,
  dualsBetween,
  dualUnits,
  forbiddenTypes,
  lowered,
  priceList,
  type Relaxation,
  wholeDuals,
} from './dualBound.ts';
import type {Valuation} from './fleetRelaxation.ts';
import {coverageOf, type Pattern, patternKey} from './pattern.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import type {PricedType, Pricer} from './pricing.ts';
import {roomBound} from './roomBound.ts';
import type {Column, Solver} from './solver.ts';

/** The linear relaxation, solved: bins in fractions. */
export interface RelaxedSolution {
  readonly status: 'optimal' | 'infeasible' | 'stopped' | 'failed';
  /** What the patterns known so far cost, in units of the dearest type's cost. */
  readonly objective: number;
  readonly uses: readonly PatternUse[];
  /** The best bound that was found on the way. */
  readonly bound: DualBound;
  /** What was found out about every type, whatever the rows of bins are. */
  readonly valuations: readonly Valuation[];
}

export interface PatternUse {
  readonly pattern: Pattern;
  readonly amount: number;
}

export interface GenerationLimits {
  /** Stop as soon as the bound reaches it: nothing cheaper is left. */
  readonly cutoff: number;
  /** Nodes in the search of each type. */
  readonly effort: number;
  /** Stop when the bound is so near, as a share of the objective. */
  readonly tolerance: number;
  shouldStop(): boolean;
}

/** Nodes of the search in each type over the coarse grid. */
const QUICK_EFFORT = 200;
/**
 * Where patterns are looked for: on the way from the duals of the best bound to those of the program, which jump about.
 * Whatever is found on the way is worth too much at its end, too.
 */
const SHARES = [0.5, 1];
/** Of the objective: once the bound is so near, the program's own duals are the best. */
const NEAR = 1e-3;
/** Of what is between bound and objective: as long as rough ceilings close so much of it, no others are needed. */
const PROGRESS = 0.1;
/** What a copy costs that is left unpacked: more than any bin, so that it happens only where nothing else is allowed. */
const UNPACKED_COST = 256;

/**
 * Alternates between the linear program over the patterns known so far and the search for patterns that would make it
 * cheaper; adds those to `pool`.
 */
export function generateColumns(
  prepared: PreparedProblem,
  relaxation: Relaxation,
  pool: PatternPool,
  pricer: Pricer,
  solver: Solver,
  limits: GenerationLimits,
): RelaxedSolution {
  const {demand, binRows} = relaxation;
  const units = dualUnits(prepared);
  const costs = prepared.types.map(({cost}) => cost / units.dearest);
  const rowCount = demand.length;
  const lacking = lackingColumns(binRows, rowCount);
  const idle = rowCount + lacking.length;
  const columnOf = (pattern: Pattern): Column => patternColumn(prepared, pattern, binRows, costs[pattern.type]!);
  const forbidden = forbiddenTypes(binRows);
  const patterns = pool.patterns.filter(
    (pattern) => !forbidden.has(pattern.type) && isProper(prepared, pattern, demand),
  );
  const known = new Set(patterns);
  let bound: DualBound = roomBound(prepared, relaxation, units, solver);
  let isStuck = false;
  let objective = Number.POSITIVE_INFINITY;
  let values: ArrayLike<number> = [];
  const valuations: Valuation[] = [];
  const answer = (status: RelaxedSolution['status']): RelaxedSolution => ({
    status,
    objective,
    uses: usesOf(patterns, values, idle),
    bound: lowered(bound, relaxation, units, limits.cutoff),
    valuations,
  });

  const program = solver.createLinearProgram([
    ...Array.from(demand, (lower) => ({lower, upper: Number.POSITIVE_INFINITY})),
    ...binRows,
  ]);
  const freshOf = (priced: readonly PricedType[]) =>
    priced.flatMap(({pattern}) => (pattern === null ? [] : pool.add(pattern))).filter((pattern) => !known.has(pattern));
  const isClosed = () => bound.cost >= objective * units.dearest * (1 - limits.tolerance);
  const isShort = () => Array.from({length: idle}, (_, index) => values[index]!).some((amount) => amount > 1e-6);
  const end = () => answer(isShort() ? 'infeasible' : 'optimal');
  const consider = (candidate: DualBound) => {
    if (candidate.cost > bound.cost || bound.duals === null) bound = candidate;
  };
  const include = (fresh: readonly Pattern[]) => {
    for (const pattern of fresh) known.add(pattern);
    patterns.push(...fresh);
    program.addColumns(fresh.map(columnOf));
  };
  try {
    program.addColumns([...unpackedColumns(rowCount), ...lacking, ...patterns.map(columnOf)]);
    while (!limits.shouldStop()) {
      const result = program.solve();
      if (result.status !== 'optimal') return answer('failed');
      ({objective, values} = result);
      const outer = wholeDuals(result.duals, relaxation, units);
      const before = bound.cost;
      const centre = bound.duals;
      // Duals that pay for what is left unpacked are far from all that a bound could come from.
      const isFar = isShort();
      const isNear = isFar || isStuck || bound.cost >= objective * units.dearest * (1 - NEAR);
      const points = centre === null || isNear ? [outer] : SHARES.map((share) => dualsBetween(centre, outer, share));
      const rough = points.map((point) => {
        const priced = pricer.priceRoughly(priceList(prepared, binRows, point, units, 0));
        if (!isFar) consider(dualBound(prepared, relaxation, point, priced, units));
        return freshOf(priced);
      });
      if (bound.cost >= limits.cutoff) return answer('optimal');
      if (isClosed()) return end();
      const found = [...new Set(rough.flat())];
      if (found.length > 0) {
        include(found);
        continue;
      }
      if (bound.cost - before > (objective * units.dearest - before) * PROGRESS) continue;
      const duals = points[0]!;
      const quick = freshOf(pricer.priceQuickly(priceList(prepared, binRows, duals, units, QUICK_EFFORT)));
      if (quick.length > 0) {
        include(quick);
        continue;
      }
      const priced = pricer.price(priceList(prepared, binRows, duals, units, limits.effort));
      if (priced.length === prepared.types.length) valuations.push(valuationOf(duals, priced));
      consider(dualBound(prepared, relaxation, duals, priced, units));
      if (bound.cost >= limits.cutoff) return answer('optimal');
      const fresh = freshOf(priced);
      isStuck = fresh.length === 0;
      if (isClosed() || (fresh.length === 0 && duals === outer)) return end();
      include(fresh);
    }
    return answer('stopped');
  } finally {
    program.dispose();
  }
}

function valuationOf({prices}: Duals, priced: readonly PricedType[]): Valuation {
  const uppers: number[] = [];
  for (const {type, upper} of priced) uppers[type] = upper;
  return {prices, uppers};
}

/** All patterns found so far, each once. */
export interface PatternPool {
  readonly patterns: readonly Pattern[];
  /** Gives back the pattern, or the one that is equal to it. */
  add(pattern: Pattern): Pattern;
}

export function createPatternPool(): PatternPool {
  const known = new Map<string, Pattern>();
  const patterns: Pattern[] = [];
  return {
    patterns,
    add(pattern) {
      const key = patternKey(pattern);
      const equal = known.get(key);
      if (equal !== undefined) return equal;
      known.set(key, pattern);
      patterns.push(pattern);
      return pattern;
    },
  };
}

/** Whether it packs no more than is asked for. */
export function isProper(prepared: PreparedProblem, pattern: Pattern, demand: ArrayLike<number>): boolean {
  for (const [row, count] of coverageOf(prepared, pattern)) if (count > demand[row]!) return false;
  return true;
}

function patternColumn(prepared: PreparedProblem, pattern: Pattern, binRows: readonly BinRow[], cost: number): Column {
  const entries = [...coverageOf(prepared, pattern)];
  for (const [index, {weights}] of binRows.entries()) {
    const weight = weights.get(pattern.type) ?? 0;
    if (weight !== 0) entries.push([prepared.demand.length + index, weight]);
  }
  entries.sort(([a], [b]) => a - b);
  return {
    cost,
    rows: entries.map(([row]) => row),
    values: entries.map(([, value]) => value),
  };
}

function unpackedColumns(rowCount: number): readonly Column[] {
  return Array.from({length: rowCount}, (_, row) => ({
    cost: UNPACKED_COST,
    rows: [row],
    values: [1],
  }));
}

/** For lower bounds on types that the patterns known so far may not reach. */
function lackingColumns(binRows: readonly BinRow[], rowCount: number): readonly Column[] {
  return binRows.flatMap(({lower}, index) =>
    lower > 0 ? [{cost: UNPACKED_COST, rows: [rowCount + index], values: [1]}] : [],
  );
}

function usesOf(patterns: readonly Pattern[], values: ArrayLike<number>, offset: number): readonly PatternUse[] {
  return patterns.flatMap((pattern, index) => {
    const amount = values[offset + index] ?? 0;
    return amount > 1e-9 ? [{pattern, amount}] : [];
  });
}
