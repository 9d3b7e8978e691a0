import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {KubernetesObject, PodSpec} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import type {Node} from '../../../model/node.ts';
import {simulate} from '../../../simulator/simulate.ts';
import type {Simulation, SimulationOptions} from '../../../simulator/simulation.ts';
import {cluster, node, OPTIONS, type PodInput, requests} from '../builders.ts';

const ZONE = 'topology.kubernetes.io/zone';

interface Ran {
  /** `pod: node`, or `pod: -` for an attempt that failed, or `pod: ->node` where it preempted others. */
  readonly attempts: readonly string[];
  readonly nodes: Readonly<Record<string, string | null>>;
  readonly simulation: Simulation;
}

function runOf(model: ClusterModel, options: Partial<SimulationOptions> = {}): Ran {
  const attempts: string[] = [];
  const simulation = simulate(model, {
    ...OPTIONS,
    ...options,
    onDecision: ({pod, node: taken, nominatedNode, victims}) => {
      const preempting = victims.length > 0 ? `->${nominatedNode}` : '-';
      attempts.push(`${pod.replace('default/', '')}: ${taken ?? preempting}`);
    },
  });
  const nodes = Object.fromEntries(
    model.pods.map(({name, index}) => [name, model.nodes[simulation.nodeOfPod[index]!]?.name ?? null]),
  );
  return {attempts, nodes, simulation};
}

const inZone = (name: string, zone: string, cpu = '4'): Node =>
  node(name, {labels: {[ZONE]: zone}, status: {allocatable: {cpu, memory: '16Gi', pods: '110'}}});

function pod(name: string, priority: number, cpu: string, spec: Partial<PodSpec> = {}, labels: Labels = {}): PodInput {
  return {name, labels, spec: {...requests(cpu, '1Gi'), priority, ...spec}};
}

/** The model, whose named pods belong to a controller. */
function owned(model: ClusterModel, ...names: readonly string[]): ClusterModel {
  const pods = model.pods.map((one) =>
    names.includes(one.name) ? {...one, class: {...one.class, owner: {kind: 'ReplicaSet', name: 'owner'}}} : one,
  );
  return {...model, pods, classes: pods.map((one) => one.class)};
}

const podTerm = (app: string) => ({topologyKey: ZONE, labelSelector: {matchLabels: {app}}});
const near = (app: string): Partial<PodSpec> => ({
  affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [podTerm(app)]}},
});
const awayFrom = (app: string): Partial<PodSpec> => ({
  affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [podTerm(app)]}},
});

