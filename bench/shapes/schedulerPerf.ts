/**
 * The shapes of scheduler_perf (kubernetes/kubernetes test/integration/scheduler_perf, v1.36): its templates and, at
 * 5,000 nodes, its numbers of pods; at other sizes they grow with the nodes. Churn stops the clock there and is counted
 * in pods here.
 */
import type {PodAffinityTerm, PodSpec} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {HOSTNAME, namespace, node, nodes, podSet, podSpec, service, workload, ZONE} from './objects.ts';
import type {PodSet, PublishedFloor, Shape, Workload} from './shape.ts';

const ONE_ZONE = ['zone1'];
const THREE_ZONES = ['moon-1', 'moon-2', 'moon-3'];
const LOW_PRIORITY = podSpec({cpu: '900m', memory: '500Mi'});
const HIGH_PRIORITY = podSpec({cpu: '3', memory: '500Mi'}, {priority: 10});
/** Fits on no node. */
const LARGE = podSpec({cpu: '9', memory: '500Mi'}, {priority: 10});

const RED = {color: 'red'};
const YELLOW = {color: 'yellow'};
const GREEN = {color: 'green'};
const BLUE = {color: 'blue'};

const affinity = podSpec(undefined, {
  affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [term(BLUE, ZONE)]}},
});
const antiAffinity = podSpec(undefined, {
  affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [term(GREEN, HOSTNAME)]}},
});
const preferredAffinity = podSpec(undefined, {
  affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [preference(RED)]}},
});
const preferredAntiAffinity = podSpec(undefined, {
  affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [preference(YELLOW)]}},
});

