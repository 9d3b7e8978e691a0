import {uniformInt} from 'pure-rand/distribution/uniformInt';
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';
import {certify} from './certify.ts';
import {createPatternPool, generateColumns, type PatternPool, type RelaxedSolution} from './columnGeneration.ts';
import {dive, limitRows, wholeBins} from './dive.ts';
import {type Fleet, fleetCost, isComplete, toSolution} from './fleet.ts';
import {searchFleets} from './fleetSearch.ts';
import {packGreedily} from './greedy.ts';
import {guardedSolver} from './guardedSolver.ts';
import {type ImproveOptions, improve} from './improve.ts';
import type {PackingCertificate} from './packingCertificate.ts';
import {type PackingDefect, packingDefects} from './packingDefects.ts';
import type {PackingProblem} from './packingProblem.ts';
import type {PackingSolution} from './packingSolution.ts';
import {type PreparedProblem, prepare} from './preparedProblem.ts';
import {createPricer} from './pricing.ts';
import {lowestBound, type Proof} from './proof.ts';
import {packByRoom} from './roomGreedy.ts';
import {createSimplexSolver} from './simplex.ts';
import type {Solver} from './solver.ts';

export interface OptimiseOptions {
  /** null: the planner's own, which is slower. */
  readonly solver: Solver | null;
  readonly seed: number;
  /** How much is tried once there is a plan: relaxations in the search for a proof; 0: none; infinite: until it is stopped. */
  readonly nodes: number;
  /** Asked all the time; once it says true, the best so far is given back. */
  shouldStop(): boolean;
  onProgress?(progress: PackingProgress): void;
}

export interface PackingProgress {
  /** Cost of the best plan so far; null: none yet. */
  readonly cost: number | null;
  readonly lowerBound: number;
}

export type PackingOutcome =
  | {
      readonly kind: 'packed';
      readonly solution: PackingSolution;
      readonly cost: number;
      /** No plan costs less; equal to `cost` where the plan is proved to be the best. */
      readonly lowerBound: number;
      /** null: the bound is the trivial one, 0. */
      readonly certificate: PackingCertificate | null;
      readonly notes: PackingNotes;
    }
  /** No plan can exist. */
  | {readonly kind: 'impossible'; readonly defects: readonly PackingDefect[]}
  /** The limits left no plan that the search could find; that there is none is not proved. */
  | {readonly kind: 'notFound'; readonly notes: PackingNotes};

/** What a reader of the result should know. */
export interface PackingNotes {
  /** The search was stopped, so another run may end elsewhere. */
  readonly isStopped: boolean;
  /** The solver failed and the planner's own took over. */
  readonly hasSolverFailed: boolean;
  /** Bin types without a price, which no plan uses. */
  readonly unpriced: readonly string[];
}

/** How fine the grid of the value tables is. */
const MOST_CELLS = 300_000;
const EFFORT = 10_000;
const DIVE_EFFORT = 1000;
const DIVES = 6;
const PATIENCE = 30;
const SHAPES_SLOW_TO_RELAX = 150;
const FEW_TYPES = 8;
const EARLY_ATTEMPTS = 200;
/** Variants times types, from where on to look at every copy at every step takes too long. */
const MOST_TO_ALIGN = 20_000;
/** Copies up to which a proof is within reach. */
const MOST_COPIES_TO_PROVE = 400;

/** The cheapest fleet that holds every item, as far as it is found, and a bound that none can undercut. */
export function optimisePacking(problem: PackingProblem, options: OptimiseOptions): PackingOutcome {
  const defects = packingDefects(problem);
  if (defects.length > 0) return {kind: 'impossible', defects};
  const prepared = prepare(problem);
  const unpriced = problem.binTypes.flatMap(({name, cost}) => (cost === null ? [name] : []));
  const notes = {isStopped: false, hasSolverFailed: false, unpriced};
  if (prepared.demand.length === 0) {
    return {kind: 'packed', solution: [], cost: 0, lowerBound: 0, certificate: null, notes};
  }
  const own = createSimplexSolver();
  if (options.solver === null) return search(prepared, own, options, notes) ?? {kind: 'notFound', notes};
  return (
    search(prepared, guardedSolver(options.solver), options, notes) ??
    search(prepared, own, options, {...notes, hasSolverFailed: true}) ?? {
      kind: 'notFound',
      notes: {...notes, hasSolverFailed: true},
    }
  );
}

