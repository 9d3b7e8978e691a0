import type {PreparedProblem} from './preparedProblem.ts';
import type {PricedType, PriceList} from './pricing.ts';
import type {RowBounds} from './solver.ts';
import {commonDivisor} from './valueTable.ts';

/** What bins in fractions have to keep to. */
export interface Relaxation {
  /** By row: at least so many copies are packed. */
  readonly demand: ArrayLike<number>;
  readonly binRows: readonly BinRow[];
}

/** Counts bins, each with a weight, between two bounds. */
export interface BinRow extends RowBounds {
  /** By type; absent: 0. */
  readonly weights: ReadonlyMap<number, number>;
}

/**
 * A price for each copy and a fee for each unit of a bin row, in whole numbers so that a bound from them can be checked
 * exactly. Fees of lower bounds are at least 0, of upper bounds at most 0.
 */
export interface Duals {
  readonly prices: readonly number[];
  readonly fees: readonly number[];
}

/** No bins that meet the relaxation cost less. `duals`: null where nothing is known. */
export interface DualBound {
  readonly cost: number;
  readonly duals: Duals | null;
}

export const NO_BOUND: DualBound = {cost: 0, duals: null};

/** How duals are counted: so many units in one unit of cost. */
export interface DualUnits {
  readonly perCost: number;
  /** Cost of the dearest type. */
  readonly dearest: number;
  /** What every cost is a multiple of, so that bounds can be rounded up to one. */
  readonly divisor: number;
  /** Of a bin's value; below it a gain is rounding. */
  readonly tolerance: number;
}

/** Of the dearest bin; what a full bin is worth stays exact in a double, even where copies are dear. */
const BITS = 38;

export function dualUnits({types}: PreparedProblem): DualUnits {
  const dearest = types.reduce((most, {cost}) => Math.max(most, cost), 1);
  const perCost = 2 ** Math.max(0, BITS - Math.ceil(Math.log2(dearest)));
  const divisor = types.reduce((common, {cost}) => commonDivisor(common, cost), 0);
  return {perCost, dearest, divisor: Math.max(divisor, 1), tolerance: Math.ceil(dearest * perCost * 1e-9)};
}

/** A solver's duals, rounded down, without what its tolerance puts on the wrong side of 0. */
export function wholeDuals(duals: ArrayLike<number>, {demand, binRows}: Relaxation, units: DualUnits): Duals {
  const whole = (dual: number) => Math.floor(dual * units.dearest * units.perCost);
  return {
    prices: Array.from({length: demand.length}, (_, row) => Math.max(0, whole(duals[row]!))),
    fees: binRows.map((row, index) => wholeFee(row, whole(duals[demand.length + index]!))),
  };
}

/** A fee in units of duals, rounded down; 0 where the row has no bound that it could be for. */
export function wholeFee({lower, upper}: BinRow, fee: number): number {
  const whole = Math.floor(fee);
  return Number.isFinite(whole > 0 ? lower : upper) ? whole : 0;
}

/** Duals on the way from one to another, `share` of it. A bound follows from them if one does from both. */
export function dualsBetween(from: Duals, to: Duals, share: number): Duals {
  const mean = (a: readonly number[], b: readonly number[]) =>
    a.map((own, index) => Math.floor(own + (b[index]! - own) * share));
  return {prices: mean(from.prices, to.prices), fees: mean(from.fees, to.fees)};
}

/** What the search for patterns has to beat under the duals. */
export function priceList(
  {types}: PreparedProblem,
  binRows: readonly BinRow[],
  {prices, fees}: Duals,
  units: DualUnits,
  effort: number,
): PriceList {
  const forbidden = forbiddenTypes(binRows);
  return {
    values: prices,
    targets: types.map(({cost}, type) =>
      forbidden.has(type)
        ? Number.POSITIVE_INFINITY
        : cost * units.perCost - feeOf(binRows, fees, type) + units.tolerance,
    ),
    effort,
  };
}

/** Types of which the rows allow no bin. */
export function forbiddenTypes(rows: readonly BinRow[]): ReadonlySet<number> {
  return new Set(
    rows.flatMap(({weights, upper}) =>
      upper === 0 ? [...weights].flatMap(([type, weight]) => (weight > 0 ? [type] : [])) : [],
    ),
  );
}

