/** Why no plan keeps to the limits: what the demand needs at least, and which wishes contradict each other. */
import type {Workload} from '../model/pod.ts';
import type {Demand} from './demand/demand.ts';
import {type FleetLimits, limitFlags, UNLIMITED} from './demand/fleetLimits.ts';
import type {Surge} from './demand/states.ts';
import {smallestSubset} from './demand/unplaceable.ts';
import {fewestKinds, kindsByItem} from './leastKinds.ts';
import type {OptimiseOptions} from './optimise.ts';
import type {PackingProblem} from './packingProblem.ts';
import type {PackingSolution} from './packingSolution.ts';
import {packWithinLimits} from './packWithinLimits.ts';

/** No plan keeps to the limits, or none was found that does. */
export interface OverLimits {
  readonly kind: 'overLimits';
  /** The smallest set of wishes that contradict each other, as flags of `stowage plan`. */
  readonly conflict: readonly string[];
  /** What is needed where nothing but these wishes counts. */
  readonly needs: Needs;
  /** Workloads that have no instance type in common, or not few enough; empty where types are not what is short. */
  readonly apart: readonly Workload[];
  /** There is no such plan; otherwise none was found. */
  readonly isProved: boolean;
}

/** What a demand needs of what is limited; 0 of what is not. */
export interface Needs {
  readonly instanceTypes: number;
  readonly nodes: {
    /** No packing has fewer. */
    readonly atLeast: number;
    /** A packing with few; null: none was found. */
    readonly packing: PackingSolution | null;
    readonly found: number | null;
  };
}

/** What of a plan's options decides whether it can keep to limits. */
interface Wishes {
  readonly instanceTypes: readonly string[];
  readonly surges: readonly Surge[];
  readonly limits?: FleetLimits;
}

type Search = Pick<OptimiseOptions, 'solver' | 'seed' | 'shouldStop'>;

/** What a demand needs, as far as it takes to see whether it keeps to its limits. */
export function needsOf({problem, relaxed}: Demand, search: Search): Needs {
  const {bins, kinds} = problem.limits;
  const instanceTypes = kinds === null ? 0 : fewestKinds([...kindsByItem(relaxed).values()]).length;
  if (bins === null) return {instanceTypes, nodes: {atLeast: 0, packing: null, found: 0}};
  const bounded = fewestBins(relaxed, bins, search);
  const packed = relaxed === problem || bounded.atLeast > bins ? bounded : fewestBins(problem, bins, search);
  return {instanceTypes, nodes: {...packed, atLeast: bounded.atLeast}};
}

/** Every bin costs one; ends once it is clear on which side of the limit the fewest are. */
function fewestBins(problem: PackingProblem, limit: number, search: Search): Needs['nodes'] {
  const counted = {
    ...problem,
    binTypes: problem.binTypes.map((type) => (type.cost === null ? type : {...type, cost: 1})),
    limits: {...problem.limits, bins: null},
  };
  let isClear = false;
  const outcome = packWithinLimits(
    counted,
    {
      ...search,
      nodes: 0,
      shouldStop: () => isClear || search.shouldStop(),
      onProgress: ({cost, lowerBound}) => {
        isClear = lowerBound > limit || (cost ?? Number.POSITIVE_INFINITY) <= limit;
      },
    },
    null,
  );
  if (outcome.kind !== 'packed') return {atLeast: 0, packing: null, found: null};
  return {atLeast: Math.ceil(outcome.lowerBound), packing: outcome.solution, found: outcome.cost};
}

/** Whether it is proved that a demand with such needs cannot keep to the limits. */
export function provablyExceeds({instanceTypes, nodes}: Needs, limits: FleetLimits): boolean {
  return exceeds(instanceTypes, limits.instanceTypes) || exceeds(nodes.atLeast, limits.nodes);
}

function exceedsAsFound(needs: Needs, limits: FleetLimits): boolean {
  return provablyExceeds(needs, limits) || exceeds(needs.nodes.found ?? Number.POSITIVE_INFINITY, limits.nodes);
}

function exceeds(amount: number, limit: number | null): boolean {
  return limit !== null && amount > limit;
}

/**
 * Finds the wishes that are in each other's way. `demandsOf`: the demands of all states under other wishes. `isProved`:
 * it is known that all wishes together cannot be met.
 */
export function explainOverLimits<W extends Wishes>(
  wishes: W,
  demandsOf: (wishes: W) => readonly Demand[],
  isProved: boolean,
  search: Search,
): OverLimits {
  const droppable = droppableWishes(wishes);
  const isOver = isProved ? provablyExceeds : exceedsAsFound;
  const worstOf = (
    kept: readonly number[],
  ): {readonly demand: Demand; readonly needs: Needs; readonly isOver: boolean} => {
    const left = droppable.reduce((all, {without}, index) => (kept.includes(index) ? all : without(all)), wishes);
    const judged = demandsOf(left).map((demand) => {
      const needs = needsOf(demand, search);
      return {demand, needs, isOver: isOver(needs, left.limits ?? UNLIMITED)};
    });
    return judged.find((one) => one.isOver) ?? judged[0]!;
  };
  const conflict = smallestSubset(droppable.length, (kept) => worstOf(kept).isOver);
  const {demand, needs} = worstOf(conflict);
  return {
    kind: 'overLimits',
    conflict: conflict.map((index) => droppable[index]!.text),
    needs,
    apart: workloadsApart(demand),
    isProved,
  };
}

function droppableWishes<W extends Wishes>({
  instanceTypes,
  surges,
  limits = UNLIMITED,
}: W): readonly {readonly text: string; readonly without: (wishes: W) => W}[] {
  const limited = (['nodes', 'instanceTypes', 'nodeSize'] as const).flatMap((name) => {
    const dropped = {[name]: UNLIMITED[name]};
    return limitFlags({...UNLIMITED, [name]: limits[name]}).map((text) => ({
      text,
      without: (wishes: W): W => ({...wishes, limits: {...(wishes.limits ?? UNLIMITED), ...dropped}}),
    }));
  });
  const chosen = {
    text: `--instance-types ${instanceTypes.join(',')}`,
    without: (wishes: W): W => ({...wishes, instanceTypes: ['*']}),
  };
  const survived = surges.map((surge) => ({
    text: `--survive ${surge}`,
    without: (wishes: W): W => ({...wishes, surges: wishes.surges.filter((other) => other !== surge)}),
  }));
  return [...limited, ...(instanceTypes.length === 0 ? [] : [chosen]), ...survived];
}

/** The fewest workloads that need more instance types than there may be. */
function workloadsApart({relaxed, relaxedShapes}: Demand): readonly Workload[] {
  const {kinds} = relaxed.limits;
  const sets = kindsByItem(relaxed);
  if (kinds === null || fewestKinds([...sets.values()]).length <= kinds) return [];
  const items = [...new Map([...sets].map(([item, own]) => [[...own].sort().join('\n'), item])).values()];
  return smallestSubset(items.length, (chosen) => {
    return fewestKinds(chosen.map((index) => sets.get(items[index]!)!)).length > kinds;
  }).map((index) => relaxedShapes[items[index]!]!.classes[0]!.workload);
}
