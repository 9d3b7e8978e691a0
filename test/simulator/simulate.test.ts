import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Taint} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import {explainPod} from '../../simulator/explain.ts';
import {simulate} from '../../simulator/simulate.ts';
import {
  type Decision,
  KUBERNETES_VERSIONS,
  type Simulation,
  type SimulationOptions,
} from '../../simulator/simulation.ts';
import {cluster, node, OPTIONS, type PodInput, replicated, requests} from './builders.ts';

function nodesOf(model: ClusterModel, simulation: Simulation): readonly (string | null)[] {
  return model.pods.map((pod) => model.nodes[simulation.nodeOfPod[pod.index]!]?.name ?? null);
}

const NOT_HELPFUL =
  'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

describe('arrival order', () => {
  test('bound pods stay, then priority decides, then the order given', () => {
    const one = (name: string, priority: number, nodeName?: string): PodInput => ({
      name,
      spec: {...requests('2', '1Gi'), priority},
      nodeName: nodeName ?? null,
    });
    const model = cluster([node('a')], [one('low', 0), one('high', 10), one('bound', 10, 'a'), one('late', 10)]);
    expect(nodesOf(model, simulate(model, OPTIONS))).toEqual([null, 'a', 'a', null]);
  });

  test.each<[title: string, owner: {kind: string; name: string} | null, evicted: string[], pending: string[]]>([
    ['a bare pod that has to make room is evicted', null, ['victim'], []],
    ['a replica that has to make room waits for another place', {kind: 'ReplicaSet', name: 'r'}, [], ['victim']],
  ])('%s', (_title, owner, evicted, pending) => {
    const model = cluster(
      [node('a')],
      [
        {name: 'victim', spec: {...requests('3', '1Gi'), priority: 0}, nodeName: 'a'},
        {name: 'important', spec: {...requests('3', '1Gi'), priority: 10}},
      ],
    );
    const [victim, important] = model.classes;
    const classes = [{...victim!, owner}, important!];
    const pods = model.pods.map((pod, i) => ({...pod, class: classes[i]!}));
    const simulation = simulate({...model, classes, pods}, OPTIONS);
    expect(nodesOf(model, simulation)).toEqual([null, 'a']);
    expect(simulation.evicted.map(({pod, message}) => `${pod.name} ${message}`)).toEqual(
      evicted.map((name) => `${name} preempted by default/important`),
    );
    expect(simulation.pending.map(({pod}) => pod.name)).toEqual(pending);
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
    expect(simulation.pending[0]?.message).toMatch('0/1 nodes are available: 1 Insufficient cpu.');
  });
});

describe('pods that are not scheduled', () => {
  test.each<[rule: string, input: PodInput, group: 'gated' | 'ignored' | 'pending', message: string]>([
    ['a scheduling gate', {spec: {schedulingGates: [{name: 'wait'}]}}, 'gated', 'waiting for scheduling gates: [wait]'],
    ['another scheduler', {spec: {schedulerName: 'volcano'}}, 'ignored', 'no profile for scheduler name "volcano"'],
    ['a node that is not there', {nodeName: 'gone'}, 'pending', 'node "gone" not found'],
    ['no room', {spec: requests('5', '1Gi')}, 'pending', `0/1 nodes are available: 1 Insufficient cpu. ${NOT_HELPFUL}`],
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
      message: expect.stringContaining('0/3 nodes are available: 3 Insufficient cpu.'),
    },
  ]);
  const scores = decisions[0]!.scores!.a!;
  expect(Object.values(scores).reduce((sum, score) => sum + score, 0)).toBe(decisions[0]!.score);
});

