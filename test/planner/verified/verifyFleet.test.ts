import {describe, expect, test} from 'vitest';
import type {Catalog} from '../../../catalog/instanceType.ts';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import {packOnOneType} from '../../../planner/competitors/singleType.ts';
import {type Demand, demandOf} from '../../../planner/demand/demand.ts';
import type {PackingSolution} from '../../../planner/packingSolution.ts';
import {mostAllocated} from '../../../planner/verified/mostAllocated.ts';
import {countsOf, toNodes} from '../../../planner/verified/nodeCounts.ts';
import {NO_LOSSES} from '../../../planner/verified/replay.ts';
import {type VerifiedFleet, type VerifyOptions, verifyFleet} from '../../../planner/verified/verifyFleet.ts';
import {defaultSchedulerConfiguration} from '../../../simulator/framework/schedulerConfiguration.ts';
import {simulate} from '../../../simulator/simulate.ts';
import {OPTIONS, replicated} from '../../simulator/builders.ts';
import {catalog, machine, pod} from '../builders/catalogs.ts';

const TYPES = catalog(
  machine('m.2', [2, 8, 0.52]),
  machine('m.4', [4, 16, 1.02]),
  machine('m.8', [8, 32, 2]),
  machine('g.8', [8, 32, 1], {arch: 'arm64'}),
);

function demandFor(model: ClusterModel, types: Catalog = TYPES): Demand {
  return demandOf(model, types, {
    kubernetesVersion: '1.36',
    patterns: [],
    architectures: ['amd64'],
    nodes: [],
    objects: [],
    schedulerNames: ['default-scheduler'],
  });
}

/** Verifies a packing; a core is worth what the best machine takes for one. */
function verify(
  model: ClusterModel,
  rest: Partial<VerifyOptions> & {readonly solution?: PackingSolution; readonly demand?: Demand} = {},
): VerifiedFleet {
  const {demand = demandFor(model), solution = packOnOneType(demand.problem)!, ...options} = rest;
  const prices = demand.problem.items.map(({size}) => (size[0]! / 1000) * 0.25);
  return verifyFleet([{name: 'now', model, demand}], solution, prices, {
    simulation: OPTIONS,
    configuration: undefined,
    losses: NO_LOSSES,
    architectures: ['amd64'],
    pinTypes: false,
    daemonsFirst: false,
    tries: 200,
    seed: 0,
    others: [],
    lowerBound: 0,
    shouldTrim: () => false,
    shouldStop: () => false,
    ...options,
  });
}

/** `m.8=2 m.4=1`. */
function machines({nodes}: VerifiedFleet): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const {instanceType} of nodes) counts[instanceType!] = (counts[instanceType!] ?? 0) + 1;
  return counts;
}

// Eight small pods and then two that need six cores: 20 cores, packed on 8 + 8 + 4.
const SPREAD_FIRST = replicated(
  [],
  [
    [pod('small', {}, ['1', '1Gi']), 8],
    [pod('large', {}, ['6', '6Gi']), 2],
  ],
);

describe('a packing that the scheduler does not follow', () => {
  const demand = demandFor(SPREAD_FIRST);
  const [m4, m8] = ['m.4', 'm.8'].map((name) => demand.problem.binTypes.findIndex((bin) => bin.name === name));
  const solution: PackingSolution = [
    {
      binType: m8!,
      items: [
        {item: 0, count: 2},
        {item: 1, count: 1},
      ],
      times: 2,
    },
    {binType: m4!, items: [{item: 0, count: 4}], times: 1},
  ];

  test('leaves large pods pending, because small ones were spread over their nodes', () => {
    const nodes = toNodes(countsOf(solution, demand), demand);
    const {pending} = simulate({...SPREAD_FIRST, nodes}, OPTIONS);
    expect(pending.map(({pod: {name}}) => name)).toEqual(['large-0', 'large-1']);
  });

  test('is repaired until nothing is pending, for as little as was found', () => {
    const verified = verify(SPREAD_FIRST, {demand, solution});
    expect(verified.pending).toEqual([]);
    expect(verified.placed).toBe(10);
    expect(verified.pricePerHour).toBeLessThan(7.1);
    // The scheduler agrees when it is asked anew.
    expect(simulate({...SPREAD_FIRST, nodes: verified.nodes}, OPTIONS).pending).toEqual([]);
  });

  test('is repaired alike each time', () => {
    const [a, b] = [verify(SPREAD_FIRST), verify(SPREAD_FIRST)];
    expect([...a.counts]).toEqual([...b.counts]);
  });

  test('costs no more where the profile fills one node after the other', () => {
    const configuration = mostAllocated(defaultSchedulerConfiguration('1.36'));
    const filled = verify(SPREAD_FIRST, {demand, solution, configuration});
    expect(filled.pending).toEqual([]);
    expect(filled.pricePerHour).toBeLessThanOrEqual(verify(SPREAD_FIRST, {demand, solution}).pricePerHour);
  });
});

test('machines that the packing has too many of are dropped', () => {
  const model = replicated([], [[pod('a', {}, ['1', '1Gi']), 8]]);
  const demand = demandFor(model);
  const m8 = demand.problem.binTypes.findIndex(({name}) => name === 'm.8');
  const solution = [{binType: m8, items: [{item: 0, count: 2}], times: 4}];
  expect(machines(verify(model, {demand, solution}))).toEqual({'m.8': 1});
});

