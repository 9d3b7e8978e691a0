import {type Pattern, patternKey} from './pattern.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import type {PricedType, Pricer} from './pricing.ts';
import type {Column, LinearResult, RowBounds, Solver} from './solver.ts';

/** The linear relaxation: bins in fractions. Costs are in units of the dearest type's cost. */
export interface Relaxation {
  /** By row: at least so many copies are packed. */
  readonly demand: ArrayLike<number>;
  /** Sums over the types of the bins used. */
  readonly typeRows: readonly TypeRow[];
}

export interface TypeRow extends RowBounds {
  /** By type; absent: 0. */
  readonly weights: ReadonlyMap<number, number>;
}

export interface RelaxedSolution {
  readonly status: 'optimal' | 'infeasible' | 'stopped' | 'failed';
  /** Of the patterns so far; a bound only when `optimal`. */
  readonly objective: number;
  readonly uses: readonly PatternUse[];
  /** The best bound and the duals it comes from. */
  readonly bound: number;
  readonly duals: Duals | null;
  /** Of the last linear program, as a price list of the rows. */
  readonly prices: readonly number[];
}

export interface PatternUse {
  readonly pattern: Pattern;
  readonly amount: number;
}

/** A price for each copy and a fee for each unit of a type row's weight: at least 0 on lower bounds, at most 0 on upper. */
export interface Duals {
  readonly rows: readonly number[];
  readonly typeRows: readonly number[];
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

/** What a copy costs that is left unpacked: more than any bin, so that it happens only where nothing else is allowed. */
const UNPACKED_COST = 1e4;
const TOLERANCE = 1e-9;

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
  const {demand, typeRows} = relaxation;
  const rowCount = demand.length;
  const scale = costScale(prepared);
  const costs = prepared.types.map(({cost}) => cost / scale);
  const program = solver.createLinearProgram([
    ...Array.from(demand, (lower) => ({lower, upper: Number.POSITIVE_INFINITY})),
    ...typeRows,
  ]);
  const columnOf = (pattern: Pattern): Column => patternColumn(prepared, pattern, typeRows, costs[pattern.type]!);
  const surplus = typeRows.filter(({lower}) => lower > 0).length;
  const patterns = pool.patterns.filter((pattern) => isProper(prepared, pattern, demand));
  const local = new Set(patterns.map(patternKey));
  let best: {bound: number; duals: Duals | null} = {bound: 0, duals: null};
  let last: Extract<LinearResult, {status: 'optimal'}> | null = null;

  const answer = (status: RelaxedSolution['status']): RelaxedSolution => ({
    status,
    objective: last?.objective ?? Number.POSITIVE_INFINITY,
    uses: last === null ? [] : usesOf(patterns, last.values, rowCount + surplus),
    bound: best.bound,
    duals: best.duals,
    prices: last === null ? [] : Array.from({length: rowCount}, (_, row) => Math.max(0, last!.duals[row]!)),
  });

  try {
    program.addColumns([...unpackedColumns(rowCount), ...lackingColumns(typeRows, rowCount)]);
    program.addColumns(patterns.map(columnOf));
    while (!limits.shouldStop()) {
      const result = program.solve();
      if (result.status !== 'optimal') return answer('failed');
      last = result;
      const duals = signedDuals(result.duals, demand, typeRows);
      const targets = costs.map((cost, type) => cost - feeOf(typeRows, duals, type));
      const priced = pricer.price(
        duals.rows,
        targets.map((target) => target + TOLERANCE),
        limits.effort,
      );
      const candidate = boundOf(relaxation, duals, targets, priced);
      if (candidate.bound > best.bound || best.duals === null) best = candidate;
      if (best.bound >= limits.cutoff) return answer('optimal');
      const found = priced.flatMap(({pattern}) => pattern ?? []).filter((pattern) => !local.has(patternKey(pattern)));
      if (found.length === 0 || best.bound >= result.objective * (1 - limits.tolerance)) {
        const isShort = Array.from({length: rowCount + surplus}, (_, index) => result.values[index]!).some(
          (amount) => amount > 1e-6,
        );
        return answer(isShort ? 'infeasible' : 'optimal');
      }
      for (const pattern of found) {
        local.add(patternKey(pattern));
        patterns.push(pattern);
        pool.add(pattern);
      }
      program.addColumns(found.map(columnOf));
    }
    return answer('stopped');
  } finally {
    program.dispose();
  }
}

/** All patterns found so far, each once. */
export interface PatternPool {
  readonly patterns: readonly Pattern[];
  add(pattern: Pattern): void;
}

export function createPatternPool(): PatternPool {
  const keys = new Set<string>();
  const patterns: Pattern[] = [];
  return {
    patterns,
    add(pattern) {
      const key = patternKey(pattern);
      if (keys.has(key)) return;
      keys.add(key);
      patterns.push(pattern);
    },
  };
}