export const SCHEDULER_PERF: readonly Shape[] = [
  shape('basic', 'SchedulingBasic', 'plain pods', floor(680, 5000, '1.35'), (n) =>
    workload({
      nodes: nodes(n),
      running: [podSet('init', share(n, 1 / 5), podSpec(), {place: 'scheduled'})],
      pending: [podSet('pod', 2 * n, podSpec())],
    }),
  ),
  shape('preferred-affinity', 'SchedulingPreferredPodAffinity', 'same host, preferred', floor(90, 5000, '1.32'), (n) =>
    inTwoNamespaces(n, [], n, n, preferredAffinity, RED),
  ),
  shape(
    'preferred-anti-affinity',
    'SchedulingPreferredPodAntiAffinity',
    'other hosts, preferred',
    floor(90, 5000, '1.32'),
    (n) => inTwoNamespaces(n, [], n, n, preferredAntiAffinity, YELLOW),
  ),
  shape('affinity', 'SchedulingPodAffinity', 'same zone, required', floor(35, 5000, '1.32'), (n) =>
    inTwoNamespaces(n, ONE_ZONE, n, n, affinity, BLUE),
  ),
  shape('anti-affinity', 'SchedulingPodAntiAffinity', 'other hosts, required', floor(60, 5000, '1.32'), (n) =>
    inTwoNamespaces(n, [], share(n, 1 / 5), share(n, 2 / 5), antiAffinity, GREEN),
  ),
  shape(
    'matching-anti-affinity',
    'SchedulingPodMatchingAntiAffinity',
    'kept off by the running ones',
    floor(543, 5000, '1.35'),
    (n) => {
      const {running, ...rest} = inTwoNamespaces(n, [], share(n, 1 / 5), 0, antiAffinity, GREEN);
      return {
        ...rest,
        running,
        pending: [podSet('pod', share(n, 4 / 5), podSpec(), {namespace: 'sched-1', labels: GREEN})],
      };
    },
  ),
  shape(
    'anti-affinity-by-namespace',
    'SchedulingRequiredPodAntiAffinityWithNSSelector',
    'other hosts, required, over 100 namespaces',
    floor(24, 6000, '1.32'),
    antiAffinityByNamespace,
  ),
  shape('topology-spreading', 'TopologySpreading', 'zones, maxSkew 5', floor(85, 5000, '1.32'), (n) =>
    spreading(n, 'DoNotSchedule'),
  ),
  shape(
    'preferred-topology-spreading',
    'PreferredTopologySpreading',
    'zones, preferred',
    floor(125, 5000, '1.32'),
    (n) => spreading(n, 'ScheduleAnyway'),
  ),
  shape('default-topology-spreading', 'DefaultTopologySpreading', 'behind a Service', null, (n) =>
    workload({
      nodes: nodes(n, THREE_ZONES),
      objects: [service('service', 'service-ns', {app: 'scheduler-perf'})],
      running: [podSet('init', n, podSpec(), {place: 'scheduled'})],
      pending: [podSet('pod', 2 * n, podSpec(null), {namespace: 'service-ns', labels: {app: 'scheduler-perf'}})],
    }),
  ),
  shape(
    'node-inclusion-policy',
    'SchedulingWithNodeInclusionPolicy',
    'hosts without taints, maxSkew 1',
    floor(68, 5000, '1.36'),
    nodeInclusionPolicy,
  ),
  shape('node-affinity', 'SchedulingNodeAffinity', 'zones by name', floor(220, 5000, '1.32'), (n) => {
    const zones = {key: ZONE, operator: 'In', values: ['zone1', 'zone2']};
    const spec = podSpec(undefined, {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [zones]}]},
        },
      },
    });
    return workload({
      nodes: nodes(n, ONE_ZONE),
      running: [podSet('init', n, spec, {place: 'scheduled'})],
      pending: [podSet('pod', 2 * n, spec)],
    });
  }),
  shape('preemption', 'PreemptionBasic', 'three victims each', floor(18, 500, '1.32'), (n) =>
    workload({
      nodes: nodes(n),
      running: [podSet('low', 4 * n, LOW_PRIORITY, {place: 'each'})],
      pending: [podSet('high', n, HIGH_PRIORITY)],
      attemptsPerPod: 2,
    }),
  ),
  shape('preemption-among-others', 'PreemptionAsync', 'one pod in 100 preempts', floor(570, 5000, '1.35'), (n) =>
    workload({
      nodes: nodes(n),
      running: [podSet('low', 4 * n, LOW_PRIORITY, {place: 'each'})],
      pending: [podSet('high', share(n, 1 / 100), HIGH_PRIORITY), podSet('pod', n, podSpec())],
    }),
  ),
  shape('daemonset', 'SchedulingDaemonset', 'one node by its name', floor(1100, 15_000, '1.35'), daemonSet),
  shape('mixed', 'MixedSchedulingBasePod', 'plain pods among all kinds', floor(140, 5000, '1.32'), mixed),
  shape(
    'mixed-churn',
    'SchedulingWithMixedChurn',
    'every 500 pods one leaves, and one comes that fits nowhere',
    floor(710, 5000, '1.35'),
    (n) =>
      workload({
        nodes: nodes(n),
        pending: [podSet('pod', 2 * n, podSpec())],
        churn: {interval: 500, visitor: podSet('visitor', 1, LARGE)},
      }),
  ),
  shape('unschedulable', 'Unschedulable', 'one pod in 100 fits nowhere', floor(590, 5000, '1.35'), (n) =>
    workload({
      nodes: nodes(n),
      running: [podSet('init', share(n, 1 / 50), podSpec(), {place: 'scheduled'})],
      pending: [podSet('large', share(n, 1 / 50), LARGE), podSet('pod', 2 * n, podSpec())],
    }),
  ),
  {
    ...shape(
      'extended-resource',
      'SchedulingWithExtendedResource',
      'one node each by a resource of its own',
      floor(180, 5000, '1.35'),
      (n) =>
        workload({
          nodes: Array.from({length: n}, (_, i) =>
            node(i, {resources: {cpu: '4', memory: '32Gi', pods: '110', [`foo.com/bar-${i}`]: '1'}}),
          ),
          pending: Array.from({length: n}, (_, i) => {
            const resources = {requests: {[`foo.com/bar-${i}`]: '1'}, limits: {[`foo.com/bar-${i}`]: '1'}};
            return podSet(`pod-${i}`, 1, {
              containers: [{name: 'pause', image: 'registry.k8s.io/pause:3.9', resources}],
            });
          }),
        }),
    ),
    // Every node knows of every resource.
    mostNodes: 5000,
  },
];

function shape(
  name: string,
  schedulerPerf: string,
  title: string,
  published: PublishedFloor | null,
  build: (nodes: number) => Workload,
): Shape {
  return {name, title, schedulerPerf, published, bar: null, mostNodes: Number.POSITIVE_INFINITY, build};
}

function floor(podsPerSecond: number, nodeCount: number, version: string): PublishedFloor {
  return {podsPerSecond, nodes: nodeCount, version};
}

/** At least one. */
function share(count: number, of: number): number {
  return Math.max(1, Math.round(count * of));
}

function term(labels: Labels, topologyKey: string): PodAffinityTerm {
  return {labelSelector: {matchLabels: labels}, topologyKey, namespaces: ['sched-1', 'sched-0']};
}

