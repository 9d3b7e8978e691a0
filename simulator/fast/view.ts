import type {LocalFailure} from './localFailure.ts';

/** The best node for a pod. */
export interface Choice {
  /** -1 when there is none. */
  readonly node: number;
  readonly feasible: number;
  /** null when there is only one feasible node, which is taken without scoring. */
  readonly score: number | null;
}

export const NO_CHOICE: Choice = {node: -1, feasible: 0, score: null};

/** How all nodes stand for the pods of one class. */
export interface View {
  /** Whether verdicts depend on pods of other nodes. */
  readonly hasTopologyFilters: boolean;
  readonly failure: LocalFailure;
  /** The node for the next pod of the class, as things are now. */
  choose(): Choice;
  /** All nodes with the highest total, ascending; after `choose`, which must have scored. */
  ties(total: number): Int32Array;
  countTies(total: number): number;
  /** Gives back what can be used again; the view is of no use from then on. */
  release(): void;
}
