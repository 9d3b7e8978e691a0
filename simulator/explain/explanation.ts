/**
 * Why a pod is where it is. Everything here is plain data that can be written as JSON; CPU is in cores, all other
 * resources in their own unit (bytes for memory).
 */
import type {Resources} from '../../model/resources.ts';
import type {StatusCode} from '../simulation.ts';
import type {Change} from './change.ts';

export interface Explanation {
  /** `NAMESPACE/NAME`. */
  readonly pod: string;
  readonly workload: {readonly kind: string; readonly name: string; readonly component: string | null};
  /**
   * How the pod ends in the run; `evicted` where another pod took its place and nothing brings it back, `rejected` where
   * the API server did not let it in.
   */
  readonly outcome: 'placed' | 'bound' | 'pending' | 'gated' | 'ignored' | 'evicted' | 'rejected';
  readonly node: string | null;
  /** The words of kube-scheduler, or of the API server; null when the pod has a node. */
  readonly message: string | null;
  readonly priority: number;
  readonly preemptionPolicy: 'PreemptLowerPriority' | 'Never';
  readonly requests: Resources;
  /** Every try to schedule the pod in the run, in order. */
  readonly attempts: readonly ExplainedAttempt[];
  /** The moment at which the nodes below are looked at. */
  readonly moment: Moment;
  /** Plugins of the profile that have nothing to say about this pod. */
  readonly idlePlugins: readonly string[];
  /** Filter plugins that were asked, in their order. */
  readonly filterPlugins: readonly string[];
  /** What turned the pod down as a whole, before any node was looked at. */
  readonly preFilter: readonly PodRejection[];
  /** The most promising first. */
  readonly nodes: readonly ExplainedNode[];
  /** How one of the nodes that pass was chosen; null when none was. */
  readonly choice: Choice | null;
  /** Nodes that turned the pod down, those that lack the least first. */
  readonly nearestMisses: readonly NearestMiss[];
  readonly preemption: PreemptionReport;
  /** Changes after which the pod has a node, the smallest first; each has been simulated. */
  readonly remedies: readonly Remedy[];
  /** Changes that were simulated in vain. */
  readonly remediesInVain: number;
}

export type Moment =
  /** At one of the attempts, an index into `attempts`. */
  | {readonly kind: 'Attempt'; readonly attempt: number}
  /** After the run, as if the pod came then with these changes; it was not scheduled in the run itself. */
  | {readonly kind: 'AfterRun'; readonly changes: readonly Change[]; readonly wouldGoTo: string | null}
  /** In a run with these changes, without which the pod would not have been created. */
  | {readonly kind: 'Admitted'; readonly changes: readonly Change[]; readonly wouldGoTo: string | null}
  /** Nothing was looked at. */
  | {readonly kind: 'None'};

export interface ExplainedAttempt {
  /** Attempts at any pod before this one. */
  readonly position: number;
  readonly node: string | null;
  readonly message: string | null;
  readonly nominatedNode: string | null;
  /** Pods that were evicted for it. */
  readonly victims: readonly string[];
}

/** `Error` ends the attempt. */
export type VerdictCode = StatusCode | 'Error';

export interface PodRejection {
  readonly plugin: string;
  readonly code: VerdictCode;
  readonly reasons: readonly string[];
}

/** A plugin's verdict on one node. */
export interface Rejection extends PodRejection {
  /** Whether it is the one that kube-scheduler reports; it does not ask further plugins about the node. */
  readonly reported: boolean;
  readonly details: readonly RejectionDetail[];
}

/** What exactly stands in the way. */
export type RejectionDetail =
  | {
      readonly kind: 'Resource';
      /** `pods` for the number of pods. */
      readonly resource: string;
      readonly requested: number;
      readonly free: number;
      readonly allocatable: number;
      /** What is missing: above zero. */
      readonly short: number;
    }
  /** `KEY=VALUE:EFFECT`. */
  | {readonly kind: 'Taint'; readonly taint: string}
  | {readonly kind: 'Cordoned'}
  | {
      readonly kind: 'NodeLabel';
      readonly source: 'nodeSelector' | 'nodeAffinity' | 'profile';
      /** Index of the term of the node affinity; null for a nodeSelector. */
      readonly term: number | null;
      readonly requirement: string;
      /** What the node has; null where it has nothing of that name. */
      readonly found: string | null;
    }
  /** A DaemonSet's pod is made for one node. */
  | {readonly kind: 'OtherNode'; readonly node: string}
  /** `heldBy` is null where nobody on the node is known to hold it. */
  | {readonly kind: 'HostPort'; readonly port: string; readonly heldBy: string | null}
  | {
      readonly kind: 'Spread';
      /** Index into the pod's topologySpreadConstraints; null for a constraint of the profile. */
      readonly constraint: number | null;
      readonly topologyKey: string;
      /** null where the node lacks the label. */
      readonly domain: string | null;
      /** Matching pods in the domain now, and the fewest of any domain. */
      readonly pods: number;
      readonly least: number;
      /** The skew with the pod in the domain. */
      readonly skew: number;
      readonly maxSkew: number;
    }
  | {
      readonly kind: 'PodAffinity';
      /** Whose rule it is: the pod's own affinity or anti-affinity, or the anti-affinity of pods that are there. */
      readonly rule: 'affinity' | 'antiAffinity' | 'existingAntiAffinity';
      /** Index of the pod's own term; null for those of other pods. */
      readonly term: number | null;
      readonly topologyKey: string;
      /** null where the node lacks the label. */
      readonly domain: string | null;
      readonly selector: string | null;
      /** Pods in the domain that the rule is about: their number, and some of them. */
      readonly podCount: number;
      readonly pods: readonly string[];
    };

