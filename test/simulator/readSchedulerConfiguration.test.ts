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

  test('a plugin enabled at a point too comes first there', () => {
    const {profile} = read(plugins({filter: {enabled: [{name: 'NodeResourcesFit'}]}}));
    expect(profile.plugins.filter).toEqual([
      'NodeResourcesFit',
      ...DEFAULT.plugins.filter.filter((name) => name !== 'NodeResourcesFit'),
    ]);
    expect(profile.plugins.score).toEqual(DEFAULT.plugins.score);
  });

  test('to move a plugin to the end it is disabled and enabled', () => {
    const {profile} = read(
      plugins({multiPoint: {disabled: [{name: 'NodeAffinity'}], enabled: [{name: 'NodeAffinity', weight: 4}]}}),
    );
    expect(profile.plugins.filter.at(-1)).toBe('NodeAffinity');
    expect(profile.weights.get('NodeAffinity')).toBe(4);
  });

  test('the weight at a point wins over that of multiPoint', () => {
    const weighted = (weight: number) => ({enabled: [{name: 'ImageLocality', weight}]});
    const {profile} = read(plugins({multiPoint: weighted(3), score: weighted(7)}));
    expect(profile.weights.get('ImageLocality')).toBe(7);
  });

  test.each([
    ['1.33', false, false],
    ['1.34', true, false],
    ['1.35', true, false],
    ['1.36', true, true],
  ] as const)('%s has DynamicResources by default: %s, NodeDeclaredFeatures: %s', (version, dynamic, declared) => {
    const {filter} = readSchedulerConfiguration(config({}), ORIGIN, version, new Diagnostics()).profiles[0]!.plugins;
    expect([filter.includes('DynamicResources'), filter.includes('NodeDeclaredFeatures')]).toEqual([dynamic, declared]);
  });

  test.each([
    ['null is as if it were absent', {profiles: null, percentageOfNodesToScore: null}, null, null],
    ['the global percentage is the run’s to take', {percentageOfNodesToScore: 30}, 30, null],
    ['a profile’s own percentage stands, even 0', {profiles: [{percentageOfNodesToScore: 0}]}, null, 0],
  ])('%s', (_rule, rest, global, own) => {
    const {configuration, profile, messages} = read(config(rest));
    expect(messages).toEqual([]);
    expect([configuration.percentageOfNodesToScore, profile.percentageOfNodesToScore]).toEqual([global, own]);
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
      'a plugin at a point it does not have',
      plugins({score: {enabled: [{name: 'NodeName'}]}}),
      'profiles[0].plugins.score.enabled[0]: plugin "NodeName" does not extend ScorePlugin plugin',
    ],
    [
      'a plugin given twice',
      plugins({filter: {enabled: [{name: 'NodeName'}, {name: 'NodeName'}]}}),
      'profiles[0].plugins.filter.enabled[1]: plugin "NodeName" already registered as "FilterPlugin"',
    ],
    [
      'different queue sort plugins',
      config({
        profiles: [
          {schedulerName: 'a'},
          {schedulerName: 'b', plugins: {queueSort: {enabled: [{name: 'PrioritySort'}]}}},
        ],
      }),
      'profiles[1].plugins.queueSort: Invalid value: {"enabled":[{"name":"PrioritySort"}]}: must be the same for all profiles',
    ],
    [
      'arguments of another plugin',
      args('NodeResourcesFit', {kind: 'NodeAffinityArgs'}),
      'profiles[0].pluginConfig[0].args: Invalid value: "NodeAffinityArgs": has to match plugin args',
    ],
    [
      'arguments given twice',
      config({profiles: [{pluginConfig: [{name: 'NodeAffinity'}, {name: 'NodeAffinity'}]}]}),
      'profiles[0].pluginConfig[1]: Duplicate value: "NodeAffinity"',
    ],
    ['a value of the wrong type', config({profiles: [7]}), 'profiles[0]: expected object, received number'],
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

  const requirement = (own: object) =>
    args('NodeAffinity', {
      addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [own]}},
    });
  test.each<[rule: string, term: object, message: string]>([
    [
      'an operator',
      {matchExpressions: [{key: 'a', operator: 'Is', values: ['b']}]},
      'matchExpressions[0].operator: Unsupported value: "Is": supported values: "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"',
    ],
    [
      'no value',
      {matchExpressions: [{key: 'a', operator: 'In'}]},
      "matchExpressions[0].values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    ],
    [
      'a value too many',
      {matchExpressions: [{key: 'a', operator: 'Exists', values: ['b']}]},
      'matchExpressions[0].values: Invalid value: ["b"]: values set must be empty for exists and does not exist',
    ],
    [
      'a text for a number',
      {matchExpressions: [{key: 'a', operator: 'Gt', values: ['b']}]},
      "matchExpressions[0].values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      'an operator for fields',
      {matchFields: [{key: 'metadata.name', operator: 'Exists'}]},
      'matchFields[0].operator: Unsupported value: "Exists": supported values: "In", "NotIn"',
    ],
    [
      'two values for a field',
      {matchFields: [{key: 'metadata.name', operator: 'In', values: ['a', 'b']}]},
      'matchFields[0].values: Invalid value: ["a","b"]: must have one element',
    ],
  ])('added affinity with %s', (_rule, term, message) => {
    const terms = 'addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
    expect(read(requirement(term)).messages).toEqual([
      `STW-1011 profiles[0].pluginConfig[0].args.${terms}[0].${message}`,
    ]);
  });

  test.each([[null], ['x'], [[]], [{}], [{apiVersion: 'v1', kind: 'Pod'}]])('%j is no configuration', (value) => {
    expect(read(value).messages.join()).toContain('STW-1011');
  });
});

describe('what is not simulated is said', () => {
  test.each<[message: string, rest: object]>([
    ['scheduler extenders are not simulated', {extenders: [{urlPrefix: 'http://x'}]}],
    [
      "plugin Coscheduling is not one of kube-scheduler's own and not simulated",
      {profiles: [{plugins: {filter: {enabled: [{name: 'Coscheduling'}]}}}]},
    ],
    [
      'switching off preFilter alone is not simulated (NodePorts): it follows filter',
      {profiles: [{plugins: {preFilter: {disabled: [{name: 'NodePorts'}]}}}]},
    ],
    [
      'arguments of plugin InterPodAffinity are not used: it is not simulated',
      {profiles: [{pluginConfig: [{name: 'InterPodAffinity', args: {hardPodAffinityWeight: 5}}]}]},
    ],
    [
      'default constraints of PodTopologySpread are not simulated',
      {
        profiles: [
          {
            pluginConfig: [
              {
                name: 'PodTopologySpread',
                args: {
                  defaultingType: 'List',
                  defaultConstraints: [{maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway'}],
                },
              },
            ],
          },
        ],
      },
    ],
  ])('%s', (message, rest) => {
    expect(read(config(rest)).messages).toEqual([`STW-3001 ${message}`]);
  });

  test.each([['InterPodAffinity'], ['VolumeBinding'], ['PodTopologySpread']])(
    'arguments of %s that say nothing pass in silence',
    (name) => {
      expect(read(args(name, {kind: `${name}Args`, apiVersion: 'kubescheduler.config.k8s.io/v1'})).messages).toEqual(
        [],
      );
    },
  );
});
