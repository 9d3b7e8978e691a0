import {describe, expect, test} from 'vitest';
import type {Catalog} from '../../../catalog/instanceType.ts';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {KubernetesObject, PodSpec} from '../../../model/kubernetes.ts';
import {type Demand, type DemandOptions, demandOf} from '../../../planner/demand/demand.ts';
import {type PodInput, replicated} from '../../simulator/builders.ts';
import {catalog, machine, pod} from '../builders/catalogs.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

const TYPES = catalog(
  machine('c.4', [4, 8, 1]),
  machine('m.8', [8, 32, 2]),
  machine('g.8', [8, 32, 1.5], {arch: 'arm64'}),
);

function demand(
  groups: readonly (readonly [PodInput, number])[],
  {
    types = TYPES,
    model = {},
    ...options
  }: Partial<DemandOptions> & {types?: Catalog; model?: Partial<ClusterModel>} = {},
): Demand {
  return demandOf({...replicated([], groups), ...model}, types, {
    kubernetesVersion: '1.36',
    patterns: [],
    architectures: ['amd64'],
    nodes: [],
    objects: [],
    schedulerNames: ['default-scheduler'],
    ...options,
  });
}

/** The names of the bin types that each item may use. */
function allowed({problem}: Demand): Readonly<Record<string, readonly string[]>> {
  const all = problem.binTypes.map(({name}) => name);
  return Object.fromEntries(
    problem.items.map(({name, binTypes}) => [name, binTypes === null ? all : binTypes.map((index) => all[index]!)]),
  );
}

describe('shapes', () => {
  test('pods that look the same to a node are one item, whatever their workload', () => {
    const {problem, shapes} = demand([
      [pod('a'), 3],
      [pod('b'), 2],
      [pod('c', {}, ['2', '1Gi']), 1],
    ]);
    expect(problem.dimensions).toEqual(['cpu', 'memory', 'pods']);
    expect(problem.items.map(({count, size}) => [count, size])).toEqual([
      [5, [1000, GIB, 1]],
      [1, [2000, GIB, 1]],
    ]);
    expect(shapes[0]!.classes).toHaveLength(2);
  });

  test('further resources are dimensions of their own, but for storage on the node', () => {
    const spec = {
      containers: [{name: 'x', resources: {requests: {'example.com/fpga': '1', 'ephemeral-storage': '1Gi'}}}],
    };
    const fpga = machine('f.8', [8, 32, 3], {allocatable: {cpu: 8000, memory: 32 * GIB, 'example.com/fpga': 2}});
    const made = demand([[pod('a', spec), 1]], {types: catalog(fpga)});
    expect(made.problem.dimensions).toEqual(['cpu', 'memory', 'pods', 'example.com/fpga']);
    expect(made.problem.binTypes[0]!.capacity[3]).toBe(2);
    expect(made.asksForStorage).toBe(true);
    expect(made.unplaceable).toEqual([]);
  });

  test('pods that wait for a gate or for another scheduler are left out and counted', () => {
    const made = demand([
      [pod('a', {schedulingGates: [{name: 'later'}]}), 2],
      [pod('b', {schedulerName: 'other'}), 1],
      [pod('c'), 1],
    ]);
    expect(made.left).toBe(3);
    expect(made.problem.items.map(({count}) => count)).toEqual([1]);
  });
});

describe('which machines a pod may use', () => {
  test.each<[string, Partial<PodSpec>, readonly string[]]>([
    ['images are for amd64 where nothing is said', {}, ['c.4', 'm.8']],
    ['unless the pod names an architecture', {nodeSelector: {'kubernetes.io/arch': 'arm64'}}, ['g.8']],
    ['an instance type by label', {nodeSelector: {'node.kubernetes.io/instance-type': 'm.8'}}, ['m.8']],
    [
      'required affinity',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {matchExpressions: [{key: 'node.kubernetes.io/instance-type', operator: 'NotIn', values: ['m.8']}]},
              ],
            },
          },
        },
      },
      ['c.4'],
    ],
  ])('%s', (_rule, spec, names) => {
    expect(allowed(demand([[pod('a', spec), 1]]))['default/a']).toEqual(names);
  });

  test('machines with GPUs only where a pod asks for one', () => {
    const types = catalog(machine('c.4', [4, 8, 1]), machine('p.8', [8, 32, 9], {gpus: 1}));
    expect(demand([[pod('a'), 1]], {types}).problem.binTypes.map(({name}) => name)).toEqual(['c.4']);
    const spec = {containers: [{name: 'x', resources: {requests: {'nvidia.com/gpu': '1'}}}]};
    const asked = demand([[pod('a', spec), 1]], {types});
    expect(asked.problem.binTypes.map(({name, capacity}) => [name, capacity[3]])).toEqual([['p.8', 1]]);
  });

  test('names with * and !, and machines without a price are left out by name', () => {
    const types = catalog(
      machine('c.4', [4, 8, 1]),
      machine('c.8', [8, 16, 2]),
      machine('c.9', [9, 9, 9], {pricePerHour: null}),
    );
    const made = demand([[pod('a'), 1]], {types, patterns: ['c.*', '!c.8']});
    expect(made.problem.binTypes.map(({name}) => name)).toEqual(['c.4']);
    expect(made.leftOut.unpriced).toEqual(['c.9']);
  });
});

