import {chooseFleetBranch, type FleetMeasure, fleetMeasures} from './branching.ts';
import {generateColumns, type PatternPool, type RelaxedSolution} from './columnGeneration.ts';
import {dive, limitRows} from './dive.ts';
import {type BinRow, dualUnits} from './dualBound.ts';
import {searchFilling} from './fillingSearch.ts';
import {type Fleet, fleetCost, isComplete} from './fleet.ts';
import {type RelaxedFleet, relaxFleet, scaledValuation, type Valuation} from './fleetRelaxation.ts';
import type {PreparedProblem, PreparedType} from './preparedProblem.ts';
import {createPricer} from './pricing.ts';
import {lowestBound, type Proof, ProofPlace, rowsOf} from './proof.ts';
import type {SearchOptions} from './searchOptions.ts';
import type {Solver} from './solver.ts';

export interface SearchResult {
  readonly fleet: Fleet | null;
  /** No plan costs less. */
  readonly bound: number;
  readonly proof: Proof;
}

/** Fleets that keep to some rows. */
interface OpenCase {
  readonly rows: readonly BinRow[];
  readonly place: ProofPlace;
  readonly relaxed: RelaxedFleet;
  /** How many valuations it knows. */
  readonly valuations: number;
}

/** A fleet that has room for everything in fractions, and whose bins could not be filled yet. */
interface HardFleet {
  readonly place: ProofPlace;
  readonly counts: readonly number[];
  /** Cases to look at in its next turn. */
  turn: number;
}

const FIRST_TURN = 12;
/** What it takes to relax a fleet as counts of bins only, where one is to relax what they hold, too. */
const RELAXED_COUNTS = 0.01;
const DIVES = 4;
const SPREAD = 0.4;

/**
 * The cheapest fleet that holds everything, with proof. Fleets are looked at by rising cost, as counts of bins only: what
 * they hold does not matter as long as there is room for the worth of all items under every valuation known. A fleet that
 * has is tried: either its bins can be filled, or that fails even in fractions and gives a valuation under which it is too
 * small, and many others with it, or it is a case of its own, for the search over what its bins hold.
 */
