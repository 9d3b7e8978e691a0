import type {Pod} from '../../model/pod.ts';
import type {Diagnosis} from './fitError.ts';
import type {FailedAttempt} from './postFilter.ts';

/** Finds a node for a pod, without putting it there. */
export interface Evaluator {
  evaluate(pod: Pod, options?: EvaluateOptions): Outcome;
}

export interface EvaluateOptions {
  /** Fills in `ties` and `scores`, and `diagnosis` also when a node was found. */
  readonly explain?: boolean;
}

/** The result of one scheduling cycle. */
export interface Outcome {
  /** The node taken, -1 when there is none. */
  readonly node: number;
  /** Number of nodes that filters looked at. */
  readonly evaluated: number;
  readonly feasible: number;
  /** Weighted total of the node taken; null where nothing is scored: one feasible node, or the nominated one. */
  readonly score: number | null;
  /** Number of nodes with the highest total; 0 without a node. */
  readonly tieCount: number;
  /** null when a node was found and no explanation was asked for, and when there are no nodes at all. */
  readonly diagnosis: Diagnosis | null;
  /** What PostFilter works with; null when a node was found, and when there are no nodes at all. */
  readonly failure: FailedAttempt | null;
  /** Ascending. */
  readonly ties: readonly number[] | null;
  readonly scores: ScoreSheet | null;
}

/** The outcome of a cycle that looked at no node. */
export const NO_NODE: Outcome = {
  node: -1,
  evaluated: 0,
  feasible: 0,
  score: null,
  tieCount: 0,
  diagnosis: null,
  failure: null,
  ties: null,
  scores: null,
};

/** The scores of the feasible nodes; plugins that were skipped are absent. */
export interface ScoreSheet {
  readonly nodes: Int32Array;
  readonly plugins: readonly PluginScores[];
  /** Sum of the weighted scores, by position in `nodes`. */
  readonly totals: Float64Array;
}

export interface PluginScores {
  readonly plugin: string;
  readonly weight: number;
  /** What the plugin says of each node, by position in `nodes`. */
  readonly raw: Float64Array;
  /** The same in 0 … 100, before the weight. */
  readonly normalized: Float64Array;
}
