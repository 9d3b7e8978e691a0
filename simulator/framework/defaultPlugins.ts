/** The plugins of kube-scheduler's own registry: where each takes part and which are on by default. */
import {DEFAULT_KUBERNETES_VERSION, isAtLeast, type KubernetesVersion} from '../simulation.ts';

export const EXTENSION_POINTS = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
  'placementGenerate',
  'placementScore',
] as const;
export type ExtensionPoint = (typeof EXTENSION_POINTS)[number];

/** Points at which pod groups are placed as a whole. */
const PLACEMENT_POINTS: readonly ExtensionPoint[] = ['placementGenerate', 'placementScore'];

/** A plugin as a configuration enables it; a weight of 0 means none was given. */
export interface EnabledPlugin {
  readonly name: string;
  readonly weight: number;
}

interface InTreePlugin {
  readonly name: string;
  /** Weight by default; 0 for plugins that do not score. */
  readonly weight: number;
  readonly points: readonly ExtensionPoint[];
  /** First version that has the plugin so, and the last where a later one has it otherwise. */
  readonly since: KubernetesVersion;
  readonly until?: KubernetesVersion;
  /** First version whose default profile it is in, absent where it is off unless a feature gate is set. */
  readonly byDefaultSince?: KubernetesVersion;
}

/** In the order of the default MultiPoint list, which decides the order of filters and so which reason is reported. */
const IN_TREE_PLUGINS: readonly InTreePlugin[] = [
  always('SchedulingGates', 0, 'preEnqueue'),
  always('PrioritySort', 0, 'queueSort'),
  always('NodeUnschedulable', 0, 'filter'),
  always('NodeName', 0, 'filter'),
  always('TaintToleration', 3, 'filter', 'preScore', 'score'),
  always('NodeAffinity', 2, 'preFilter', 'filter', 'preScore', 'score'),
  always('NodePorts', 0, 'preFilter', 'filter'),
  always('NodeResourcesFit', 1, 'preFilter', 'filter', 'preScore', 'score', 'placementScore'),
  always('VolumeRestrictions', 0, 'preFilter', 'filter'),
  always('NodeVolumeLimits', 0, 'preFilter', 'filter'),
  always('VolumeBinding', 0, 'preFilter', 'filter', 'preScore', 'score', 'reserve', 'preBind'),
  always('VolumeZone', 0, 'preFilter', 'filter'),
  always('PodTopologySpread', 2, 'preFilter', 'filter', 'preScore', 'score'),
  always('InterPodAffinity', 2, 'preFilter', 'filter', 'preScore', 'score'),
  {
    name: 'DynamicResources',
    weight: 0,
    points: ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'reserve', 'preBind'],
    since: '1.33',
    until: '1.34',
    byDefaultSince: '1.34',
  },
  {
    name: 'DynamicResources',
    weight: 2,
    points: ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'score', 'reserve', 'preBind'],
    since: '1.35',
    byDefaultSince: '1.35',
  },
  always('DefaultPreemption', 0, 'preEnqueue', 'postFilter'),
  always('NodeResourcesBalancedAllocation', 1, 'preScore', 'score'),
  always('ImageLocality', 1, 'score'),
  always('DefaultBinder', 0, 'bind'),
  {
    name: 'NodeDeclaredFeatures',
    weight: 0,
    points: ['preFilter', 'filter'],
    since: '1.35',
    byDefaultSince: '1.36',
  },
  {
    name: 'GangScheduling',
    weight: 0,
    points: ['preEnqueue', 'reserve', 'permit'],
    since: '1.35',
    until: '1.35',
  },
  {name: 'GangScheduling', weight: 0, points: ['preEnqueue', 'permit'], since: '1.36'},
  {name: 'TopologyPlacementGenerator', weight: 0, points: ['placementGenerate'], since: '1.36'},
  {name: 'PodGroupPodsCount', weight: 1, points: ['placementScore'], since: '1.36'},
];

/** The extension points of a version. */
export function extensionPoints(version: KubernetesVersion): readonly ExtensionPoint[] {
  return isAtLeast(version, '1.36')
    ? EXTENSION_POINTS
    : EXTENSION_POINTS.filter((point) => !PLACEMENT_POINTS.includes(point));
}

/** The MultiPoint list of a profile that says nothing. */
export function defaultMultiPoint(version: KubernetesVersion): readonly EnabledPlugin[] {
  return IN_TREE_PLUGINS.filter(
    (plugin) =>
      isOf(plugin, version) && plugin.byDefaultSince !== undefined && isAtLeast(version, plugin.byDefaultSince),
  ).map(({name, weight}) => ({name, weight}));
}

/** Whether kube-scheduler itself has a plugin of this name. */
export function isInTree(name: string, version = DEFAULT_KUBERNETES_VERSION): boolean {
  return find(name, version) !== undefined;
}

/** Whether a plugin takes part at an extension point. */
export function implementsPoint(name: string, point: ExtensionPoint, version = DEFAULT_KUBERNETES_VERSION): boolean {
  return extensionPoints(version).includes(point) && (find(name, version)?.points.includes(point) ?? false);
}

function find(name: string, version: KubernetesVersion): InTreePlugin | undefined {
  return IN_TREE_PLUGINS.find((plugin) => plugin.name === name && isOf(plugin, version));
}

function isOf({since, until}: InTreePlugin, version: KubernetesVersion): boolean {
  return isAtLeast(version, since) && (until === undefined || isAtLeast(until, version));
}

/** A plugin that all versions have alike, and by default. */
function always(name: string, weight: number, ...points: readonly ExtensionPoint[]): InTreePlugin {
  return {name, weight, points, since: '1.33', byDefaultSince: '1.33'};
}