/** What the rows pay back for each bin of the type; negative: what they charge. */
export function feeOf(binRows: readonly BinRow[], fees: readonly number[], type: number): number {
  return binRows.reduce((sum, {weights}, index) => sum + fees[index]! * (weights.get(type) ?? 0), 0);
}

/**
 * A bound from any duals: fees and prices are lowered until no pattern is worth more than its bin costs (after Farley),
 * given that no pattern of a type is worth more than its `upper`. Types that were not priced are those a row forbids.
 */
export function dualBound(
  {types}: PreparedProblem,
  {demand, binRows}: Relaxation,
  duals: Duals,
  priced: readonly PricedType[],
  units: DualUnits,
): DualBound {
  const fees = [...duals.fees];
  const uppers = new Map(priced.map(({type, upper}) => [type, upper]));
  const most = duals.prices.reduce((sum, price, row) => sum + price * demand[row]!, 0);
  let factor = 1;
  for (const [type, {cost}] of types.entries()) {
    const upper = uppers.get(type) ?? most;
    for (;;) {
      const target = cost * units.perCost - feeOf(binRows, fees, type);
      if (upper <= target) break;
      const lowered = loweredFee(binRows, fees, type, target <= units.tolerance);
      if (lowered === null) {
        if (target < 0) return NO_BOUND;
        factor = Math.min(factor, (target / upper) * (1 - 1e-14));
        break;
      }
      const fee = fees[lowered.index]!;
      const rest = fee - Math.ceil((upper - target) / lowered.weight);
      fees[lowered.index] = fee > 0 ? Math.max(rest, 0) : rest;
    }
  }
  const prices = factor === 1 ? duals.prices : duals.prices.map((price) => Math.floor(price * factor));
  return {cost: provedCost({demand, binRows}, {prices, fees}, units), duals: {prices, fees}};
}

/** Half as large as often as it stays above `enough`, so that its prices stay within what is exact. */
export function lowered(bound: DualBound, relaxation: Relaxation, units: DualUnits, enough: number): DualBound {
  let {cost, duals} = bound;
  while (duals !== null && cost > 2 * enough) {
    duals = dualsBetween({prices: duals.prices.map(() => 0), fees: duals.fees.map(() => 0)}, duals, 0.5);
    cost = provedCost(relaxation, duals, units);
  }
  return {cost, duals};
}

/** The cost that duals prove, rounded up to what a sum of costs can be. */
export function provedCost(
  {demand, binRows}: Relaxation,
  {prices, fees}: Duals,
  {perCost, divisor}: DualUnits,
): number {
  let worth = 0n;
  for (const [row, price] of prices.entries()) worth += BigInt(price) * BigInt(demand[row]!);
  for (const [index, fee] of fees.entries()) {
    if (fee === 0) continue;
    const {lower, upper} = binRows[index]!;
    worth += BigInt(fee) * BigInt(fee > 0 ? lower : upper);
  }
  const step = BigInt(perCost) * BigInt(divisor);
  return worth <= 0n ? 0 : Number((worth + step - 1n) / step) * divisor;
}

/**
 * The row whose fee to lower for a type, where that costs less than lowering every price: one that limits this type
 * alone or forbids it, the tightest of them, or, where the rows make its bins free, one that rewards them.
 */
function loweredFee(
  binRows: readonly BinRow[],
  fees: readonly number[],
  type: number,
  isFree: boolean,
): {readonly index: number; readonly weight: number} | null {
  let limit: {index: number; weight: number; upper: number} | null = null;
  let rewarding: {index: number; weight: number} | null = null;
  for (const [index, {weights, upper}] of binRows.entries()) {
    const weight = weights.get(type) ?? 0;
    if (weight === 0) continue;
    const isLimit = Number.isFinite(upper) && fees[index]! <= 0;
    const limitsItAlone = isLimit && (weights.size === 1 || upper === 0);
    if (limitsItAlone && (limit === null || upper < limit.upper)) limit = {index, weight, upper};
    if (isFree && fees[index]! > 0) rewarding ??= {index, weight};
  }
  return limit ?? rewarding;
}
