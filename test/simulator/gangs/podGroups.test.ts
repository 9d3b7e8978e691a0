import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {PodGroup, PodGroupQueue} from '../../../model/gang.ts';
import type {Node} from '../../../model/node.ts';
import {podKey} from '../../../model/pod.ts';
import {explainPod} from '../../../simulator/explain.ts';
import {simulate} from '../../../simulator/simulate.ts';
import {node, OPTIONS, replicated, requests} from '../builders.ts';

interface GroupInput {
  readonly name: string;
  /** Pods of one core. */
  readonly pods: number;
  readonly minMember?: number;
  readonly minResources?: PodGroup['minResources'];
  readonly queue?: string;
  readonly nodeName?: string;
  readonly succeeded?: number;
}

/** Groups of pods in this order; one without `minMember` is a Deployment. */
function groups(
  nodes: readonly Node[],
  inputs: readonly GroupInput[],
  queues: readonly PodGroupQueue[] = [],
): ClusterModel {
  const model = replicated(
    nodes,
    inputs.map(({name, pods, nodeName = null}) => [{name, nodeName, spec: requests('1', '1Gi')}, pods] as const),
  );
  const podGroups = inputs.flatMap(
    ({name, minMember, minResources = {}, queue = 'default', succeeded = 0}, index): PodGroup[] => {
      if (minMember === undefined) return [];
      const pods = model.pods.filter((pod) => pod.class === model.classes[index]);
      return [{namespace: 'default', name, minMember, minResources, queue, pods, succeeded}];
    },
  );
  return {...model, podGroups, podGroupQueues: queues};
}

/** How many pods of each group are placed. */
function placed(model: ClusterModel): readonly number[] {
  const {nodeOfPod} = simulate(model, OPTIONS);
  return model.classes.map(
    (podClass) => model.pods.filter((pod) => pod.class === podClass && nodeOfPod[pod.index]! >= 0).length,
  );
}

const cores = (count: number): Node[] => [
  node('a', {status: {allocatable: {cpu: `${count}`, memory: '64Gi', pods: '110'}}}),
];

describe('the pods of a PodGroup', () => {
  test.each<[title: string, nodes: Node[], inputs: GroupInput[], expected: number[]]>([
    ['start when all find a node', cores(4), [{name: 'g', pods: 3, minMember: 3}], [3]],
    ['do not start at all when too few find one', cores(4), [{name: 'g', pods: 5, minMember: 5}], [0]],
    ['start with minMember; the rest waits', cores(4), [{name: 'g', pods: 5, minMember: 4}], [4]],
    [
      'start when too few find one, but some have succeeded already',
      cores(4),
      [{name: 'g', pods: 4, minMember: 5, succeeded: 1}],
      [4],
    ],
    [
      'leave their room to those that come after',
      cores(4),
      [
        {name: 'large', pods: 5, minMember: 5},
        {name: 'plain', pods: 4},
      ],
      [0, 4],
    ],
    [
      'give a later group the room of an earlier one that fails',
      cores(4),
      [
        {name: 'first', pods: 2, minMember: 2},
        {name: 'second', pods: 3, minMember: 3},
        {name: 'third', pods: 2, minMember: 2},
      ],
      [2, 0, 2],
    ],
    [
      'are not looked at while the cluster lacks minResources, with a fifth on top',
      cores(4),
      [
        {name: 'modest', pods: 1, minMember: 1, minResources: {cpu: 4800}},
        {name: 'greedy', pods: 1, minMember: 1, minResources: {cpu: 1}},
      ],
      [1, 0],
    ],
    [
      'count what runs already against minResources',
      cores(4),
      [
        {name: 'running', pods: 3, nodeName: 'a'},
        {name: 'g', pods: 1, minMember: 1, minResources: {cpu: 1801}},
      ],
      [3, 0],
    ],
  ])('%s', (_title, nodes, inputs, expected) => {
    expect(placed(groups(nodes, inputs))).toEqual(expected);
  });

  test('keep within the capability of their queue', () => {
    const inputs = [
      {name: 'one', pods: 1, minMember: 1, minResources: {cpu: 1000}, queue: 'small'},
      {name: 'two', pods: 1, minMember: 1, minResources: {cpu: 1000}, queue: 'small'},
      {name: 'three', pods: 1, minMember: 1, minResources: {cpu: 1000}},
    ];
    expect(placed(groups(cores(4), inputs, [{name: 'small', capability: {cpu: 1500}}]))).toEqual([1, 0, 1]);
  });

  test('are pending with the group as the reason, in the result and in an explanation', () => {
    const model = groups(cores(4), [{name: 'g', pods: 5, minMember: 5}]);
    const message = 'PodGroup default/g starts with 5 pods at once, and only 4 find a node';
    const {pending} = simulate(model, OPTIONS);
    expect(pending.map(({pod, message: own}) => [podKey(pod), own])).toEqual(
      model.pods.map((pod) => [podKey(pod), message]),
    );
    expect(explainPod(model, OPTIONS, undefined, model.pods[0]!)).toMatchObject({
      outcome: 'pending',
      message,
      attempts: [],
      moment: {kind: 'AfterRun', changes: [], wouldGoTo: 'a'},
    });
  });

  test('appear once in the decision log, however often the group was tried', () => {
    const decisions: string[] = [];
    const inputs = [
      {name: 'g', pods: 5, minMember: 5},
      {name: 'plain', pods: 2},
    ];
    simulate(groups(cores(4), inputs), {...OPTIONS, onDecision: ({pod}) => decisions.push(pod)});
    expect(decisions).toEqual(['default/plain-0', 'default/plain-1']);
  });
});
