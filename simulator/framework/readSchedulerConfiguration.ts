import {z} from 'zod';
import {type Diagnostics, escapePointer, fieldOf, type Origin, placeOf} from '../../model/diagnostic.ts';
import type {NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm} from '../../model/kubernetes.ts';
import {DEFAULT_BALANCED_ALLOCATION_ARGS} from '../plugins/nodeResourcesBalancedAllocation.ts';
import {DEFAULT_NODE_RESOURCES_FIT_ARGS} from '../plugins/nodeResourcesFit.ts';
import {REGISTRY} from '../plugins/registry.ts';
import {
  MAX_CUSTOM_PRIORITY_SCORE,
  type ScoringStrategy,
  type UtilizationShapePoint,
} from '../plugins/scoringStrategy.ts';
import type {KubernetesVersion} from '../simulation.ts';
import {
  type EnabledPlugin,
  EXTENSION_POINTS,
  type ExtensionPoint,
  implementsPoint,
  isInTree,
} from './defaultPlugins.ts';
import {DEFAULT_SCHEDULER_NAME, type PluginArguments, type Plugins, type Profile, toProfile} from './profile.ts';
import {DEFAULT_BACKOFF, defaultSchedulerConfiguration, type SchedulerConfiguration} from './schedulerConfiguration.ts';

const API_VERSION = 'kubescheduler.config.k8s.io/v1';

const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

const pluginSet = z.strictObject({
  enabled: z.array(z.strictObject({name: z.string(), weight: int32.optional()})).optional(),
  disabled: z.array(z.strictObject({name: z.string(), weight: int32.optional()})).optional(),
});

const pluginConfig = z.strictObject({name: z.string(), args: z.record(z.string(), z.unknown()).optional()});

const profileSchema = z.strictObject({
  schedulerName: z.string().optional(),
  percentageOfNodesToScore: int32.optional(),
  plugins: z
    .strictObject(Object.fromEntries(['multiPoint', ...EXTENSION_POINTS].map((point) => [point, pluginSet.optional()])))
    .optional(),
  pluginConfig: z.array(pluginConfig).optional(),
});

/** The fields of v1.KubeSchedulerConfiguration; those without a bearing on decisions are not looked into. */
const configurationSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('KubeSchedulerConfiguration'),
  metadata: z.unknown().optional(),
  parallelism: int32.optional(),
  leaderElection: z.unknown().optional(),
  clientConnection: z.unknown().optional(),
  enableProfiling: z.unknown().optional(),
  enableContentionProfiling: z.unknown().optional(),
  percentageOfNodesToScore: int32.optional(),
  podInitialBackoffSeconds: z.int().optional(),
  podMaxBackoffSeconds: z.int().optional(),
  profiles: z.array(profileSchema).optional(),
  extenders: z.array(z.unknown()).optional(),
  delayCacheUntilActive: z.boolean().optional(),
});

const typeMeta = {apiVersion: z.string().optional(), kind: z.string().optional()};
const resourceSpec = z.strictObject({name: z.string(), weight: z.int().optional()});

const fitArgsSchema = z.strictObject({
  ...typeMeta,
  ignoredResources: z.array(z.string()).optional(),
  ignoredResourceGroups: z.array(z.string()).optional(),
  scoringStrategy: z
    .strictObject({
      type: z.string().optional(),
      resources: z.array(resourceSpec).optional(),
      requestedToCapacityRatio: z
        .strictObject({
          shape: z.array(z.strictObject({utilization: int32.optional(), score: int32.optional()})).optional(),
        })
        .optional(),
    })
    .optional(),
});

const balancedArgsSchema = z.strictObject({...typeMeta, resources: z.array(resourceSpec).optional()});

const nodeSelectorTerm = z.strictObject({
  matchExpressions: z
    .array(z.strictObject({key: z.string(), operator: z.string(), values: z.array(z.string()).optional()}))
    .optional(),
  matchFields: z
    .array(z.strictObject({key: z.string(), operator: z.string(), values: z.array(z.string()).optional()}))
    .optional(),
});

