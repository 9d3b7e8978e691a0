import {expect, test} from 'vitest';
import type {Labels} from '../../model/labels.ts';
import {nodeTreeOrder} from '../../simulator/reference/sampling.ts';
import {simulate} from '../../simulator/simulate.ts';
import {cluster, node, OPTIONS, requests} from './builders.ts';

const zone = (name: string): Labels => ({'topology.kubernetes.io/zone': name});
const region = (name: string): Labels => ({'topology.kubernetes.io/region': name});
const betaZone = (name: string): Labels => ({'failure-domain.beta.kubernetes.io/zone': name});

test.each<[rule: string, labels: readonly Labels[], order: readonly number[]]>([
  ['one zone keeps the order of the input', [{}, {}, {}], [0, 1, 2]],
  ['zones take turns, in the order they are first seen', [zone('b'), zone('b'), zone('a'), zone('a')], [0, 2, 1, 3]],
  ['a zone that is used up is passed over', [zone('a'), zone('b'), zone('a'), zone('a')], [0, 1, 2, 3]],
  [
    'zones of one name in two regions are two',
    [
      {...zone('a'), ...region('r')},
      {...zone('a'), ...region('r')},
      {...zone('a'), ...region('s')},
    ],
    [0, 2, 1],
  ],
  [
    'the deprecated label decides where both are',
    [
      {...zone('a'), ...betaZone('x')},
      {...zone('b'), ...betaZone('x')},
      {...zone('b'), ...betaZone('y')},
    ],
    [0, 2, 1],
  ],
])('the node tree: %s', (_rule, labels, order) => {
  expect([...nodeTreeOrder(labels.map((own, index) => node(`n${index}`, {labels: own})))]).toEqual(order);
});

test('the next search starts after the nodes that passed and those that did not', () => {
  // 30 cordoned nodes, then 170 free ones: a search ends with the 101st that passes.
  const nodes = Array.from({length: 200}, (_, i) => node(`n${i}`, {spec: {unschedulable: i < 30}}));
  const evaluated: number[] = [];
  const pods = Array.from({length: 3}, () => ({spec: requests('1', '1Gi')}));
  const {nodeOfPod} = simulate(cluster(nodes, pods), {
    ...OPTIONS,
    percentageOfNodesToScore: 50,
    onDecision: (decision) => evaluated.push(decision.evaluated),
  });
  // From 0: 30 + 101; from 130: 70, then 30 cordoned, then 31; from (130 + 130) mod 200 = 60: 101.
  expect(evaluated).toEqual([131, 131, 101]);
  expect([...nodeOfPod]).toEqual([30, 31, 60]);
});