/** null: the solver failed. */
function search(
  prepared: PreparedProblem,
  solver: Solver,
  options: OptimiseOptions,
  notes: PackingNotes,
): PackingOutcome | null {
  const {shouldStop} = options;
  const draw = drawsFrom(options.seed);
  const limits = {mostCells: MOST_CELLS, effort: DIVE_EFFORT, shouldStop};
  const pool = createPatternPool();
  const poured = packByRoom(prepared, [], solver);
  const improved = isSlowToRelax(prepared) ? improvedEarly(prepared, poured, solver, {...limits, draw}) : null;
  for (const {pattern} of [...(poured ?? []), ...(improved ?? [])]) pool.add(pattern);
  const root = relax(prepared, pool, solver, shouldStop);
  if (root.relaxed.status === 'failed') return null;
  const {bound} = root.relaxed;
  options.onProgress?.({cost: null, lowerBound: bound.cost});
  const plan = withFewKinds(root, solver, shouldStop);
  let best = improved ?? packedGreedily(plan.prepared);
  let proof: Proof = {branch: null, bound};
  const cost = () => (best === null ? Number.POSITIVE_INFINITY : fleetCost(plan.prepared, best));
  const consider = (fleet: Fleet | null, lowerBound: number) => {
    if (fleet !== null && isComplete(plan.prepared, fleet)) {
      if (fleetCost(plan.prepared, fleet) < cost()) best = fleet;
    }
    options.onProgress?.({cost: best === null ? null : cost(), lowerBound});
  };
  if (plan === root) consider(poured, bound.cost);
  const whole = wholeBins(plan.prepared, plan.relaxed.uses, [...plan.prepared.demand]);
  consider(packByRoom(plan.prepared, whole, solver), bound.cost);

  for (let attempt = 0; attempt < DIVES && cost() > bound.cost && !shouldStop(); attempt++) {
    const nudge = () => (attempt === 0 ? 0 : draw() * 0.4);
    consider(dive(plan.prepared, plan.relaxed.uses, plan.pool, solver, {...limits, nudge}), bound.cost);
  }
  if (best !== null && cost() > bound.cost) {
    const patience = {...limits, patience: PATIENCE, attempts: Number.POSITIVE_INFINITY, draw, bound: bound.cost};
    consider(improve(plan.prepared, best, solver, patience), bound.cost);
  }
  const copies = prepared.demand.reduce((sum, count) => sum + count, 0);
  if (cost() > bound.cost && copies <= MOST_COPIES_TO_PROVE && prepared.kinds === null) {
    const result = searchFleets(prepared, root.relaxed, best, root.pool, solver, {
      mostCells: MOST_CELLS,
      effort: EFFORT,
      mostNodes: options.nodes,
      draw,
      shouldStop,
      onProgress: (least, lowerBound) =>
        options.onProgress?.({cost: Number.isFinite(least) ? least : null, lowerBound}),
    });
    proof = result.proof;
    consider(result.fleet, result.bound);
  }
  if (options.nodes === Number.POSITIVE_INFINITY && best !== null) {
    const bound = lowestBound(proof);
    const untilStopped = {patience: Number.POSITIVE_INFINITY, attempts: Number.POSITIVE_INFINITY};
    consider(improve(plan.prepared, best, solver, {...limits, ...untilStopped, draw, bound}), bound);
  }
  const ended = {...notes, isStopped: shouldStop()};
  if (best === null) return {kind: 'notFound', notes: ended};
  return {
    kind: 'packed',
    solution: toSolution(plan.prepared, best),
    cost: cost(),
    lowerBound: Math.min(lowestBound(proof), cost()),
    certificate: certify(prepared, proof),
    notes: ended,
  };
}

