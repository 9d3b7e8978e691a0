import {
  type DualBound,
  type DualUnits,
  feeOf,
  forbiddenTypes,
  NO_BOUND,
  provedCost,
  type Relaxation,
  wholeFee,
} from './dualBound.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import type {Column, Solver} from './solver.ts';

/** Covers the rounding of sums of products of doubles. */
const ROUNDED_DOWN = 1 - 2 ** -40;

export interface RoomBound extends DualBound {
  /** By type: what its room is worth, as a share of what a bin costs. */
  readonly shares: readonly number[];
}

/**
 * A bound at once, without any pattern: as if copies could be poured into bins, each unit of room has a price, no bin
 * costs less than its room, and a copy is worth the room that it takes. `NO_BOUND`: the rows leave no bins, not even in
 * fractions, or the solver failed.
 */
export function roomBound(
  prepared: PreparedProblem,
  relaxation: Relaxation,
  units: DualUnits,
  solver: Solver,
): RoomBound {
  const {demand, binRows} = relaxation;
  const sizes = leastSizes(prepared);
  const needs = prepared.problem.dimensions.map((_, dimension) =>
    sizes.reduce((sum, size, row) => sum + size[dimension]! * demand[row]!, 0),
  );
  const scarce = [...needs.keys()].filter((dimension) => needs[dimension]! > 0);
  const forbidden = forbiddenTypes(binRows);
  const types = prepared.types.map((type, index) => ({...type, index})).filter(({index}) => !forbidden.has(index));
  const program = solver.createLinearProgram([
    ...scarce.map(() => ({lower: 1, upper: Number.POSITIVE_INFINITY})),
    ...binRows,
  ]);
  try {
    program.addColumns(
      types.map(({index, cost, capacity}): Column => {
        const entries = [
          ...scarce.map((dimension) => capacity[dimension]! / needs[dimension]!),
          ...binRows.map(({weights}) => weights.get(index) ?? 0),
        ];
        const rows = [...entries.keys()].filter((row) => entries[row] !== 0);
        return {cost: cost / units.dearest, rows, values: rows.map((row) => entries[row]!)};
      }),
    );
    const result = program.solve();
    if (result.status !== 'optimal') return {...NO_BOUND, shares: []};
    const scale = units.dearest * units.perCost;
    const rates = needs.map(() => 0);
    for (const [row, dimension] of scarce.entries()) {
      rates[dimension] = (Math.max(result.duals[row]!, 0) * scale) / needs[dimension]!;
    }
    const fees = binRows.map((row, index) => wholeFee(row, result.duals[scarce.length + index]! * scale));
    const worth = (size: readonly number[]) =>
      size.reduce((sum, amount, dimension) => sum + amount * rates[dimension]!, 0);
    const shares = prepared.types.map(() => 0);
    for (const {index, cost, capacity} of types) {
      const paid = cost * units.perCost - feeOf(binRows, fees, index);
      shares[index] = paid <= 0 ? Number.POSITIVE_INFINITY : worth(capacity) / paid;
    }
    const factor = 1 / Math.max(1, ...shares);
    const prices = sizes.map((size) => Math.floor(worth(size) * factor * ROUNDED_DOWN));
    return {cost: provedCost(relaxation, {prices, fees}, units), duals: {prices, fees}, shares};
  } finally {
    program.dispose();
  }
}

/** By row and dimension: what a copy takes at least. */
function leastSizes({demand, variants}: PreparedProblem): readonly (readonly number[])[] {
  const sizes: (readonly number[])[] = [];
  for (const {row, size} of variants) {
    sizes[row] = size.map((amount, dimension) => Math.min(amount, sizes[row]?.[dimension] ?? amount));
  }
  return Array.from(demand, (_, row) => sizes[row]!);
}
