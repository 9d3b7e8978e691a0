/**
 * Configurations and what kube-scheduler v1.36.3 makes of them, recorded by scripts/configurationGolden.ts: the texts of
 * its errors, or its profiles with defaults.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {EXTENSION_POINTS} from '../../simulator/framework/defaultPlugins.ts';
import type {PluginArguments, Profile} from '../../simulator/framework/profile.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import type {ResourceSpec, ScoringStrategy, UtilizationShapePoint} from '../../simulator/plugins/scoringStrategy.ts';
import {parseDocuments} from '../../sources/documents.ts';

interface GoldenPlugin {
  readonly name: string;
  readonly weight: number;
}

interface GoldenProfile {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins: Readonly<Record<string, {readonly enabled?: readonly GoldenPlugin[]}>>;
  readonly pluginConfig: readonly {readonly name: string; readonly args?: object}[];
}

interface GoldenCase {
  readonly id: string;
  readonly config: string;
  readonly errors?: readonly string[];
  readonly profiles?: readonly GoldenProfile[];
  readonly configuration?: {
    readonly percentageOfNodesToScore: number;
    readonly podInitialBackoffSeconds: number;
    readonly podMaxBackoffSeconds: number;
  };
}

function goldenCases(name: string): readonly GoldenCase[] {
  return readFileSync(join(import.meta.dirname, '../golden/scheduler/configuration', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as GoldenCase);
}

function read(text: string) {
  const diagnostics = new Diagnostics();
  const [document] = parseDocuments({name: 'scheduler.yaml', text}, diagnostics);
  const configuration = readSchedulerConfiguration(document!.value, document!.origin, '1.36', diagnostics);
  return {configuration, diagnostics};
}

const STRICT = 'strict decoding error: ';
const FIT = /^(initializing profiles: creating profile for scheduler name [^:]*: initializing plugin "[^"]*": )(.*)$/;
const REFUSED = /kube-scheduler itself would refuse: (.*)$/;

/** Findings, one for each mistake, as the texts in which kube-scheduler puts together what it found in one go. */
function asUpstream(diagnostics: Diagnostics): string[] {
  const messages = diagnostics.all.flatMap(({code, message}) => {
    if (code === 'STW-1011') return [message];
    const refusal = REFUSED.exec(message)?.[1];
    return refusal === undefined
      ? []
      : [`initializing profiles: creating profile for scheduler name default-scheduler: ${refusal}`];
  });
  const strict = messages
    .filter((message) => message.startsWith(STRICT))
    .map((message) => message.slice(STRICT.length));
  const duplicates = strict.filter((message) => message.startsWith('line '));
  const unknown = strict.filter((message) => !message.startsWith('line '));
  const parts = [
    ...(duplicates.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`]),
    ...joined(unknown, /^(.*?)(unknown field ".*")$/, (prefix, fields) => prefix + fields.join(', ')),
  ];
  const others = messages.filter((message) => !message.startsWith(STRICT));
  const first = messages.findIndex((message) => message.startsWith(STRICT));
  return joined(
    first < 0 ? others : others.toSpliced(first, 0, STRICT + parts.join(', ')),
    FIT,
    (prefix, errors) => prefix + (errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`),
  );
}

/** Puts neighbours that begin alike into one text. */
function joined(
  messages: readonly string[],
  pattern: RegExp,
  join: (prefix: string, rests: readonly string[]) => string,
): string[] {
  const groups: {readonly prefix: string | null; readonly rests: string[]}[] = [];
  for (const message of messages) {
    const match = pattern.exec(message);
    const prefix = match?.[1] ?? null;
    const last = groups.at(-1);
    if (prefix !== null && last?.prefix === prefix) last.rests.push(match![2]!);
    else groups.push({prefix, rests: [match?.[2] ?? message]});
  }
  return groups.map(({prefix, rests}) => (prefix === null ? rests[0]! : join(prefix, rests)));
}

/** Where in the build of kube-scheduler a type was looked for, and the text of the file, say nothing to its user. */
function withoutNoise(text: string): string {
  return text.replace(/ in scheme "[^"]*"$/, '').replace(/(is missing) in '.*'$/s, '$1');
}

