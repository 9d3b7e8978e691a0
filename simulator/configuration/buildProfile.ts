/** What kube-scheduler finds when it makes the plugins of a profile (framework/runtime NewFramework). */
import {
  type EnabledPlugin,
  type ExtensionPoint,
  extensionPoints,
  implementsPoint,
  isInTree,
} from '../framework/defaultPlugins.ts';
import {
  DEFAULT_SCHEDULER_NAME,
  mergeMultiPoint,
  type PluginSet,
  type Plugins,
  type Profile,
  toProfile,
} from '../framework/profile.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {V1Arguments} from './argumentTypes.ts';
import type {DecodedPluginConfig, DecodedProfile} from './decodeConfiguration.ts';
import {FieldPath, type ReportError} from './fieldPath.ts';
import {toPluginArguments} from './pluginArguments.ts';
import type {V1PluginSet} from './v1.ts';
import {validateNodeResourcesFit} from './validateArguments.ts';
import {isRemovedPlugin} from './validateConfiguration.ts';

export interface Reports {
  readonly error: ReportError;
  readonly notSimulated: ReportError;
}

/** In which kube-scheduler goes through the points. */
const BUILD_ORDER: readonly ExtensionPoint[] = [
  'preFilter',
  'filter',
  'postFilter',
  'reserve',
  'preScore',
  'score',
  'preBind',
  'bind',
  'postBind',
  'permit',
  'preEnqueue',
  'queueSort',
  'placementGenerate',
  'placementScore',
];

/** The profile at a pointer, as far as it could be made; what kube-scheduler would refuse to make is reported. */
export function buildProfile(
  profile: DecodedProfile,
  pointer: string,
  version: KubernetesVersion,
  {error, notSimulated}: Reports,
): Profile {
  const schedulerName = profile.schedulerName ?? DEFAULT_SCHEDULER_NAME;
  const refuse: ReportError = (place, message) =>
    error(pointer + place, `initializing profiles: creating profile for scheduler name ${schedulerName}: ${message}`);
  const warn: ReportError = (place, message) => notSimulated(pointer + place, message);
  const plugins = readPlugins(profile, version, {error: refuse, notSimulated: warn});
  const built = toProfile(
    {
      schedulerName,
      percentageOfNodesToScore: profile.percentageOfNodesToScore,
      plugins,
      args: toPluginArguments(typedArguments(profile.pluginConfig), version),
    },
    version,
  );
  if (isNeeded('NodeResourcesFit', plugins, version)) validateFit(profile, version, refuse);
  validateCounts(built, refuse);
  validateWeights(built, version, refuse);
  return built;
}

/** The first entry of each plugin, which is the only one in a valid file. */
function typedArguments(entries: readonly DecodedPluginConfig[]): Partial<V1Arguments> {
  return Object.assign({}, ...entries.map(({typed}) => typed).reverse());
}

/** Whether a plugin is made at all: it is enabled somewhere, be it at a point that it does not take part in. */
function isNeeded(name: string, {multiPoint, ...points}: Plugins, version: KubernetesVersion): boolean {
  const general = mergeMultiPoint(multiPoint === undefined ? {} : {multiPoint}, version);
  const enabled = [general, ...Object.values(points).map((set) => set.enabled)];
  return enabled.flat().some((plugin) => plugin.name === name);
}

function validateFit(profile: DecodedProfile, version: KubernetesVersion, refuse: ReportError): void {
  const index = profile.pluginConfig.findIndex(({typed}) => typed.NodeResourcesFit !== undefined);
  const args = profile.pluginConfig[index]?.typed.NodeResourcesFit;
  if (args === undefined) return;
  const report: ReportError = (place, message) => refuse(place, `initializing plugin "NodeResourcesFit": ${message}`);
  validateNodeResourcesFit(args, new FieldPath(report, `/pluginConfig/${index}/args`), version);
}

function validateCounts({schedulerName, plugins}: Profile, refuse: ReportError): void {
  const named = `for profile with scheduler name "${schedulerName}"`;
  const sorters = plugins.queueSort.length;
  if (sorters !== 1) {
    refuse('/plugins/queueSort', `only one queue sort plugin required ${named}, but got ${sorters}`);
  }
  if (plugins.bind.length === 0) refuse('/plugins/bind', `at least one bind plugin is needed ${named}`);
  if (plugins.placementGenerate.length > 1) {
    refuse('/plugins/placementGenerate', `at most one placement generate plugin is allowed ${named}`);
  }
}