describe('pools', () => {
  const toleration = {key: 'team', operator: 'Equal', value: 'data', effect: 'NoSchedule'} as const;

  test('labels that pods select and no node has make a pool; others may use it, too', () => {
    const made = demand([
      [pod('a', {nodeSelector: {disk: 'ssd'}}), 1],
      [pod('b'), 1],
    ]);
    expect(made.pools.map(({name, labels}) => [name, labels])).toEqual([
      ['general', {}],
      ['ssd', {disk: 'ssd'}],
    ]);
    expect(allowed(made)).toEqual({
      'default/a': ['c.4/ssd', 'm.8/ssd'],
      'default/b': ['c.4', 'm.8', 'c.4/ssd', 'm.8/ssd'],
    });
  });

  test('a toleration of the selected label says that the pool is theirs alone', () => {
    const made = demand([
      [pod('a', {nodeSelector: {team: 'data'}, tolerations: [toleration]}), 1],
      [pod('b'), 1],
    ]);
    expect(made.pools[1]).toMatchObject({name: 'data', taints: [{key: 'team', value: 'data', effect: 'NoSchedule'}]});
    expect(allowed(made)['default/b']).toEqual(['c.4', 'm.8']);
  });
});

describe('what daemons take', () => {
  const daemonSet: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {name: 'agent', namespace: 'default'},
    spec: {
      template: {
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {matchExpressions: [{key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m.8']}]},
                ],
              },
            },
          },
        },
      },
    },
  };

  test('is gone from the machines they run on, and from no others', () => {
    const model = replicated(
      [],
      [
        [pod('agent', {}, ['500m', '1Gi']), 1],
        [pod('a'), 1],
      ],
    );
    const [agent, a] = model.classes;
    const owned = {...agent!, owner: {kind: 'DaemonSet', name: 'agent'}};
    const made = demandOf({...model, classes: [owned, a!], pods: [model.pods[1]!]}, TYPES, {
      kubernetesVersion: '1.36',
      patterns: [],
      architectures: ['amd64'],
      nodes: [],
      objects: [daemonSet],
      schedulerNames: ['default-scheduler'],
    });
    expect(made.problem.binTypes.map(({name, capacity}) => [name, ...capacity])).toEqual([
      ['c.4', 4000, 8 * GIB, 110],
      ['m.8', 7500, 31 * GIB, 109],
    ]);
    expect(made.problem.items).toHaveLength(1);
  });
});

describe('who shares a node', () => {
  const apart = (app: string, topologyKey = 'kubernetes.io/hostname'): Partial<PodSpec> => ({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app}}, topologyKey}],
      },
    },
  });

  test('anti-affinity to its own kind and host ports allow one a node', () => {
    const port: Partial<PodSpec> = {containers: [{name: 'x', ports: [{containerPort: 80, hostPort: 80}]}]};
    const {problem} = demand([
      [pod('a', apart('a')), 3],
      [pod('b', port), 2],
      [pod('c'), 1],
    ]);
    expect(problem.items.map(({name, maxPerBin}) => [name, maxPerBin])).toEqual([
      ['default/a', 1],
      ['default/b', 1],
      ['default/c', null],
    ]);
    expect(problem.exclusions).toEqual([]);
  });

  test('anti-affinity to others and a common host port keep two items apart', () => {
    const port: Partial<PodSpec> = {containers: [{name: 'x', ports: [{containerPort: 80, hostPort: 80}]}]};
    const {problem} = demand([
      [pod('a', apart('b')), 1],
      [pod('b'), 1],
      [pod('c', port), 1],
      [pod('d', port), 1],
    ]);
    expect(problem.exclusions).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('in a zone there is one of those that refuse their own kind there; more have no place', () => {
    const made = demand([[pod('a', apart('a', 'topology.kubernetes.io/zone')), 4]]);
    expect(made.shapes.map(({zone}) => zone)).toEqual(['test-1a', 'test-1b', 'test-1c']);
    expect(made.unplaceable).toMatchObject([
      {pods: 1, conflict: ['anti-affinity to its own kind in topology.kubernetes.io/zone', '3 zones']},
    ]);
  });
});

