/** Arguments of plugins as KubeSchedulerConfiguration gives them, with what holds when it is silent. */
import type {TopologySpreadConstraint} from '../../model/kubernetes.ts';
import type {UtilizationShapePoint} from '../plugins/scoringStrategy.ts';

export interface InterPodAffinityArgs {
  /** What a required term of a pod that already runs counts for in scoring: 0 … 100. */
  readonly hardPodAffinityWeight: number;
  /** Leaves preferred terms of running pods out, unless the incoming pod has terms of its own. */
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

export const DEFAULT_INTER_POD_AFFINITY_ARGS: InterPodAffinityArgs = {
  hardPodAffinityWeight: 1,
  ignorePreferredTermsOfExistingPods: false,
};

export interface PodTopologySpreadArgs {
  /** `System` spreads pods without constraints as Kubernetes sees fit, `List` by `defaultConstraints` alone. */
  readonly defaultingType: 'System' | 'List';
  /** Without selectors, which come from the services and controllers of each pod; empty with `System`. */
  readonly defaultConstraints: readonly TopologySpreadConstraint[];
}

export const DEFAULT_POD_TOPOLOGY_SPREAD_ARGS: PodTopologySpreadArgs = {
  defaultingType: 'System',
  defaultConstraints: [],
};

/** How many candidate nodes a preemption looks at: the larger of the two. */
export interface DefaultPreemptionArgs {
  /** Of the nodes in the cluster, 0 … 100. */
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export const DEFAULT_PREEMPTION_ARGS: DefaultPreemptionArgs = {
  minCandidateNodesPercentage: 10,
  minCandidateNodesAbsolute: 100,
};

export interface VolumeBindingArgs {
  /** 0 does not wait. */
  readonly bindTimeoutSeconds: number;
  /** Score by the share of volume capacity that is used; null where scoring by capacity is off, as it is by default. */
  readonly shape: readonly UtilizationShapePoint[] | null;
}

export const DEFAULT_VOLUME_BINDING_ARGS: VolumeBindingArgs = {bindTimeoutSeconds: 600, shape: null};

/** Limits on elapsed time, in seconds; null where the version has no such limit. */
export interface DynamicResourcesArgs {
  /** For the search of devices on one node; 0 is no limit. */
  readonly filterTimeoutSeconds: number | null;
  /** For devices to become ready after allocation, at least 1. */
  readonly bindingTimeoutSeconds: number | null;
}

export const DEFAULT_DYNAMIC_RESOURCES_ARGS: DynamicResourcesArgs = {
  filterTimeoutSeconds: 10,
  bindingTimeoutSeconds: 600,
};