const CREATING = 'initializing profiles: creating profile for scheduler name default-scheduler: ';
const NO_BIND = 'at least one bind plugin is needed for profile with scheduler name "default-scheduler"';
/** What is found beyond the error at which kube-scheduler stops. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  'queue sort: two plugins': [`${CREATING}plugin "PrioritySort" already registered as "QueueSortPlugin"`],
  'build: nothing at all': [CREATING + NO_BIND],
  'build: the first of several points': [
    `${CREATING}plugin "NodeName" does not extend BindPlugin plugin`,
    `${CREATING}plugin "NodeName" does not extend QueueSortPlugin plugin`,
  ],
  'several: types and unknown fields': [
    'json: cannot unmarshal number into Go struct field KubeSchedulerConfiguration.profiles of type v1.KubeSchedulerProfile',
    'decoding .profiles[0].pluginConfig[0]: decoding args for plugin NodeResourcesFit: json: cannot unmarshal number into Go struct field NodeResourcesFitArgs.ignoredResources of type []string',
    'decoding .profiles[0].pluginConfig[1]: decoding args for plugin NodeAffinity: json: cannot unmarshal number into Go struct field NodeAffinityArgs.addedAffinity of type v1.NodeAffinity',
    'strict decoding error: unknown field "zoo"',
  ],
  'several: a bad duration before a bad type': [
    'json: cannot unmarshal number into Go struct field LeaderElectionConfiguration.leaderElection.leaderElect of type bool',
  ],
  'several: unknown fields and validation': [
    'parallelism: Invalid value: 0: should be an integer value greater than zero',
  ],
  'several: validation and building': [
    `${CREATING}plugin "NodeName" does not extend ScorePlugin plugin`,
    CREATING + NO_BIND,
  ],
};

describe('what kube-scheduler refuses', () => {
  test.each(goldenCases('invalid.ndjson').map((golden) => [golden.id, golden] as const))('%s', (id, golden) => {
    const {diagnostics} = read(golden.config);
    expect(asUpstream(diagnostics)).toEqual([...golden.errors!.map(withoutNoise), ...(BEYOND[id] ?? [])]);
    for (const {place} of diagnostics.errors) expect(place).toMatchObject({file: 'scheduler.yaml'});
  });
});

describe('what kube-scheduler takes', () => {
  test.each(goldenCases('valid.ndjson').map((golden) => [golden.id, golden] as const))('%s', (_id, golden) => {
    const {configuration, diagnostics} = read(golden.config);
    expect(diagnostics.errors).toEqual([]);
    const {percentageOfNodesToScore, podInitialBackoffSeconds, podMaxBackoffSeconds} = golden.configuration!;
    expect({
      percentageOfNodesToScore: configuration.percentageOfNodesToScore ?? 0,
      podInitialBackoffSeconds: configuration.podInitialBackoffSeconds,
      podMaxBackoffSeconds: configuration.podMaxBackoffSeconds,
    }).toEqual({percentageOfNodesToScore, podInitialBackoffSeconds, podMaxBackoffSeconds});
    const profiles = golden.profiles!;
    expect(configuration.profiles.map((profile, i) => asGolden(profile, profiles[i]!.pluginConfig))).toEqual(
      profiles.map(whatBearsOnDecisions),
    );
  });
});

/** Plugins that are off have no arguments in the recording, so that there is nothing to compare with. */
function asGolden(
  {schedulerName, percentageOfNodesToScore, plugins, weights, args}: Profile,
  recorded: GoldenProfile['pluginConfig'],
): object {
  return {
    schedulerName,
    percentageOfNodesToScore,
    plugins,
    weights: Object.fromEntries(plugins.score.map((name) => [name, weights.get(name)])),
    args: Object.fromEntries(Object.entries(args).filter(([own]) => recorded.some(({name}) => name === own))),
  };
}