test('what is in no pool of its own goes to the general one, and labelled nodes keep room for those that need them', () => {
  const model = replicated(
    [],
    [
      [pod('any', {}, ['1', '1Gi']), 6],
      [pod('ssd', {nodeSelector: {disk: 'ssd'}}, ['1', '1Gi']), 2],
    ],
  );
  const verified = verify(model);
  expect(verified.pending).toEqual([]);
  const onSsd = verified.model.pods.filter(({name}) => name.startsWith('ssd'));
  for (const {index} of onSsd) expect(verified.nodes[verified.nodeOfPod[index]!]!.labels.disk).toBe('ssd');
});

test('pods without a machine do not stand in the way of the others', () => {
  const model = replicated(
    [],
    [
      [pod('huge', {priority: 1000}, ['64', '1Gi']), 1],
      [pod('a', {}, ['1', '1Gi']), 2],
    ],
  );
  const demand = demandFor(model);
  expect(demand.unplaceable).toHaveLength(1);
  const verified = verify(model, {demand});
  expect([verified.placed, verified.pending]).toEqual([2, []]);
});

describe('losses', () => {
  const model = replicated([], [[pod('a', {}, ['1', '1Gi']), 8]]);

  test('without any node the others hold everything', () => {
    const {pending, nodes, pricePerHour} = verify(model, {losses: {node: true, zone: false}});
    expect(pending).toEqual([]);
    for (const lost of nodes) {
      const left = nodes.filter((node) => node !== lost);
      expect(simulate({...model, nodes: left}, OPTIONS).pending).toEqual([]);
    }
    // Two of m.8, or five of m.2 among others: one machine's worth more than the demand.
    expect(pricePerHour).toBeLessThanOrEqual(4);
  });

  test('without any zone the others hold everything', () => {
    const {pending, nodes} = verify(model, {losses: {node: false, zone: true}});
    expect(pending).toEqual([]);
    for (const zone of ['test-1a', 'test-1b', 'test-1c']) {
      const left = nodes.filter((node) => node.zone !== zone);
      expect(simulate({...model, nodes: left}, OPTIONS).pending).toEqual([]);
    }
  });
});

test('of several states the fleet holds all, and says which leaves most undone where it cannot', () => {
  const now = replicated([], [[pod('a', {}, ['1', '1Gi']), 4]]);
  const peak = {
    ...now,
    pods: [...now.pods, ...now.pods.map((one) => ({...one, name: `${one.name}-more`, index: one.index + 4}))],
  };
  const demand = demandFor(now);
  const verified = verifyFleet(
    [
      {name: 'now', model: now, demand},
      {name: 'peak', model: peak, demand: demandFor(peak)},
    ],
    packOnOneType(demand.problem)!,
    [0.25],
    {
      simulation: OPTIONS,
      configuration: undefined,
      losses: NO_LOSSES,
      architectures: ['amd64'],
      others: [],
      lowerBound: 0,
      pinTypes: false,
      daemonsFirst: false,
      tries: 100,
      seed: 0,
      shouldTrim: () => false,
      shouldStop: () => false,
    },
  );
  expect(verified.pending).toEqual([]);
  expect(simulate({...peak, nodes: verified.nodes}, OPTIONS).pending).toEqual([]);
});

describe('pins', () => {
  test('hold every workload to the types that the packing has it on', () => {
    const demand = demandFor(SPREAD_FIRST);
    const index = (name: string): number => demand.problem.binTypes.findIndex((bin) => bin.name === name);
    const solution: PackingSolution = [
      {binType: index('m.4'), items: [{item: 0, count: 4}], times: 2},
      {binType: index('m.8'), items: [{item: 1, count: 1}], times: 2},
    ];
    const verified = verify(SPREAD_FIRST, {demand, solution, pinTypes: true});
    expect(verified.pins.map(({podClass, values}) => [podClass.labels.app, values])).toEqual([
      ['small', ['m.4']],
      ['large', ['m.8']],
    ]);
    expect(verified.pending).toEqual([]);
    for (const {name, index: at} of verified.model.pods) {
      const {instanceType} = verified.nodes[verified.nodeOfPod[at]!]!;
      expect(instanceType).toBe(name.startsWith('small') ? 'm.4' : 'm.8');
    }
  });

  test('keep pods that name no architecture off machines that their images are not for', () => {
    const model = replicated(
      [],
      [
        [pod('any', {}, ['1', '1Gi']), 8],
        [pod('arm', {nodeSelector: {'kubernetes.io/arch': 'arm64'}}, ['1', '1Gi']), 2],
      ],
    );
    const demand = demandFor(model);
    const index = (name: string): number => demand.problem.binTypes.findIndex((bin) => bin.name === name);
    const solution: PackingSolution = [
      {binType: index('m.8'), items: [{item: 0, count: 8}], times: 1},
      {binType: index('g.8'), items: [{item: 1, count: 2}], times: 1},
    ];
    const verified = verify(model, {demand, solution});
    expect(verified.pins.map(({podClass, key, values}) => [podClass.labels.app, key, values])).toEqual([
      ['any', 'kubernetes.io/arch', ['amd64']],
    ]);
    for (const {name, index: at} of verified.model.pods) {
      const {instanceType} = verified.nodes[verified.nodeOfPod[at]!]!;
      expect(instanceType!.startsWith('g')).toBe(name.startsWith('arm'));
    }
  });
});
