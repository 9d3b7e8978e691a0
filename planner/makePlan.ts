import type {Catalog} from '../catalog/instanceType.ts';
import type {ClusterModel} from '../model/clusterModel.ts';
import type {KubernetesObject} from '../model/kubernetes.ts';
import type {Node} from '../model/node.ts';
import type {SchedulerConfiguration} from '../simulator/framework/schedulerConfiguration.ts';
import type {SimulationOptions} from '../simulator/simulation.ts';
import {COMPETITORS} from './competitors/competitors.ts';
import {costOfToday} from './competitors/todaysFleet.ts';
import {type Demand, demandOf} from './demand/demand.ts';
import {type FleetLimits, UNLIMITED} from './demand/fleetLimits.ts';
import {inState, type Surge} from './demand/states.ts';
import {isWithinLimits} from './keepsToLimits.ts';
import type {OptimiseOptions, PackingOutcome} from './optimise.ts';
import {explainOverLimits, type Needs, needsOf, type OverLimits, provablyExceeds} from './overLimits.ts';
import {certificateLeaves, type PackingCertificate} from './packingCertificate.ts';
import {COST_UNITS, type PackingProblem} from './packingProblem.ts';
import {costOf, type PackingSolution} from './packingSolution.ts';
import {packWithinLimits} from './packWithinLimits.ts';
import type {DemandState, Losses} from './verified/replay.ts';
import {type VerifiedFleet, verifyFleet} from './verified/verifyFleet.ts';

/** What is planned for: everything as before the first pod is placed. */
export interface PlanInput {
  /** Expanded without nodes. */
  readonly model: ClusterModel;
  readonly objects: readonly KubernetesObject[];
  /** Nodes that are there now. */
  readonly nodes: readonly Node[];
  readonly catalog: Catalog;
}

export interface PlanOptions {
  readonly instanceTypes: readonly string[];
  /** What pods that name no architecture may run on. */
  readonly architectures: readonly string[];
  readonly surges: readonly Surge[];
  readonly losses: Losses;
  readonly pinTypes: boolean;
  /** What the whole plan, what it survives included, keeps to; absent: no limits. */
  readonly limits?: FleetLimits;
  readonly memoryOverheadPercent?: number;
  readonly simulation: SimulationOptions;
  readonly configuration: SchedulerConfiguration | undefined;
  readonly solver: OptimiseOptions['solver'];
  /** Asked by the search for a packing; once it says true, the best so far is taken. */
  shouldStopPacking(): boolean;
  /** Asked by the search for a fleet that holds: once it says true, it only takes away what the best can do without. */
  shouldTrim(): boolean;
  /** Once it says true, the best fleet so far is taken. */
  shouldStopVerifying(): boolean;
  onStep?(text: string): void;
}

export interface PlanComparison {
  readonly name: string;
  /** null where it finds no place for every pod, has no price, or does not keep to the limits. */
  readonly costPerHour: number | null;
}

/** A fleet, a bound that none can undercut, and what others would have bought. Money is in the catalogue's currency. */
export interface Plan {
  readonly demand: Demand;
  /** The state whose demand is worth most: the one the packing is of. */
  readonly bindingState: string;
  readonly packing: Extract<PackingOutcome, {kind: 'packed'}>;
  /** What the bound is of. */
  readonly boundedProblem: PackingProblem;
  readonly lowerBound: number;
  readonly certificate: PackingCertificate | null;
  readonly fleet: VerifiedFleet;
  readonly comparisons: readonly PlanComparison[];
  /** A search ended before it was done, so that another run may end elsewhere. */
  readonly isStopped: boolean;
}

/** Work that a search does at most, so that without a time limit its outcome is the same everywhere. */
const PROOF_NODES = 200;
/** Fleets to try: more where there are more pods to move, fewer where each try takes long. */
const TRIES = {least: 1000, each: 15, placed: 1_500_000} as const;

/** What a packing is of, and what others make of the same. */
export interface PackedDemand {
  /** The one whose demand is worth most first. */
  readonly states: readonly DemandState[];
  readonly packed: Packed;
  readonly comparisons: readonly PlanComparison[];
  readonly others: readonly PackingSolution[];
}

/** No pod needs a place, or none has one. */
export interface NothingToBuy {
  readonly kind: 'nothing';
  readonly demand: Demand;
}

export function makePlan(input: PlanInput, options: PlanOptions): Plan | NothingToBuy | OverLimits {
  const packed = packDemand(input, options);
  return 'kind' in packed ? packed : verifyPacked(packed, options);
}

