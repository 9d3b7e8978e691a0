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
  readonly #scoresImprovement: boolean;
  readonly #scoreState = perClass((podClass) => this.#toScoreState(podClass));
  readonly #balances = new Map<string, {readonly balances: Uint8Array; readonly stamps: Int32Array}>();
  /** Room for the fractions of one node, so that scoring allocates nothing. */
  readonly #fractions: Float64Array;

  constructor(args: NodeResourcesBalancedAllocationArgs, {state, kubernetesVersion}: Handle) {
    this.#state = state;
    this.#scored = scoredResources(
      args.resources.map((name) => ({name, weight: 1})),
      state.resources,
    );
    this.#scoresImprovement = isAtLeast(kubernetesVersion, '1.36');
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

  scoreNodes(pod: ScoreState, marks: Uint8Array, weight: number, sums: Int32Array): void {
    const {allocatable, resources: table} = this.#state;
    const isPair = pod.resources.length === 2;
    if (isPair && this.#scorePairs(pod, marks, weight, sums)) return;
    for (let node = 0; node < marks.length; node++) {
      if (marks[node] === 0) continue;
      if (isPair && hasBoth(allocatable, node * table.size, pod.resources)) continue;
      sums[node]! += weight * this.score(pod, node);
    }
  }

  /**
   * `scoreNodes` for two resources, by far the most frequent number, on the nodes that have both: the same arithmetic
   * without loops or calls inside, which takes half the time. Whether these were all.
   */
  #scorePairs({resources, amounts}: ScoreState, marks: Uint8Array, weight: number, sums: Int32Array): boolean {
    const {allocatable, requested, resources: table, changes} = this.#state;
    const {lastOfNode} = changes;
    const {balances, stamps} = this.#balancesOf(resources);
    const {size} = table;
    const [first, second] = [resources[0]!, resources[1]!];
    const [firstAmount, secondAmount] = [amounts[0]!, amounts[1]!];
    const scoresImprovement = this.#scoresImprovement;
    let isComplete = true;
    for (let node = 0; node < marks.length; node++) {
      if (marks[node] === 0) continue;
      const a = node * size + first;
      const b = node * size + second;
      const firstCapacity = allocatable[a]!;
      const secondCapacity = allocatable[b]!;
      if (firstCapacity === 0 || secondCapacity === 0) {
        isComplete = false;
        continue;
      }
      const balance = pairBalance(
        fraction(requested[a]! + firstAmount, firstCapacity),
        fraction(requested[b]! + secondAmount, secondCapacity),
      );
      if (!scoresImprovement) {
        sums[node]! += weight * balance;
        continue;
      }
      const last = lastOfNode[node]!;
      if (stamps[node] !== last) {
        balances[node] = pairBalance(fraction(requested[a]!, firstCapacity), fraction(requested[b]!, secondCapacity));
        stamps[node] = last;
      }
      const gain = balance - balances[node]!;
      sums[node]! += weight * (MAX_NODE_SCORE / 2 + (((MAX_NODE_SCORE / 2 + gain) / 2) | 0));
    }
    return isComplete;
  }

  /** How balanced the nodes are without the pod, each with the moment it was worked out. */
  #balancesOf(resources: Int32Array): {readonly balances: Uint8Array; readonly stamps: Int32Array} {
    const key = resources.join();
    const known = this.#balances.get(key);
    if (known !== undefined) return known;
    const {nodeCount} = this.#state;
    const made = {balances: new Uint8Array(nodeCount), stamps: new Int32Array(nodeCount).fill(-1)};
    this.#balances.set(key, made);
    return made;
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
      resources: new Int32Array(scored.map(({index}) => index)),
      amounts: new Float64Array(amounts),
    };
  }
}

function hasBoth(allocatable: Float64Array, row: number, resources: Int32Array): boolean {
  return allocatable[row + resources[0]!] !== 0 && allocatable[row + resources[1]!] !== 0;
}

/** 100 when two fractions are equal, 50 when one is all and the other nothing. */
function pairBalance(first: number, second: number): number {
  return ((1 - Math.abs((first - second) / 2)) * MAX_NODE_SCORE) | 0;
}

/** The share of a capacity that is asked for, at most 1. */
function fraction(requested: number, capacity: number): number {
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
