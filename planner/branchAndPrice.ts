import {type Branch, chooseBranch, fleetMeasures, isFleetWhole} from './branching.ts';
import {generateColumns, type PatternPool, type RelaxedSolution} from './columnGeneration.ts';
import {dive, limitRows} from './dive.ts';
import {type BinRow, type DualBound, dualUnits, provedCost} from './dualBound.ts';
import {type Fleet, fleetCost, isComplete} from './fleet.ts';
import type {PreparedProblem, PreparedType} from './preparedProblem.ts';
import {createPricer, type Pricer} from './pricing.ts';
import {createSimplexSolver} from './simplex.ts';
import type {Solver} from './solver.ts';

/** Why no plan costs less than the bound: a tree that leaves no case out, with duals at each leaf. */
export type Proof =
  | {readonly branch: Branch; readonly below: Proof; readonly above: Proof}
  | {readonly branch: null; readonly bound: DualBound};

export interface SearchOptions {
  readonly mostCells: number;
  readonly effort: number;
  /** Relaxations to solve. */
  readonly mostNodes: number;
  /** A random number from 0 to below 1. */
  draw(): number;
  shouldStop(): boolean;
  onProgress(cost: number, bound: number): void;
}

export interface SearchResult {
  readonly fleet: Fleet | null;
  /** No plan costs less. */
  readonly bound: number;
  readonly proof: Proof;
}

interface OpenNode {
  readonly rows: readonly BinRow[];
  readonly relaxed: RelaxedSolution;
  readonly bound: DualBound;
  readonly place: ProofPlace;
}

/** Where the proof of a node goes once it is known. */
interface ProofPlace {
  proof: {branch: Branch | null; bound: DualBound; below: ProofPlace | null; above: ProofPlace | null};
}

/** Between attempts at a plan from the node at hand. */
const DIVE_EVERY = 4;
const DIVES_OF_WHOLE_FLEETS = 6;

/**
 * Splits the plans into cases, solves the relaxation of each, and drops those that cannot be cheaper than the best plan
 * known; the case with the lowest bound comes first.
 */
export function branchAndPrice(
  prepared: PreparedProblem,
  root: RelaxedSolution,
  start: Fleet | null,
  pool: PatternPool,
  solver: Solver,
  options: SearchOptions,
): SearchResult {
  const measures = fleetMeasures(prepared);
  const {divisor} = dualUnits(prepared);
  const limits = limitRows(
    prepared,
    prepared.limits.map(({atMost}) => atMost),
  );
  const pricers = pricersOf(prepared, options);
  const place: ProofPlace = {proof: {branch: null, bound: root.bound, below: null, above: null}};
  let fleet = start;
  let cost = start === null ? Number.POSITIVE_INFINITY : fleetCost(prepared, start);
  let open: OpenNode[] = [{rows: [], relaxed: root, bound: root.bound, place}];
  let nodes = 0;

  const consider = (found: Fleet | null): boolean => {
    if (found === null || !isComplete(prepared, found) || fleetCost(prepared, found) >= cost) return false;
    fleet = found;
    cost = fleetCost(prepared, found);
    open = open.filter(({bound}) => bound.cost < cost);
    return true;
  };
  const diveFrom = (problem: PreparedProblem, {relaxed}: OpenNode, spread: number) =>
    dive(problem, relaxed.uses, pool, solver, {...options, nudge: () => options.draw() * spread});

  while (open.length > 0 && nodes < options.mostNodes && !options.shouldStop()) {
    const node = withoutDearTypes(prepared, limits, takeBest(open), cost);
    const branch = chooseBranch(node.relaxed.uses, measures);
    if (isFleetWhole(node.relaxed.uses, measures)) {
      const fixed = withFleet(prepared, node.relaxed);
      for (let attempt = 0; attempt < DIVES_OF_WHOLE_FLEETS; attempt++) {
        if (consider(diveFrom(fixed, node, attempt === 0 ? 0 : 0.5))) break;
      }
    } else if ((nodes / 2) % DIVE_EVERY === 0) consider(diveFrom(prepared, node, nodes === 0 ? 0 : 0.3));
    if (node.bound.cost >= cost) continue;
    if (branch === null) {
      // What is whole in everything that is looked at is a plan, up to rounding, and the dive has just found it.
      open.push(node);
      break;
    }
    const children = (['below', 'above'] as const).map((side) => {
      const rows = [...node.rows, rowOf(branch, side)];
      const relaxation = {demand: prepared.demand, binRows: [...limits, ...rows]};
      const relaxWith = (own: Solver) =>
        generateColumns(prepared, relaxation, pool, pricers(rows), own, {
          cutoff: cost - divisor + 1,
          effort: options.effort,
          tolerance: 1e-7,
          shouldStop: options.shouldStop,
        });
      const attempt = relaxWith(solver);
      const relaxed = attempt.status === 'failed' ? relaxWith(createSimplexSolver()) : attempt;
      nodes++;
      const bound = relaxed.bound.cost > node.bound.cost ? relaxed.bound : withoutFee(node.bound);
      const place: ProofPlace = {proof: {branch: null, bound, below: null, above: null}};
      return {rows, relaxed, bound, place};
    });
    const [below, above] = children;
    node.place.proof = {...node.place.proof, branch, below: below!.place, above: above!.place};
    open.push(...children.filter(({bound, relaxed}) => bound.cost < cost && relaxed.status !== 'stopped'));
    if (children.some(({relaxed}) => relaxed.status === 'failed')) break;
    options.onProgress(cost, lowest(open, cost));
  }
  const proof = proofOf(place);
  return {fleet, bound: lowestBound(proof), proof};
}

