import {isExtendedResource} from '../../../model/resources.ts';
import {implementsPoint} from '../../../simulator/framework/defaultPlugins.ts';
import type {KubernetesVersion} from '../../../simulator/simulation.ts';
import {generateRequirement, generateTerm} from './nodeChoice.ts';
import type {GeneratedNode} from './nodes.ts';
import type {Random} from './random.ts';
import {GPU, NIC, ZONE} from './vocabulary.ts';

const API = 'kubescheduler.config.k8s.io/v1';
/** What pods name in spec.schedulerName. */
export const PROFILES = ['default-scheduler', 'packer', 'custom', 'ignorer'] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Plugins that score, all of which may be weighted or left out. */
const SCORERS = [
  'TaintToleration',
  'NodeAffinity',
  'NodeResourcesFit',
  'VolumeBinding',
  'PodTopologySpread',
  'InterPodAffinity',
  'DynamicResources',
  'NodeResourcesBalancedAllocation',
  'ImageLocality',
] as const;
/** Plugins without which a profile still decides something worth comparing. */
const DISPENSABLE = [
  'NodeUnschedulable',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeVolumeLimits',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
  'DefaultPreemption',
  'NodeResourcesBalancedAllocation',
  'ImageLocality',
] as const;

/** A KubeSchedulerConfiguration; `onlyfit` has one profile that scores by resources alone. */
export function generateConfiguration(
  random: Random,
  family: string,
  nodes: readonly GeneratedNode[],
  version: KubernetesVersion,
): Fields {
  const scorers = SCORERS.filter((name) => implementsPoint(name, 'score', version));
  const profiles =
    family === 'onlyfit'
      ? [
          {
            schedulerName: PROFILES[0],
            plugins: onlyFit(random),
            pluginConfig: [config('NodeResourcesFit', fitArgs(random))],
          },
        ]
      : PROFILES.slice(0, random.int(1, PROFILES.length)).map((name) => generateProfile(random, name, nodes, scorers));
  return {apiVersion: API, kind: 'KubeSchedulerConfiguration', leaderElection: {leaderElect: false}, profiles};
}

/** A profile that begins with nothing, or one whose only score is that of resources. */
function onlyFit(random: Random): Fields {
  if (random.chance(0.5))
    return {score: {disabled: [{name: '*'}], enabled: [{name: 'NodeResourcesFit', weight: random.int(1, 5)}]}};
  const enabled = ['PrioritySort', 'NodeResourcesFit', 'DefaultPreemption', 'DefaultBinder'].map((name) => ({name}));
  return {multiPoint: {disabled: [{name: '*'}], enabled}};
}

function generateProfile(
  random: Random,
  schedulerName: string,
  nodes: readonly GeneratedNode[],
  scorers: readonly string[],
): Fields {
  const multiPoint = random.chance(0.4) ? generateMultiPoint(random, scorers) : {};
  const plugins = {
    ...random.maybe(0.5, () => {
      const missing = namesOf(multiPoint.disabled);
      return {
        score: generateScore(
          random,
          scorers.filter((name) => !missing.has(name)),
        ),
      };
    }),
    ...(Object.keys(multiPoint).length === 0 ? {} : {multiPoint}),
    ...random.maybe(0.1, () => ({filter: {disabled: [{name: random.pick(['NodePorts', 'TaintToleration'])}]}})),
  };
  const pluginConfig = [
    ...some(random, 0.6, () => config('NodeResourcesFit', fitArgs(random))),
    ...some(random, 0.3, () => config('NodeResourcesBalancedAllocation', {resources: resources(random, false)})),
    ...some(random, 0.3, () => config('NodeAffinity', {addedAffinity: addedAffinity(random, nodes)})),
    ...some(random, 0.4, () =>
      config('InterPodAffinity', {
        ...random.maybe(0.7, () => ({hardPodAffinityWeight: random.pick([0, 1, 10, 100])})),
        ...random.maybe(0.5, () => ({ignorePreferredTermsOfExistingPods: random.chance(0.7)})),
      }),
    ),
    ...some(random, 0.4, () => config('PodTopologySpread', spreadArgs(random))),
    ...some(random, 0.2, () =>
      config('DefaultPreemption', {
        minCandidateNodesPercentage: random.pick([0, 10, 100]),
        minCandidateNodesAbsolute: random.pick([100, 200]),
      }),
    ),
  ];
  return {
    schedulerName,
    ...(Object.keys(plugins).length === 0 ? {} : {plugins}),
    ...(pluginConfig.length === 0 ? {} : {pluginConfig}),
  };
}