export function packDemand(input: PlanInput, options: PlanOptions): PackedDemand | NothingToBuy | OverLimits {
  const states = demandStates(input, options);
  const {demand: now} = states[0]!;
  if (now.problem.items.length === 0) return {kind: 'nothing', demand: now};
  options.onStep?.('packing');
  const {solver, simulation, shouldStopPacking, limits = UNLIMITED} = options;
  const needs = new Map(
    states.map(({demand}) => [demand, needsOf(demand, {solver, seed: simulation.seed, shouldStop: shouldStopPacking})]),
  );
  const overLimits = (isProved: boolean): OverLimits =>
    explainOverLimits(options, (settings) => demandStates(input, settings).map(({demand}) => demand), isProved, {
      solver,
      seed: simulation.seed,
      shouldStop: shouldStopPacking,
    });
  if ([...needs.values()].some((own) => provablyExceeds(own, limits))) return overLimits(true);
  const first = pack(now, needs.get(now)!, options);
  if (first === null) return overLimits(false);
  const binding = states.reduce((a, b) => (worth(b.demand, first.prices) > worth(a.demand, first.prices) ? b : a));
  const packed = binding.demand === now ? first : pack(binding.demand, needs.get(binding.demand)!, options);
  if (packed === null) return overLimits(false);
  const ordered = [binding, ...states.filter((state) => state !== binding)];
  options.onStep?.('comparing');
  const {problem} = binding.demand;
  const {comparisons, others} = compare(problem, input.nodes);
  // A search that was stopped early may have less than what others do at once.
  const solution = others.reduce(
    (best, other) => (costOf(problem, other) < costOf(problem, best) ? other : best),
    packed.packing.solution,
  );
  const packing = {...packed.packing, solution, cost: costOf(problem, solution)};
  return {states: ordered, packed: {...packed, packing}, comparisons, others};
}

/** The machines of a packing, changed until the scheduler leaves nothing pending on them. */
export function verifyPacked({states, packed, comparisons, others}: PackedDemand, options: PlanOptions): Plan {
  options.onStep?.('verifying');
  const [{name, demand}] = states as readonly [DemandState, ...DemandState[]];
  const {simulation, configuration, losses, architectures, pinTypes} = options;
  const fleet = verifyFleet(states, packed.packing.solution, packed.prices, {
    simulation,
    configuration,
    losses,
    architectures,
    pinTypes,
    daemonsFirst: false,
    tries: triesFor(demand),
    seed: simulation.seed,
    others,
    lowerBound: packed.lowerBound,
    nodeFee: packed.nodeFee,
    shouldTrim: options.shouldTrim,
    shouldStop: options.shouldStopVerifying,
  });
  return {
    demand,
    bindingState: name,
    ...packed,
    fleet,
    comparisons,
    isStopped: packed.packing.notes.isStopped || options.shouldStopVerifying(),
  };
}

function triesFor({problem: {items}}: Demand): number {
  const pods = items.reduce((sum, {count}) => sum + count, 0);
  return Math.max(TRIES.least, Math.min(TRIES.each * pods, Math.floor(TRIES.placed / pods)));
}

/** What decides on a demand, beside the input. */
export type DemandSettings = Pick<
  PlanOptions,
  'instanceTypes' | 'architectures' | 'surges' | 'limits' | 'memoryOverheadPercent' | 'simulation' | 'configuration'
>;

/** The demand of the input as it is, and in each of the states that have more pods. */
export function demandStates(
  {model, objects, nodes, catalog}: PlanInput,
  options: DemandSettings,
): readonly DemandState[] {
  const {simulation, configuration, instanceTypes, architectures, memoryOverheadPercent, limits} = options;
  const schedulerNames = configuration?.profiles.map(({schedulerName}) => schedulerName) ?? ['default-scheduler'];
  const toState = (name: string, ofState: ClusterModel): DemandState => ({
    name,
    model: ofState,
    demand: demandOf(ofState, catalog, {
      kubernetesVersion: simulation.kubernetesVersion,
      patterns: instanceTypes,
      architectures,
      nodes,
      objects,
      schedulerNames,
      ...(memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent}),
      ...(limits === undefined ? {} : {limits}),
    }),
  });
  return [toState('now', model), ...options.surges.map((surge) => toState(surge, inState(model, objects, surge)))];
}

interface Packed {
  readonly packing: Extract<PackingOutcome, {kind: 'packed'}>;
  readonly boundedProblem: PackingProblem;
  readonly lowerBound: number;
  readonly certificate: PackingCertificate | null;
  /** What an item is worth, by item. */
  readonly prices: readonly number[];
  /** What a node costs beside its price where their number is limited. */
  readonly nodeFee: number;
}

