import * as fc from 'fast-check';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {PodAffinityTerm, PodSpec, Taint, TopologySpreadConstraint} from '../../../model/kubernetes.ts';
import {modelOf, node, type PodInput, requests, toClass, toPod} from '../builders.ts';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const often = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, {nil: undefined});

const app = pick('web', 'etl', 'db');
const topologyKey = pick('kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'rack', 'missing');
const labelSelector = fc.oneof(
  {weight: 6, arbitrary: app.map((name) => ({matchLabels: {app: name}}))},
  {weight: 1, arbitrary: fc.constant({})},
  {weight: 1, arbitrary: fc.constant(undefined)},
  {weight: 1, arbitrary: fc.constant({matchExpressions: [{key: 'app', operator: 'Exists'}]})},
  {weight: 1, arbitrary: fc.constant({matchExpressions: [{key: 'app', operator: 'NotIn', values: ['db']}]})},
);

const constraint = fc
  .record({
    maxSkew: fc.integer({min: 1, max: 3}),
    topologyKey,
    whenUnsatisfiable: pick('DoNotSchedule', 'ScheduleAnyway', 'ScheduleAnyway'),
    labelSelector,
    minDomains: often(fc.integer({min: 1, max: 4})),
    nodeAffinityPolicy: often(pick('Honor', 'Ignore')),
    nodeTaintsPolicy: often(pick('Honor', 'Ignore')),
  })
  .map((fields) => withoutUndefined(fields) as unknown as TopologySpreadConstraint);

const term = fc
  .record({
    labelSelector,
    topologyKey,
    namespaces: often(fc.subarray(['default', 'other'])),
    namespaceSelector: often(pick({}, {matchLabels: {team: 'a'}})),
  })
  .map((fields) => withoutUndefined(fields) as unknown as PodAffinityTerm);

const weighted = fc.record({weight: fc.integer({min: 1, max: 100}), podAffinityTerm: term});
const affinityKind = fc.record({required: often(term), preferred: often(weighted)}).map(({required, preferred}) => ({
  ...(required === undefined ? {} : {requiredDuringSchedulingIgnoredDuringExecution: [required]}),
  ...(preferred === undefined ? {} : {preferredDuringSchedulingIgnoredDuringExecution: [preferred]}),
}));

/** The spec of a pod that may use whatever a view of the fast evaluator has to follow. */
const spec: fc.Arbitrary<PodSpec> = fc
  .record({
    cpu: pick('100m', '500m', '1', '1500m'),
    memory: pick('128Mi', '1Gi', '3Gi'),
    priority: pick(0, 0, 0, 10, 100),
    nodeSelector: often(pick({disk: 'ssd'}, {disk: 'none'})),
    tolerations: often(fc.constant([{key: 'dedicated', operator: 'Exists' as const}])),
    preferredNode: often(fc.integer({min: 1, max: 100})),
    constraints: fc.array(constraint, {maxLength: 2}),
    podAffinity: often(affinityKind),
    podAntiAffinity: often(affinityKind),
    hostPort: often(pick(80, 81)),
    kind: fc.nat(5),
  })
  .map(
    ({cpu, memory, priority, nodeSelector, tolerations, preferredNode, constraints, hostPort, kind, ...affinities}) => {
      const base = requests(cpu, memory);
      const [container] = base.containers;
      const ports = hostPort === undefined ? {} : {ports: [{containerPort: hostPort, hostPort}]};
      const nodeAffinity =
        preferredNode === undefined
          ? {}
          : {
              nodeAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {weight: preferredNode, preference: {matchExpressions: [{key: 'disk', operator: 'Exists'}]}},
                ],
              },
            };
      // Some pods are plain, so that not all is decided by the strangest of them.
      const isPlain = kind < 2;
      return withoutUndefined({
        containers: [{...container!, ...(isPlain ? {} : ports)}],
        priority,
        nodeSelector,
        tolerations,
        topologySpreadConstraints: isPlain || kind === 3 ? undefined : constraints,
        affinity: isPlain || kind === 2 ? nodeAffinity : withoutUndefined({...nodeAffinity, ...affinities}),
      }) as unknown as PodSpec;
    },
  );

