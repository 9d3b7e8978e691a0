import type {NodeAffinity, TopologySpreadConstraint} from '../../model/kubernetes.ts';
import {
  DEFAULT_INTER_POD_AFFINITY_ARGS,
  DEFAULT_PREEMPTION_ARGS,
  DEFAULT_VOLUME_BINDING_ARGS,
} from '../framework/pluginArguments.ts';
import {defaultPluginArguments, type PluginArguments} from '../framework/profile.ts';
import {DEFAULT_BALANCED_ALLOCATION_ARGS} from '../plugins/nodeResourcesBalancedAllocation.ts';
import {DEFAULT_NODE_RESOURCES_FIT_ARGS, type NodeResourcesFitArgs} from '../plugins/nodeResourcesFit.ts';
import type {KubernetesVersion} from '../simulation.ts';
import type {V1Arguments} from './argumentTypes.ts';
import {SECOND} from './duration.ts';

/** The arguments that a valid file gives, with the defaults of a version. */
export function toPluginArguments(typed: Partial<V1Arguments>, version: KubernetesVersion): PluginArguments {
  const defaults = defaultPluginArguments(version);
  const {NodeAffinity: affinity, NodeResourcesFit: fit, NodeResourcesBalancedAllocation: balanced} = typed;
  const {PodTopologySpread: spread, InterPodAffinity: pods, DefaultPreemption: preemption} = typed;
  const {VolumeBinding: volumes, DynamicResources: devices} = typed;
  return {
    NodeAffinity: {addedAffinity: withoutAbsent<NodeAffinity>(affinity?.addedAffinity ?? null)},
    NodeResourcesFit: fit === undefined ? defaults.NodeResourcesFit : fitArguments(fit),
    NodeResourcesBalancedAllocation: {
      resources: balanced?.resources?.length
        ? balanced.resources.map(({name}) => name)
        : DEFAULT_BALANCED_ALLOCATION_ARGS.resources,
    },
    InterPodAffinity: {
      hardPodAffinityWeight: pods?.hardPodAffinityWeight ?? DEFAULT_INTER_POD_AFFINITY_ARGS.hardPodAffinityWeight,
      ignorePreferredTermsOfExistingPods: pods?.ignorePreferredTermsOfExistingPods ?? false,
    },
    PodTopologySpread: {
      defaultingType: spread?.defaultingType === 'List' ? 'List' : 'System',
      defaultConstraints: withoutAbsent<readonly TopologySpreadConstraint[]>(spread?.defaultConstraints ?? []) ?? [],
    },
    DefaultPreemption: {
      minCandidateNodesPercentage:
        preemption?.minCandidateNodesPercentage ?? DEFAULT_PREEMPTION_ARGS.minCandidateNodesPercentage,
      minCandidateNodesAbsolute:
        preemption?.minCandidateNodesAbsolute ?? DEFAULT_PREEMPTION_ARGS.minCandidateNodesAbsolute,
    },
    VolumeBinding: {
      bindTimeoutSeconds: volumes?.bindTimeoutSeconds ?? DEFAULT_VOLUME_BINDING_ARGS.bindTimeoutSeconds,
      shape: DEFAULT_VOLUME_BINDING_ARGS.shape,
    },
    DynamicResources: {
      filterTimeoutSeconds: seconds(devices?.filterTimeout) ?? defaults.DynamicResources.filterTimeoutSeconds,
      bindingTimeoutSeconds: seconds(devices?.bindingTimeout) ?? defaults.DynamicResources.bindingTimeoutSeconds,
    },
  };
}

function fitArguments(fit: V1Arguments['NodeResourcesFit']): NodeResourcesFitArgs {
  const {scoringStrategy: strategy} = fit;
  const defaults = DEFAULT_NODE_RESOURCES_FIT_ARGS.scoringStrategy;
  const resources = strategy?.resources?.length
    ? strategy.resources.map(({name, weight}) => ({name, weight: weight === 0 ? 1 : weight}))
    : defaults.resources;
  const shape = strategy?.requestedToCapacityRatio?.shape ?? [];
  return {
    ignoredResources: fit.ignoredResources ?? [],
    ignoredResourceGroups: fit.ignoredResourceGroups ?? [],
    scoringStrategy:
      strategy?.type === 'RequestedToCapacityRatio'
        ? {type: strategy.type, resources, shape}
        : {type: strategy?.type === 'MostAllocated' ? strategy.type : 'LeastAllocated', resources},
  };
}

function seconds(nanoseconds: number | null | undefined): number | null {
  return nanoseconds === null || nanoseconds === undefined ? null : nanoseconds / SECOND;
}

/** A decoded value as the model has it, where what is absent has no key. */
function withoutAbsent<T>(value: unknown): T | null {
  return prune(value) as T | null;
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, prune(item)]));
}
