import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Taint} from '../../model/kubernetes.ts';
import {simulate} from '../../simulator/simulate.ts';
import type {Decision, Simulation, SimulationOptions} from '../../simulator/simulation.ts';
import {cluster, node, OPTIONS, type PodInput, replicated, requests} from './builders.ts';

const taint = (key: string, effect: Taint['effect'] = 'NoSchedule'): Taint => ({key, value: 'yes', effect});

/** Names of nodes by pod name; null where the pod has none. */
function placements({nodes, pods}: ClusterModel, {nodeOfPod}: Simulation): Record<string, string | null> {
  return Object.fromEntries(pods.map(({name, index}) => [name, nodes[nodeOfPod[index]!]?.name ?? null]));
}

function decisionsOf(model: ClusterModel, options: Partial<SimulationOptions> = {}): Decision[] {
  const decisions: Decision[] = [];
  simulate(model, {...OPTIONS, ...options, onDecision: (decision) => decisions.push(decision)});
  return decisions;
}

/** What PostFilter adds on two nodes where no pod is in the way. */
const NOT_HELPFUL =
  'no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';

describe('decisions', () => {
  test.each<[string, PodInput, 'pending' | 'ignored', string]>([
    [
      'asks for too much of all',
      {spec: requests('5', '20Gi')},
      'pending',
      `0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory. ${NOT_HELPFUL}`,
    ],
    [
      'selects a node that is full',
      {spec: requests('5', '1Gi', {nodeSelector: {'kubernetes.io/hostname': 'b'}})},
      'pending',
      `0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector. ${NOT_HELPFUL}`,
    ],
    [
      'is made for a node that is not there',
      {daemonSetNode: 'c'},
      'pending',
      `0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${NOT_HELPFUL}`,
    ],
    ['is being deleted', {terminating: true}, 'ignored', 'the pod is being deleted'],
  ])('a pod that %s is %s', (_title, input, group, message) => {
    const labels = (name: string) => ({labels: {'kubernetes.io/hostname': name}});
    const model = cluster([node('a', labels('a')), node('b', labels('b'))], [input]);
    const simulation = simulate(model, OPTIONS);
    expect(simulation[group].map((waiting) => waiting.message)).toEqual([message]);
    expect([...simulation.nodeOfPod]).toEqual([-1]);
  });

  test.each(['1.33', '1.34', '1.35', '1.36'] as const)('Kubernetes %s words taints as it does', (kubernetesVersion) => {
    const nodes = ['a', 'b'].map((name) => node(name, {spec: {taints: [taint(name)]}}));
    const {pending} = simulate(cluster(nodes, [{}]), {...OPTIONS, kubernetesVersion});
    expect(pending.map(({message}) => message)).toEqual([
      kubernetesVersion < '1.34'
        ? `0/2 nodes are available: 1 node(s) had untolerated taint {a: yes}, 1 node(s) had untolerated taint {b: yes}. ${NOT_HELPFUL.replace('no new claims to deallocate, ', '')}`
        : `0/2 nodes are available: 2 node(s) had untolerated taint(s). ${NOT_HELPFUL}`,
    ]);
  });

  test('reasons are counted by plugin and code', () => {
    const nodes = [
      node('cordoned', {spec: {unschedulable: true}}),
      node('tainted', {spec: {taints: [taint('a')]}}),
      node('small'),
      node('full'),
    ];
    const model = cluster(nodes, [{spec: requests('4', '1Gi'), nodeName: 'full'}, {spec: requests('4', '17Gi')}]);
    expect(simulate(model, OPTIONS).pending[0]?.reasons).toEqual([
      {
        plugin: 'NodeUnschedulable',
        code: 'UnschedulableAndUnresolvable',
        reason: 'node(s) were unschedulable',
        nodes: 1,
      },
      {
        plugin: 'TaintToleration',
        code: 'UnschedulableAndUnresolvable',
        reason: 'node(s) had untolerated taint(s)',
        nodes: 1,
      },
      {plugin: 'NodeResourcesFit', code: 'UnschedulableAndUnresolvable', reason: 'Insufficient memory', nodes: 2},
      {plugin: 'NodeResourcesFit', code: 'UnschedulableAndUnresolvable', reason: 'Insufficient cpu', nodes: 1},
    ]);
  });

  test('a pod leaves room for pods nominated to a node, unless their priority is lower', () => {
    const pods = (priority: number): PodInput[] => [
      {name: 'urgent', spec: requests('3', '1Gi', {priority: 10})},
      {name: 'nominated', spec: requests('3', '1Gi', {priority}), nominatedNodeName: 'a'},
    ];
    const place = (priority: number) => {
      const model = cluster([node('a')], pods(priority));
      return placements(model, simulate(model, OPTIONS));
    };
    expect(place(10)).toEqual({urgent: null, nominated: 'a'});
    expect(place(0)).toEqual({urgent: 'a', nominated: null});
  });

  test('the decision log has the scores when they are asked for', () => {
    const nodes = [node('a', {status: {allocatable: {cpu: '4', memory: '16Gi', pods: '110'}}})];
    nodes.push(node('b', {status: {allocatable: {cpu: '8', memory: '32Gi', pods: '110'}}}));
    const model = cluster(nodes, [{name: 'p', spec: requests('1', '2Gi')}]);
    const unaffected = {TaintToleration: 300, DynamicResources: 0, ImageLocality: 0};
    // The worked example of the reference text.
    expect(decisionsOf(model, {explainScores: true})).toEqual([
      {
        seq: 0,
        pod: 'default/p',
        node: 'b',
        evaluated: 2,
        feasible: 2,
        score: 463,
        tieCount: 1,
        message: null,
        nominatedNode: null,
        victims: [],
        ties: ['b'],
        scores: {
          a: {...unaffected, NodeResourcesFit: 81, NodeResourcesBalancedAllocation: 71},
          b: {...unaffected, NodeResourcesFit: 90, NodeResourcesBalancedAllocation: 73},
        },
      },
    ]);
    expect(decisionsOf(model, {kubernetesVersion: '1.35'})[0]).toMatchObject({node: 'b', score: 486});
    expect(decisionsOf(model)[0]).not.toHaveProperty('scores');
    expect(decisionsOf(model)[0]).not.toHaveProperty('ties');
  });

  test('ties go to the first node, or to any of them by the seed', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name) => node(name));
    const model = cluster(nodes, [{name: 'p', spec: requests('1', '1Gi')}]);
    const taken = (options: Partial<SimulationOptions>) => decisionsOf(model, options)[0]?.node;
    expect(taken({ties: 'first'})).toBe('a');
    const draws = Array.from({length: 64}, (_, seed) => taken({ties: 'random', seed}));
    expect(new Set(draws)).toEqual(new Set(['a', 'b', 'c', 'd']));
    expect(Array.from({length: 64}, (_, seed) => taken({ties: 'random', seed}))).toEqual(draws);
  });

  test('sampling looks at as many nodes as upstream, zone by zone, and goes on where it stopped', () => {
    const nodes = Array.from({length: 240}, (_, i) =>
      node(`n${i}`, {labels: {'topology.kubernetes.io/zone': i < 120 ? 'first' : 'second'}}),
    );
    const model = replicated(nodes, [[{name: 'p', spec: requests('1', '1Gi')}, 3]]);
    const decisions = decisionsOf(model, {percentageOfNodesToScore: 50});
    // 120 feasible nodes, and the one more that ends the search.
    expect(decisions.map(({evaluated, feasible}) => [evaluated, feasible])).toEqual([
      [121, 120],
      [121, 120],
      [121, 120],
    ]);
    expect(decisions.map(({node}) => node)).toEqual(['n0', 'n60', 'n1']);
  });
});