const nodeAffinityArgsSchema = z.strictObject({
  ...typeMeta,
  addedAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({nodeSelectorTerms: z.array(nodeSelectorTerm)})
        .optional(),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.strictObject({weight: int32, preference: nodeSelectorTerm}))
        .optional(),
    })
    .optional(),
});

const spreadArgsSchema = z.strictObject({
  ...typeMeta,
  defaultingType: z.string().optional(),
  defaultConstraints: z.array(z.unknown()).optional(),
});

type ProfileInput = z.infer<typeof profileSchema>;

/**
 * Reads a KubeSchedulerConfiguration (v1) as kube-scheduler does and works the defaults of a version in. What
 * kube-scheduler would refuse becomes an error in its words, what is not simulated a warning; the defaults stand in
 * for a document that cannot be read at all.
 */
export function readSchedulerConfiguration(
  value: unknown,
  origin: Origin,
  version: KubernetesVersion,
  diagnostics: Diagnostics,
): SchedulerConfiguration {
  const report = new Report(origin, diagnostics);
  const input = report.parse(configurationSchema, '', value);
  if (input === undefined) return defaultSchedulerConfiguration(version);

  validateNumbers(input, report);
  if (input.extenders !== undefined && input.extenders.length > 0) {
    report.notSimulated('/extenders', 'scheduler extenders are not simulated');
  }
  const profiles = (input.profiles ?? [{}]).map((profile, i) =>
    readProfile(profile, `/profiles/${i}`, version, input.profiles?.length ?? 1, report),
  );
  validateProfiles(input.profiles, profiles, report);
  return {
    profiles: profiles.length === 0 ? defaultSchedulerConfiguration(version).profiles : profiles,
    percentageOfNodesToScore: input.percentageOfNodesToScore ?? null,
    podInitialBackoffSeconds: input.podInitialBackoffSeconds ?? DEFAULT_BACKOFF.podInitialBackoffSeconds,
    podMaxBackoffSeconds: input.podMaxBackoffSeconds ?? DEFAULT_BACKOFF.podMaxBackoffSeconds,
  };
}

function validateNumbers(input: z.infer<typeof configurationSchema>, report: Report): void {
  const {parallelism = 16, podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10} = input;
  if (parallelism <= 0) report.invalid('/parallelism', parallelism, 'should be an integer value greater than zero');
  validatePercentage('/percentageOfNodesToScore', input.percentageOfNodesToScore, report);
  if (podInitialBackoffSeconds <= 0) {
    report.invalid('/podInitialBackoffSeconds', podInitialBackoffSeconds, 'must be greater than 0');
  }
  // A maximum of 0 switches backoff off.
  if (podMaxBackoffSeconds !== 0 && podMaxBackoffSeconds < podInitialBackoffSeconds) {
    report.invalid(
      '/podMaxBackoffSeconds',
      podMaxBackoffSeconds,
      'must be greater than or equal to PodInitialBackoffSeconds',
    );
  }
}

function validatePercentage(pointer: string, percentage: number | undefined, report: Report): void {
  if (percentage !== undefined && (percentage < 0 || percentage > 100)) {
    report.invalid(pointer, percentage, 'not in valid range [0-100]');
  }
}

/** What holds between profiles. */
function validateProfiles(
  inputs: readonly ProfileInput[] | undefined,
  profiles: readonly Profile[],
  report: Report,
): void {
  const first = new Map<string, number>();
  for (const [i, {schedulerName}] of profiles.entries()) {
    const pointer = `/profiles/${i}`;
    const other = first.get(schedulerName);
    if (other !== undefined) {
      report.error(`${pointer}/schedulerName`, `Duplicate value: "profiles[${other}].schedulerName"`);
    }
    first.set(schedulerName, other ?? i);
    const queueSort = inputs?.[i]?.plugins?.queueSort;
    if (JSON.stringify(queueSort) !== JSON.stringify(inputs?.[0]?.plugins?.queueSort)) {
      report.invalid(`${pointer}/plugins/queueSort`, queueSort ?? {}, 'must be the same for all profiles');
    }
  }
}

