import type {Pod} from '../../model/pod.ts';
import type {Diagnosis} from './fitError.ts';
import type {Status} from './status.ts';

/** A scheduling cycle that found no node. */
export interface FailedAttempt {
  readonly pod: Pod;
  readonly diagnosis: Diagnosis;
  /** Whether the verdict on a node depends on that node alone. */
  readonly isLocal: boolean;
  /** Whether any other pod of the class would fail in the same way as long as nothing changes. */
  readonly holdsForClass: boolean;
  /** Whether PreFilter got as far as this plugin. */
  ranPreFilter(plugin: string): boolean;
  /** Starts to think pods away. */
  startDryRun(): DryRun;
}

/** Nodes as they would be without some of their pods. Every trial ends before the next begins. */
export interface DryRun {
  /** The result of `run`, in which pods leave one node and come back. */
  onNode<Result>(node: number, run: (trial: NodeTrial) => Result): Result;
}

export interface NodeTrial {
  remove(pod: Pod): void;
  add(pod: Pod): void;
  /** Why the pod still cannot run there, beside those nominated to the node; null when it can. */
  verdict(): Status | null;
}

export type PostFilterResult =
  /** The pod is nominated to the node once the victims, the most important first, are gone. */
  | {readonly kind: 'Success'; readonly node: number; readonly preemption: Preemption}
  /** `keepsNomination` where the pod still waits for earlier victims to go. */
  | {readonly kind: 'Unschedulable'; readonly reasons: readonly string[]; readonly keepsNomination: boolean}
  /** Ends the chain of PostFilter plugins. */
  | {readonly kind: 'Error'; readonly message: string};

/** The candidates of a preemption that succeeded. */
export interface Preemption {
  readonly victims: readonly Pod[];
  readonly candidates: readonly Candidate[];
  /** Nodes that are equally good by all criteria, ascending. */
  readonly acceptable: readonly number[];
}

/** A node on which the pod could run, and whom it would cost. */
export interface Candidate {
  readonly node: number;
  /** The most important first. */
  readonly victims: readonly Pod[];
  /** Victims whose disruption budget does not allow it. */
  readonly numPDBViolations: number;
  /** By criterion, the weightiest first; the candidate with the least is the best. */
  readonly cost: readonly number[];
}