/** The node of the lowest bound, of equal ones the deepest. */
function takeBest(open: OpenNode[]): OpenNode {
  let best = 0;
  for (const [index, {bound, rows}] of open.entries()) {
    const than = open[best]!;
    if (bound.cost < than.bound.cost || (bound.cost === than.bound.cost && rows.length >= than.rows.length))
      best = index;
  }
  return open.splice(best, 1)[0]!;
}

function lowest(open: readonly OpenNode[], cost: number): number {
  return open.reduce((least, {bound}) => Math.min(least, bound.cost), cost);
}

/** What a node proves holds in every part of it: its further row costs nothing. */
function withoutFee(bound: DualBound): DualBound {
  return bound.duals === null ? bound : {...bound, duals: {...bound.duals, fees: [...bound.duals.fees, 0]}};
}

/**
 * Splits off the plans that use a type of which a single bin makes them too dear: what is left needs no such type, and
 * its tables become smaller.
 */
function withoutDearTypes(
  prepared: PreparedProblem,
  limits: readonly BinRow[],
  node: OpenNode,
  cost: number,
): OpenNode {
  const {rows, bound, place} = node;
  const units = dualUnits(prepared);
  const known = forbiddenTypes(rows);
  const needed = (cost - units.divisor + 1 - bound.cost + units.divisor) * units.perCost;
  const dear = bound.spare.flatMap((spare, type) => (spare >= needed && !known.has(type) ? [type] : []));
  if (dear.length === 0 || bound.duals === null) return node;
  const branch: Branch = {weights: new Map(dear.map((type) => [type, 1])), holding: [], at: 0};
  const fee = Math.min(...dear.map((type) => bound.spare[type]!));
  const duals = {...bound.duals, fees: [...bound.duals.fees, fee]};
  const binRows = [...limits, ...rows, rowOf(branch, 'above')];
  const above: DualBound = {...bound, duals, cost: provedCost({demand: prepared.demand, binRows}, duals, units)};
  const left: ProofPlace = {proof: {branch: null, bound: withoutFee(bound), below: null, above: null}};
  place.proof = {
    ...place.proof,
    branch,
    below: left,
    above: {proof: {branch: null, bound: above, below: null, above: null}},
  };
  return {...node, rows: [...rows, rowOf(branch, 'below')], bound: withoutFee(bound), place: left};
}

function rowOf({weights, holding, at}: Branch, side: 'below' | 'above'): BinRow {
  return side === 'below'
    ? {weights, holding, lower: Number.NEGATIVE_INFINITY, upper: at}
    : {weights, holding, lower: at + 1, upper: Number.POSITIVE_INFINITY};
}

function forbiddenTypes(rows: readonly BinRow[]): ReadonlySet<number> {
  return new Set(
    rows.flatMap(({weights, holding, upper}) =>
      upper === 0 && holding.length === 0 ? [...weights].flatMap(([type, weight]) => (weight > 0 ? [type] : [])) : [],
    ),
  );
}

/** Pricers without the types that the rows forbid, so that their tables are small; each is made once. */
function pricersOf(prepared: PreparedProblem, {mostCells}: SearchOptions): (rows: readonly BinRow[]) => Pricer {
  const known = new Map<string, Pricer>();
  return (rows) => {
    const forbidden = forbiddenTypes(rows);
    const key = [...forbidden].sort((a, b) => a - b).join();
    const pricer = known.get(key) ?? createPricer(prepared, prepared.demand, mostCells, (type) => !forbidden.has(type));
    known.set(key, pricer);
    return pricer;
  };
}

/** The same problem with just the bins of a relaxation whose bins are whole. */
function withFleet(prepared: PreparedProblem, {uses}: RelaxedSolution): PreparedProblem {
  const counts = prepared.types.map((_, type) =>
    Math.round(uses.reduce((sum, {pattern, amount}) => (pattern.type === type ? sum + amount : sum), 0)),
  );
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

function proofOf({proof}: ProofPlace): Proof {
  if (proof.branch === null || proof.below === null || proof.above === null) return {branch: null, bound: proof.bound};
  return {branch: proof.branch, below: proofOf(proof.below), above: proofOf(proof.above)};
}

/** What the whole tree proves. */
export function lowestBound(proof: Proof): number {
  if (proof.branch === null) return proof.bound.cost;
  return Math.min(lowestBound(proof.below), lowestBound(proof.above));
}
