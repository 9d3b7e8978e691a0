import {limitRows, timesWithin, trimmed} from './dive.ts';
import {dualUnits} from './dualBound.ts';
import {demandLeft, type Fleet, isComplete, limitsLeft} from './fleet.ts';
import {timesAllowed, withCheapestTypes} from './greedy.ts';
import {coverageOf} from './pattern.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import {createPricer, type PricedType} from './pricing.ts';
import {roomBound} from './roomBound.ts';
import type {Solver} from './solver.ts';

/** Types whose room is worth less than this share of their cost are tried only where no other holds anything. */
const WORTHWHILE = 0.98;

/**
 * Goes on from `start` until everything is packed: buys the bin whose filling is worth most for its cost, as often as the
 * demand allows, at prices of room that follow what is left. null: the limits stopped it, which proves nothing.
 */
export function packByRoom(prepared: PreparedProblem, start: Fleet, solver: Solver): Fleet | null {
  const units = dualUnits(prepared);
  const fleet = [...start];
  const demand = demandLeft(prepared, prepared.demand, fleet);
  while (demand.some((left) => left > 0)) {
    const limits = limitsLeft(prepared, fleet);
    const {duals, shares} = roomBound(prepared, {demand, binRows: limitRows(prepared, limits)}, units, solver);
    if (duals === null) return null;
    const isAllowed = (type: number) => timesAllowed(prepared.types[type]!, limits) >= 1;
    const best =
      bestFilling(prepared, demand, duals.prices, (type) => isAllowed(type) && shares[type]! >= WORTHWHILE) ??
      bestFilling(prepared, demand, duals.prices, isAllowed);
    if (best === null) return null;
    const pattern = trimmed(prepared, best, demand)!;
    const times = Math.min(timesAllowed(prepared.types[best.type]!, limits), timesWithin(prepared, pattern, demand));
    for (const [row, count] of coverageOf(prepared, pattern)) demand[row]! -= count * times;
    fleet.push({pattern, times});
  }
  const smaller = withCheapestTypes(prepared, fleet);
  return isComplete(prepared, smaller) ? smaller : isComplete(prepared, fleet) ? fleet : null;
}

function bestFilling(
  prepared: PreparedProblem,
  demand: readonly number[],
  prices: readonly number[],
  isUsed: (type: number) => boolean,
): PricedType['pattern'] {
  const {types} = prepared;
  const priced = createPricer(prepared, demand, 0, isUsed).priceRoughly({
    values: prices,
    targets: types.map(() => 0),
    effort: 0,
  });
  const rate = ({type, value}: PricedType) => value / types[type]!.cost;
  return (
    priced.reduce<PricedType | null>(
      (best, next) => (next.pattern !== null && (best === null || rate(next) > rate(best)) ? next : best),
      null,
    )?.pattern ?? null
  );
}
