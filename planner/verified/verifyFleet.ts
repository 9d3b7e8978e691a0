import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import type {SchedulerConfiguration} from '../../simulator/framework/schedulerConfiguration.ts';
import type {PendingPod, SimulationOptions} from '../../simulator/simulation.ts';
import {onNodes} from '../demand/daemons.ts';
import type {Demand} from '../demand/demand.ts';
import type {PackingSolution} from '../packingSolution.ts';
import {placedBins} from './bins.ts';
import {countsOf, type NodeCounts, toNodes} from './nodeCounts.ts';
import {architecturePins, heldToTypes, type Pin, typePins, withPins} from './pins.ts';
import {type DemandState, type Losses, Replay} from './replay.ts';
import {searchFleet} from './search.ts';

export interface VerifyOptions {
  readonly simulation: SimulationOptions;
  readonly configuration: SchedulerConfiguration | undefined;
  readonly losses: Losses;
  /** What pods that name no architecture may run on. */
  readonly architectures: readonly string[];
  /** Whether every workload is held to the instance types that the packing has it on. */
  readonly pinTypes: boolean;
  /** Whether pods of DaemonSets come before all others, instead of at their place in the input. */
  readonly daemonsFirst: boolean;
  /** Fleets to try at most. */
  readonly tries: number;
  readonly seed: number;
  /** Packings by others, whose machines are tried, too. */
  readonly others: readonly PackingSolution[];
  /** No fleet that costs less can hold, in the catalogue's currency in an hour. */
  readonly lowerBound: number;
  /** What a node costs beside its price where their number is limited, as the prices of items have it; absent: nothing. */
  readonly nodeFee?: number;
  /** Once it says true, the rest of the search goes to taking away what the best fleet can do without. */
  shouldTrim(): boolean;
  shouldStop(): boolean;
  readonly onBetter?: (pricePerHour: number) => void;
}

/** A fleet with what kube-scheduler makes of it. */
export interface VerifiedFleet {
  readonly counts: NodeCounts;
  readonly nodes: readonly Node[];
  readonly pricePerHour: number;
  /** Of the first state, on the whole fleet; pods of DaemonSets are among them. */
  readonly placed: number;
  /** What the nodes hold then, as bins of the relaxed problem. */
  readonly bins: PackingSolution;
  /** In the state that leaves most undone; empty in all of them where it is empty. */
  readonly pending: readonly PendingPod[];
  /** The state that leaves most undone; where none does, the first. */
  readonly state: string;
  /** What has to be added to workloads for this to hold. */
  readonly pins: readonly Pin[];
  /** The model of the first state on the nodes, as the scheduler saw it. */
  readonly model: ClusterModel;
  /** Node index by pod index of that model. */
  readonly nodeOfPod: Int32Array;
  /** Fleets that were tried. */
  readonly tries: number;
}

/**
 * From a packing to a fleet that holds under the scheduler's own decisions. `prices`: what an item of the first state is
 * worth, by item, in the catalogue's currency in an hour. Pods for which there is no machine are left out; the caller
 * knows them.
 */
export function verifyFleet(
  states: readonly DemandState[],
  solution: PackingSolution,
  prices: readonly number[],
  options: VerifyOptions,
): VerifiedFleet {
  const {demand} = states[0]!;
  const pins = [
    ...architecturePins(demand, options.architectures),
    ...(options.pinTypes ? typePins(demand, solution) : []),
  ];
  const originals = new Map<PodClass, PodClass>();
  const replayed = states.map((state): DemandState => {
    const {model, original: unpinned} = withPins(withoutUnplaceable(state.model, state.demand), pins);
    for (const podClass of model.classes) originals.set(podClass, unpinned(podClass));
    return {...state, model, demand: options.pinTypes ? heldToTypes(state.demand, solution) : state.demand};
  });
  const original = (podClass: PodClass): PodClass => originals.get(podClass) ?? podClass;
  const replay = new Replay(replayed, {
    ...options,
    original,
    priceOf: priceList(demand, prices),
  });
  const {counts, pricePerHour, outcome} = searchFleet(
    replay,
    [solution, ...options.others].map((one) => countsOf(one, demand)),
    prices,
    options,
  );
  const nodes = toNodes(counts, demand);
  const first = replayed[0]!;
  const model = onNodes(first.model, demand.daemons, nodes, options.daemonsFirst);
  const {nodeOfPod} = replay.simulate(model);
  return {
    counts,
    nodes,
    pricePerHour,
    placed: nodeOfPod.reduce((sum, node) => sum + (node >= 0 ? 1 : 0), 0),
    bins: placedBins(demand, counts, model, nodeOfPod, original),
    pending: outcome.pending,
    state: outcome.state,
    pins,
    model,
    nodeOfPod,
    tries: replay.tries,
  };
}

/** What a pod is worth: that of its item, on average where a class is several; pods of DaemonSets cost what they weigh. */
function priceList({shapes, problem}: Demand, prices: readonly number[]): (podClass: PodClass) => number {
  const worth = new Map<PodClass, number>();
  for (const [item, {classes}] of shapes.entries()) {
    for (const podClass of classes) worth.set(podClass, Math.max(worth.get(podClass) ?? 0, prices[item]!));
  }
  const least = Math.min(...problem.items.map((_, item) => prices[item]!).filter((price) => price > 0), 1);
  return (podClass) => Math.max(worth.get(podClass) ?? least, least);
}

/** Without the pods that no machine can take, which would only stand in the queue. */
function withoutUnplaceable(model: ClusterModel, {unplaceable}: Demand): ClusterModel {
  if (unplaceable.length === 0) return model;
  const left = new Map(unplaceable.map(({podClass, pods}) => [podClass, pods]));
  const dropped = new Set(
    model.pods.toReversed().filter(({class: podClass}) => {
      const count = left.get(podClass) ?? 0;
      left.set(podClass, count - 1);
      return count > 0;
    }),
  );
  const pods = model.pods.filter((pod) => !dropped.has(pod));
  return {
    ...model,
    pods,
    podGroups: model.podGroups.map((group) => ({...group, pods: group.pods.filter((pod) => !dropped.has(pod))})),
  };
}
