import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Node} from '../../model/node.ts';
import {podKey} from '../../model/pod.ts';
import {explainPod} from '../../simulator/explain.ts';
import {notEvaluated} from '../../simulator/notEvaluated.ts';
import {simulate} from '../../simulator/simulate.ts';
import type {Decision, Simulation, SimulationOptions} from '../../simulator/simulation.ts';
import {cluster, node, OPTIONS, type PodInput, replicated, requests} from './builders.ts';

function nodesOf(model: ClusterModel, simulation: Simulation): readonly (string | null)[] {
  return model.pods.map((pod) => model.nodes[simulation.nodeOfPod[pod.index]!]?.name ?? null);
}

describe('arrival order', () => {
  test('bound pods stay, then priority decides, then the order given', () => {
    const one = (name: string, priority: number, nodeName?: string): PodInput => ({
      name,
      spec: {...requests('2', '1Gi'), priority},
      nodeName: nodeName ?? null,
    });
    const model = cluster([node('a')], [one('low', 0), one('high', 10), one('bound', -5, 'a'), one('late', 10)]);
    expect(nodesOf(model, simulate(model, OPTIONS))).toEqual([null, 'a', 'a', null]);
  });

  test('a bound pod takes its place even where there is none', () => {
    const model = cluster(
      [node('a')],
      [
        {name: 'big', spec: requests('9', '1Gi'), nodeName: 'a'},
        {name: 'next', spec: requests('1', '1Gi')},
      ],
    );
    const simulation = simulate(model, OPTIONS);
    expect(nodesOf(model, simulation)).toEqual(['a', null]);
    expect(simulation.pending[0]?.message).toBe('0/1 nodes are available: 1 Insufficient cpu.');
  });
});

describe('pods that are not scheduled', () => {
  test.each<[rule: string, input: PodInput, group: 'gated' | 'ignored' | 'pending', message: string]>([
    ['a scheduling gate', {spec: {schedulingGates: [{name: 'wait'}]}}, 'gated', 'waiting for scheduling gates: [wait]'],
    ['another scheduler', {spec: {schedulerName: 'volcano'}}, 'ignored', 'no profile for scheduler name "volcano"'],
    ['a node that is not there', {nodeName: 'gone'}, 'pending', 'node "gone" not found'],
    ['no room', {spec: requests('5', '1Gi')}, 'pending', '0/1 nodes are available: 1 Insufficient cpu.'],
  ])('%s: %s', (_rule, input, group, message) => {
    const simulation = simulate(cluster([node('a')], [input]), OPTIONS);
    expect(simulation[group].map((entry) => entry.message)).toEqual([message]);
    expect([...simulation.nodeOfPod]).toEqual([-1]);
  });

  test('without nodes there is upstream’s own message', () => {
    expect(simulate(cluster([], [{}]), OPTIONS).pending[0]?.message).toBe('no nodes available to schedule pods');
  });
});

test('the decision log has a line for every attempt, in order', () => {
  const decisions: Decision[] = [];
  const nodes = [node('a'), node('b'), node('tiny', {status: {allocatable: {cpu: '100m', memory: '1Gi', pods: '10'}}})];
  const model = cluster(nodes, [
    {name: 'x', spec: requests('1', '1Gi')},
    {name: 'y', spec: requests('9', '1Gi')},
  ]);
  simulate(model, {...OPTIONS, explainScores: true, onDecision: (decision) => decisions.push(decision)});
  expect(decisions).toMatchObject([
    {
      seq: 0,
      pod: 'default/x',
      node: 'a',
      evaluated: 3,
      feasible: 2,
      tieCount: 2,
      ties: ['a', 'b'],
      message: null,
      victims: [],
    },
    {
      seq: 1,
      pod: 'default/y',
      node: null,
      evaluated: 3,
      feasible: 0,
      score: null,
      tieCount: 0,
      message: '0/3 nodes are available: 3 Insufficient cpu.',
    },
  ]);
  const scores = decisions[0]!.scores!['a']!;
  expect(Object.values(scores).reduce((sum, score) => sum + score, 0)).toBe(decisions[0]!.score);
});