/** Costs in the linear program are shares of this. */
export function costScale({types}: PreparedProblem): number {
  return Math.max(1, ...types.map(({cost}) => cost));
}

/** Copies of each row that a pattern packs, by row. */
export function coverageOf({variants}: PreparedProblem, pattern: Pattern): ReadonlyMap<number, number> {
  const coverage = new Map<number, number>();
  for (const [index, variant] of pattern.variants.entries()) {
    const {row} = variants[variant]!;
    coverage.set(row, (coverage.get(row) ?? 0) + pattern.counts[index]!);
  }
  return coverage;
}

/** Whether it packs no more than is asked for. */
export function isProper(prepared: PreparedProblem, pattern: Pattern, demand: ArrayLike<number>): boolean {
  for (const [row, count] of coverageOf(prepared, pattern)) if (count > demand[row]!) return false;
  return true;
}

function patternColumn(
  prepared: PreparedProblem,
  pattern: Pattern,
  typeRows: readonly TypeRow[],
  cost: number,
): Column {
  const entries = [...coverageOf(prepared, pattern)];
  for (const [index, {weights}] of typeRows.entries()) {
    const weight = weights.get(pattern.type) ?? 0;
    if (weight !== 0) entries.push([prepared.demand.length + index, weight]);
  }
  entries.sort(([a], [b]) => a - b);
  return {
    cost,
    upper: Number.POSITIVE_INFINITY,
    rows: entries.map(([row]) => row),
    values: entries.map(([, value]) => value),
  };
}

function unpackedColumns(rowCount: number): readonly Column[] {
  return Array.from({length: rowCount}, (_, row) => ({
    cost: UNPACKED_COST,
    upper: Number.POSITIVE_INFINITY,
    rows: [row],
    values: [1],
  }));
}

/** For lower bounds on types that the patterns known so far may not reach. */
function lackingColumns(typeRows: readonly TypeRow[], rowCount: number): readonly Column[] {
  return typeRows.flatMap(({lower}, index) =>
    lower > 0 ? [{cost: UNPACKED_COST, upper: Number.POSITIVE_INFINITY, rows: [rowCount + index], values: [1]}] : [],
  );
}

function usesOf(patterns: readonly Pattern[], values: ArrayLike<number>, offset: number): readonly PatternUse[] {
  return patterns.flatMap((pattern, index) => {
    const amount = values[offset + index] ?? 0;
    return amount > 1e-9 ? [{pattern, amount}] : [];
  });
}

/** The solver's duals without what rounding puts on the wrong side of 0. */
function signedDuals(duals: ArrayLike<number>, demand: ArrayLike<number>, typeRows: readonly TypeRow[]): Duals {
  return {
    rows: Array.from({length: demand.length}, (_, row) => Math.max(0, duals[row]!)),
    typeRows: typeRows.map(({lower, upper}, index) => {
      const dual = duals[demand.length + index]!;
      if (dual > 0) return Number.isFinite(lower) ? dual : 0;
      return Number.isFinite(upper) ? dual : 0;
    }),
  };
}

/** What the type rows pay back for each bin of the type; negative: what they charge. */
function feeOf(typeRows: readonly TypeRow[], duals: Duals, type: number): number {
  return typeRows.reduce((sum, {weights}, index) => sum + duals.typeRows[index]! * (weights.get(type) ?? 0), 0);
}

/**
 * A bound from any duals: prices are lowered until no pattern is worth more than its bin costs (Farley 1990), using that
 * no pattern of a type is worth more than its `upper`.
 */
function boundOf(
  {demand, typeRows}: Relaxation,
  duals: Duals,
  targets: readonly number[],
  priced: readonly PricedType[],
): {bound: number; duals: Duals} {
  const fees = [...duals.typeRows];
  let factor = 1;
  for (const {type, upper} of priced) {
    const target = targets[type]!;
    if (upper <= target) continue;
    const own = ownRow(typeRows, type);
    if (own !== null) fees[own]! -= upper - target;
    else factor = Math.min(factor, Math.max(0, target) / upper);
  }
  const rows = duals.rows.map((price) => price * factor);
  const worth = rows.reduce((sum, price, row) => sum + price * demand[row]!, 0);
  const bound = typeRows.reduce((sum, {lower, upper}, index) => {
    const fee = fees[index]!;
    if (fee === 0) return sum;
    return sum + fee * (fee > 0 ? lower : upper);
  }, worth);
  return {bound, duals: {rows, typeRows: fees}};
}

/** The row that limits this type alone: raising its fee costs less than lowering every price. */
function ownRow(typeRows: readonly TypeRow[], type: number): number | null {
  const index = typeRows.findIndex(
    ({weights, upper}) => Number.isFinite(upper) && weights.size === 1 && weights.get(type) === 1,
  );
  return index === -1 ? null : index;
}