describe('a pod is tried again', () => {
  test('when the pod comes that it wants to be near', () => {
    const model = cluster([inZone('a', 'a')], [pod('follower', 10, '1', near('x')), pod('x', 0, '1', {}, {app: 'x'})]);
    expect(runOf(model).attempts).toEqual(['follower: -', 'x: a', 'follower: a']);
  });

  test('but not when another comes', () => {
    const model = cluster([inZone('a', 'a')], [pod('follower', 10, '1', near('x')), pod('y', 0, '1', {}, {app: 'y'})]);
    expect(runOf(model).attempts).toEqual(['follower: -', 'y: a']);
  });

  test('when a pod evens out the skew that kept it away', () => {
    const spread: Partial<PodSpec> = {
      topologySpreadConstraints: [
        {maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'DoNotSchedule', labelSelector: {matchLabels: {app: 'x'}}},
      ],
    };
    const labels = {app: 'x'};
    const model = cluster(
      [inZone('a', 'a'), inZone('b', 'b', '1')],
      [
        pod('one', 10, '2', spread, labels),
        pod('two', 10, '2', spread, labels),
        pod('small', 0, '1', {nodeSelector: {[ZONE]: 'b'}}, labels),
      ],
    );
    expect(runOf(model).attempts).toEqual(['one: a', 'two: -', 'small: b', 'two: a']);
  });

  test('when a nomination ends that had kept its place', () => {
    const model = cluster([node('a')], [pod('waits', 10, '4'), {...pod('hopeless', 10, '5'), nominatedNodeName: 'a'}]);
    expect(runOf(model).attempts).toEqual(['waits: -', 'hopeless: -', 'waits: a', 'hopeless: -']);
  });

  test('when a volume may have become free, as it may whenever one is bound', () => {
    const object = (kind: string, name: string, rest: object, apiVersion = 'v1'): KubernetesObject => ({
      apiVersion,
      kind,
      metadata: {name, ...(kind === 'PersistentVolumeClaim' ? {namespace: 'default'} : {})},
      ...rest,
    });
    const claim = (name: string, storage: string) =>
      object('PersistentVolumeClaim', name, {
        spec: {storageClassName: 'local', accessModes: ['ReadWriteOnce'], resources: {requests: {storage}}},
      });
    const uses = (claimName: string): Partial<PodSpec> => ({
      volumes: [{name: 'data', persistentVolumeClaim: {claimName}}],
    });
    const model = {
      ...cluster([node('a')], [pod('large', 10, '1', uses('large')), pod('small', 0, '1', uses('small'))]),
      objects: [
        object(
          'StorageClass',
          'local',
          {provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer'},
          'storage.k8s.io/v1',
        ),
        object('PersistentVolume', 'volume', {
          spec: {storageClassName: 'local', accessModes: ['ReadWriteOnce'], capacity: {storage: '1Gi'}},
        }),
        claim('large', '2Gi'),
        claim('small', '1Gi'),
      ],
    };
    expect(runOf(model).attempts).toEqual(['large: -', 'small: a', 'large: -']);
  });

  test('when a victim leaves the device that it wants', () => {
    const resource = (kind: string, name: string, rest: object): KubernetesObject => ({
      apiVersion: 'resource.k8s.io/v1',
      kind,
      metadata: {
        name,
        ...(kind === 'ResourceClaim'
          ? {namespace: 'default', finalizers: ['resource.kubernetes.io/delete-protection']}
          : {}),
      },
      ...rest,
    });
    const spec = {devices: {requests: [{name: 'gpu', exactly: {deviceClassName: 'gpu'}}]}};
    const results = [{request: 'gpu', driver: 'example.com', pool: 'a', device: 'd'}];
    const status = {allocation: {devices: {results}}, reservedFor: [{resource: 'pods', name: 'victim', uid: 'victim'}]};
    const uses = (name: string): Partial<PodSpec> => ({resourceClaims: [{name: 'gpu', resourceClaimName: name}]});
    const model = {
      ...cluster(
        [node('a')],
        [
          {...pod('victim', 0, '3', uses('taken')), nodeName: 'a'},
          pod('device', 20, '1', uses('wanted')),
          pod('large', 10, '3'),
        ],
      ),
      objects: [
        resource('DeviceClass', 'gpu', {}),
        resource('ResourceSlice', 'slice', {
          spec: {
            driver: 'example.com',
            nodeName: 'a',
            pool: {name: 'a', generation: 1, resourceSliceCount: 1},
            devices: [{name: 'd'}],
          },
        }),
        resource('ResourceClaim', 'taken', {spec, status}),
        resource('ResourceClaim', 'wanted', {spec}),
      ],
    };
    expect(runOf(model).attempts).toEqual(['device: -', 'large: ->a', 'device: a', 'large: a']);
  });
});

describe('a pod that preempts others', () => {
  const full = [{...pod('victim', 0, '3'), nodeName: 'a'}, pod('preemptor', 10, '3'), pod('other', 5, '1')];

  test('is tried again when those are that can be tried before its backoff is over', () => {
    const {attempts, simulation} = runOf(cluster([node('a')], full));
    expect(attempts).toEqual(['preemptor: ->a', 'other: a', 'preemptor: a']);
    expect(simulation.evicted.map(({message}) => message)).toEqual(['preempted by default/preemptor']);
  });

  test('is tried again after the pods that controllers make in place of its victims', () => {
    const inputs = [
      {...pod('victim', 0, '1'), nodeName: 'a'},
      {...pod('fixed', 20, '2'), nodeName: 'b'},
      pod('preemptor', 10, '4'),
    ];
    const {attempts} = runOf(owned(cluster([node('a'), node('b')], inputs), 'victim'));
    expect(attempts).toEqual(['preemptor: ->a', 'victim: b', 'preemptor: a']);
  });

  test('and its victims come back behind the pods of their priority', () => {
    const inputs = [...full, pod('late', 0, '1', {nodeSelector: {none: 'none'}})];
    const {attempts} = runOf(owned(cluster([node('a')], inputs), 'victim'));
    expect(attempts).toEqual(['preemptor: ->a', 'other: a', 'late: -', 'victim: -', 'preemptor: a']);
  });

  test.each<[rule: string, group: 'gated' | 'ignored', spec: Partial<PodSpec>, message: string]>([
    ['a gate', 'gated', {schedulingGates: [{name: 'wait'}]}, 'waiting for scheduling gates: [wait]'],
    ['another scheduler', 'ignored', {schedulerName: 'other'}, 'no profile for scheduler name "other"'],
  ])('and its victims do not come back to the queue because of %s', (_rule, group, spec, message) => {
    const inputs = [{...pod('victim', 0, '3', spec), nodeName: 'a'}, pod('preemptor', 10, '3')];
    const {attempts, simulation} = runOf(owned(cluster([node('a')], inputs), 'victim'));
    expect(attempts).toEqual(['preemptor: ->a', 'preemptor: a']);
    expect(simulation[group].map((waiting) => [waiting.pod.name, waiting.message])).toEqual([['victim', message]]);
  });

  test('loses its nomination to one of higher priority, and is tried again', () => {
    const inputs = [
      {...pod('victim', 0, '3'), nodeName: 'a'},
      {...pod('nominated', 5, '4'), nominatedNodeName: 'a'},
      pod('highest', 10, '4'),
    ];
    const {attempts, nodes} = runOf(cluster([node('a')], inputs));
    expect(attempts.slice(0, 2)).toEqual(['highest: ->a', 'nominated: -']);
    expect(nodes).toEqual({victim: null, nominated: null, highest: 'a'});
  });

  test('does not go on for ever where its victims always find a place that keeps it away', () => {
    const model = owned(
      cluster(
        [inZone('a', 'z'), inZone('b', 'z')],
        [{...pod('victim', 0, '1', {}, {app: 'x'}), nodeName: 'a'}, pod('preemptor', 10, '1', awayFrom('x'))],
      ),
      'victim',
    );
    const {attempts, nodes} = runOf(model);
    expect(attempts.filter((one) => one.startsWith('preemptor: ->'))).toHaveLength(16);
    expect(attempts.at(-1)).toBe('preemptor: -');
    expect(nodes).toEqual({victim: 'a', preemptor: null});
  });
});

test.each([
  ['1.34', ['waits: -', 'nominated: a', 'waits: -']],
  ['1.35', ['waits: -', 'nominated: a']],
] as const)(
  '%s: whether the binding of a nominated pod is told of as the end of a nomination',
  (kubernetesVersion, attempts) => {
    const model = cluster([node('a')], [pod('waits', 10, '4'), {...pod('nominated', 10, '4'), nominatedNodeName: 'a'}]);
    expect(runOf(model, {kubernetesVersion}).attempts).toEqual(attempts);
  },
);

test('a pod whose attempt ends with an error is not tried again without time passing', () => {
  const {attempts, simulation} = runOf(cluster([], [pod('a', 0, '1')]));
  expect(attempts).toEqual(['a: -']);
  expect(simulation.pending).toHaveLength(1);
});
