/** The arguments of plugins as kubescheduler.config.k8s.io/v1 declares them. */
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import {
  bool,
  type Decoded,
  duration,
  type GoType,
  int32,
  int64,
  list,
  optional,
  string,
  stringMap,
  stringType,
  struct,
  withoutFields,
} from './goType.ts';
import {typeMeta} from './v1.ts';

const resources = list(struct('ResourceSpec', {name: string, weight: int64}));
const shape = list(struct('UtilizationShapePoint', {utilization: int32, score: int32}));

const scoringStrategy = struct('ScoringStrategy', {
  type: stringType('v1.ScoringStrategyType'),
  resources,
  requestedToCapacityRatio: optional(struct('RequestedToCapacityRatioParam', {shape})),
});

const requirements = list(
  struct('NodeSelectorRequirement', {
    key: string,
    operator: stringType('v1.NodeSelectorOperator'),
    values: list(string),
  }),
);
const nodeSelectorTerm = struct('NodeSelectorTerm', {matchExpressions: requirements, matchFields: requirements});
const nodeAffinity = struct('NodeAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: optional(
    struct('NodeSelector', {nodeSelectorTerms: list(nodeSelectorTerm)}),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    struct('PreferredSchedulingTerm', {weight: int32, preference: nodeSelectorTerm}),
  ),
});

const labelSelector = struct('LabelSelector', {
  matchLabels: stringMap(),
  matchExpressions: list(
    struct('LabelSelectorRequirement', {
      key: string,
      operator: stringType('v1.LabelSelectorOperator'),
      values: list(string),
    }),
  ),
});
const inclusionPolicy = optional(stringType('v1.NodeInclusionPolicy'));
const topologySpreadConstraint = struct('TopologySpreadConstraint', {
  maxSkew: int32,
  topologyKey: string,
  whenUnsatisfiable: stringType('v1.UnsatisfiableConstraintAction'),
  labelSelector: optional(labelSelector),
  minDomains: optional(int32),
  nodeAffinityPolicy: inclusionPolicy,
  nodeTaintsPolicy: inclusionPolicy,
  matchLabelKeys: list(string),
});

const dynamicResourcesArgs = struct('DynamicResourcesArgs', {
  ...typeMeta,
  filterTimeout: optional(duration),
  bindingTimeout: optional(duration),
});

const TYPES = {
  DefaultPreemption: struct('DefaultPreemptionArgs', {
    ...typeMeta,
    minCandidateNodesPercentage: optional(int32),
    minCandidateNodesAbsolute: optional(int32),
  }),
  DynamicResources: dynamicResourcesArgs,
  InterPodAffinity: struct('InterPodAffinityArgs', {
    ...typeMeta,
    hardPodAffinityWeight: optional(int32),
    ignorePreferredTermsOfExistingPods: bool,
  }),
  NodeAffinity: struct('NodeAffinityArgs', {...typeMeta, addedAffinity: optional(nodeAffinity)}),
  NodeResourcesBalancedAllocation: struct('NodeResourcesBalancedAllocationArgs', {...typeMeta, resources}),
  NodeResourcesFit: struct('NodeResourcesFitArgs', {
    ...typeMeta,
    ignoredResources: list(string),
    ignoredResourceGroups: list(string),
    scoringStrategy: optional(scoringStrategy),
  }),
  PodTopologySpread: struct('PodTopologySpreadArgs', {
    ...typeMeta,
    defaultConstraints: list(topologySpreadConstraint),
    defaultingType: stringType('v1.PodTopologySpreadConstraintsDefaulting'),
  }),
  VolumeBinding: struct('VolumeBindingArgs', {...typeMeta, bindTimeoutSeconds: optional(int64), shape}),
};

/** Plugins that take arguments. */
export type ArgumentName = keyof typeof TYPES;
/** What the file says, without defaults. */
export type V1Arguments = {readonly [Name in ArgumentName]: Decoded<(typeof TYPES)[Name]>};
export type V1NodeAffinity = Decoded<typeof nodeAffinity>;
export type V1NodeSelectorTerm = Decoded<typeof nodeSelectorTerm>;
export type V1TopologySpreadConstraint = Decoded<typeof topologySpreadConstraint>;

/** The type of a plugin's arguments; undefined for plugins that take none in this version. */
export function argumentType(name: string, version: KubernetesVersion): GoType<unknown> | undefined {
  if (name === 'DynamicResources' && !isAtLeast(version, '1.35')) {
    return isAtLeast(version, '1.34') ? withoutFields(dynamicResourcesArgs, 'bindingTimeout') : undefined;
  }
  return Object.hasOwn(TYPES, name) ? TYPES[name as ArgumentName] : undefined;
}
