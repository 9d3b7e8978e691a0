import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import {simulate} from '../../simulator/simulate.ts';
import {cluster, node, OPTIONS, requests} from './builders.ts';
import {ORIGIN} from './origin.ts';

const config = (rest: object) => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  ...rest,
});
const plugins = (rest: object) => config({profiles: [{plugins: rest}]});
const args = (name: string, own: object) => config({profiles: [{pluginConfig: [{name, args: own}]}]});

function read(value: unknown) {
  const diagnostics = new Diagnostics();
  const configuration = readSchedulerConfiguration(value, ORIGIN, '1.36', diagnostics);
  return {
    configuration,
    profile: configuration.profiles[0]!,
    messages: diagnostics.all.map(({code, message}) => `${code} ${message}`),
  };
}

const DEFAULT = read(config({})).profile;

describe('merging with the defaults', () => {
  test('an empty configuration is the default one', () => {
    expect(read(config({})).messages).toEqual([]);
    expect(DEFAULT.schedulerName).toBe('default-scheduler');
    expect(DEFAULT.plugins.filter).toEqual([
      'NodeUnschedulable',
      'NodeName',
      'TaintToleration',
      'NodeAffinity',
      'NodePorts',
      'NodeResourcesFit',
      'VolumeRestrictions',
      'NodeVolumeLimits',
      'VolumeBinding',
      'VolumeZone',
      'PodTopologySpread',
      'InterPodAffinity',
      'DynamicResources',
      'NodeDeclaredFeatures',
    ]);
    expect(Object.fromEntries(DEFAULT.weights)).toMatchObject({
      TaintToleration: 3,
      NodeAffinity: 2,
      NodeResourcesFit: 1,
    });
  });

  test('a disabled plugin is gone at its point alone', () => {
    const {profile} = read(plugins({score: {disabled: [{name: 'NodeResourcesFit'}]}}));
    expect(profile.plugins.score).not.toContain('NodeResourcesFit');
    expect(profile.plugins.filter).toEqual(DEFAULT.plugins.filter);
  });

  test('"*" disables all, and what is enabled beside it stays', () => {
    const {profile} = read(plugins({score: {disabled: [{name: '*'}], enabled: [{name: 'ImageLocality', weight: 5}]}}));
    expect(profile.plugins.score).toEqual(['ImageLocality']);
    expect(profile.weights.get('ImageLocality')).toBe(5);
  });

  test('disabling in multiPoint takes a plugin from every point', () => {
    const {profile} = read(plugins({multiPoint: {disabled: [{name: 'TaintToleration'}]}}));
    expect(profile.plugins.filter).not.toContain('TaintToleration');
    expect(profile.plugins.score).not.toContain('TaintToleration');
  });

  test('a default that is enabled again keeps its place and takes the new weight', () => {
    const {profile} = read(plugins({multiPoint: {enabled: [{name: 'NodeAffinity', weight: 9}]}}));
    expect(profile.plugins.filter).toEqual(DEFAULT.plugins.filter);
    expect(profile.weights.get('NodeAffinity')).toBe(9);
  });

  test('a weight of zero is one', () => {
    const {profile} = read(
      plugins({score: {disabled: [{name: '*'}], enabled: [{name: 'NodeResourcesFit', weight: 0}]}}),
    );
    expect(profile.weights.get('NodeResourcesFit')).toBe(1);
  });

  test('every profile schedules the pods that name it', () => {
    const most = {name: 'NodeResourcesFit', args: {scoringStrategy: {type: 'MostAllocated'}}};
    const noBalance = {score: {disabled: [{name: 'NodeResourcesBalancedAllocation'}]}};
    const {configuration} = read(
      config({
        profiles: [
          {schedulerName: 'default-scheduler'},
          {schedulerName: 'packing', plugins: noBalance, pluginConfig: [most]},
        ],
      }),
    );
    const bound = {name: 'first', spec: requests('1', '4Gi'), nodeName: 'b'};
    const model = cluster(
      [node('a'), node('b')],
      [
        bound,
        {name: 'spread', spec: requests('1', '4Gi')},
        {name: 'packed', spec: {...requests('1', '4Gi'), schedulerName: 'packing'}},
      ],
    );
    const {nodeOfPod} = simulate(model, OPTIONS, configuration);
    expect([...nodeOfPod].map((index) => model.nodes[index]?.name)).toEqual(['b', 'a', 'a']);
  });
});