function preference(labels: Labels): {weight: number; podAffinityTerm: PodAffinityTerm} {
  return {weight: 1, podAffinityTerm: term(labels, HOSTNAME)};
}

/** Running pods in one namespace mean something to the pending ones in another. */
function inTwoNamespaces(
  nodeCount: number,
  zones: readonly string[],
  running: number,
  pending: number,
  spec: PodSpec,
  labels: Labels,
): Workload {
  return workload({
    nodes: nodes(nodeCount, zones),
    running: [podSet('init', running, spec, {namespace: 'sched-0', labels, place: 'scheduled'})],
    pending: [podSet('pod', pending, spec, {namespace: 'sched-1', labels})],
  });
}

function spreading(nodeCount: number, whenUnsatisfiable: string): Workload {
  const labelSelector = {matchLabels: BLUE};
  const spec = podSpec(undefined, {
    topologySpreadConstraints: [{maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable, labelSelector}],
  });
  return workload({
    nodes: nodes(nodeCount, THREE_ZONES),
    running: [podSet('init', nodeCount, podSpec(), {place: 'scheduled'})],
    pending: [podSet('pod', nodeCount, spec, {labels: BLUE})],
  });
}

/** 40 running pods in each namespace: at 6,000 nodes 100 of them. */
function antiAffinityByNamespace(nodeCount: number): Workload {
  const namespaceSelector = {matchLabels: {team: 'devops'}};
  const spec = podSpec(undefined, {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {labelSelector: {matchLabels: GREEN}, topologyKey: HOSTNAME, namespaceSelector},
        ],
      },
    },
  });
  const namespaces = Array.from({length: share(nodeCount, 1 / 60)}, (_, i) => `init-ns-${i}`);
  const perNamespace = Math.floor((nodeCount * 2) / 3 / namespaces.length);
  return workload({
    nodes: nodes(nodeCount),
    objects: [...namespaces, 'measure-ns-0'].map((name) => namespace(name, {team: 'devops'})),
    running: namespaces.map((name) =>
      podSet(`init-${name}`, perNamespace, spec, {namespace: name, labels: GREEN, place: 'scheduled'}),
    ),
    pending: [podSet('pod', Math.floor(nodeCount / 3), spec, {namespace: 'measure-ns-0', labels: GREEN})],
  });
}

/** A fifth of the nodes has a taint and does not count. */
function nodeInclusionPolicy(nodeCount: number): Workload {
  const tainted = Math.floor(nodeCount / 5);
  const labels = {foo: 'bar'};
  const spec = podSpec(undefined, {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: HOSTNAME,
        whenUnsatisfiable: 'DoNotSchedule',
        nodeAffinityPolicy: 'Honor',
        nodeTaintsPolicy: 'Honor',
        labelSelector: {matchLabels: labels},
      },
    ],
  });
  return workload({
    nodes: Array.from({length: nodeCount}, (_, i) =>
      i < nodeCount - tainted ? node(i) : node(i, {spec: {taints: [{key: 'foo', effect: 'NoSchedule'}]}}),
    ),
    pending: [podSet('pod', nodeCount - tainted, spec, {labels})],
  });
}

function daemonSet(nodeCount: number): Workload {
  const name = 'scheduler-perf-node';
  const byName = {key: 'metadata.name', operator: 'In', values: [name]};
  const spec = podSpec(null, {
    affinity: {
      nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [byName]}]}},
    },
  });
  const large = {cpu: '4', memory: '32Gi', pods: String(Math.max(90_000, 2 * nodeCount))};
  return workload({
    nodes: [node(0, {name, resources: large}), ...nodes(nodeCount)],
    pending: [podSet('daemonset', 2 * nodeCount, spec)],
  });
}

/** Pods of five kinds are running. */
function mixed(nodeCount: number): Workload {
  const kinds: readonly (readonly [string, PodSpec, Labels])[] = [
    ['plain', podSpec(), {}],
    ['affinity', affinity, BLUE],
    ['anti-affinity', antiAffinity, GREEN],
    ['preferred-affinity', preferredAffinity, RED],
    ['preferred-anti-affinity', preferredAntiAffinity, YELLOW],
  ];
  const running = kinds.map(
    ([name, spec, labels]): PodSet =>
      podSet(name, share(nodeCount, 2 / 5), spec, {namespace: 'sched-0', labels, place: 'scheduled'}),
  );
  return workload({
    nodes: nodes(nodeCount, ONE_ZONE),
    running,
    pending: [podSet('pod', nodeCount, podSpec())],
  });
}