/** Where there are many shapes for few types, emptying some bins takes a fraction of the time of the whole relaxation. */
function isSlowToRelax({demand, types, kinds}: PreparedProblem): boolean {
  return demand.length >= SHAPES_SLOW_TO_RELAX && types.length <= FEW_TYPES && kinds === null;
}

function improvedEarly(
  prepared: PreparedProblem,
  poured: Fleet | null,
  solver: Solver,
  options: Omit<ImproveOptions, 'patience' | 'attempts' | 'bound'>,
): Fleet | null {
  const fleets = [poured, packedGreedily(prepared)].filter((fleet) => fleet !== null && isComplete(prepared, fleet));
  const [start] = fleets.toSorted((a, b) => fleetCost(prepared, a!) - fleetCost(prepared, b!));
  if (start == null) return null;
  return improve(prepared, start, solver, {...options, patience: PATIENCE, attempts: EARLY_ATTEMPTS, bound: 0});
}

/** The cheaper of what the rules for filling bins lead to. */
function packedGreedily(prepared: PreparedProblem): Fleet | null {
  const isSmall = prepared.variants.length * prepared.types.length <= MOST_TO_ALIGN;
  const rules = isSmall ? (['largestFirst', 'bestAligned'] as const) : (['largestFirst'] as const);
  const fleets = rules.map((rule) => packGreedily(prepared, rule)).filter((fleet) => fleet !== null);
  const costOf = (fleet: Fleet) => fleetCost(prepared, fleet);
  return fleets.length === 0 ? null : fleets.reduce((a, b) => (costOf(b) < costOf(a) ? b : a));
}

/** A problem with its relaxation and the patterns found on the way. */
interface Relaxed {
  readonly prepared: PreparedProblem;
  readonly relaxed: RelaxedSolution;
  readonly pool: PatternPool;
}

function relax(prepared: PreparedProblem, pool: PatternPool, solver: Solver, shouldStop: () => boolean): Relaxed {
  const binRows = limitRows(
    prepared,
    prepared.limits.map(({atMost}) => atMost),
  );
  const relaxed = generateColumns(
    prepared,
    {demand: prepared.demand, binRows},
    pool,
    createPricer(prepared, prepared.demand, MOST_CELLS),
    solver,
    {cutoff: Number.POSITIVE_INFINITY, effort: EFFORT, tolerance: 1e-7, shouldStop},
  );
  return {prepared, relaxed, pool};
}

/** Leaves out the kind that costs least in the relaxation until no more are in use than allowed, and then all others. */
function withFewKinds(root: Relaxed, solver: Solver, shouldStop: () => boolean): Relaxed {
  const {kinds, problem} = root.prepared;
  if (kinds === null) return root;
  const without = (isLeftOut: (kind: string) => boolean) => {
    const binTypes = problem.binTypes.map((type) => (isLeftOut(type.kind) ? {...type, cost: null} : type));
    return relax(prepare({...problem, binTypes}), createPatternPool(), solver, shouldStop);
  };
  const leftOut = new Set<string>();
  let narrow = root;
  for (;;) {
    const used = [...spentByKind(narrow)].sort(([, a], [, b]) => a - b).map(([kind]) => kind);
    if (used.length <= kinds) return without((kind) => !used.includes(kind));
    leftOut.add(used[0]!);
    narrow = without((kind) => leftOut.has(kind));
  }
}

function spentByKind({prepared: {types}, relaxed}: Relaxed): ReadonlyMap<string, number> {
  const spent = new Map<string, number>();
  for (const {pattern, amount} of relaxed.uses) {
    const {kind, cost} = types[pattern.type]!;
    spent.set(kind, (spent.get(kind) ?? 0) + cost * amount);
  }
  return spent;
}

/** Numbers from 0 to below 1 that are the same for the same seed. */
function drawsFrom(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformInt(random, 0, 2 ** 30 - 1) / 2 ** 30;
}