describe('what kube-scheduler refuses', () => {
  test.each<[rule: string, value: unknown, message: string]>([
    [
      'a percentage above 100',
      config({percentageOfNodesToScore: 101}),
      'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]',
    ],
    [
      'a negative parallelism',
      config({parallelism: -1}),
      'parallelism: Invalid value: -1: should be an integer value greater than zero',
    ],
    [
      'no initial backoff',
      config({podInitialBackoffSeconds: 0}),
      'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0',
    ],
    [
      'a maximum below the initial backoff',
      config({podInitialBackoffSeconds: 5, podMaxBackoffSeconds: 2}),
      'podMaxBackoffSeconds: Invalid value: 2: must be greater than or equal to PodInitialBackoffSeconds',
    ],
    [
      'two profiles of one name',
      config({profiles: [{schedulerName: 'a'}, {schedulerName: 'a'}]}),
      'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
    ],
    [
      'a nameless profile among several',
      config({profiles: [{schedulerName: 'a'}, {}]}),
      'profiles[1].schedulerName: Required value',
    ],
    ['an unknown field', config({percentage: 5}), 'strict decoding error: unknown field "percentage"'],
    [
      'no queue sort plugin',
      plugins({queueSort: {disabled: [{name: '*'}]}}),
      'profiles[0].plugins.queueSort: only one queue sort plugin required for profile with scheduler name "default-scheduler", but got 0',
    ],
    [
      'no bind plugin',
      plugins({bind: {disabled: [{name: '*'}]}}),
      'profiles[0].plugins.bind: at least one bind plugin is needed for profile with scheduler name "default-scheduler"',
    ],
    [
      'a resource weight above 100',
      args('NodeResourcesFit', {scoringStrategy: {resources: [{name: 'cpu', weight: 101}]}}),
      'profiles[0].pluginConfig[0].args.scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in valid range (0, 100]',
    ],
    [
      'a shape that is not increasing',
      args('NodeResourcesFit', {
        scoringStrategy: {
          type: 'RequestedToCapacityRatio',
          requestedToCapacityRatio: {
            shape: [
              {utilization: 50, score: 1},
              {utilization: 50, score: 2},
            ],
          },
        },
      }),
      'profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 50: values must be sorted in increasing order',
    ],
    [
      'an unknown strategy',
      args('NodeResourcesFit', {scoringStrategy: {type: 'Best'}}),
      'profiles[0].pluginConfig[0].args.scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"',
    ],
    [
      'a balanced weight other than one',
      args('NodeResourcesBalancedAllocation', {resources: [{name: 'cpu', weight: 2}]}),
      'profiles[0].pluginConfig[0].args.resources[0].weight: Invalid value: 2: must be 1',
    ],
    [
      'a resource group with a slash',
      args('NodeResourcesFit', {ignoredResourceGroups: ['a.b/c']}),
      "profiles[0].pluginConfig[0].args.ignoredResourceGroups[0]: Invalid value: \"a.b/c\": resource group name can't contain '/'",
    ],
    [
      'default constraints of the system',
      args('PodTopologySpread', {defaultingType: 'System', defaultConstraints: [{}]}),
      'profiles[0].pluginConfig[0].args.defaultingType: Invalid value: "System": when .defaultConstraints are not empty',
    ],
  ])('%s', (_rule, value, message) => {
    expect(read(value).messages).toContain(`STW-1011 ${message}`);
  });

  test.each([[null], ['x'], [[]], [{}], [{apiVersion: 'v1', kind: 'Pod'}]])('%j is no configuration', (value) => {
    expect(read(value).messages.join()).toContain('STW-1011');
  });
});

test.each<[string, object]>([
  ['scheduler extenders are not simulated', {extenders: [{urlPrefix: 'http://x'}]}],
  [
    "plugin Coscheduling is not one of kube-scheduler's own and not simulated",
    {profiles: [{plugins: {filter: {enabled: [{name: 'Coscheduling'}]}}}]},
  ],
])('%s', (message, rest) => {
  expect(read(config(rest)).messages).toEqual([`STW-3001 ${message}`]);
});
