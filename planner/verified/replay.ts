import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import type {SchedulerConfiguration} from '../../simulator/framework/schedulerConfiguration.ts';
import {simulate} from '../../simulator/simulate.ts';
import type {PendingPod, Simulation, SimulationOptions} from '../../simulator/simulation.ts';
import {onNodes} from '../demand/daemons.ts';
import type {Demand} from '../demand/demand.ts';
import {type NodeCounts, toNodes} from './nodeCounts.ts';

/** A demand that a plan must hold. */
export interface DemandState {
  /** Such as `now` or `peak hour`. */
  readonly name: string;
  readonly model: ClusterModel;
  readonly demand: Demand;
}

/** What may fail while everything else has to find a place on the rest. */
export interface Losses {
  readonly node: boolean;
  readonly zone: boolean;
}

export const NO_LOSSES: Losses = {node: false, zone: false};

/** What the scheduler makes of a fleet, in the state that leaves most undone. */
export interface Outcome {
  /** `now`, `now without us-east-1a`. */
  readonly state: string;
  readonly pods: number;
  readonly pending: readonly PendingPod[];
  /** The worth of the pending pods by the price list. */
  readonly missing: number;
}

export interface ReplayOptions {
  readonly simulation: SimulationOptions;
  readonly configuration: SchedulerConfiguration | undefined;
  readonly losses: Losses;
  /** Whether pods of DaemonSets come before all others, instead of at their place in the input. */
  readonly daemonsFirst: boolean;
  /** The class of the demand that a class of the replay stands for. */
  readonly original: (podClass: PodClass) => PodClass;
  /** What a pod of a class of the demand is worth, in the catalogue's currency in an hour. */
  readonly priceOf: (podClass: PodClass) => number;
}

/** Asks the simulator what kube-scheduler would do with a fleet; the same question is asked once. */
export class Replay {
  readonly #states: readonly DemandState[];
  readonly #options: ReplayOptions;
  readonly #known = new Map<string, Outcome>();

  constructor(states: readonly DemandState[], options: ReplayOptions) {
    this.#states = states;
    this.#options = options;
  }

  /** Fleets that were tried so far. */
  get tries(): number {
    return this.#known.size;
  }

  get losses(): Losses {
    return this.#options.losses;
  }

  /** The demand whose offerings the counts are of; all states have the same. */
  get demand(): Demand {
    return this.#states[0]!.demand;
  }

  original(podClass: PodClass): PodClass {
    return this.#options.original(podClass);
  }

  run(counts: NodeCounts): Outcome {
    const key = [...counts].join(' ');
    let outcome = this.#known.get(key);
    if (outcome === undefined) {
      outcome = this.#worst(toNodes(counts, this.demand));
      this.#known.set(key, outcome);
    }
    return outcome;
  }

  #worst(nodes: readonly Node[]): Outcome {
    let worst: Outcome | null = null;
    for (const {name, model, demand} of this.#states) {
      for (const {suffix, left, excused} of failures(nodes, demand, this.#options.losses)) {
        const outcome = this.#outcome(`${name}${suffix}`, model, demand, left, excused);
        if (worst === null || outcome.missing > worst.missing) worst = outcome;
      }
    }
    return worst!;
  }

  #outcome(
    state: string,
    model: ClusterModel,
    demand: Demand,
    nodes: readonly Node[],
    isExcused: (podClass: PodClass) => boolean,
  ): Outcome {
    const {nodeOfPod, pending, evicted} = this.simulate(
      onNodes(model, demand.daemons, nodes, this.#options.daemonsFirst),
    );
    const left = [...pending, ...evicted.map((one) => ({...one, reasons: []}))].filter(
      ({pod}) => !isExcused(this.original(pod.class)),
    );
    return {
      state,
      pods: nodeOfPod.length,
      pending: left,
      missing: left.reduce((sum, {pod}) => sum + this.#options.priceOf(this.original(pod.class)), 0),
    };
  }

  /** What the scheduler makes of a model that is on its nodes. */
  simulate(model: ClusterModel): Simulation {
    const {simulation, configuration} = this.#options;
    // What keeps a gang waiting is told from its pods, so it is not worked out here.
    return simulate({...model, gangs: []}, simulation, configuration);
  }
}

interface Failure {
  readonly suffix: string;
  readonly left: readonly Node[];
  /** Pods that cannot be anywhere else. */
  readonly excused: (podClass: PodClass) => boolean;
}

const nobody = (): boolean => false;

/**
 * The fleet whole, then without one node of each kind, or without each zone. Nodes of a kind and zone stand side by side,
 * so it is all the same which of them is lost, but for the first of a zone: the scheduler goes round the zones in the
 * order of their first nodes.
 */
function failures(nodes: readonly Node[], demand: Demand, {node, zone}: Losses): readonly Failure[] {
  const found: Failure[] = [{suffix: '', left: nodes, excused: nobody}];
  if (node) {
    const seen = new Set<string>();
    const zones = new Set<string | null>();
    for (const lost of nodes) {
      const isFirst = !zones.has(lost.zone);
      zones.add(lost.zone);
      const kind = `${lost.nodePool} ${lost.instanceType} ${lost.zone} ${isFirst}`;
      if (seen.has(kind)) continue;
      seen.add(kind);
      found.push({suffix: ` without ${lost.name}`, left: nodes.filter((other) => other !== lost), excused: nobody});
    }
  }
  if (zone) {
    for (const lost of demand.zones) {
      found.push({
        suffix: ` without ${lost}`,
        left: nodes.filter((other) => other.zone !== lost),
        excused: (podClass) => demand.isTiedTo(podClass, lost),
      });
    }
  }
  return found;
}
