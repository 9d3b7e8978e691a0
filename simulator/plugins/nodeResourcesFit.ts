import type {Pod, PodClass} from '../../model/pod.ts';
import {nonZeroRequests, podRequests} from '../../model/podRequests.ts';
import {amountOf, CPU, isExtendedResource, MEMORY, toResources} from '../../model/resources.ts';
import {perClass} from '../framework/perClass.ts';
import {
  type FilterPlugin,
  type Handle,
  type PreFilterResult,
  type PreScoreResult,
  type ScorePlugin,
  success,
} from '../framework/plugin.ts';
import {type Status, unresolvable, unschedulable} from '../framework/status.ts';
import {isAtLeast} from '../simulation.ts';
import type {ClusterState} from '../state/clusterState.ts';
import {CPU_INDEX, MEMORY_INDEX} from '../state/resourceTable.ts';
import {
  leastAllocated,
  mostAllocated,
  type ResourceScore,
  requestedToCapacityRatio,
  type ScoredResource,
  type ScoringStrategy,
  scoredResources,
} from './scoringStrategy.ts';

/** NodeResourcesFitArgs of KubeSchedulerConfiguration. */
export interface NodeResourcesFitArgs {
  /** Extended resources that are not checked. */
  readonly ignoredResources: readonly string[];
  /** The part before the slash of extended resources that are not checked. */
  readonly ignoredResourceGroups: readonly string[];
  readonly scoringStrategy: ScoringStrategy;
}

export const DEFAULT_NODE_RESOURCES_FIT_ARGS: NodeResourcesFitArgs = {
  ignoredResources: [],
  ignoredResourceGroups: [],
  scoringStrategy: {
    type: 'LeastAllocated',
    resources: [
      {name: CPU, weight: 1},
      {name: MEMORY, weight: 1},
    ],
  },
};

interface FilterState {
  /** Resource indices in the order of reporting, and the amounts wanted of each, above zero. */
  readonly resources: Int32Array;
  readonly amounts: Float64Array;
  /** The statuses given so far, by which of the resources fell short; null before the first. */
  statuses: Map<number, Status> | null;
}

interface ScoreState {
  readonly resources: Int32Array;
  readonly weights: Float64Array;
  /** What the pod adds to each. */
  readonly amounts: Float64Array;
}

/** Millicores and bytes. */
export interface CpuAndMemory {
  readonly cpu: number;
  readonly memory: number;
}

/** Whether a node has room for the pod's requests, and how well they suit it. */
export class NodeResourcesFit implements FilterPlugin<FilterState>, ScorePlugin<ScoreState> {
  readonly name = 'NodeResourcesFit';
  readonly filterScope = 'node';
  readonly scoreScope = 'node';
  readonly #state: ClusterState;
  readonly #args: NodeResourcesFitArgs;
  /** From 1.34 on a request that exceeds even the empty node is beyond preemption's help. */
  readonly #knowsHopeless: boolean;
  readonly #resourceScore: ResourceScore;
  readonly #scored: readonly ScoredResource[];
  /** Indices and weights of all of these, which most classes share. */
  readonly #scoredIndices: Int32Array;
  readonly #scoredWeights: Float64Array;
  /** By resource: 0 for those that the arguments leave out. */
  readonly #isChecked: Uint8Array;
  /** By resource: 1 for those that DynamicResources looks after where a node has none, as they are devices of a class there. */
  readonly #canBeDevices: Uint8Array;
  readonly #filterState = perClass((podClass) => this.#toFilterState(podClass));
  readonly #scoreState = perClass((podClass) => this.#toScoreState(podClass));