const podGroup = fc.record({
  app,
  namespace: pick('default', 'default', 'other'),
  spec,
  replicas: fc.oneof(
    {weight: 9, arbitrary: fc.integer({min: 1, max: 8})},
    {weight: 1, arbitrary: fc.integer({min: 9, max: 80})},
  ),
  bound: fc.array(fc.nat(300), {maxLength: 3}),
  terminating: fc.nat(9).map((n) => n === 0),
  owned: fc.boolean(),
});

const machine = fc.record({
  zone: often(pick('a', 'b', 'c')),
  rack: often(pick('1', '2', '')),
  disk: often(pick('ssd', 'hdd')),
  tainted: pick<Taint['effect'] | null>('NoSchedule', 'PreferNoSchedule', null, null, null, null),
  cpu: pick('1', '2', '4'),
  unschedulable: fc.nat(12).map((n) => n === 0),
});

/** Clusters in which pods of several classes compete for room, zones and hosts, some of them there already. */
export const randomCluster: fc.Arbitrary<ClusterModel> = clusterOf(fc.array(machine, {minLength: 1, maxLength: 14}));

/** The same with so many nodes that hosts are told apart by their counts, and that cells may outnumber queues. */
export const largeRandomCluster: fc.Arbitrary<ClusterModel> = clusterOf(
  fc
    .tuple(fc.array(machine, {minLength: 4, maxLength: 40}), fc.integer({min: 66, max: 300}))
    .map(([machines, count]) => Array.from({length: count}, (_, i) => machines[(i * 7) % machines.length]!)),
);

function clusterOf(machines: fc.Arbitrary<readonly Machine[]>): fc.Arbitrary<ClusterModel> {
  return fc.record({machines, groups: fc.array(podGroup, {minLength: 1, maxLength: 6})}).map(toModel);
}

function toModel({
  machines,
  groups,
}: {
  readonly machines: readonly Machine[];
  readonly groups: readonly PodGroup[];
}): ClusterModel {
  const nodes = machines.map(({zone, rack, disk, tainted, cpu, unschedulable}, index) =>
    node(`n${index}`, {
      labels: withoutUndefined({
        'kubernetes.io/hostname': index % 7 === 6 ? undefined : `n${index}`,
        'topology.kubernetes.io/zone': zone,
        rack,
        disk,
      }) as Record<string, string>,
      spec: {unschedulable, taints: tainted === null ? [] : [{key: 'dedicated', value: 'x', effect: tainted}]},
      status: {allocatable: {cpu, memory: '8Gi', pods: '8'}},
    }),
  );
  const pods = [];
  for (const [index, {app, namespace, spec, replicas, bound, terminating, owned}] of groups.entries()) {
    const input: PodInput = {name: `p${index}`, namespace, labels: {app}, spec};
    const podClass = {...toClass(input, index), owner: owned ? {kind: 'ReplicaSet', name: `rs-${app}`} : null};
    for (let i = 0; i < replicas; i++) {
      const nodeName = i < bound.length ? (nodes[bound[i]! % nodes.length]?.name ?? null) : null;
      const isTerminating = terminating && nodeName !== null;
      pods.push(toPod({...input, name: `p${index}-${i}`, nodeName, terminating: isTerminating}, pods.length, podClass));
    }
  }
  const objects = ['default', 'other'].flatMap((namespace) => [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: namespace, labels: {team: namespace === 'default' ? 'a' : 'b'}},
    },
    {apiVersion: 'v1', kind: 'Service', metadata: {name: 'web', namespace}, spec: {selector: {app: 'web'}}},
    ...['web', 'etl', 'db'].map((name) => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {name: `rs-${name}`, namespace},
      spec: {selector: {matchLabels: {app: name}}},
    })),
  ]);
  return {...modelOf(nodes, pods), objects};
}

type PodGroup = FromArbitrary<typeof podGroup>;
type Machine = FromArbitrary<typeof machine>;
type FromArbitrary<A> = A extends fc.Arbitrary<infer T> ? T : never;

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
