/** What goes into a simulation and what comes out, apart from the cluster itself. */
import type {Pod} from '../model/pod.ts';
import type {GangOutcome} from './gangs/gangOutcome.ts';

/** Minor versions of Kubernetes whose scheduler is reproduced; the newest is the default. */
export const KUBERNETES_VERSIONS = ['1.33', '1.34', '1.35', '1.36'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];
export const DEFAULT_KUBERNETES_VERSION: KubernetesVersion = '1.36';

/** Whether a version has what came with `since`. */
export function isAtLeast(version: KubernetesVersion, since: KubernetesVersion): boolean {
  return KUBERNETES_VERSIONS.indexOf(version) >= KUBERNETES_VERSIONS.indexOf(since);
}

export interface SimulationOptions {
  readonly kubernetesVersion: KubernetesVersion;
  /**
   * 100 scores every node, 0 samples adaptively as upstream does. A value in the profile of a scheduler configuration
   * wins; the configuration's global value is for the caller to take as its default here.
   */
  readonly percentageOfNodesToScore: number;
  readonly seed: number;
  /** Which of equally good nodes is taken: the first by index, or one drawn with the seed. */
  readonly ties: 'first' | 'random';
  /** How nodes are found; both find the same ones. `fast` by default. */
  readonly evaluator?: 'fast' | 'reference';
  /** Called after every scheduling attempt, in order. */
  readonly onDecision?: (decision: Decision) => void;
  /** Adds `ties` and `scores` to each decision; costs an object per node. */
  readonly explainScores?: boolean;
  /** Called now and then with the number of pods attempted so far. */
  readonly onProgress?: (attempted: number, total: number) => void;
}

/** One scheduling attempt, as the decision log prints it (design.md §6). */
export interface Decision {
  readonly seq: number;
  readonly pod: string;
  readonly node: string | null;
  readonly evaluated: number;
  readonly feasible: number;
  /** Weighted total of the node taken; null where upstream scores nothing (one feasible node, nominated node). */
  readonly score: number | null;
  readonly tieCount: number;
  readonly message: string | null;
  readonly nominatedNode: string | null;
  readonly victims: readonly string[];
  readonly ties?: readonly string[];
  /** Weighted, after normalisation, by node and plugin; plugins that were skipped are absent. */
  readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export type StatusCode = 'Unschedulable' | 'UnschedulableAndUnresolvable';

/** Nodes that one plugin turned down for one reason. */
export interface ReasonCount {
  readonly plugin: string;
  readonly code: StatusCode;
  readonly reason: string;
  readonly nodes: number;
}

export interface PendingPod {
  readonly pod: Pod;
  /** The text of the FailedScheduling event. */
  readonly message: string;
  readonly reasons: readonly ReasonCount[];
}

export interface WaitingPod {
  readonly pod: Pod;
  readonly message: string;
}

/** A pod without a controller that had to make room for a more important one. */
export type EvictedPod = WaitingPod;

/** The outcome for every pod of the model; each pod is in exactly one of the five groups. */
export interface Simulation {
  /** Node index by pod index; -1 where the pod has no node. */
  readonly nodeOfPod: Int32Array;
  readonly pending: readonly PendingPod[];
  /** Held back by PreEnqueue: scheduling gates. */
  readonly gated: readonly WaitingPod[];
  /** Passed over by the scheduler: they name a profile that the configuration does not have, or are being deleted. */
  readonly ignored: readonly WaitingPod[];
  readonly evicted: readonly EvictedPod[];
  /** In the order of the model. */
  readonly gangs: readonly GangOutcome[];
}