const cpu = fc.integer({min: 0, max: 3000}).map((milli) => `${milli}m`);
const memory = fc.integer({min: 0, max: 6000}).map((mebibytes) => `${mebibytes}Mi`);
const zone = fc.constantFrom('a', 'b');
const taint = fc.constantFrom<{key: string; effect: 'NoSchedule' | 'PreferNoSchedule'} | undefined>(
  undefined,
  undefined,
  {key: 'dedicated', effect: 'NoSchedule'},
  {key: 'busy', effect: 'PreferNoSchedule'},
);
const machines = fc
  .array(fc.record({cpu, memory, zone, taint, pods: fc.integer({min: 0, max: 8})}), {maxLength: 12})
  .map((all) =>
    all.map((one, index) =>
      node(`n${index}`, {
        labels: {zone: one.zone},
        spec: one.taint === undefined ? {} : {taints: [one.taint]},
        status: {allocatable: {cpu: one.cpu, memory: one.memory, pods: one.pods}},
      }),
    ),
  );
const template = fc.record({
  cpu,
  memory,
  priority: fc.integer({min: -2, max: 2}),
  zone: fc.option(zone),
  tolerates: fc.boolean(),
  port: fc.option(fc.constantFrom(80, 81)),
});
const workloads = fc.array(fc.tuple(template, fc.integer({min: 1, max: 6})), {maxLength: 8}).map((groups) =>
  groups.map(
    ([one, replicas], index) =>
      [
        {
          name: `p${index}`,
          spec: {
            containers: [
              {
                name: 'main',
                resources: {requests: {cpu: one.cpu, memory: one.memory}},
                ...(one.port === null ? {} : {ports: [{containerPort: one.port, hostPort: one.port}]}),
              },
            ],
            priority: one.priority,
            ...(one.zone === null ? {} : {nodeSelector: {zone: one.zone}}),
            ...(one.tolerates ? {tolerations: [{operator: 'Exists'}]} : {}),
          },
        },
        replicas,
      ] as const,
  ),
);
const options = fc.record({
  kubernetesVersion: fc.constantFrom<SimulationOptions['kubernetesVersion']>('1.33', '1.34', '1.35', '1.36'),
  percentageOfNodesToScore: fc.constantFrom(0, 100),
  seed: fc.nat(100),
  ties: fc.constantFrom<SimulationOptions['ties']>('first', 'random'),
});

/** FC_SEED and FC_PATH replay a failure. */
const PARAMETERS = {
  seed: Number(process.env['FC_SEED'] ?? 0x5eed),
  ...(process.env['FC_PATH'] === undefined ? {} : {path: process.env['FC_PATH']}),
};

describe('laws', () => {
  test('no node is given more than it has', () => {
    fc.assert(
      fc.property(machines, workloads, options, (nodes, groups, run) => {
        const model = replicated(nodes, groups);
        const {nodeOfPod} = simulate(model, run);
        return nodes.every((one, index) => {
          const pods = model.pods.filter((pod) => nodeOfPod[pod.index] === index);
          const sum = (name: string) => pods.reduce((total, pod) => total + (pod.class.requests[name] ?? 0), 0);
          const asking = pods.some(({class: {requests: own}}) => Object.values(own).some((amount) => amount > 0));
          return (
            pods.length <= (one.allocatable['pods'] ?? 0) &&
            (!asking || (sum('cpu') <= one.allocatable['cpu']! && sum('memory') <= one.allocatable['memory']!))
          );
        });
      }),
      PARAMETERS,
    );
  });

  test('every pod is in exactly one group', () => {
    fc.assert(
      fc.property(machines, workloads, options, (nodes, groups, run) => {
        const model = replicated(nodes, groups);
        const {nodeOfPod, pending, gated, ignored} = simulate(model, run);
        const waiting = [...pending, ...gated, ...ignored].map(({pod}) => pod.index);
        const placed = model.pods.filter((pod) => nodeOfPod[pod.index]! >= 0).map(({index}) => index);
        expect([...waiting, ...placed].sort((a, b) => a - b)).toEqual(model.pods.map(({index}) => index));
      }),
      PARAMETERS,
    );
  });

  test('the same input and seed give the same placements', () => {
    fc.assert(
      fc.property(machines, workloads, options, (nodes, groups, run) => {
        const model = replicated(nodes, groups);
        expect(simulate(model, run).nodeOfPod).toEqual(simulate(model, run).nodeOfPod);
      }),
      PARAMETERS,
    );
  });

  test('names change nothing but names', () => {
    fc.assert(
      fc.property(machines, workloads, options, (nodes, groups, run) => {
        const renamed: readonly Node[] = nodes.map((one, index) => ({...one, name: `x${nodes.length - index}`}));
        const other = groups.map(
          ([input, replicas], index) => [{...input, name: `q${groups.length - index}`}, replicas] as const,
        );
        expect(simulate(replicated(renamed, other), run).nodeOfPod).toEqual(
          simulate(replicated(nodes, groups), run).nodeOfPod,
        );
      }),
      PARAMETERS,
    );
  });

  test('an explanation agrees with the run', () => {
    fc.assert(
      fc.property(machines, workloads, options, fc.nat(), (nodes, groups, run, draw) => {
        const model = replicated(nodes, groups);
        fc.pre(model.pods.length > 0 && nodes.length > 0);
        const pod = model.pods[draw % model.pods.length]!;
        const simulation = simulate(model, run);
        const explanation = explainPod(model, run, undefined, pod);
        const pending = simulation.pending.find((entry) => entry.pod === pod);
        expect(explanation.node).toBe(model.nodes[simulation.nodeOfPod[pod.index]!]?.name ?? null);
        expect(explanation.message).toBe(pending?.message ?? null);
        if (pending !== undefined) expect(explanation.nodes.every(({feasible}) => !feasible)).toBe(true);
      }),
      PARAMETERS,
    );
  });
});