const cpu = fc.integer({min: 0, max: 3000}).map((milli) => `${milli}m`);
const memory = fc.integer({min: 0, max: 6000}).map((mebibytes) => `${mebibytes}Mi`);
const zone = fc.constantFrom('a', 'b');
const taint = fc.constantFrom<Taint | undefined>(
  undefined,
  undefined,
  {key: 'dedicated', effect: 'NoSchedule'},
  {key: 'busy', effect: 'PreferNoSchedule'},
);
const machines = fc.array(fc.record({cpu, memory, zone, taint, pods: fc.integer({min: 0, max: 8})}), {maxLength: 12});
const template = fc.record({
  replicas: fc.integer({min: 1, max: 6}),
  cpu,
  memory,
  priority: fc.integer({min: -2, max: 2}),
  zone: fc.option(zone),
  tolerates: fc.boolean(),
  port: fc.option(fc.constantFrom(80, 81)),
  fate: fc.constantFrom('pending', 'pending', 'pending', 'bound', 'daemon', 'lost', 'gated', 'foreign'),
  node: fc.nat(),
});
const templates = fc.array(template, {maxLength: 8});
const options = fc.record({
  kubernetesVersion: fc.constantFrom(...KUBERNETES_VERSIONS),
  percentageOfNodesToScore: fc.constantFrom(0, 100),
  seed: fc.nat(100),
  ties: fc.constantFrom<SimulationOptions['ties']>('first', 'random'),
});

type Machine = typeof machines extends fc.Arbitrary<(infer One)[]> ? One : never;
type Template = typeof template extends fc.Arbitrary<infer One> ? One : never;

/** How the objects of a model are called, by their index. */
interface Naming {
  readonly node: (index: number) => string;
  readonly pod: (index: number) => string;
}

const PLAIN: Naming = {node: (index) => `n${index}`, pod: (index) => `p${index}`};

function toModel(all: readonly Machine[], groups: readonly Template[], naming: Naming = PLAIN): ClusterModel {
  const nodes = all.map((one, index) =>
    node(naming.node(index), {
      labels: {zone: one.zone},
      spec: one.taint === undefined ? {} : {taints: [one.taint]},
      status: {allocatable: {cpu: one.cpu, memory: one.memory, pods: one.pods}},
    }),
  );
  return replicated(
    nodes,
    groups.map((group, index) => [toInput(group, naming.pod(index), nodes), group.replicas] as const),
  );
}

function toInput(group: Template, name: string, nodes: readonly Node[]): PodInput {
  const own = nodes[group.node % Math.max(1, nodes.length)]?.name ?? null;
  const ports = group.port === null ? {} : {ports: [{containerPort: group.port, hostPort: group.port}]};
  return {
    name,
    nodeName: group.fate === 'bound' ? own : group.fate === 'lost' ? 'gone' : null,
    daemonSetNode: group.fate === 'daemon' ? own : null,
    spec: {
      containers: [{name: 'main', resources: {requests: {cpu: group.cpu, memory: group.memory}}, ...ports}],
      priority: group.priority,
      ...(group.zone === null ? {} : {nodeSelector: {zone: group.zone}}),
      ...(group.tolerates ? {tolerations: [{operator: 'Exists'}]} : {}),
      ...(group.fate === 'gated' ? {schedulingGates: [{name: 'wait'}]} : {}),
      ...(group.fate === 'foreign' ? {schedulerName: 'another'} : {}),
    },
  };
}

/** A law that holds for every model and run; FC_SEED and FC_PATH replay a failure. */
function law(
  name: string,
  holds: (model: ClusterModel, run: SimulationOptions, again: (n: Naming) => ClusterModel) => void,
) {
  test(name, () => {
    const {FC_SEED, FC_PATH} = process.env;
    fc.assert(
      fc.property(machines, templates, options, (all, groups, run) =>
        holds(toModel(all, groups), run, (naming) => toModel(all, groups, naming)),
      ),
      {seed: Number(FC_SEED ?? 0x5eed), numRuns: 300, ...(FC_PATH === undefined ? {} : {path: FC_PATH})},
    );
  });
}