  constructor(args: NodeResourcesFitArgs, {state, kubernetesVersion, dynamicResources}: Handle) {
    this.#state = state;
    this.#args = args;
    this.#knowsHopeless = isAtLeast(kubernetesVersion, '1.34');
    this.#resourceScore = toResourceScore(args.scoringStrategy);
    this.#scored = scoredResources(args.scoringStrategy.resources, state.resources);
    this.#scoredIndices = new Int32Array(this.#scored.map(({index}) => index));
    this.#scoredWeights = new Float64Array(this.#scored.map(({weight}) => weight));
    const {names} = state.resources;
    this.#isChecked = new Uint8Array(names.map((name) => (this.#isIgnored(name) ? 0 : 1)));
    this.#canBeDevices = new Uint8Array(
      names.map((name) => (dynamicResources.classOfResource(name) === undefined ? 0 : 1)),
    );
  }

  preFilter(pod: Pod): PreFilterResult<FilterState> {
    return success(this.#filterState(pod.class));
  }

  filter(wanted: FilterState, node: number): Status | null {
    const {allocatable, requested, podCount, allowedPods, resources: table} = this.#state;
    const row = node * table.size;
    let hopeless = false;
    // Which of the checks failed, one bit each, to find the status made for the same failures before.
    let misses = podCount[node]! + 1 > allowedPods[node]! ? 1 : 0;
    for (let i = 0, bit = 2; i < wanted.resources.length; i++, bit *= 2) {
      const cell = row + wanted.resources[i]!;
      if (wanted.amounts[i]! > allocatable[cell]! - requested[cell]!) {
        if (this.#canBeDevices[wanted.resources[i]!] === 1 && allocatable[cell] === 0) continue;
        misses += bit;
        if (this.#knowsHopeless && wanted.amounts[i]! > allocatable[cell]!) hopeless = true;
      }
    }
    return misses === 0 ? null : this.#statusOf(wanted, node, misses, hopeless);
  }

  filterNodes(wanted: FilterState, marks: Uint8Array): void {
    const {podCount, allowedPods} = this.#state;
    for (let node = 0; node < marks.length; node++) {
      if (podCount[node]! + 1 > allowedPods[node]!) marks[node] = 0;
    }
    for (let i = 0; i < wanted.resources.length; i++) this.#filterByResource(wanted, i, marks);
  }

  #filterByResource({resources, amounts}: FilterState, i: number, marks: Uint8Array): void {
    const {allocatable, available, resources: table} = this.#state;
    const {size} = table;
    const amount = amounts[i]!;
    const canBeDevice = this.#canBeDevices[resources[i]!] === 1;
    for (let node = 0, cell = resources[i]!; node < marks.length; node++, cell += size) {
      if (amount > available[cell]! && !(canBeDevice && allocatable[cell] === 0)) marks[node] = 0;
    }
  }

  preScore(pod: Pod): PreScoreResult<ScoreState> {
    return success(this.#scoreState(pod.class));
  }

  score({resources, weights, amounts}: ScoreState, node: number): number {
    const {allocatable, requested, nonZeroRequested, resources: table} = this.#state;
    const row = node * table.size;
    const onlyPositive = this.#args.scoringStrategy.type === 'RequestedToCapacityRatio';
    let sum = 0;
    let weightSum = 0;
    for (let i = 0; i < resources.length; i++) {
      const resource = resources[i]!;
      const capacity = allocatable[row + resource]!;
      if (capacity === 0) continue;
      const used =
        resource === CPU_INDEX || resource === MEMORY_INDEX
          ? nonZeroRequested[node * 2 + resource]!
          : requested[row + resource]!;
      const score = this.#resourceScore(used + amounts[i]!, capacity);
      if (onlyPositive && score <= 0) continue;
      sum += score * weights[i]!;
      weightSum += weights[i]!;
    }
    if (weightSum === 0) return 0;
    return onlyPositive ? Math.round(sum / weightSum) : Math.trunc(sum / weightSum);
  }

  /** What a pod asks for of CPU and memory, below any amount where it does not ask; and whether it asks for anything else. */
  cpuAndMemoryRequest({resources, amounts}: FilterState): CpuAndMemory & {readonly isAll: boolean} {
    const amountOf = (resource: number): number => {
      const i = resources.indexOf(resource);
      return i < 0 ? Number.NEGATIVE_INFINITY : amounts[i]!;
    };
    const isAll = resources.every((resource) => resource === CPU_INDEX || resource === MEMORY_INDEX);
    return {cpu: amountOf(CPU_INDEX), memory: amountOf(MEMORY_INDEX), isAll};
  }

  /** What a pod adds to CPU and memory, where nodes are scored by LeastAllocated of both alike; else null. */
  leastAllocatedPair(state: ScoreState): CpuAndMemory | null {
    const isUsual = this.#args.scoringStrategy.type === 'LeastAllocated' && isCpuAndMemory(state);
    return isUsual ? {cpu: state.amounts[0]!, memory: state.amounts[1]!} : null;
  }

  #toFilterState(podClass: PodClass): FilterState {
    const {resources, amounts} = this.#state.demandOf(podClass);
    const isChecked = (resource: number): boolean => this.#isChecked[resource] === 1;
    if (resources.every(isChecked)) return {resources, amounts, statuses: null};
    return {
      resources: resources.filter(isChecked),
      amounts: amounts.filter((_amount, i) => isChecked(resources[i]!)),
      statuses: null,
    };
  }

  #isIgnored(name: string): boolean {
    const {ignoredResources, ignoredResourceGroups} = this.#args;
    return (
      isExtendedResource(name) &&
      (ignoredResources.includes(name) || ignoredResourceGroups.includes(name.slice(0, name.indexOf('/'))))
    );
  }

  #statusOf(wanted: FilterState, node: number, misses: number, hopeless: boolean): Status {
    const key = hopeless ? -misses : misses;
    wanted.statuses ??= new Map();
    const known = wanted.statuses.get(key);
    if (known !== undefined) return known;
    const {allocatable, requested, podCount, allowedPods, resources: table} = this.#state;
    const reasons = podCount[node]! + 1 > allowedPods[node]! ? ['Too many pods'] : [];
    for (const [i, resource] of wanted.resources.entries()) {
      const cell = node * table.size + resource;
      const areDevices = this.#canBeDevices[resource] === 1 && allocatable[cell] === 0;
      if (!areDevices && wanted.amounts[i]! > allocatable[cell]! - requested[cell]!) {
        reasons.push(`Insufficient ${table.names[resource]!}`);
      }
    }
    const status = (hopeless ? unresolvable : unschedulable)(this.name, ...reasons);
    if (wanted.resources.length <= MAX_BITS) wanted.statuses.set(key, status);
    return status;
  }

  /** Scoring leaves the pod-level requests of the incoming pod out, as the scorer upstream is made without that feature. */
  #toScoreState(podClass: PodClass): ScoreState {
    const {resources: podLevel, ...containersOnly} = podClass.spec;
    const requests = podLevel === undefined ? podClass.requests : toResources(podRequests(containersOnly));
    const {cpu, memory} = podLevel === undefined ? podClass.nonZeroRequests : nonZeroRequests(containersOnly);
    const wanted = (name: string): number => (name === CPU ? cpu : name === MEMORY ? memory : amountOf(requests, name));
    const scored = this.#scored.filter(({name, isScalar}) => !isScalar || wanted(name) > 0);
    const isAll = scored.length === this.#scored.length;
    return {
      resources: isAll ? this.#scoredIndices : new Int32Array(scored.map(({index}) => index)),
      weights: isAll ? this.#scoredWeights : new Float64Array(scored.map(({weight}) => weight)),
      amounts: new Float64Array(scored.map(({name}) => wanted(name))),
    };
  }
}

/** Whether exactly these two are scored, with equal weights. */
function isCpuAndMemory({resources, weights}: ScoreState): boolean {
  return (
    resources.length === 2 && resources[0] === CPU_INDEX && resources[1] === MEMORY_INDEX && weights[0] === weights[1]
  );
}

/** Bits that a double holds exactly, less the one for the number of pods. */
const MAX_BITS = 52;

function toResourceScore(strategy: ScoringStrategy): ResourceScore {
  switch (strategy.type) {
    case 'LeastAllocated':
      return leastAllocated;
    case 'MostAllocated':
      return mostAllocated;
    case 'RequestedToCapacityRatio':
      return requestedToCapacityRatio(strategy.shape);
  }
}