function readProfile(
  input: ProfileInput,
  pointer: string,
  version: KubernetesVersion,
  profileCount: number,
  report: Report,
): Profile {
  // Only a configuration with one profile may leave the name out.
  const schedulerName = input.schedulerName ?? (profileCount === 1 ? DEFAULT_SCHEDULER_NAME : '');
  if (schedulerName === '') report.error(`${pointer}/schedulerName`, 'Required value');
  validatePercentage(`${pointer}/percentageOfNodesToScore`, input.percentageOfNodesToScore, report);
  const {args, hasDefaultSpreading} = readPluginConfig(input.pluginConfig ?? [], `${pointer}/pluginConfig`, report);
  const profile = toProfile(
    {
      schedulerName,
      percentageOfNodesToScore: input.percentageOfNodesToScore ?? null,
      plugins: readPlugins(input.plugins ?? {}, `${pointer}/plugins`, report),
      args,
      hasDefaultSpreading,
    },
    version,
  );
  const sorters = profile.plugins.queueSort.length;
  if (sorters !== 1) {
    report.error(
      `${pointer}/plugins/queueSort`,
      `only one queue sort plugin required for profile with scheduler name "${schedulerName}", but got ${sorters}`,
    );
  }
  if (profile.plugins.bind.length === 0) {
    report.error(
      `${pointer}/plugins/bind`,
      `at least one bind plugin is needed for profile with scheduler name "${schedulerName}"`,
    );
  }
  return profile;
}

function readPlugins(input: NonNullable<ProfileInput['plugins']>, pointer: string, report: Report): Plugins {
  const plugins: Record<string, NonNullable<Plugins['multiPoint']>> = {};
  for (const point of ['multiPoint', ...EXTENSION_POINTS] as const) {
    const set = input[point];
    if (set === undefined) continue;
    plugins[point] = {
      enabled: readEnabled(set.enabled ?? [], point, `${pointer}/${point}/enabled`, report),
      disabled: (set.disabled ?? []).map(({name}) => name),
    };
    reportSeparateStages(point, plugins[point].disabled, pointer, report);
  }
  return plugins;
}

/** The plugins that can run at a point; kube-scheduler refuses to start with the others. */
function readEnabled(
  enabled: readonly {readonly name: string; readonly weight?: number | undefined}[],
  point: ExtensionPoint | 'multiPoint',
  pointer: string,
  report: Report,
): readonly EnabledPlugin[] {
  const valid = new Map<string, EnabledPlugin>();
  for (const [i, {name, weight = 0}] of enabled.entries()) {
    const place = `${pointer}/${i}`;
    if (valid.has(name)) {
      report.error(place, `plugin "${name}" already registered as "${interfaceName(point)}"`);
    } else if (!isInTree(name)) {
      report.notSimulated(place, `plugin ${name} is not one of kube-scheduler's own and not simulated`);
    } else if (point !== 'multiPoint' && !implementsPoint(name, point)) {
      report.error(place, `plugin "${name}" does not extend ${interfaceName(point)} plugin`);
      continue;
    }
    valid.set(name, {name, weight});
  }
  return [...valid.values()];
}

/** The Go interface of an extension point, by which kube-scheduler's messages name it: `preFilter`, `PreFilterPlugin`. */
function interfaceName(point: ExtensionPoint | 'multiPoint'): string {
  const name = point.replace(/^./, (first) => first.toUpperCase());
  return point === 'multiPoint' ? name : `${name}Plugin`;
}

