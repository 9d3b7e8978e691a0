/**
 * The extension points of the scheduling framework, named as upstream. Nodes are indices into `Handle.nodes`.
 *
 * What a plugin works out about a pod it returns from PreFilter or PreScore and gets back with every node, as upstream
 * does through CycleState. Plugins that upstream gives no PreFilter or PreScore of their own use these in the same way,
 * to look at a class of pods once instead of at every node.
 */
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import type {KubernetesVersion} from '../simulation.ts';
import type {ClusterState} from '../state/clusterState.ts';
import type {Status} from './status.ts';

/** What plugins are given when they are made. */
export interface Handle {
  readonly nodes: readonly Node[];
  readonly state: ClusterState;
  readonly kubernetesVersion: KubernetesVersion;
}

export interface Plugin {
  readonly name: string;
}

export interface PreEnqueuePlugin extends Plugin {
  /** Holds a pod back from the queue. */
  preEnqueue(pod: Pod): Status | null;
}

export interface QueueSortPlugin extends Plugin {
  /** Negative when `a` is scheduled before `b`; 0 leaves it to the order of arrival. */
  compare(a: Pod, b: Pod): number;
}

export type PreFilterResult<State> =
  /** The plugin has nothing to say about the pod; its Filter is not called. */
  | {readonly kind: 'Skip'}
  /** `nodes`, ascending, are the only ones the pod can go to; null for all. */
  | {readonly kind: 'Success'; readonly state: State; readonly nodes: readonly number[] | null}
  /** No node will do. */
  | {readonly kind: 'Rejected'; readonly status: Status};

export interface FilterPlugin<State = unknown> extends Plugin {
  preFilter(pod: Pod): PreFilterResult<State>;
  /** null when the pod can run on the node. */
  filter(state: State, node: number): Status | null;
}

export type PreScoreResult<State> = {readonly kind: 'Skip'} | {readonly kind: 'Success'; readonly state: State};

export interface ScorePlugin<State = unknown> extends Plugin {
  preScore(pod: Pod, feasible: Int32Array): PreScoreResult<State>;
  score(state: State, node: number): number;
  /** Brings the scores of the feasible nodes into 0 … 100, in place; absent where `score` is in it already. */
  normalizeScore?(scores: Float64Array): void;
}

/** The highest score of a node by one plugin, before its weight. */
export const MAX_NODE_SCORE = 100;

export const SKIP = {kind: 'Skip'} as const;

export function success<State>(state: State, nodes: readonly number[] | null = null) {
  return {kind: 'Success', state, nodes} as const;
}