/** null: the limits left none that was found. */
function pack(
  {problem, relaxed}: Demand,
  {nodes}: Needs,
  {solver, simulation, shouldStopPacking}: PlanOptions,
): Packed | null {
  const search = {solver, seed: simulation.seed, nodes: PROOF_NODES, shouldStop: shouldStopPacking};
  const packing = packed(packWithinLimits(problem, search, nodes.packing));
  if (packing === null) return null;
  const bounded = relaxed === problem ? packing : packed(packWithinLimits(relaxed, search, null));
  return {
    packing,
    boundedProblem: relaxed,
    lowerBound: (bounded?.lowerBound ?? 0) / COST_UNITS,
    certificate: bounded?.certificate ?? null,
    ...pricesOf(problem, packing),
  };
}

/** null: the limits left none that was found. Every item has a machine, so nothing else is in the way. */
function packed(outcome: PackingOutcome): Packed['packing'] | null {
  if (outcome.kind === 'impossible') throw new Error(`no packing: ${JSON.stringify(outcome)}`);
  return outcome.kind === 'packed' ? outcome : null;
}

/**
 * By a case of the proof; where none does, by what the packing pays for a bin's fullest dimension. Proofs know nothing of
 * a limit of kinds, under which items are worth more.
 */
function pricesOf(problem: PackingProblem, packing: Packed['packing']): Pick<Packed, 'prices' | 'nodeFee'> {
  const {items, binTypes, limits} = problem;
  const {certificate, solution, cost} = packing;
  const known = certificate === null || limits.kinds !== null ? null : casePrices(certificate, problem, cost);
  if (known !== null) return known;
  const paid = items.map(() => ({cost: 0, count: 0}));
  for (const {binType, items: held, times} of solution) {
    const {capacity, cost} = binTypes[binType]!;
    for (const {item, count} of held) {
      const share = Math.max(...items[item]!.size.map((amount, d) => (amount === 0 ? 0 : amount / capacity[d]!)));
      const sum = paid[item]!;
      paid[item] = {cost: sum.cost + share * cost! * count * times, count: sum.count + count * times};
    }
  }
  return {prices: paid.map(({cost, count}) => (count === 0 ? 0 : cost / count / COST_UNITS)), nodeFee: 0};
}

/**
 * Of the cases in which all items together are worth no more than the packing costs, the prices of the one in which they
 * are worth most, less the fees of all nodes that there may be: where a case leaves no plan, its prices are beyond all
 * measure.
 */
function casePrices(
  certificate: PackingCertificate,
  {items, limits}: PackingProblem,
  cost: number,
): Pick<Packed, 'prices' | 'nodeFee'> | null {
  let best: {readonly prices: readonly number[]; readonly nodeFee: number; readonly worth: number} | null = null;
  const {perCost} = certificate;
  for (const {prices, fees} of certificateLeaves(certificate)) {
    const nodeFee = limits.bins === null ? 0 : -fees[0]!;
    const paid = (limits.bins ?? 0) * nodeFee;
    const worth = (items.reduce((sum, {count}, item) => sum + count * prices[item]!, 0) - paid) / perCost;
    if (worth <= cost && worth > (best?.worth ?? 0)) best = {prices, nodeFee, worth};
  }
  if (best === null) return null;
  const toMoney = (units: number): number => units / perCost / COST_UNITS;
  return {prices: best.prices.map(toMoney), nodeFee: toMoney(best.nodeFee)};
}

/** What a demand is worth at least; shapes of all states are the same, in the same order, unless zones divide them. */
function worth({problem: {items}}: Demand, prices: readonly number[]): number {
  return items.reduce((sum, {count}, item) => sum + count * (prices[item] ?? 0), 0);
}

function compare(problem: PackingProblem, nodes: readonly Node[]): Pick<PackedDemand, 'comparisons' | 'others'> {
  const others: PackingSolution[] = [];
  const comparisons = COMPETITORS.map(({name, pack: packLike}): PlanComparison => {
    const found = packLike(problem);
    const solution = found !== null && isWithinLimits(problem, found) ? found : null;
    if (solution !== null) others.push(solution);
    return {name, costPerHour: solution === null ? null : costOf(problem, solution) / COST_UNITS};
  });
  if (nodes.length === 0) return {comparisons, others};
  return {comparisons: [...comparisons, {name: 'today', costPerHour: costOfToday(nodes)}], others};
}
