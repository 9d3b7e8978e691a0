/** Scenarios and decisions as files and the side-car have them: see test/golden/scheduler/parity/README.md. */
import type {KubernetesObject, NodeObject, PodObject} from '../../model/kubernetes.ts';

/** A cluster and the pods to schedule in it, one after the other. Nodes and pods have no apiVersion and kind. */
export interface ScenarioDocument {
  /** `FAMILY-NUMBER`. */
  readonly name: string;
  readonly features?: readonly string[];
  readonly nodes: readonly BareNode[];
  /** On their nodes. */
  readonly pods: readonly BarePod[];
  readonly pending: readonly BarePod[];
  readonly objects?: readonly KubernetesObject[];
  /** A KubeSchedulerConfiguration; without one the defaults hold. */
  readonly config?: unknown;
}

export type BareNode = Pick<NodeObject, 'metadata' | 'spec' | 'status'>;
export type BarePod = Pick<PodObject, 'metadata' | 'spec' | 'status'>;

export type Result = 'scheduled' | 'preempted' | 'unschedulable' | 'gated' | 'preset' | 'ignored';

/** What became of one pod. Fields without a value are left out. */
export interface DecisionLine {
  readonly i: number;
  readonly pod: string;
  readonly profile?: string;
  readonly result: Result;
  readonly preFilter?: {
    readonly code: string;
    readonly plugin?: string;
    readonly reasons?: readonly string[];
    readonly nodes?: readonly string[];
  };
  readonly feasible: number;
  readonly infeasible?: readonly RejectedNodes[];
  readonly absent?: {
    readonly plugin: string;
    readonly code: string;
    readonly reasons?: readonly string[];
    readonly count: number;
  };
  readonly scorePlugins?: readonly string[];
  /** By node: the total, then what each plugin adds to it. */
  readonly scores?: Readonly<Record<string, readonly number[]>>;
  readonly maxTotal?: number;
  readonly tie?: readonly string[];
  readonly node?: string;
  readonly viaNominated?: string;
  readonly message?: string;
  readonly preemption?: PreemptionLine;
  readonly retry?: DecisionLine;
}

/** Nodes with one verdict: their names, in compact lines only their number. */
export interface RejectedNodes {
  readonly plugin: string;
  readonly code: string;
  readonly reasons?: readonly string[];
  readonly nodes?: readonly string[];
  readonly count?: number;
}

export interface PreemptionLine {
  readonly code: string;
  readonly message?: string;
  readonly nominated?: string;
  readonly victims?: readonly string[];
  readonly pdbViolations?: number;
  readonly acceptable?: readonly string[];
  readonly candidates?: readonly CandidateLine[];
}

export interface CandidateLine {
  readonly node: string;
  readonly victims: readonly string[];
  readonly pdbViolations?: number;
}

/** The part of a scenario's name before its number. */
export function familyOf(name: string): string {
  return name.replace(/-\d+$/, '');
}

/** Whether lines were written in the short form, which leaves scores and the names of rejected nodes out. */
export function areCompact(lines: readonly DecisionLine[]): boolean {
  return lines.some(
    ({infeasible = [], maxTotal, scores}) =>
      infeasible.some(({count}) => count !== undefined) || (maxTotal !== undefined && scores === undefined),
  );
}
