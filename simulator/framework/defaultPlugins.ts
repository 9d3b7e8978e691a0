/** The plugins of kube-scheduler's own registry: where each takes part and which are on by default. */
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';

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
] as const;
export type ExtensionPoint = (typeof EXTENSION_POINTS)[number];

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
  /** First version in whose default profile the plugin is. */
  readonly since: KubernetesVersion;
}

/** In the order of the default MultiPoint list, which decides the order of filters and so which reason is reported. */
const IN_TREE_PLUGINS: readonly InTreePlugin[] = [
  {name: 'SchedulingGates', weight: 0, points: ['preEnqueue'], since: '1.33'},
  {name: 'PrioritySort', weight: 0, points: ['queueSort'], since: '1.33'},
  {name: 'NodeUnschedulable', weight: 0, points: ['filter'], since: '1.33'},
  {name: 'NodeName', weight: 0, points: ['filter'], since: '1.33'},
  {name: 'TaintToleration', weight: 3, points: ['filter', 'preScore', 'score'], since: '1.33'},
  {name: 'NodeAffinity', weight: 2, points: ['preFilter', 'filter', 'preScore', 'score'], since: '1.33'},
  {name: 'NodePorts', weight: 0, points: ['preFilter', 'filter'], since: '1.33'},
  {name: 'NodeResourcesFit', weight: 1, points: ['preFilter', 'filter', 'preScore', 'score'], since: '1.33'},
  {name: 'VolumeRestrictions', weight: 0, points: ['preFilter', 'filter'], since: '1.33'},
  {name: 'NodeVolumeLimits', weight: 0, points: ['preFilter', 'filter'], since: '1.33'},
  {
    name: 'VolumeBinding',
    weight: 0,
    points: ['preFilter', 'filter', 'preScore', 'score', 'reserve', 'preBind'],
    since: '1.33',
  },
  {name: 'VolumeZone', weight: 0, points: ['preFilter', 'filter'], since: '1.33'},
  {name: 'PodTopologySpread', weight: 2, points: ['preFilter', 'filter', 'preScore', 'score'], since: '1.33'},
  {name: 'InterPodAffinity', weight: 2, points: ['preFilter', 'filter', 'preScore', 'score'], since: '1.33'},
  {
    name: 'DynamicResources',
    weight: 2,
    points: ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'score', 'reserve', 'preBind'],
    since: '1.34',
  },
  {name: 'DefaultPreemption', weight: 0, points: ['preEnqueue', 'postFilter'], since: '1.33'},
  {name: 'NodeResourcesBalancedAllocation', weight: 1, points: ['preScore', 'score'], since: '1.33'},
  {name: 'ImageLocality', weight: 1, points: ['score'], since: '1.33'},
  {name: 'DefaultBinder', weight: 0, points: ['bind'], since: '1.33'},
  {name: 'NodeDeclaredFeatures', weight: 0, points: ['preFilter', 'filter'], since: '1.36'},
];

const BY_NAME = new Map(IN_TREE_PLUGINS.map((plugin) => [plugin.name, plugin]));

/** The MultiPoint list of a profile that says nothing. */
export function defaultMultiPoint(version: KubernetesVersion): readonly EnabledPlugin[] {
  return IN_TREE_PLUGINS.filter(({since}) => isAtLeast(version, since)).map(({name, weight}) => ({name, weight}));
}

/** Whether kube-scheduler itself has a plugin of this name. */
export function isInTree(name: string): boolean {
  return BY_NAME.has(name);
}

/** Whether a plugin takes part at an extension point. */
export function implementsPoint(name: string, point: ExtensionPoint): boolean {
  return BY_NAME.get(name)?.points.includes(point) ?? false;
}