export interface ExplainedScore {
  readonly plugin: string;
  /** What the plugin says, before and after it is brought into 0 … 100, and times the plugin's weight. */
  readonly raw: number;
  readonly normalized: number;
  readonly weight: number;
  readonly weighted: number;
}

export interface ExplainedNode {
  readonly node: string;
  /** Whether every filter passes. */
  readonly feasible: boolean;
  /** Whether the search came to this node: it ends early when nodes are sampled or the nominated node will do. */
  readonly visited: boolean;
  /** Every plugin that turns the pod down here, in the order they are asked. */
  readonly rejections: readonly Rejection[];
  readonly scores: readonly ExplainedScore[];
  readonly total: number | null;
}

export interface Choice {
  readonly node: string;
  /** `OnlyOne` passed the filters, or the pod was nominated to it: neither is scored. */
  readonly kind: 'Best' | 'OnlyOne' | 'Nominated';
  readonly feasible: number;
  /** Other nodes with the same total. */
  readonly ties: readonly string[];
  /** The best of the nodes with a lower total, how far it is behind, and by which plugins. */
  readonly runnerUp: {
    readonly node: string;
    readonly behind: number;
    readonly differences: readonly {readonly plugin: string; readonly points: number}[];
  } | null;
  /** What is left of the node's resources once the pod is there. */
  readonly left: Resources;
}

export interface NearestMiss {
  readonly node: string;
  /** How far off: the share of a request that is missing, and 1 for every other obstacle. */
  readonly distance: number;
  readonly rejections: readonly Rejection[];
}

export interface PreemptionReport {
  /**
   * `NotNeeded` where a node was found, `NotTried` where the profile has no PostFilter plugin or nothing was attempted;
   * the other kinds are how it ended.
   */
  readonly kind: 'NotNeeded' | 'NotTried' | 'NotEligible' | 'NoCandidate' | 'Nominated';
  /** The plugin's own words where it did not help. */
  readonly message: string | null;
  readonly nominatedNode: string | null;
  /** The chosen one first, then those that came closest to being chosen. */
  readonly candidates: readonly PreemptionCandidate[];
  /** What decided between the chosen candidate and the last of its rivals; null where there was no rival. */
  readonly decidedBy: PreemptionCriterion | null;
  /** Why the other nodes were no candidates. */
  readonly excluded: readonly {readonly reason: string; readonly nodes: number; readonly examples: readonly string[]}[];
}

/** In the order in which they are compared. */
export const PREEMPTION_CRITERIA = [
  'fewest violated disruption budgets',
  'lowest priority of the most important victim',
  'smallest sum of priorities',
  'fewest victims',
  'latest start of the most important victims',
] as const;
export type PreemptionCriterion = (typeof PREEMPTION_CRITERIA)[number] | 'first of equals';

export interface PreemptionCandidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly {readonly pod: string; readonly priority: number}[];
  readonly violatedBudgets: number;
  /** The criterion by which it lost; null for the one chosen. */
  readonly lostBy: PreemptionCriterion | null;
}

export interface Remedy {
  /** All of them together. */
  readonly changes: readonly Change[];
  /** How much is changed, for ranking: the share of a request given up, more for constraints and other pods. */
  readonly size: number;
  /** Where the pod goes then. */
  readonly node: string;
  /** Pods that are evicted for it. */
  readonly victims: readonly string[];
  /** What else changes when the whole run is done again with the change; null where that was not simulated. */
  readonly effect: RemedyEffect | null;
}

export interface RemedyEffect {
  /** How the run was done again: from its start with the change in the input, or on from the attempt. */
  readonly kind: 'FromStart' | 'FromAttempt';
  /** Where the pod is at the end; null where it is pending all the same. */
  readonly node: string | null;
  /** Other pods that have a node only with the change, and only without it. */
  readonly gained: number;
  readonly lost: number;
  readonly gainedExamples: readonly string[];
  readonly lostExamples: readonly string[];
}
