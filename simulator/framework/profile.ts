import {DEFAULT_NODE_AFFINITY_ARGS, type NodeAffinityArgs} from '../plugins/nodeAffinity.ts';
import {
  DEFAULT_BALANCED_ALLOCATION_ARGS,
  type NodeResourcesBalancedAllocationArgs,
} from '../plugins/nodeResourcesBalancedAllocation.ts';
import {DEFAULT_NODE_RESOURCES_FIT_ARGS, type NodeResourcesFitArgs} from '../plugins/nodeResourcesFit.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import {
  defaultMultiPoint,
  type EnabledPlugin,
  EXTENSION_POINTS,
  type ExtensionPoint,
  implementsPoint,
} from './defaultPlugins.ts';
import {
  DEFAULT_DYNAMIC_RESOURCES_ARGS,
  DEFAULT_INTER_POD_AFFINITY_ARGS,
  DEFAULT_POD_TOPOLOGY_SPREAD_ARGS,
  DEFAULT_PREEMPTION_ARGS,
  DEFAULT_VOLUME_BINDING_ARGS,
  type DefaultPreemptionArgs,
  type DynamicResourcesArgs,
  type InterPodAffinityArgs,
  type PodTopologySpreadArgs,
  type VolumeBindingArgs,
} from './pluginArguments.ts';

export const DEFAULT_SCHEDULER_NAME = 'default-scheduler';

/** The plugins a configuration switches on and off at one extension point, or at all of them. */
export interface PluginSet {
  readonly enabled: readonly EnabledPlugin[];
  /** Names; `*` stands for all. */
  readonly disabled: readonly string[];
}

/** `profiles[].plugins`: what is absent is left to the defaults. */
export type Plugins = Readonly<Partial<Record<ExtensionPoint | 'multiPoint', PluginSet>>>;

/** The arguments of the plugins, complete with their defaults. */
export interface PluginArguments {
  readonly NodeAffinity: NodeAffinityArgs;
  readonly NodeResourcesFit: NodeResourcesFitArgs;
  readonly NodeResourcesBalancedAllocation: NodeResourcesBalancedAllocationArgs;
  readonly InterPodAffinity: InterPodAffinityArgs;
  readonly PodTopologySpread: PodTopologySpreadArgs;
  readonly DefaultPreemption: DefaultPreemptionArgs;
  readonly VolumeBinding: VolumeBindingArgs;
  readonly DynamicResources: DynamicResourcesArgs;
}

export const DEFAULT_PLUGIN_ARGUMENTS: PluginArguments = {
  NodeAffinity: DEFAULT_NODE_AFFINITY_ARGS,
  NodeResourcesFit: DEFAULT_NODE_RESOURCES_FIT_ARGS,
  NodeResourcesBalancedAllocation: DEFAULT_BALANCED_ALLOCATION_ARGS,
  InterPodAffinity: DEFAULT_INTER_POD_AFFINITY_ARGS,
  PodTopologySpread: DEFAULT_POD_TOPOLOGY_SPREAD_ARGS,
  DefaultPreemption: DEFAULT_PREEMPTION_ARGS,
  VolumeBinding: DEFAULT_VOLUME_BINDING_ARGS,
  DynamicResources: DEFAULT_DYNAMIC_RESOURCES_ARGS,
};

/** What a version takes for arguments that a configuration does not give. */
export function defaultPluginArguments(version: KubernetesVersion): PluginArguments {
  const {filterTimeoutSeconds, bindingTimeoutSeconds} = DEFAULT_DYNAMIC_RESOURCES_ARGS;
  return {
    ...DEFAULT_PLUGIN_ARGUMENTS,
    DynamicResources: {
      filterTimeoutSeconds: isAtLeast(version, '1.34') ? filterTimeoutSeconds : null,
      bindingTimeoutSeconds: isAtLeast(version, '1.36') ? bindingTimeoutSeconds : null,
    },
  };
}

/** One scheduler as pods name it in spec.schedulerName: which plugins run, in which order, with which weights. */
export interface Profile {
  readonly schedulerName: string;
  /** null leaves it to the run. */
  readonly percentageOfNodesToScore: number | null;
  /** Names of the plugins at each extension point, in the order they run; some may not be simulated. */
  readonly plugins: Readonly<Record<ExtensionPoint, readonly string[]>>;
  /** Of each plugin that can score; 1 where none is given. */
  readonly weights: ReadonlyMap<string, number>;
  readonly args: PluginArguments;
}

export function defaultProfile(version: KubernetesVersion): Profile {
  return toProfile({schedulerName: DEFAULT_SCHEDULER_NAME}, version);
}

/** Works the defaults of a version into what a configuration says about one profile. */
export function toProfile(
  {
    schedulerName,
    percentageOfNodesToScore = null,
    plugins = {},
    args: given = {},
  }: {
    readonly schedulerName: string;
    readonly percentageOfNodesToScore?: number | null;
    readonly plugins?: Plugins;
    readonly args?: Partial<PluginArguments>;
  },
  version: KubernetesVersion,
): Profile {
  const multiPoint = mergeMultiPoint(plugins, version);
  const expanded = EXTENSION_POINTS.map(
    (point) => [point, expand(point, multiPoint, plugins[point], version)] as const,
  );
  const scoring = multiPoint.filter(({name}) => implementsPoint(name, 'score', version));
  const weights = new Map<string, number>();
  for (const {name, weight} of [...(plugins.score?.enabled ?? []), ...scoring]) {
    if (!weights.has(name)) weights.set(name, weight === 0 ? 1 : weight);
  }
  const args = {...defaultPluginArguments(version), ...given};
  return {
    schedulerName,
    percentageOfNodesToScore,
    plugins: Object.fromEntries(expanded) as Record<ExtensionPoint, readonly string[]>,
    weights,
    args,
  };
}

/** The plugins that are on in general, whether or not they are on at each of their extension points. */
export function mergeMultiPoint({multiPoint}: Plugins, version: KubernetesVersion): readonly EnabledPlugin[] {
  return mergeEnabled(defaultMultiPoint(version), multiPoint);
}

/** Defaults that are not disabled, replaced in place where enabled anew; then what else is enabled. */
function mergeEnabled(defaults: readonly EnabledPlugin[], custom: PluginSet | undefined): readonly EnabledPlugin[] {
  if (custom === undefined) return defaults;
  const enabled = new Map(custom.enabled.map((plugin) => [plugin.name, plugin]));
  const kept = custom.disabled.includes('*') ? [] : defaults.filter(({name}) => !custom.disabled.includes(name));
  const replaced = new Set(kept.map(({name}) => name));
  return [
    ...kept.map((plugin) => enabled.get(plugin.name) ?? plugin),
    ...custom.enabled.filter(({name}) => !replaced.has(name)),
  ];
}

/**
 * The plugins of one extension point (framework/runtime expandMultiPointPlugins): first those enabled at the point that
 * MultiPoint has, too, then the rest of MultiPoint, then the rest of the point's own.
 */
function expand(
  point: ExtensionPoint,
  multiPoint: readonly EnabledPlugin[],
  {enabled, disabled}: PluginSet = {enabled: [], disabled: []},
  version: KubernetesVersion,
): readonly string[] {
  const ownNames = enabled.map(({name}) => name);
  const general = disabled.includes('*')
    ? []
    : multiPoint
        .map(({name}) => name)
        .filter((name) => implementsPoint(name, point, version) && !disabled.includes(name));
  return [
    ...ownNames.filter((name) => general.includes(name)),
    ...general.filter((name) => !ownNames.includes(name)),
    ...ownNames.filter((name) => !general.includes(name)),
  ];
}