/** PreFilter and PreScore run with the Filter and Score of their plugin here, so they cannot be switched off alone. */
function reportSeparateStages(point: string, disabled: readonly string[], pointer: string, report: Report): void {
  if (point !== 'preFilter' && point !== 'preScore') return;
  const affected = disabled.filter((name) => name === '*' || REGISTRY.has(name));
  if (affected.length === 0) return;
  report.notSimulated(
    `${pointer}/${point}/disabled`,
    `switching off ${point} alone is not simulated (${affected.join(', ')}): it follows ${point === 'preFilter' ? 'filter' : 'score'}`,
  );
}

function readPluginConfig(
  entries: readonly z.infer<typeof pluginConfig>[],
  pointer: string,
  report: Report,
): {readonly args: Partial<PluginArguments>; readonly hasDefaultSpreading: boolean} {
  const args: {-readonly [Name in keyof PluginArguments]?: PluginArguments[Name]} = {};
  let hasDefaultSpreading = true;
  const seen = new Set<string>();
  for (const [i, {name, args: own = {}}] of entries.entries()) {
    const place = `${pointer}/${i}`;
    if (seen.has(name)) report.error(place, `Duplicate value: "${name}"`);
    seen.add(name);
    if (isInTree(name) && own.kind !== undefined && own.kind !== `${name}Args`) {
      report.invalid(`${place}/args`, own.kind, 'has to match plugin args');
      continue;
    }
    switch (name) {
      case 'NodeAffinity':
        args.NodeAffinity = readNodeAffinityArgs(own, `${place}/args`, report);
        break;
      case 'NodeResourcesFit':
        args.NodeResourcesFit = readFitArgs(own, `${place}/args`, report);
        break;
      case 'NodeResourcesBalancedAllocation':
        args.NodeResourcesBalancedAllocation = readBalancedArgs(own, `${place}/args`, report);
        break;
      case 'PodTopologySpread':
        hasDefaultSpreading = readDefaultSpreading(own, `${place}/args`, report);
        break;
      default:
        if (Object.keys(own).some((field) => !Object.hasOwn(typeMeta, field))) {
          report.notSimulated(place, `arguments of plugin ${name} are not used: it is not simulated`);
        }
    }
  }
  return {args, hasDefaultSpreading};
}

function readNodeAffinityArgs(value: unknown, pointer: string, report: Report): PluginArguments['NodeAffinity'] {
  const addedAffinity = report.parse(nodeAffinityArgsSchema, pointer, value)?.addedAffinity as NodeAffinity | undefined;
  if (addedAffinity === undefined) return {addedAffinity: null};
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  } = addedAffinity;
  const requiredPointer = `${pointer}/addedAffinity/requiredDuringSchedulingIgnoredDuringExecution`;
  const preferredPointer = `${pointer}/addedAffinity/preferredDuringSchedulingIgnoredDuringExecution`;
  for (const [i, term] of (required?.nodeSelectorTerms ?? []).entries()) {
    validateTerm(term, `${requiredPointer}/nodeSelectorTerms/${i}`, report);
  }
  for (const [i, {weight, preference}] of preferred.entries()) {
    if (weight !== 0) validateTerm(preference, `${preferredPointer}/${i}/preference`, report);
  }
  return {addedAffinity};
}

/** A term as component-helpers/nodeaffinity parses it: only what it can be matched with, not all that the API asks. */
function validateTerm(
  {matchExpressions = [], matchFields = []}: NodeSelectorTerm,
  pointer: string,
  report: Report,
): void {
  for (const [i, requirement] of matchExpressions.entries()) {
    validateRequirement(requirement, `${pointer}/matchExpressions/${i}`, report);
  }
  for (const [i, {operator, values = []}] of matchFields.entries()) {
    const place = `${pointer}/matchFields/${i}`;
    if (operator !== 'In' && operator !== 'NotIn') report.unsupported(`${place}/operator`, operator, ['In', 'NotIn']);
    else if (values.length !== 1) report.invalid(`${place}/values`, values, 'must have one element');
  }
}