/**
 * The sum of the weights has to stay within 64 bits. No number of weights in a file reaches that, but the difference to
 * the limit overflows as soon as the sum is negative and another plugin follows.
 */
function validateWeights({weights}: Profile, version: KubernetesVersion, refuse: ReportError): void {
  let sum = 0;
  for (const weight of weights.values()) {
    if (sum < 0) {
      const stage = isAtLeast(version, '1.36') ? 'score plugins: ' : '';
      refuse('/plugins/score', `${stage}total score of Score plugins could overflow`);
      return;
    }
    sum += weight;
  }
}

function readPlugins({plugins}: DecodedProfile, version: KubernetesVersion, reports: Reports): Plugins {
  if (plugins === null) return {};
  const sets: Partial<Record<ExtensionPoint | 'multiPoint', PluginSet>> = {};
  for (const point of BUILD_ORDER.filter((own) => extensionPoints(version).includes(own))) {
    const {enabled, disabled} = plugins[point];
    if (enabled === null && disabled === null) continue;
    sets[point] = {enabled: readEnabled(point, plugins[point], version, reports), disabled: namesOf(disabled)};
  }
  const {enabled, disabled} = plugins.multiPoint;
  if (enabled === null && disabled === null) return sets;
  const readMultiPoint = {
    enabled: readMultiPointEnabled(plugins.multiPoint, sets, version, reports),
    disabled: namesOf(disabled),
  };
  return {...sets, multiPoint: readMultiPoint};
}

/** The plugins that can run at a point, each once. */
function readEnabled(
  point: ExtensionPoint,
  set: V1PluginSet,
  version: KubernetesVersion,
  {error, notSimulated}: Reports,
): readonly EnabledPlugin[] {
  const valid = new Map<string, EnabledPlugin>();
  for (const [i, {name, weight}] of (set.enabled ?? []).entries()) {
    const place = `/plugins/${point}/enabled/${i}`;
    if (isInTree(name, version) && !implementsPoint(name, point, version)) {
      error(place, `plugin "${name}" does not extend ${interfaceName(point)} plugin`);
      continue;
    }
    if (valid.has(name)) error(place, `plugin "${name}" already registered as "${interfaceName(point)}"`);
    else if (!isInTree(name, version)) reportUnknown(name, place, interfaceName(point), notSimulated);
    valid.set(name, {name, weight: weight ?? 0});
  }
  return [...valid.values()];
}

function readMultiPointEnabled(
  set: V1PluginSet,
  sets: Plugins,
  version: KubernetesVersion,
  {error, notSimulated}: Reports,
): readonly EnabledPlugin[] {
  const expandsAt = (name: string, point: ExtensionPoint): boolean => {
    const {enabled = [], disabled = []} = sets[point] ?? {};
    const isOff = disabled.includes('*') || disabled.includes(name);
    return implementsPoint(name, point, version) && !isOff && !enabled.some((own) => own.name === name);
  };
  const valid = new Map<string, EnabledPlugin>();
  for (const [i, {name, weight}] of (set.enabled ?? []).entries()) {
    const place = `/plugins/multiPoint/enabled/${i}`;
    if (!isInTree(name, version)) {
      const first = BUILD_ORDER.find((point) => !sets[point]?.disabled.includes('*')) ?? BUILD_ORDER[0]!;
      reportUnknown(name, place, interfaceName(first), notSimulated);
    } else if (valid.has(name)) {
      const point = BUILD_ORDER.find((own) => expandsAt(name, own));
      if (point !== undefined) error(place, `plugin "${name}" already registered as "${interfaceName(point)}"`);
    }
    valid.set(name, {name, weight: weight ?? 0});
  }
  return [...valid.values()];
}

/** Schedulers with plugins of their own have such files; it is the standard one that would refuse. */
function reportUnknown(name: string, place: string, interfaceOf: string, notSimulated: ReportError): void {
  if (isRemovedPlugin(name)) return;
  notSimulated(
    place,
    `plugin ${name} is not one of kube-scheduler's own and not simulated; kube-scheduler itself would refuse: ${interfaceOf} "${name}" does not exist`,
  );
}

/** The Go interface of an extension point, by which messages name it: `preFilter`, `PreFilterPlugin`. */
function interfaceName(point: ExtensionPoint): string {
  return `${point.replace(/^./, (first) => first.toUpperCase())}Plugin`;
}

function namesOf(plugins: V1PluginSet['disabled']): readonly string[] {
  return (plugins ?? []).map(({name}) => name);
}
