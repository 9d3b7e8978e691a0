import {type BinRow, type DualUnits, dualUnits, NO_BOUND} from './dualBound.ts';
import {TIMES_BITS} from './packingCertificate.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import type {ProvedBound} from './proof.ts';
import {createSimplexSolver} from './simplex.ts';
import type {Column, RowBounds, Solver} from './solver.ts';

/**
 * Prices of copies, and by type what no bin can hold more of under them, in units of duals. Every fleet that holds all
 * items has room for their worth: the uppers of its bins add up to at least that.
 */
export interface Valuation {
  readonly prices: readonly number[];
  readonly uppers: readonly number[];
}

/** The cheapest fleet in fractions that has room for the worth of all items under every valuation. */
export interface RelaxedFleet {
  /** By type: how many bins. */
  readonly counts: readonly number[];
  readonly bound: ProvedBound;
}

/** Of a target, kept free for the rounding of sums. */
const MARGIN = 1e-12;
const ROUNDINGS = 8;
const ONCE = 2 ** TIMES_BITS;
/** What it costs to meet nothing at all, in terms of the bound that is enough: a little of it is dear, too. */
const UNMET = 1e5;
/** A bound is made no larger than this, in the same terms, so that its prices stay within exact numbers. */
const LARGEST = 2;
/** Fees against each other may be far larger than what they prove; beyond this they are not exact. */
const LARGEST_FEE = 2 ** 52;

/** What a valuation says at most of a bin is what the bin costs; so all of them count alike. */
export function scaledValuation({types}: PreparedProblem, {prices, uppers}: Valuation, perCost: number): Valuation {
  const paid = types.flatMap(({cost}, type) => (cost > 0 ? [(cost * perCost) / Math.max(uppers[type]!, 1)] : []));
  const factor = Math.min(1, ...paid);
  if (factor === 1) return {prices, uppers};
  return {
    prices: prices.map((price) => Math.floor(price * factor)),
    uppers: uppers.map((upper) => Math.ceil(upper * factor) + 1),
  };
}

/**
 * Solved by its dual: a row for each type, a column for each valuation and each row that the fleet has to keep to. Where
 * no fleet can keep to them the bound is above `enough`; from there on it may be lower than it could be. Programs
 * are so small that the planner's own solver is the fastest; `solver` takes over where it fails. null: both did.
 */
export function relaxFleet(
  prepared: PreparedProblem,
  valuations: readonly Valuation[],
  binRows: readonly BinRow[],
  enough: number,
  solver: Solver,
): RelaxedFleet | null {
  const {types, demand} = prepared;
  const units = dualUnits(prepared);
  const scale = units.dearest * units.perCost;
  const columns = [
    ...valuations.map(({prices, uppers}) => ({
      cost: -worthOf(prices, demand) / scale,
      amounts: [...uppers, worthOf(prices, demand)].map((amount) => amount / scale),
    })),
    ...binRows.map(({weights, lower, upper}) => {
      const sign = Number.isFinite(lower) ? 1 : -1;
      return {
        cost: -sign * (sign > 0 ? lower : upper),
        amounts: [...types.map((_, type) => sign * (weights.get(type) ?? 0)), sign > 0 ? lower : 0],
      };
    }),
  ];
  const rows = [...types.map(({cost}) => cost), UNMET * enough].map((most) => ({
    lower: Number.NEGATIVE_INFINITY,
    upper: most / units.dearest,
  }));
  const program = columns.map(({cost, amounts}) => {
    const used = amounts.flatMap((amount, row) => (amount === 0 ? [] : [row]));
    return {cost, rows: used, values: used.map((row) => amounts[row]!)};
  });
  const result = solve(createSimplexSolver(), rows, program) ?? solve(solver, rows, program);
  if (result === null) return null;
  const least = Math.min(1, (LARGEST * enough) / (-result.objective * units.dearest));
  const multiplier = (index: number) => Math.max(0, result.values[index]!) * (least > 0 ? least : 1);
  const multipliers = valuations.map((_, index) => multiplier(index));
  const fees = binRows.map(({lower}, index) => {
    const fee = multiplier(valuations.length + index) * scale;
    return Number.isFinite(lower) ? Math.floor(fee) : -Math.ceil(fee);
  });
  return {
    counts: types.map((_, type) => Math.max(0, -result.duals[type]!)),
    bound: combinedBound(prepared, valuations, binRows, multipliers, fees, units),
  };
}

function solve(solver: Solver, rows: readonly RowBounds[], columns: readonly Column[]) {
  const program = solver.createLinearProgram(rows);
  try {
    program.addColumns(columns);
    const result = program.solve();
    return result.status === 'optimal' ? result : null;
  } finally {
    program.dispose();
  }
}

function worthOf(prices: readonly number[], demand: readonly number[]): number {
  return prices.reduce((sum, price, row) => sum + price * demand[row]!, 0);
}

/** What the valuations prove together, each taken so many times. */
function combinedBound(
  {types, demand}: PreparedProblem,
  valuations: readonly Valuation[],
  binRows: readonly BinRow[],
  multipliers: readonly number[],
  raw: number[],
  {perCost, divisor}: DualUnits,
): ProvedBound {
  const used = valuations.flatMap((valuation, index) =>
    multipliers[index]! > 0 ? [{valuation, times: multipliers[index]!}] : [],
  );
  let factor = 1;
  for (const [type, {cost}] of types.entries()) {
    const upper = used.reduce((sum, {valuation, times}) => sum + valuation.uppers[type]! * times, 0);
    const fees = binRows.reduce((sum, {weights}, index) => sum + raw[index]! * (weights.get(type) ?? 0), 0);
    const charge = upper * (1 + MARGIN) + fees + ROUNDINGS;
    const target = cost * perCost;
    if (charge <= target) continue;
    const limit = tightestLimit(binRows, type);
    if (limit !== null) raw[limit]! -= (charge - target) / binRows[limit]!.weights.get(type)!;
    else if (cost === 0) return NO_BOUND;
    else factor = Math.min(factor, target / charge);
  }
  factor = Math.min(factor, ...raw.map((fee) => LARGEST_FEE / Math.abs(fee)));
  const parts = used.map(({valuation, times}) => ({valuation, times: Math.floor(times * factor * ONCE)}));
  const fees = raw.map((fee) => Math.floor(fee * factor));
  let worth = 0n;
  for (const {valuation, times} of parts) worth += BigInt(times) * BigInt(worthOf(valuation.prices, demand));
  for (const [index, fee] of fees.entries()) {
    const {lower, upper} = binRows[index]!;
    if (fee !== 0) worth += BigInt(fee) * BigInt(fee > 0 ? lower : upper) * BigInt(ONCE);
  }
  const step = BigInt(perCost) * BigInt(divisor) * BigInt(ONCE);
  return {cost: worth <= 0n ? 0 : Number((worth + step - 1n) / step) * divisor, duals: {parts, fees}};
}

function tightestLimit(binRows: readonly BinRow[], type: number): number | null {
  let tightest: number | null = null;
  for (const [index, {weights, upper}] of binRows.entries()) {
    if (!Number.isFinite(upper) || (weights.get(type) ?? 0) === 0) continue;
    if (tightest === null || upper < binRows[tightest]!.upper) tightest = index;
  }
  return tightest;
}