function validateRequirement({operator, values = []}: NodeSelectorRequirement, pointer: string, report: Report): void {
  const invalid = (detail: string): void => report.invalid(`${pointer}/values`, values, detail);
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) invalid("for 'in', 'notin' operators, values set can't be empty");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) invalid('values set must be empty for exists and does not exist');
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) invalid("for 'Gt', 'Lt' operators, exactly one value is required");
      for (const [i, value] of values.entries()) {
        if (/^[+-]?\d+$/.test(value)) continue;
        report.invalid(`${pointer}/values/${i}`, value, "for 'Gt', 'Lt' operators, the value must be an integer");
      }
      break;
    default:
      report.unsupported(`${pointer}/operator`, operator, ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
  }
}

function readFitArgs(value: unknown, pointer: string, report: Report): PluginArguments['NodeResourcesFit'] {
  const input = report.parse(fitArgsSchema, pointer, value) ?? {};
  const {ignoredResources = [], ignoredResourceGroups = [], scoringStrategy} = input;
  for (const [i, group] of ignoredResourceGroups.entries()) {
    if (group.includes('/')) {
      report.invalid(`${pointer}/ignoredResourceGroups/${i}`, group, "resource group name can't contain '/'");
    }
  }
  return {
    ignoredResources,
    ignoredResourceGroups,
    scoringStrategy:
      scoringStrategy === undefined
        ? DEFAULT_NODE_RESOURCES_FIT_ARGS.scoringStrategy
        : readScoringStrategy(scoringStrategy, `${pointer}/scoringStrategy`, report),
  };
}