describe('laws', () => {
  law('no node is given more than it has, unless bound pods take more already', (model, run) => {
    const {nodeOfPod} = simulate(model, run);
    for (const [index, {allocatable}] of model.nodes.entries()) {
      const here = model.pods.filter((pod) => nodeOfPod[pod.index] === index);
      const bound = here.filter((pod) => pod.nodeName !== null);
      for (const name of ['cpu', 'memory']) {
        const sum = (pods: readonly Pod[]) => pods.reduce((total, pod) => total + (pod.class.requests[name] ?? 0), 0);
        expect(sum(here)).toBeLessThanOrEqual(Math.max(allocatable[name]!, sum(bound)));
      }
      expect(here.length).toBeLessThanOrEqual(Math.max(allocatable.pods!, bound.length));
    }
  });

  law('no host port is given twice', (model, run) => {
    const {nodeOfPod} = simulate(model, run);
    for (const index of model.nodes.keys()) {
      const here = model.pods.filter((pod) => nodeOfPod[pod.index] === index);
      const portOf = (pod: Pod) => pod.class.spec.containers[0]?.ports?.[0]?.hostPort;
      const bound = new Set(here.filter((pod) => pod.nodeName !== null).map(portOf));
      const given = here.filter((pod) => pod.nodeName === null).flatMap((pod) => portOf(pod) ?? []);
      expect(new Set(given).size).toBe(given.length);
      expect(given.some((port) => bound.has(port))).toBe(false);
    }
  });

  law(
    'every pod is in exactly one group, and bound pods stay where they are unless they are preempted',
    (model, run) => {
      const preempted = new Set<string>();
      const onDecision = ({victims}: Decision): void => {
        for (const victim of victims) preempted.add(victim);
      };
      const {nodeOfPod, pending, gated, ignored, evicted} = simulate(model, {...run, onDecision});
      const waiting = [...pending, ...gated, ...ignored, ...evicted].map(({pod}) => pod.index);
      const placed = model.pods.filter((pod) => nodeOfPod[pod.index]! >= 0);
      expect([...waiting, ...placed.map(({index}) => index)].sort((a, b) => a - b)).toEqual([...model.pods.keys()]);
      for (const pod of model.pods) {
        const {index, nodeName} = pod;
        if (nodeName === null || nodeName === 'gone' || preempted.has(podKey(pod))) continue;
        expect(model.nodes[nodeOfPod[index]!]?.name).toBe(nodeName);
      }
    },
  );

  law('the same input and seed give the same decisions', (model, run) => {
    const decide = () => {
      const decisions: Decision[] = [];
      simulate(model, {...run, explainScores: true, onDecision: (decision) => decisions.push(decision)});
      return decisions;
    };
    expect(decide()).toEqual(decide());
  });

  law('names change nothing but names', (model, run, again) => {
    const other = again({node: (index) => `x${100 - index}`, pod: (index) => `q${100 - index}`});
    const [plain, renamed] = [simulate(model, run), simulate(other, run)];
    expect(renamed.nodeOfPod).toEqual(plain.nodeOfPod);
    expect(renamed.pending.map(({message}) => message)).toEqual(plain.pending.map(({message}) => message));
  });

  law('taking the scores down changes no decision', (model, run) => {
    const explained = simulate(model, {...run, explainScores: true, onDecision: () => {}});
    expect(explained.nodeOfPod).toEqual(simulate(model, run).nodeOfPod);
  });

  law('an explanation agrees with the run', (model, run) => {
    const simulation = simulate(model, run);
    const pod = model.pods[run.seed % Math.max(1, model.pods.length)];
    if (pod === undefined || model.nodes.length === 0 || pod.nodeName === 'gone') return;
    const explanation = explainPod(model, run, undefined, pod);
    const {pending, gated, ignored, evicted} = simulation;
    const waiting = [...pending, ...gated, ...ignored, ...evicted].find((entry) => entry.pod === pod);
    expect(explanation.node).toBe(model.nodes[simulation.nodeOfPod[pod.index]!]?.name ?? null);
    expect(explanation.message).toBe(waiting?.message ?? null);
    if (explanation.outcome === 'pending') expect(explanation.nodes.every(({feasible}) => !feasible)).toBe(true);
  });
});

test('pods are named by namespace and name', () => {
  expect(podKey(cluster([], [{name: 'a', namespace: 'b'}]).pods[0]!)).toBe('b/a');
});