describe('explanations', () => {
  test('say how much is short, and where the least is', () => {
    const small = {status: {allocatable: {cpu: '2', memory: '4Gi', pods: '10'}}};
    const model = cluster([node('small', small), node('big')], [{name: 'p', spec: requests('5', '6Gi')}]);
    const explanation = explainPod(model, OPTIONS, undefined, model.pods[0]!);
    expect(explanation.outcome).toBe('pending');
    expect(explanation.nodes.map(({node: name, short}) => [name, {...short}])).toEqual([
      ['small', {cpu: 3000, memory: 2 * 2 ** 30}],
      ['big', {cpu: 1000}],
    ]);
    expect(explanation.nearestMiss?.node).toBe('big');
  });
});

describe('what is not evaluated yet', () => {
  test.each<[what: string, spec: PodInput['spec']]>([
    [
      'PodTopologySpread',
      {topologySpreadConstraints: [{maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule'}]},
    ],
    [
      'InterPodAffinity',
      {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: 'zone'}]}}},
    ],
    ['VolumeBinding', {volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'c'}}]}],
    ['DynamicResources', {resourceClaims: [{name: 'gpu'}]}],
  ])('%s is a warning that names the workload', (plugin, spec) => {
    const model = cluster([node('a')], [{name: 'p', ...(spec === undefined ? {} : {spec})}]);
    const [warning, ...rest] = notEvaluated(model, simulate(model, OPTIONS));
    expect(rest).toEqual([]);
    expect(warning).toMatchObject({code: 'STW-3001', severity: 'warning'});
    expect(warning?.message).toContain(`${plugin} is not evaluated yet: 1 pod`);
    expect(warning?.message).toContain('Pod/default/p');
  });

  test('a plain pod has no such warning', () => {
    const model = cluster([node('a')], [{spec: requests('1', '1Gi')}]);
    expect(notEvaluated(model, simulate(model, OPTIONS))).toEqual([]);
  });

  test('a pending pod of higher priority could preempt', () => {
    const model = cluster(
      [node('a')],
      [
        {name: 'low', spec: {...requests('3', '1Gi'), priority: 1}, nodeName: 'a'},
        {name: 'high', spec: {...requests('3', '1Gi'), priority: 2}},
      ],
    );
    expect(notEvaluated(model, simulate(model, OPTIONS)).map(({message}) => message.split(' ')[0])).toEqual([
      'DefaultPreemption',
    ]);
  });
});

test('pods are named by namespace and name', () => {
  expect(podKey(cluster([], [{name: 'a', namespace: 'b'}]).pods[0]!)).toBe('b/a');
});