export function searchFleets(
  prepared: PreparedProblem,
  root: RelaxedSolution,
  start: Fleet | null,
  pool: PatternPool,
  solver: Solver,
  options: SearchOptions,
): SearchResult {
  const measures = fleetMeasures(prepared);
  const {divisor, perCost, dearest} = dualUnits(prepared);
  const limits = limitRows(
    prepared,
    prepared.limits.map(({atMost}) => atMost),
  );
  const pricer = createPricer(prepared, prepared.demand, options.mostCells);
  const valuations: Valuation[] = [];
  const learn = (learnt: readonly Valuation[]) => {
    valuations.push(...learnt.map((valuation) => scaledValuation(prepared, valuation, perCost)));
  };
  const everything = new ProofPlace(root.bound);
  let open: OpenCase[] = [];
  let hard: HardFleet[] = [];
  let fleet = start;
  // No plan costs more than the dearest bin for each copy, so that cases above that hold none.
  const copies = prepared.demand.reduce((sum, count) => sum + count, 0);
  let cost = start === null ? dearest * copies + 1 : fleetCost(prepared, start);
  let relaxations = 0;

  const addCase = (rows: readonly BinRow[], place: ProofPlace) => {
    const relaxed = relaxFleet(prepared, valuations, [...limits, ...rows], cost, solver);
    if (relaxed === null) return;
    place.raise(relaxed.bound);
    if (place.bound.cost < cost) open.push({rows, place, relaxed, valuations: valuations.length});
  };
  const accept = (found: Fleet) => {
    if (!isComplete(prepared, found) || fleetCost(prepared, found) >= cost) return;
    fleet = found;
    cost = fleetCost(prepared, found);
    open = open.filter(({place}) => place.bound.cost < cost);
    hard = hard.filter(({place}) => place.bound.cost < cost);
  };

  /** Takes the fleet of a case out of it, as a case of its own. */
  const isolate = ({rows, place}: OpenCase, counts: readonly number[]): ProofPlace => {
    let at = {rows, place};
    const split = (weights: FleetMeasure, bins: number, side: 'below' | 'above') => {
      const branch = {weights, at: bins};
      const sides = rowsOf(branch);
      const parts = at.place.split(branch);
      const other = side === 'below' ? 'above' : 'below';
      addCase([...at.rows, sides[other]], parts[other]);
      at = {rows: [...at.rows, sides[side]], place: parts[side]};
    };
    const absent = new Map(counts.flatMap((count, type) => (count === 0 ? [[type, 1] as const] : [])));
    if (absent.size > 0) split(absent, 0, 'below');
    for (const [type, count] of counts.entries()) {
      if (count === 0) continue;
      split(new Map([[type, 1]]), count, 'below');
      split(new Map([[type, 1]]), count - 1, 'above');
    }
    return at.place;
  };

  const takeTurn = (own: HardFleet) => {
    const outcome = searchFilling(prepared, own.counts, Math.min(own.turn, options.mostNodes - relaxations), options);
    relaxations += outcome.nodes;
    own.turn *= 2;
    if (outcome.status === 'filled') accept(outcome.fleet);
    if (outcome.status === 'refuted') {
      own.place.raise({cost: Number.POSITIVE_INFINITY, duals: outcome.refutation});
    }
    if (outcome.status === 'open' && own.place.bound.cost < cost) hard.push(own);
  };

  const tryFleet = (own: OpenCase, counts: readonly number[]) => {
    const binRows = [...limits, ...countRows(counts)];
    const relaxed = generateColumns(prepared, {demand: prepared.demand, binRows}, pool, pricer, solver, {
      cutoff: cost - divisor + 1,
      effort: options.effort,
      tolerance: 1e-7,
      shouldStop: options.shouldStop,
    });
    relaxations++;
    const known = valuations.length;
    learn(relaxed.valuations);
    const isTooSmall = valuations
      .slice(known)
      .some(({uppers, prices}) => total(uppers, counts) < total(prices, prepared.demand));
    if (isTooSmall) {
      addCase(own.rows, own.place);
      return;
    }
    if (relaxed.status === 'stopped') {
      open.push(own);
      return;
    }
    const problem = withFleet(prepared, counts);
    for (let attempt = 0; attempt < DIVES; attempt++) {
      const nudge = () => (attempt === 0 ? 0 : options.draw() * SPREAD);
      const found = dive(problem, relaxed.uses, pool, solver, {...options, nudge});
      if (found === null || !isComplete(problem, found)) continue;
      accept(found);
      if (own.place.bound.cost < cost) isolate(own, counts);
      return;
    }
    takeTurn({place: isolate(own, counts), counts, turn: FIRST_TURN});
  };

  learn(root.valuations);
  addCase([], everything);
  while (open.length + hard.length > 0 && relaxations < options.mostNodes && !options.shouldStop()) {
    if (open.length === 0) {
      takeTurn(hard.shift()!);
      continue;
    }
    relaxations += RELAXED_COUNTS;
    const own = takeBest(open);
    if (own.valuations < valuations.length) {
      addCase(own.rows, own.place);
      continue;
    }
    const {counts} = own.relaxed;
    const branch = chooseFleetBranch(counts, measures);
    if (branch === null) tryFleet(own, counts.map(Math.round));
    else {
      const {below, above} = rowsOf(branch);
      const parts = own.place.split(branch);
      addCase([...own.rows, below], parts.below);
      addCase([...own.rows, above], parts.above);
    }
    options.onProgress(fleet === null ? Number.POSITIVE_INFINITY : cost, lowest([...open, ...hard], cost));
  }
  const proof = everything.proof();
  return {fleet, bound: Math.min(lowestBound(proof), cost), proof};
}

/** The case of the lowest bound, of equal ones the deepest. */
function takeBest(open: OpenCase[]): OpenCase {
  let best = 0;
  for (const [index, {place, rows}] of open.entries()) {
    const than = open[best]!;
    const difference = place.bound.cost - than.place.bound.cost;
    if (difference < 0 || (difference === 0 && rows.length >= than.rows.length)) best = index;
  }
  return open.splice(best, 1)[0]!;
}

function lowest(cases: readonly {readonly place: ProofPlace}[], cost: number): number {
  return cases.reduce((least, {place}) => Math.min(least, place.bound.cost), cost);
}

function total(amounts: readonly number[], counts: readonly number[]): number {
  return counts.reduce((sum, count, index) => sum + count * amounts[index]!, 0);
}

/** No more than so many bins of each type. */
function countRows(counts: readonly number[]): readonly BinRow[] {
  const atMost = (weights: FleetMeasure, upper: number) => ({
    weights,
    lower: Number.NEGATIVE_INFINITY,
    upper,
  });
  const absent = new Map(counts.flatMap((count, type) => (count === 0 ? [[type, 1] as const] : [])));
  return [
    ...(absent.size === 0 ? [] : [atMost(absent, 0)]),
    ...counts.flatMap((count, type) => (count === 0 ? [] : [atMost(new Map([[type, 1]]), count)])),
  ];
}

/** The same problem with just these bins. */
function withFleet(prepared: PreparedProblem, counts: readonly number[]): PreparedProblem {
  const offset = prepared.limits.length;
  return {
    ...prepared,
    limits: [
      ...prepared.limits,
      ...counts.map((atMost, type) => ({
        source: {kind: 'available', binType: prepared.types[type]!.index} as const,
        atMost,
      })),
    ],
    types: prepared.types.map(
      (type, index): PreparedType => ({...type, weights: [...type.weights, {limit: offset + index, weight: 1}]}),
    ),
  };
}
