import type {PodClass} from '../../model/pod.ts';
import type {FilterPlugin, ScorePlugin} from '../framework/plugin.ts';
import type {AffinityCounts} from './affinityCounts.ts';
import type {LocalFailure} from './localFailure.ts';
import type {Signature} from './signature.ts';
import type {SpreadCounts} from './spreadCounts.ts';
import type {StaticNodes, StaticScores} from './staticNodes.ts';

/** A plugin with what its PreFilter or PreScore says of every pod of the class. */
export interface ActiveFilter {
  readonly plugin: FilterPlugin;
  readonly state: unknown;
}

export interface ActiveScore {
  readonly plugin: ScorePlugin;
  readonly state: unknown;
  readonly weight: number;
}

/** Everything that decides where pods of one class go. */
export interface ViewParts {
  readonly podClass: PodClass;
  /** Tells why no node will do, where domains do not matter. */
  readonly failure: LocalFailure;
  readonly nodes: StaticNodes;
  readonly statics: StaticScores | null;
  /** Filters and scores that look at the pods on the node. */
  readonly filters: readonly ActiveFilter[];
  readonly scores: readonly ActiveScore[];
  readonly signature: Signature;
  readonly spread: SpreadCounts | null;
  readonly affinity: AffinityCounts | null;
  readonly weights: GroupWeights;
}

/** Weights of the scores that are normalised over all feasible nodes; 0 for those that do not take part. */
export interface GroupWeights {
  readonly taints: number;
  readonly preference: number;
  readonly spread: number;
  readonly affinity: number;
}