function whatBearsOnDecisions({schedulerName, percentageOfNodesToScore, plugins, pluginConfig}: GoldenProfile): object {
  const namesAt = (point: string): readonly string[] => (plugins[point]?.enabled ?? []).map(({name}) => name);
  const score = plugins.score?.enabled ?? [];
  return {
    schedulerName,
    percentageOfNodesToScore: percentageOfNodesToScore ?? null,
    plugins: Object.fromEntries(EXTENSION_POINTS.map((point) => [point, namesAt(point)])),
    weights: Object.fromEntries(score.map(({name, weight}) => [name, weight])),
    args: argumentsOf(Object.fromEntries(pluginConfig.map(({name, args}) => [name, args]))),
  };
}

/** What the recorded arguments of plugins say, by plugin. */
interface GoldenArguments {
  readonly NodeAffinity?: Partial<PluginArguments['NodeAffinity']>;
  readonly NodeResourcesBalancedAllocation?: {readonly resources: readonly ResourceSpec[]};
  readonly NodeResourcesFit?: Partial<PluginArguments['NodeResourcesFit']> & {
    readonly scoringStrategy: {
      readonly type: ScoringStrategy['type'];
      readonly resources: readonly ResourceSpec[];
      readonly requestedToCapacityRatio?: {readonly shape: readonly Partial<UtilizationShapePoint>[]};
    };
  };
  readonly InterPodAffinity?: PluginArguments['InterPodAffinity'];
  readonly PodTopologySpread?: Partial<PluginArguments['PodTopologySpread']>;
  readonly DefaultPreemption?: PluginArguments['DefaultPreemption'];
  readonly VolumeBinding?: {readonly bindTimeoutSeconds: number};
  readonly DynamicResources?: {readonly filterTimeout: string; readonly bindingTimeout: string};
}

function argumentsOf({
  NodeAffinity,
  NodeResourcesFit,
  NodeResourcesBalancedAllocation,
  InterPodAffinity,
  PodTopologySpread,
  DefaultPreemption,
  VolumeBinding,
  DynamicResources,
}: GoldenArguments): Partial<PluginArguments> {
  return {
    ...(NodeAffinity && {NodeAffinity: {addedAffinity: NodeAffinity.addedAffinity ?? null}}),
    ...(NodeResourcesFit && {NodeResourcesFit: fitArguments(NodeResourcesFit)}),
    ...(NodeResourcesBalancedAllocation && {
      NodeResourcesBalancedAllocation: {resources: NodeResourcesBalancedAllocation.resources.map(({name}) => name)},
    }),
    ...(InterPodAffinity && {InterPodAffinity: withoutKind(InterPodAffinity)}),
    ...(PodTopologySpread && {PodTopologySpread: withoutKind({defaultConstraints: [], ...PodTopologySpread})}),
    ...(DefaultPreemption && {DefaultPreemption: withoutKind(DefaultPreemption)}),
    ...(VolumeBinding && {VolumeBinding: {shape: null, ...withoutKind(VolumeBinding)}}),
    ...(DynamicResources && {
      DynamicResources: {
        filterTimeoutSeconds: seconds(DynamicResources.filterTimeout),
        bindingTimeoutSeconds: seconds(DynamicResources.bindingTimeout),
      },
    }),
  } as Partial<PluginArguments>;
}

function fitArguments({
  ignoredResources = [],
  ignoredResourceGroups = [],
  scoringStrategy: {type, resources, requestedToCapacityRatio},
}: NonNullable<GoldenArguments['NodeResourcesFit']>): PluginArguments['NodeResourcesFit'] {
  const shape = (requestedToCapacityRatio?.shape ?? []).map(({utilization = 0, score = 0}) => ({utilization, score}));
  return {
    ignoredResources,
    ignoredResourceGroups,
    scoringStrategy: type === 'RequestedToCapacityRatio' ? {type, resources, shape} : {type, resources},
  };
}

function withoutKind<T extends object>(args: T): T {
  const {apiVersion: _version, kind: _kind, ...rest} = args as T & {apiVersion?: string; kind?: string};
  return rest as unknown as T;
}

/** Of a duration as Go prints it. */
function seconds(text: string): number {
  const sizes: Readonly<Record<string, number>> = {h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9};
  const parts = [...text.matchAll(/([\d.]+)([a-zµ]+)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * sizes[unit!]!, 0);
}
