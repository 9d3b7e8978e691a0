/**
 * The extension points of the scheduling framework, named as upstream. Nodes are indices into `Handle.nodes`.
 *
 * What a plugin works out about a pod it returns from PreFilter or PreScore and gets back with every node, as upstream
 * does through CycleState. Plugins that upstream gives no PreFilter or PreScore of their own use these in the same way,
 * to look at a class of pods once instead of at every node.
 */
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import type {DraManager} from '../dynamicResources/draManager.ts';
import type {Nominator} from '../queue/nominator.ts';
import type {KubernetesVersion} from '../simulation.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';
import type {ClusterState} from '../state/clusterState.ts';
import type {PodIndex} from '../state/podIndex.ts';
import type {Topology} from '../state/topology.ts';
import type {VolumeState} from '../volumes/volumeState.ts';
import type {FailedAttempt, PostFilterResult} from './postFilter.ts';
import type {Status} from './status.ts';

/** What plugins are given when they are made. */
export interface Handle {
  readonly nodes: readonly Node[];
  readonly state: ClusterState;
  readonly objects: ClusterObjects;
  readonly topology: Topology;
  readonly podIndex: PodIndex;
  readonly volumes: VolumeState;
  readonly dynamicResources: DraManager;
  readonly nominator: Nominator;
  readonly kubernetesVersion: KubernetesVersion;
  /** A whole number below `count`, drawn with the seed of the run. */
  readonly draw: (count: number) => number;
  /** The same for one attempt at a pod, whatever was drawn before. */
  readonly drawFor: (pod: Pod, count: number) => number;
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

/**
 * Of what a verdict can depend on beside the pod: the node's own description, which does not change in a run; the pods
 * on that node, too; the pods in the node's topology domains; or objects that change as pods are bound.
 */
export type Scope = 'static' | 'node' | 'topology' | 'cluster';

export interface FilterPlugin<State = unknown> extends Plugin {
  readonly filterScope: Scope;
  preFilter(pod: Pod): PreFilterResult<State>;
  /** null when the pod can run on the node. */
  filter(state: State, node: number): Status | null;
  /** The same for all nodes at once: clears the mark of those marked with 1 that `filter` would turn down. */
  filterNodes?(state: State, marks: Uint8Array): void;
  /** Absent where the state of PreFilter holds nothing about other pods. */
  readonly preFilterExtensions?: PreFilterExtensions<State>;
}

/** Keeps a plugin's state true while other pods are thought to come to a node or to leave it. In place, on a clone. */
export interface PreFilterExtensions<State = unknown> {
  clone(state: State): State;
  addPod(state: State, pod: Pod, added: Pod, node: number): void;
  removePod(state: State, pod: Pod, removed: Pod, node: number): void;
}

/** What is tried when no node will do. */
export interface PostFilterPlugin extends Plugin {
  postFilter(attempt: FailedAttempt): PostFilterResult;
}

/**
 * Takes what a pod needs beside room on its node: claims are bound, devices allocated. Binding follows at once, so this
 * is upstream's Reserve and PreBind together.
 */
export interface ReservePlugin extends Plugin {
  reserve(pod: Pod, node: number): void;
  /** Gives it back when the pod is deleted. */
  release(pod: Pod): void;
}

export type PreScoreResult<State> = {readonly kind: 'Skip'} | {readonly kind: 'Success'; readonly state: State};

export interface ScorePlugin<State = unknown> extends Plugin {
  readonly scoreScope: Scope;
  preScore(pod: Pod, feasible: Int32Array): PreScoreResult<State>;
  score(state: State, node: number): number;
  /** Brings the scores of these nodes, all that are feasible, into 0 … 100, in place; absent where they are already. */
  normalizeScore?(scores: Float64Array, state: State, nodes: Int32Array): void;
}

/** The highest score of a node by one plugin, before its weight. */
export const MAX_NODE_SCORE = 100;

export const SKIP = {kind: 'Skip'} as const;

export function success<State>(state: State, nodes: readonly number[] | null = null) {
  return {kind: 'Success', state, nodes} as const;
}
