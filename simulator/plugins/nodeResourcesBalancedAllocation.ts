import type {Pod, PodClass} from '../../model/pod.ts';
import {amountOf, CPU, MEMORY} from '../../model/resources.ts';
import {perClass} from '../framework/perClass.ts';
import {
  type Handle,
  MAX_NODE_SCORE,
  type PreScoreResult,
  type ScorePlugin,
  SKIP,
  success,
} from '../framework/plugin.ts';
import {isAtLeast} from '../simulation.ts';
import type {ClusterState} from '../state/clusterState.ts';
import {CPU_INDEX, MEMORY_INDEX} from '../state/resourceTable.ts';
import type {CpuAndMemory} from './nodeResourcesFit.ts';
import {type ScoredResource, scoredResources} from './scoringStrategy.ts';

/** NodeResourcesBalancedAllocationArgs of KubeSchedulerConfiguration; weights are always 1. */
export interface NodeResourcesBalancedAllocationArgs {
  readonly resources: readonly string[];
}

export const DEFAULT_BALANCED_ALLOCATION_ARGS: NodeResourcesBalancedAllocationArgs = {resources: [CPU, MEMORY]};

interface ScoreState {
  readonly resources: Int32Array;
  readonly amounts: Float64Array;
}

/** Prefers nodes whose resources are used to an equal degree; from 1.36 on, those that the pod makes more equal. */
export class NodeResourcesBalancedAllocation implements ScorePlugin<ScoreState> {
  readonly name = 'NodeResourcesBalancedAllocation';
  readonly scoreScope = 'node';
  readonly #state: ClusterState;
  readonly #scored: readonly ScoredResource[];
  /** Indices of all of these, which most classes share. */
  readonly #scoredIndices: Int32Array;
  readonly #scoresImprovement: boolean;
  readonly #scoreState = perClass((podClass) => this.#toScoreState(podClass));
  readonly #balances: Uint8Array;
  /** Changes of the cluster that the balances know of, -1 before they are first asked for. */
  #position = -1;
  /** Room for the fractions of one node, so that scoring allocates nothing. */
  readonly #fractions: Float64Array;

  constructor(args: NodeResourcesBalancedAllocationArgs, {state, kubernetesVersion}: Handle) {
    this.#state = state;
    this.#scored = scoredResources(
      args.resources.map((name) => ({name, weight: 1})),
      state.resources,
    );
    this.#scoresImprovement = isAtLeast(kubernetesVersion, '1.36');
    this.#scoredIndices = new Int32Array(this.#scored.map(({index}) => index));
    this.#balances = new Uint8Array(state.nodeCount);
    this.#fractions = new Float64Array(args.resources.length);
  }

  preScore(pod: Pod): PreScoreResult<ScoreState> {
    const state = this.#scoreState(pod.class);
    return state === null ? SKIP : success(state);
  }

  score(pod: ScoreState, node: number): number {
    const balanceWith = this.#balance(pod, node, 1);
    if (!this.#scoresImprovement) return balanceWith;
    const gain = balanceWith - this.#balance(pod, node, 0);
    return MAX_NODE_SCORE / 2 + Math.trunc((MAX_NODE_SCORE / 2 + gain) / 2);
  }

  /** What a pod adds to CPU and memory, where nodes are scored by the balance of these two; else null. */
  cpuAndMemoryPair({resources, amounts}: ScoreState): CpuAndMemory | null {
    const isPair = resources.length === 2 && resources[0] === CPU_INDEX && resources[1] === MEMORY_INDEX;
    return isPair ? {cpu: amounts[0]!, memory: amounts[1]!} : null;
  }

  /**
   * How balanced CPU and memory of each node are as it stands, anything for nodes that lack one of them; null up to 1.35,
   * where it does not count. True until the next change.
   */
  balances(): Uint8Array | null {
    if (!this.#scoresImprovement) return null;
    const {nodeCount, changes} = this.#state;
    const {length} = changes;
    if (this.#position < 0 || length - this.#position > nodeCount) {
      for (let node = 0; node < nodeCount; node++) this.#renewBalance(node);
    } else {
      for (let position = this.#position; position < length; position++) this.#renewBalance(changes.nodeAt(position));
    }
    this.#position = length;
    return this.#balances;
  }

  #renewBalance(node: number): void {
    const {allocatable, requested, resources} = this.#state;
    const cpu = node * resources.size + CPU_INDEX;
    const memory = node * resources.size + MEMORY_INDEX;
    this.#balances[node] = pairBalance(
      fraction(requested[cpu]!, allocatable[cpu]!),
      fraction(requested[memory]!, allocatable[memory]!),
    );
  }

  /** 100 when all fractions are equal, less the more they differ; `share` of the pod is counted. */
  #balance({resources, amounts}: ScoreState, node: number, share: 0 | 1): number {
    const {allocatable, requested, resources: table} = this.#state;
    const row = node * table.size;
    let count = 0;
    for (let i = 0; i < resources.length; i++) {
      const cell = row + resources[i]!;
      if (allocatable[cell] === 0) continue;
      this.#fractions[count++] = Math.min(1, (requested[cell]! + share * amounts[i]!) / allocatable[cell]!);
    }
    return Math.trunc((1 - standardDeviation(this.#fractions, count)) * MAX_NODE_SCORE);
  }

  /** null when the pod asks for none of the resources. */
  #toScoreState({requests}: PodClass): ScoreState | null {
    const scored = this.#scored.filter(({name, isScalar}) => !isScalar || amountOf(requests, name) > 0);
    const amounts = scored.map(({name}) => amountOf(requests, name));
    if (amounts.every((amount) => amount === 0)) return null;
    return {
      resources:
        scored.length === this.#scored.length ? this.#scoredIndices : new Int32Array(scored.map(({index}) => index)),
      amounts: new Float64Array(amounts),
    };
  }
}

/** 100 when two fractions are equal, 50 when one is all and the other nothing. */
export function pairBalance(first: number, second: number): number {
  return ((1 - Math.abs((first - second) / 2)) * MAX_NODE_SCORE) | 0;
}

/** The share of a capacity that is asked for, at most 1. */
export function fraction(requested: number, capacity: number): number {
  return requested >= capacity ? 1 : requested / capacity;
}

/** Of the first `count` values; for two of them half their distance, which is the same but for rounding. */
function standardDeviation(values: Float64Array, count: number): number {
  if (count < 2) return 0;
  if (count === 2) return Math.abs((values[0]! - values[1]!) / 2);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) * (values[i]! - mean);
  return Math.sqrt(squares / count);
}