function some<T>(random: Random, probability: number, make: () => T): readonly T[] {
  return random.chance(probability) ? [make()] : [];
}

function config(name: string, args: Fields): Fields {
  return {name, args: {apiVersion: API, kind: `${name}Args`, ...args}};
}

function namesOf(plugins: unknown): ReadonlySet<string> {
  return new Set(((plugins ?? []) as readonly {readonly name: string}[]).map(({name}) => name));
}

/** What `score` says; a plugin that is left out altogether cannot score, as its PreScore is missing. */
function generateScore(random: Random, scorers: readonly string[]): Fields {
  if (random.chance(0.2)) {
    const enabled = random.sample(scorers, random.int(1, 4)).map((name) => ({name, weight: random.int(1, 20)}));
    return {disabled: [{name: '*'}], enabled};
  }
  const changed = random.sample(scorers, random.int(1, 3));
  const left = changed.filter(() => random.chance(0.75));
  return {
    disabled: changed.map((name) => ({name})),
    ...(left.length === 0 ? {} : {enabled: left.map((name) => ({name, weight: random.int(1, 20)}))}),
  };
}

function generateMultiPoint(random: Random, scorers: readonly string[]): Fields {
  const left = random.sample(DISPENSABLE, random.int(1, 3)).map((name) => ({name}));
  if (random.chance(0.7)) return {disabled: left};
  return {enabled: random.sample(scorers, random.int(1, 2)).map((name) => ({name, weight: random.int(1, 9)}))};
}

function fitArgs(random: Random): Fields {
  const type = random.pick(['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']);
  return {
    ...random.maybe(0.85, () => ({
      scoringStrategy: {
        type,
        ...random.maybe(0.8, () => ({resources: resources(random, true)})),
        ...(type === 'RequestedToCapacityRatio' ? {requestedToCapacityRatio: {shape: shape(random)}} : {}),
      },
    })),
    ...random.maybe(0.2, () => ({ignoredResources: [NIC].filter(isExtendedResource)})),
    ...random.maybe(0.2, () => ({ignoredResourceGroups: ['example.com']})),
  };
}

function resources(random: Random, isWeighted: boolean): readonly Fields[] {
  const names = random.sample(['cpu', 'memory', 'ephemeral-storage', GPU, NIC], random.int(1, 4));
  return names.map((name) => ({name, weight: isWeighted ? random.int(1, 10) : 1}));
}

/** Utilization rises strictly; scores are 0 … 10. */
function shape(random: Random): readonly Fields[] {
  const points = random.sample([0, 10, 25, 40, 50, 75, 90, 100], random.int(1, 4)).sort((a, b) => a - b);
  return points.map((utilization) => ({utilization, score: random.int(0, 10)}));
}

function addedAffinity(random: Random, nodes: readonly GeneratedNode[]): Fields {
  const preferred = () => ({
    preferredDuringSchedulingIgnoredDuringExecution: random.several(1, 2, () => ({
      weight: random.int(1, 100),
      preference: generateTerm(random, nodes, true),
    })),
  });
  const required = () => ({
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: random.several(1, 2, () => ({matchExpressions: [generateRequirement(random)]})),
    },
  });
  return random.pick([preferred, required, () => ({...required(), ...preferred()})])();
}

function spreadArgs(random: Random): Fields {
  if (random.chance(0.2)) return {defaultingType: 'System'};
  const constraints = random.sample([ZONE, 'kubernetes.io/hostname', 'rack'], random.int(0, 2)).map((topologyKey) => ({
    maxSkew: random.int(1, 3),
    topologyKey,
    whenUnsatisfiable: random.pick(['DoNotSchedule', 'ScheduleAnyway', 'ScheduleAnyway']),
  }));
  return {defaultingType: 'List', defaultConstraints: constraints};
}