function readScoringStrategy(
  input: NonNullable<z.infer<typeof fitArgsSchema>['scoringStrategy']>,
  pointer: string,
  report: Report,
): ScoringStrategy {
  const {type = 'LeastAllocated', requestedToCapacityRatio} = input;
  const given = input.resources ?? [];
  const resources =
    given.length === 0
      ? DEFAULT_NODE_RESOURCES_FIT_ARGS.scoringStrategy.resources
      : given.map(({name, weight = 0}) => ({name, weight: weight === 0 ? 1 : weight}));
  for (const [i, {name, weight}] of resources.entries()) {
    if (weight < 0 || weight > 100) {
      report.invalid(
        `${pointer}/resources/${i}/weight`,
        weight,
        `resource weight of ${name} not in valid range (0, 100]`,
      );
    }
  }
  const shape = (requestedToCapacityRatio?.shape ?? []).map(({utilization = 0, score = 0}) => ({utilization, score}));
  if (requestedToCapacityRatio !== undefined || type === 'RequestedToCapacityRatio') {
    validateShape(shape, `${pointer}/requestedToCapacityRatio/shape`, report);
  }
  switch (type) {
    case 'LeastAllocated':
    case 'MostAllocated':
      return {type, resources};
    case 'RequestedToCapacityRatio':
      return {type, resources, shape};
    default:
      report.unsupported(`${pointer}/type`, type, ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']);
      return DEFAULT_NODE_RESOURCES_FIT_ARGS.scoringStrategy;
  }
}

function validateShape(shape: readonly UtilizationShapePoint[], pointer: string, report: Report): void {
  if (shape.length === 0) report.error(pointer, 'Required value: at least one point must be specified');
  const unsorted = shape.findIndex(({utilization}, i) => i > 0 && shape[i - 1]!.utilization >= utilization);
  if (unsorted > 0) {
    report.invalid(
      `${pointer}/${unsorted}/utilization`,
      shape[unsorted]!.utilization,
      'values must be sorted in increasing order',
    );
  }
  for (const [i, {utilization, score}] of shape.entries()) {
    if (utilization < 0 || utilization > 100) {
      report.invalid(`${pointer}/${i}/utilization`, utilization, 'not in valid range [0, 100]');
    }
    if (score < 0 || score > MAX_CUSTOM_PRIORITY_SCORE) {
      report.invalid(`${pointer}/${i}/score`, score, `not in valid range [0, ${MAX_CUSTOM_PRIORITY_SCORE}]`);
    }
  }
}

function readBalancedArgs(
  value: unknown,
  pointer: string,
  report: Report,
): PluginArguments['NodeResourcesBalancedAllocation'] {
  const resources = report.parse(balancedArgsSchema, pointer, value)?.resources ?? [];
  const seen = new Set<string>();
  for (const [i, {name, weight = 0}] of resources.entries()) {
    if (seen.has(name)) report.error(`${pointer}/resources/${i}/name`, `Duplicate value: "${name}"`);
    seen.add(name);
    // A weight of zero is one that was left out.
    if (weight !== 1 && weight !== 0) report.invalid(`${pointer}/resources/${i}/weight`, weight, 'must be 1');
  }
  return seen.size === 0 ? DEFAULT_BALANCED_ALLOCATION_ARGS : {resources: [...seen]};
}

function readDefaultSpreading(value: unknown, pointer: string, report: Report): boolean {
  const {defaultingType = 'System', defaultConstraints = []} = report.parse(spreadArgsSchema, pointer, value) ?? {};
  if (defaultingType !== 'System' && defaultingType !== 'List') {
    report.unsupported(`${pointer}/defaultingType`, defaultingType, ['List', 'System']);
  } else if (defaultingType === 'System' && defaultConstraints.length > 0) {
    report.invalid(`${pointer}/defaultingType`, defaultingType, 'when .defaultConstraints are not empty');
  } else if (defaultConstraints.length > 0) {
    report.notSimulated(`${pointer}/defaultConstraints`, 'default constraints of PodTopologySpread are not simulated');
  }
  return defaultingType === 'System' || defaultConstraints.length > 0;
}

/** Findings about one document, worded as Kubernetes words field errors. */
class Report {
  readonly #origin: Origin;
  readonly #diagnostics: Diagnostics;

  constructor(origin: Origin, diagnostics: Diagnostics) {
    this.#origin = origin;
    this.#diagnostics = diagnostics;
  }

  error(pointer: string, detail: string): void {
    const field = fieldOf(pointer);
    this.#diagnostics.error('STW-1011', field === '' ? detail : `${field}: ${detail}`, {
      place: placeOf(this.#origin, pointer),
    });
  }

  invalid(pointer: string, value: unknown, detail: string): void {
    this.error(pointer, `Invalid value: ${JSON.stringify(value)}: ${detail}`);
  }

  unsupported(pointer: string, value: string, supported: readonly string[]): void {
    const list = supported.map((one) => JSON.stringify(one)).join(', ');
    this.error(pointer, `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`);
  }

  notSimulated(pointer: string, message: string): void {
    this.#diagnostics.warn('STW-3001', message, {place: placeOf(this.#origin, pointer)});
  }

  /** The part of the document at a pointer, undefined when it has not the shape of the API. Null is as absent. */
  parse<Schema extends z.ZodType>(schema: Schema, pointer: string, value: unknown): z.infer<Schema> | undefined {
    const result = schema.safeParse(withoutNulls(value));
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const place = [pointer, ...issue.path.map((segment) => escapePointer(String(segment)))].join('/');
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          const at = `${place}/${escapePointer(key)}`;
          this.#diagnostics.error('STW-1011', `strict decoding error: unknown field "${fieldOf(at)}"`, {
            place: placeOf(this.#origin, at),
          });
        }
      } else
        this.error(place, issue.message.replace(/^Invalid input: /, '').replace('expected record', 'expected object'));
    }
    return undefined;
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .map(([key, field]) => [key, withoutNulls(field)]),
  );
}
