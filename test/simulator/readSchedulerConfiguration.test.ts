import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {EXTENSION_POINTS} from '../../simulator/framework/defaultPlugins.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import {simulate} from '../../simulator/simulate.ts';
import type {KubernetesVersion} from '../../simulator/simulation.ts';
import {below, parseDocuments, type SourceDocument} from '../../sources/documents.ts';
import {cluster, node, OPTIONS, requests} from './builders.ts';
import {ORIGIN} from './origin.ts';

const config = (rest: object) => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  ...rest,
});
const plugins = (rest: object) => config({profiles: [{plugins: rest}]});
const args = (name: string, own: object | null) => config({profiles: [{pluginConfig: [{name, args: own}]}]});

const strategy = (scoringStrategy: object) => args('NodeResourcesFit', {scoringStrategy});

/** Findings of a file as `LINE:COLUMN MESSAGE`. */
function readText(text: string): readonly string[] {
  const diagnostics = new Diagnostics();
  const [{value, origin}] = parseDocuments({name: 'scheduler.yaml', text}, diagnostics) as [SourceDocument];
  readSchedulerConfiguration(value, origin, '1.36', diagnostics);
  return diagnostics.all.map(({message, place}) => `${place?.line}:${place?.column} ${message}`);
}

function read(value: unknown, version: KubernetesVersion = '1.36') {
  const diagnostics = new Diagnostics();
  const configuration = readSchedulerConfiguration(value, ORIGIN, version, diagnostics);
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

  test.each<[version: KubernetesVersion, without: readonly string[]]>([
    ['1.33', ['DynamicResources', 'NodeDeclaredFeatures']],
    ['1.34', ['DynamicResources at score', 'NodeDeclaredFeatures']],
    ['1.35', ['NodeDeclaredFeatures']],
  ])('%s has by default what 1.36 has, without %j', (version, without) => {
    const {plugins: own, weights} = read(config({}), version).profile;
    for (const point of EXTENSION_POINTS.filter((name) => !name.startsWith('placement'))) {
      const expected = DEFAULT.plugins[point].filter(
        (name) => !without.includes(name) && !without.includes(`${name} at ${point}`),
      );
      expect([point, own[point]]).toEqual([point, expected]);
    }
    expect(own.placementScore).toEqual([]);
    const scoring = own.score.map((name) => [name, weights.get(name)]);
    expect(scoring).toEqual(own.score.map((name) => [name, DEFAULT.weights.get(name)]));
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
  test('all of it is said at once, each where it stands', () => {
    const text = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
parallelism: 0
colour: red
profiles:
- plugins:
    score:
      enabled:
      - name: NodeName
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy: {type: Best}
`;
    const creating = 'initializing profiles: creating profile for scheduler name default-scheduler: ';
    expect(readText(text)).toEqual([
      '4:1 strict decoding error: unknown field "colour"',
      '3:1 parallelism: Invalid value: 0: should be an integer value greater than zero',
      `9:9 ${creating}plugin "NodeName" does not extend ScorePlugin plugin`,
      `13:25 ${creating}initializing plugin "NodeResourcesFit": scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`,
    ]);
  });

  test('a message that leaves out a field still points at it', () => {
    const text = `{"apiVersion": "kubescheduler.config.k8s.io/v1", "kind": "KubeSchedulerConfiguration", "profiles": [{"pluginConfig": [
{"name": "NodeAffinity", "args": {"addedAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference":
  {"matchExpressions": [{"key": "a", "operator": "Is"}]}}]}}}]}]}`;
    expect(readText(text)).toEqual([
      expect.stringMatching(
        /^3:.*preferredDuringSchedulingIgnoredDuringExecution\[0\]\.matchExpressions\[0\]\.operator: Unsup/,
      ),
    ]);
  });

  test('keys given twice elsewhere in the file are no concern of the configuration', () => {
    const diagnostics = new Diagnostics();
    const text = `{"a": {"kind": 1, "kind": 2}, "schedulerConfig": {"apiVersion": "kubescheduler.config.k8s.io/v1",
"kind": "KubeSchedulerConfiguration", "parallelism": 1}}`;
    const [{value, origin}] = parseDocuments({name: 'snapshot.json', text}, diagnostics) as [SourceDocument];
    const {schedulerConfig} = value as {readonly schedulerConfig: unknown};
    readSchedulerConfiguration(schedulerConfig, below(origin, '/schedulerConfig'), '1.36', diagnostics);
    expect(diagnostics.all.map(({code}) => code)).toEqual(['STW-2001']);
  });

  const increasing = {
    type: 'RequestedToCapacityRatio',
    requestedToCapacityRatio: {shape: [{utilization: 50}, {utilization: 50}]},
  };
  const unlike = config({
    profiles: [{schedulerName: 'a'}, {schedulerName: 'b', plugins: {queueSort: {disabled: [{name: 'x'}]}}}],
  });
  test.each<[version: KubernetesVersion, value: unknown, end: string]>([
    ['1.33', unlike, ': queueSort must be the same for all profiles'],
    ['1.34', unlike, '}: must be the same for all profiles'],
    [
      '1.33',
      strategy(increasing),
      '.shape[1].utilization: Invalid value: 50: utilization values must be sorted in increasing order',
    ],
    [
      '1.35',
      strategy(increasing),
      ' scoringStrategy.shape[1].utilization: Invalid value: 50: values must be sorted in increasing order',
    ],
    [
      '1.36',
      strategy(increasing),
      '.requestedToCapacityRatio.shape[1].utilization: Invalid value: 50: values must be sorted in increasing order',
    ],
    ['1.34', args('DynamicResources', {bindingTimeout: '5s'}), 'unknown field "bindingTimeout"'],
    [
      '1.35',
      args('DynamicResources', {bindingTimeout: '5s'}),
      'args.bindingTimeout: Forbidden: DRADeviceBindingConditions or DRAResourceClaimDeviceStatus feature gate is disabled',
    ],
    ['1.35', plugins({placementScore: {}}), 'unknown field "profiles[0].plugins.placementScore"'],
    [
      '1.34',
      plugins({score: {enabled: [{name: 'DynamicResources'}]}}),
      'plugin "DynamicResources" does not extend ScorePlugin plugin',
    ],
    [
      '1.35',
      plugins({score: {enabled: [{name: 'ImageLocality', weight: -1}]}}),
      'default-scheduler: total score of Score plugins could overflow',
    ],
  ])('%s has its own words (%#)', (version, value, end) => {
    const {messages} = read(value, version);
    expect(messages).toEqual([expect.stringMatching(/^STW-1011 /)]);
    expect(messages[0]).toSatisfy((message: string) => message.endsWith(end));
  });

  test.each<[version: KubernetesVersion]>([['1.33'], ['1.35']])('%s takes a shape whatever the strategy', (version) => {
    const shape = {requestedToCapacityRatio: {shape: [{utilization: 0, score: 0}]}, type: 'LeastAllocated'};
    expect(read(strategy(shape), version).messages).toEqual([]);
  });

  test.each([[null], ['x'], [[]], [{}], [{apiVersion: 'v1', kind: 'Pod'}]])('%j is no configuration', (value) => {
    expect(read(value).messages.join()).toContain('STW-1011');
  });
});

describe('what is not simulated is said', () => {
  const refusal = "is not one of kube-scheduler's own and not simulated; kube-scheduler itself would refuse:";
  test.each<[message: string, rest: object]>([
    ['scheduler extenders are not simulated', {extenders: [{urlPrefix: 'http://x'}]}],
    [
      `plugin Coscheduling ${refusal} FilterPlugin "Coscheduling" does not exist`,
      {profiles: [{plugins: {filter: {enabled: [{name: 'Coscheduling'}]}}}]},
    ],
    [
      'switching off preFilter alone is not simulated (NodePorts): it follows filter',
      {profiles: [{plugins: {preFilter: {disabled: [{name: 'NodePorts'}]}}}]},
    ],
    [
      'arguments of plugin Coscheduling are not used: it is not simulated',
      {profiles: [{pluginConfig: [{name: 'Coscheduling', args: {permitWaitingTimeSeconds: 5}}]}]},
    ],
    [
      'plugin NodeName takes no arguments; those given here have no effect',
      {profiles: [{pluginConfig: [{name: 'NodeName', args: {a: 5}}]}]},
    ],
  ])('%s', (message, rest) => {
    expect(read(config(rest)).messages).toEqual([`STW-3001 ${message}`]);
  });

  test.each([
    ['InterPodAffinity', {hardPodAffinityWeight: 5}],
    ['VolumeBinding', {bindTimeoutSeconds: 5}],
    ['NodeName', {kind: 'NodeNameArgs', apiVersion: 'kubescheduler.config.k8s.io/v1'}],
    ['Coscheduling', null],
  ])('arguments of %s %j pass in silence', (name, own) => {
    expect(read(args(name, own)).messages).toEqual([]);
  });

  test('resources that an extender takes over are left unchecked', () => {
    const managedResources = [{name: 'example.com/fpga', ignoredByScheduler: true}, {name: 'example.com/gpu'}];
    const {profile} = read(config({extenders: [{urlPrefix: 'http://x', managedResources}]}));
    expect(profile.args.NodeResourcesFit.ignoredResources).toEqual(['example.com/fpga']);
  });
});

describe('arguments', () => {
  test.each<[version: KubernetesVersion, filter: number | null, binding: number | null]>([
    ['1.33', null, null],
    ['1.34', 10, null],
    ['1.35', 10, null],
    ['1.36', 10, 600],
  ])('%s limits the search for devices to %s s and their binding to %s s', (version, filter, binding) => {
    const {filterTimeoutSeconds, bindingTimeoutSeconds} = read(config({}), version).profile.args.DynamicResources;
    expect([filterTimeoutSeconds, bindingTimeoutSeconds]).toEqual([filter, binding]);
  });
});