describe('zones', () => {
  const spreading = (app: string): Partial<PodSpec> => ({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: {matchLabels: {app}},
      },
    ],
  });

  test('hard spreading gives every zone its share, and the rest to zones with least', () => {
    const {problem, relaxed} = demand([
      [pod('a', spreading('a')), 4],
      [pod('b', spreading('b')), 4],
    ]);
    // Both have one pod over; they do not go to the same zone.
    const byZone = problem.items.map(({count, binTypes}) => [count, problem.binTypes[binTypes![0]!]!.name]);
    expect(byZone).toEqual([
      [3, 'c.4@test-1a'],
      [3, 'c.4@test-1b'],
      [2, 'c.4@test-1c'],
    ]);
    expect(relaxed.items.map(({count, binTypes}) => [count, binTypes])).toEqual([[8, null]]);
  });

  test('a volume holds its pod in its zone', () => {
    const objects: readonly KubernetesObject[] = [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {namespace: 'default', name: 'data'},
        spec: {volumeName: 'pv'},
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: {name: 'pv', labels: {'topology.kubernetes.io/zone': 'test-1b'}},
      },
    ];
    const spec = {volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'data'}}]};
    const made = demand([[pod('a', spec), 1]], {model: {objects}});
    expect(Object.values(allowed(made))).toEqual([['c.4@test-1b', 'm.8@test-1b']]);
    expect(made.isTiedTo(made.shapes[0]!.classes[0]!, 'test-1b')).toBe(true);
    expect(made.isTiedTo(made.shapes[0]!.classes[0]!, 'test-1a')).toBe(false);
  });

  test('without any such wish machines may be in any zone', () => {
    expect(demand([[pod('a'), 1]]).offerings.map(({zone}) => zone)).toEqual([null, null]);
  });
});

describe('pods for which there is no machine', () => {
  test('are too large: what is nearest, and what it lacks', () => {
    const made = demand([
      [pod('a', {}, ['9', '16Gi']), 2],
      [pod('b'), 1],
    ]);
    expect(made.unplaceable).toMatchObject([
      {pods: 2, conflict: ['9 of cpu'], nearest: {offering: 'm.8', shortfall: {cpu: 1000}}},
    ]);
    expect(made.problem.items).toHaveLength(1);
  });

  test('ask for what contradicts itself: the smallest set of it', () => {
    const spec = {nodeSelector: {'node.kubernetes.io/instance-type': 'c.4', disk: 'ssd'}};
    const made = demand([[pod('a', spec, ['6', '1Gi']), 1]]);
    expect(made.unplaceable).toMatchObject([
      {
        conflict: ['nodeSelector node.kubernetes.io/instance-type=c.4', '6 of cpu'],
        nearest: {offering: 'c.4/ssd', shortfall: {cpu: 2000}},
      },
    ]);
  });

  test('find fault with none of their wishes alone', () => {
    const spec = {nodeSelector: {'node.kubernetes.io/instance-type': 'g.8', 'kubernetes.io/arch': 'amd64'}};
    const [one] = demand([[pod('a', spec), 1]]).unplaceable;
    expect(one).toMatchObject({
      conflict: ['nodeSelector node.kubernetes.io/instance-type=g.8', 'nodeSelector kubernetes.io/arch=amd64'],
      nearest: null,
    });
  });
});

test('memory is counted in bytes as nodes report it', () => {
  const {problem} = demand([[pod('a', {}, ['250m', '100Mi']), 1]], {
    types: catalog(machine('m', [2, 8, 1], {allocatable: null})),
  });
  // The kubelet keeps 100 MiB for eviction, and 7.5 % of the machine never shows.
  expect(problem.binTypes[0]!.capacity).toEqual([2000, Math.floor(8192 * 0.925 - 100) * MIB, 110]);
});
