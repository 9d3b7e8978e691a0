/**
 * Writes queue/*.ndjson: scripts for kube-scheduler's queue, each with the state that the real queue is in after
 * every step; and queue-older/VERSION.ndjson with those that come out otherwise in an older version.
 * Usage: node queueScenarios.ts, which builds the programs it needs.
 */
import {spawnSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ensureSidecar, type SidecarVersion} from '../../../scripts/sidecar.ts';

type Json = {readonly [field: string]: unknown};
type Step = Json;
type Scenario = {readonly name: string; readonly cluster?: Json; readonly steps: readonly Step[]};

const zone = 'topology.kubernetes.io/zone';
const hostname = 'kubernetes.io/hostname';

// Objects

function node(name: string, allocatable: Json = {}, rest: {labels?: Json; spec?: Json; status?: Json} = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name, labels: {[hostname]: name, ...rest.labels}},
    spec: rest.spec ?? {},
    status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110', ...allocatable}, ...rest.status},
  };
}

function pod(name: string, requests: Json = {}, spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, ...metadata},
    spec: {containers: [{name: 'main', image: 'main', resources: {requests}}], ...spec},
  };
}

function running(name: string, on: string, requests: Json = {}, spec: Json = {}, metadata: Json = {}): Json {
  return pod(name, requests, {...spec, nodeName: on}, metadata);
}

function object(apiVersion: string, kind: string, name: string, rest: Json = {}, metadata: Json = {}): Json {
  return {apiVersion, kind, metadata: {name, ...metadata}, ...rest};
}

function claim(name: string, spec: Json = {}, rest: Json = {}, metadata: Json = {}): Json {
  return object(
    'v1',
    'PersistentVolumeClaim',
    name,
    {spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}, ...spec}, ...rest},
    {namespace: 'default', ...metadata},
  );
}

function boundClaim(name: string, volume: string, spec: Json = {}): Json {
  return claim(
    name,
    {volumeName: volume, ...spec},
    {status: {phase: 'Bound'}},
    {annotations: {'pv.kubernetes.io/bind-completed': 'yes'}},
  );
}

function volume(name: string, spec: Json = {}, metadata: Json = {}): Json {
  return object(
    'v1',
    'PersistentVolume',
    name,
    {spec: {accessModes: ['ReadWriteOnce'], capacity: {storage: '1Gi'}, ...spec}},
    metadata,
  );
}

const usesClaim = (name: string): Json => ({volumes: [{name: 'data', persistentVolumeClaim: {claimName: name}}]});
const cpu = (amount: string): Json => ({cpu: amount});

// Steps

const set = (given: Json): Step => ({do: 'set', object: given});
const remove = (kind: string, name: string, namespace?: string): Step => ({do: 'remove', kind, name, namespace});
const removePod = (name: string): Step => remove('Pod', name, 'default');
const advance = (seconds: number): Step => ({do: 'advance', seconds});
const pop: Step = {do: 'pop'};
const schedule: Step = {do: 'schedule'};
const begin: Step = {do: 'begin'};
const end = (name?: string): Step => (name === undefined ? {do: 'end'} : {do: 'end', pod: `default/${name}`});
const failed = (name: string, ...plugins: string[]): Step => ({do: 'failed', pod: `default/${name}`, plugins});
const erred = (name: string): Step => ({do: 'failed', pod: `default/${name}`});

/** One scenario for each event: the pod is rejected, then the event happens. */
function hints(
  plugin: string,
  cluster: Json,
  pending: Json,
  events: Readonly<Record<string, Step | readonly Step[]>>,
): Scenario[] {
  return Object.entries(events).map(([name, event]) => ({
    name: `${plugin}: ${name}`,
    cluster,
    steps: [set(pending), schedule, advance(0.25), ...(Array.isArray(event) ? event : [event])],
  }));
}

// Groups

const order: Scenario[] = [
  {
    name: 'pods of one priority leave in the order they came',
    steps: [set(pod('b')), advance(0.001), set(pod('a')), advance(0.001), set(pod('c')), pop, pop, pop, pop],
  },
  {
    name: 'a higher priority leaves first',
    steps: [
      set(pod('low', {}, {priority: 1})),
      advance(0.001),
      set(pod('high', {}, {priority: 10})),
      advance(0.001),
      set(pod('none')),
      pop,
      pop,
      pop,
    ],
  },
  {
    name: 'a negative priority leaves last',
    steps: [set(pod('negative', {}, {priority: -1})), advance(0.001), set(pod('none')), pop, pop],
  },
  {
    name: 'an update in activeQ keeps the place',
    steps: [set(pod('a')), advance(1), set(pod('b')), advance(1), set(pod('a', {}, {}, {labels: {x: 'y'}})), pop, pop],
  },
  {
    name: 'a deleted pod leaves the queue',
    steps: [set(pod('a')), advance(0.001), set(pod('b')), removePod('a'), pop, pop],
  },
  {
    name: 'a pod that another component binds leaves the queue',
    cluster: {nodes: [node('n1')]},
    steps: [set(pod('a')), set(running('a', 'n1')), pop],
  },
  {name: 'a pod of another scheduler is not queued', steps: [set(pod('a', {}, {schedulerName: 'other'})), pop]},
  {name: 'a pod with a node is not queued', cluster: {nodes: [node('n1')]}, steps: [set(running('a', 'n1')), pop]},
  {
    name: 'a scheduled pod is gone, and the next follows',
    cluster: {nodes: [node('n1')]},
    steps: [set(pod('a', cpu('1'))), advance(0.001), set(pod('b', cpu('1'))), schedule, schedule, schedule],
  },
  {
    name: 'a pod that came back counts from the end of its last attempt, not from when it came back',
    cluster: {nodes: [node('n1')]},
    steps: [
      set(pod('a', cpu('5'))),
      schedule,
      advance(2.5),
      set(pod('b', cpu('5'))),
      set(node('n2', cpu('6'))),
      advance(0.001),
      set(pod('c')),
      pop,
      pop,
      pop,
    ],
  },
  {
    name: 'a pod that finds no node in the cluster comes back after its backoff, without an event',
    steps: [set(pod('a')), schedule, advance(0.5), set(node('n1')), advance(2), schedule],
  },
];

/** Rejections of a pod, each followed by an event that lets it back after its backoff. */
function rejections(count: number, apart: number): Step[] {
  return Array.from({length: count}, (_, round) => [
    pop,
    failed('a', 'NodeName'),
    set(node(`node-${round}`)),
    advance(apart),
  ]).flat();
}

const backoffConfig = (initial: number, max: number): Json => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  podInitialBackoffSeconds: initial,
  podMaxBackoffSeconds: max,
});

const backoff: Scenario[] = [
  {name: 'backoff grows 1, 2, 4, 8, 10, 10 seconds', steps: [set(pod('a')), ...rejections(7, 12)]},
  {
    name: 'backoff follows the configuration: 2, 4, 5, 5',
    cluster: {config: backoffConfig(2, 5)},
    steps: [set(pod('a')), ...rejections(4, 12)],
  },
  {
    name: 'backoff of equal initial and maximum stays',
    cluster: {config: backoffConfig(3, 3)},
    steps: [set(pod('a')), ...rejections(3, 12)],
  },
  {
    name: 'the end of a backoff is cut to whole seconds, and waited for with the ticker',
    steps: [
      set(pod('a')),
      advance(0.75),
      pop,
      failed('a', 'NodeName'),
      advance(0.75),
      set(node('n1')),
      advance(0.25),
      advance(0.25),
      advance(0.75),
      advance(0.25),
      pop,
    ],
  },
  {
    name: 'an event after the backoff sends the pod to activeQ at once',
    steps: [set(pod('a')), pop, failed('a', 'NodeName'), advance(2.5), set(node('n1')), pop],
  },
  {
    name: 'an event at the very end of the backoff still finds the pod backing off',
    steps: [set(pod('a')), pop, failed('a', 'NodeName'), advance(1), set(node('n1')), advance(0.5), advance(0.5)],
  },
  {
    name: 'an empty activeQ pops from backoffQ',
    steps: [
      set(pod('a')),
      pop,
      failed('a', 'NodeName'),
      set(node('n1')),
      pop,
      failed('a', 'NodeName'),
      set(node('n2')),
      pop,
    ],
  },
  {
    name: 'a pod in activeQ goes before one in backoffQ of higher priority',
    steps: [set(pod('a', {}, {priority: 10})), pop, failed('a', 'NodeName'), set(node('n1')), set(pod('b')), pop, pop],
  },
  {
    name: 'within a second of backoff the higher priority goes first',
    steps: [
      set(pod('low', {}, {priority: 1})),
      pop,
      failed('low', 'NodeName'),
      advance(0.25),
      set(pod('high', {}, {priority: 2})),
      pop,
      failed('high', 'NodeName'),
      set(node('n1')),
      pop,
      pop,
    ],
  },
  {
    name: 'within a second of backoff and of one priority the earlier goes first',
    steps: [
      set(pod('b')),
      pop,
      failed('b', 'NodeName'),
      advance(0.25),
      set(pod('a')),
      pop,
      failed('a', 'NodeName'),
      set(node('n1')),
      pop,
      pop,
    ],
  },
  {
    name: 'the earlier end of backoff goes first whatever the priority',
    steps: [
      set(pod('low', {}, {priority: 1})),
      pop,
      failed('low', 'NodeName'),
      advance(1),
      set(pod('high', {}, {priority: 2})),
      pop,
      failed('high', 'NodeName'),
      set(node('n1')),
      pop,
      pop,
    ],
  },
  {
    name: 'an error sends the pod to backoffQ without an event',
    steps: [set(pod('a')), pop, erred('a'), advance(1), advance(1), pop],
  },
  {
    name: 'errors back off 1, 2, 4, 8, 10 seconds',
    steps: [set(pod('a')), ...Array.from({length: 5}, () => [pop, erred('a'), advance(12)]).flat()],
  },
  {
    name: 'an empty activeQ does not pop a pod that erred',
    steps: [set(pod('a')), pop, erred('a'), pop, advance(2), pop],
  },
  {
    name: 'a rejection resets the count of errors but not that of rejections',
    steps: [
      set(pod('a')),
      pop,
      erred('a'),
      advance(3),
      pop,
      erred('a'),
      advance(5),
      pop,
      failed('a', 'NodeName'),
      set(node('n1')),
      advance(5),
      pop,
      erred('a'),
      advance(5),
      pop,
      failed('a', 'NodeName'),
      set(node('n2')),
    ],
  },
  {
    name: 'of a pod that erred and one that was rejected only the rejected one is popped before its time',
    steps: [
      set(pod('a')),
      pop,
      erred('a'),
      set(pod('b')),
      pop,
      failed('b', 'NodeName'),
      set(node('n1')),
      pop,
      pop,
      advance(2),
      pop,
    ],
  },
  {
    name: 'an update of a pod in backoffQ leaves it there',
    steps: [
      set(pod('a')),
      pop,
      failed('a', 'NodeName'),
      set(node('n1')),
      set(pod('a', {}, {}, {labels: {x: 'y'}})),
      advance(2),
    ],
  },
  {
    name: 'a pod deleted from backoffQ is gone',
    steps: [set(pod('a')), pop, erred('a'), removePod('a'), advance(3), pop],
  },
];

const flush: Scenario[] = [
  {
    name: 'after five minutes and the next half minute an unschedulable pod is tried again',
    steps: [set(pod('a')), pop, failed('a', 'NodeName'), advance(299), advance(1), advance(29), advance(1), pop],
  },
  {
    name: 'the time counts from the end of the attempt',
    steps: [
      set(pod('a')),
      advance(10),
      pop,
      advance(5),
      failed('a', 'NodeName'),
      advance(285),
      advance(15),
      advance(15),
      advance(15),
      pop,
    ],
  },
  {
    name: 'the time starts anew with every attempt',
    steps: [
      set(pod('a')),
      pop,
      failed('a', 'NodeName'),
      advance(330),
      pop,
      failed('a', 'NodeName'),
      advance(300),
      advance(30),
    ],
  },
  {
    name: 'a gated pod is not let in by time',
    steps: [set(pod('a', {}, {schedulingGates: [{name: 'example.com/wait'}]})), advance(330), advance(30)],
  },
  {
    name: 'pods leave together and in order of priority',
    steps: [
      set(pod('low', {}, {priority: 1})),
      pop,
      failed('low', 'NodeName'),
      advance(1),
      set(pod('high', {}, {priority: 2})),
      pop,
      failed('high', 'NodeName'),
      advance(329),
      pop,
      pop,
    ],
  },
];

const gate = (...names: string[]): Json => ({schedulingGates: names.map((name) => ({name: `example.com/${name}`}))});

const gates: Scenario[] = [
  {name: 'SchedulingGates: a gated pod waits outside', steps: [set(pod('a', {}, gate('one'))), pop]},
  {
    name: 'SchedulingGates: one of two gates gone is not enough',
    steps: [set(pod('a', {}, gate('one', 'two'))), advance(1), set(pod('a', {}, gate('two'))), pop],
  },
  {
    name: 'SchedulingGates: without gates the pod is in activeQ at once',
    steps: [set(pod('a', {}, gate('one'))), advance(1), set(pod('a')), pop],
  },
  {
    name: 'SchedulingGates: another change of the pod is not enough',
    steps: [set(pod('a', {}, gate('one'))), set(pod('a', {}, gate('one'), {labels: {x: 'y'}})), pop],
  },
  {
    name: 'SchedulingGates: events in the cluster are not enough',
    steps: [set(pod('a', {}, gate('one'))), set(node('n1')), set(running('b', 'n1')), removePod('b'), pop],
  },
  {
    name: 'SchedulingGates: a gated pod that is deleted is gone',
    steps: [set(pod('a', {}, gate('one'))), removePod('a')],
  },
  {
    name: 'SchedulingGates: a pod let in keeps the time it came',
    steps: [set(pod('a', {}, gate('one'))), advance(1), set(pod('b')), advance(1), set(pod('a')), pop, pop],
  },
  {
    name: 'SchedulingGates: a nomination of a gated pod is not known',
    cluster: {nodes: [node('n1')]},
    steps: [
      set({...pod('a', {}, gate('one')), status: {nominatedNodeName: 'n1'}}),
      set({...pod('a'), status: {nominatedNodeName: 'n1'}}),
    ],
  },
];

const small = {nodes: [node('n1', cpu('2'))], pods: [running('old', 'n1', cpu('1')), running('free', 'n1')]};

const fit: Scenario[] = [
  ...hints('NodeResourcesFit', small, pod('a', cpu('2')), {
    'a new node with room': set(node('n2', cpu('2'))),
    'a new node without room': set(node('n2', cpu('1'))),
    'a new node with room that is tainted': set(
      node('n2', cpu('2'), {spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}}),
    ),
    'a node that grows enough, with its pods counted': set(node('n1', cpu('3'))),
    'a node that grows too little for the pod alone': set(node('n1', {cpu: '1500m'})),
    'a node that grows in what the pod does not want': set(node('n1', {cpu: '2', memory: '16Gi'})),
    'a node that grows in number of pods': set(node('n1', {cpu: '2', pods: '200'})),
    'a node that shrinks': set(node('n1', cpu('1'))),
    'a node with a new label': set(node('n1', cpu('2'), {labels: {x: 'y'}})),
    'a node with a new annotation': set({
      ...node('n1', cpu('2')),
      metadata: {name: 'n1', labels: {[hostname]: 'n1'}, annotations: {x: 'y'}},
    }),
    'a node with a new condition': set(node('n1', cpu('2'), {status: {conditions: [{type: 'Ready', status: 'True'}]}})),
    'a node that goes': remove('Node', 'n1'),
    'a pod with requests goes': removePod('old'),
    'a pod without requests goes': removePod('free'),
    'a pod with requests comes': set(running('b', 'n1', cpu('1'))),
    'a pod asks for less': set(running('old', 'n1', cpu('500m'))),
    'a pod asks for less of what the pod does not want': [
      set(running('big', 'n1', {memory: '2Gi'})),
      set(running('big', 'n1', {memory: '1Gi'})),
    ],
    'a pod asks for more': set(running('old', 'n1', cpu('1500m'))),
    'a pod gets another label': set(running('old', 'n1', cpu('1'), {}, {labels: {x: 'y'}})),
    'the pod itself asks for less': set(pod('a', cpu('1'))),
    'the pod itself asks for more': set(pod('a', cpu('3'))),
    'the pod itself gets a label': set(pod('a', cpu('2'), {}, {labels: {x: 'y'}})),
    'the pod itself gets a toleration': set(pod('a', cpu('2'), {tolerations: [{key: 'x', operator: 'Exists'}]})),
    'another pending pod goes': [set(pod('b', cpu('2'))), removePod('b')],
    'a service comes': set(object('v1', 'Service', 's', {spec: {selector: {x: 'y'}}}, {namespace: 'default'})),
    'a storage class comes': set(object('storage.k8s.io/v1', 'StorageClass', 's', {provisioner: 'x'})),
    'a device class comes': set(object('resource.k8s.io/v1', 'DeviceClass', 'd')),
  }),
  ...hints('NodeResourcesFit, extended resource', {nodes: [node('n1')]}, pod('a', {'example.com/gpu': '1'}), {
    'a device class for it comes': set(
      object('resource.k8s.io/v1', 'DeviceClass', 'gpu', {spec: {extendedResourceName: 'example.com/gpu'}}),
    ),
    'a device class for another comes': set(
      object('resource.k8s.io/v1', 'DeviceClass', 'tpu', {spec: {extendedResourceName: 'example.com/tpu'}}),
    ),
    'a node with it comes': set(node('n2', {'example.com/gpu': '1'})),
    'a node without it comes': set(node('n2')),
  }),
];

const wantsLabel = (key: string, value: string): Json => ({nodeSelector: {[key]: value}});

const nodes: Scenario[] = [
  ...hints('NodeAffinity', {nodes: [node('n1')]}, pod('a', {}, wantsLabel('disk', 'ssd')), {
    'a new node that matches': set(node('n2', {}, {labels: {disk: 'ssd'}})),
    'a new node that does not match': set(node('n2', {}, {labels: {disk: 'hdd'}})),
    'a node that now matches': set(node('n1', {}, {labels: {disk: 'ssd'}})),
    'a node with another label that still does not match': set(node('n1', {}, {labels: {disk: 'hdd'}})),
    'a node with more room': set(node('n1', cpu('8'))),
    'a pod goes': [set(running('b', 'n1')), removePod('b')],
    'the pod itself gets a label': set(pod('a', {}, wantsLabel('disk', 'ssd'), {labels: {x: 'y'}})),
  }),
  ...hints(
    'NodeAffinity, a matching node is full',
    {nodes: [node('n1'), node('n2', {cpu: '1'}, {labels: {disk: 'ssd'}})]},
    pod('a', cpu('2'), wantsLabel('disk', 'ssd')),
    {
      'the full node gets another label': set(node('n2', {cpu: '1'}, {labels: {disk: 'ssd', x: 'y'}})),
      'the full node gets room': set(node('n2', {cpu: '2'}, {labels: {disk: 'ssd'}})),
      'the other node now matches': set(node('n1', {}, {labels: {disk: 'ssd'}})),
    },
  ),
  ...hints('NodeUnschedulable', {nodes: [node('n1', {}, {spec: {unschedulable: true}})]}, pod('a'), {
    'the node becomes schedulable': set(node('n1')),
    'another node comes': set(node('n2')),
    'another unschedulable node comes': set(node('n2', {}, {spec: {unschedulable: true}})),
    'the node grows': set(node('n1', cpu('8'), {spec: {unschedulable: true}})),
    'the pod tolerates it': set(
      pod(
        'a',
        {},
        {tolerations: [{key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule'}]},
      ),
    ),
    'the pod tolerates something else': set(pod('a', {}, {tolerations: [{key: 'x', operator: 'Exists'}]})),
  }),
  ...hints(
    'TaintToleration',
    {nodes: [node('n1', {}, {spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}})]},
    pod('a'),
    {
      'the taint goes': set(node('n1')),
      'the taint changes to one that is not tolerated either': set(
        node('n1', {}, {spec: {taints: [{key: 'y', effect: 'NoSchedule'}]}}),
      ),
      'the taint changes to a preference': set(
        node('n1', {}, {spec: {taints: [{key: 'x', effect: 'PreferNoSchedule'}]}}),
      ),
      'a node without taints comes': set(node('n2')),
      'a node with the same taint comes': set(node('n2', {}, {spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}})),
      'the node gets a label': set(
        node('n1', {}, {labels: {a: 'b'}, spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}}),
      ),
      'the pod tolerates it': set(pod('a', {}, {tolerations: [{key: 'x', operator: 'Exists'}]})),
      'the pod tolerates something else': set(pod('a', {}, {tolerations: [{key: 'y', operator: 'Exists'}]})),
    },
  ),
  ...hints(
    'NodePorts',
    {
      nodes: [node('n1')],
      pods: [running('old', 'n1', {}, ports(80)), running('other', 'n1', {}, ports(81)), running('none', 'n1')],
    },
    pod('a', {}, ports(80)),
    {
      'the pod with the port goes': removePod('old'),
      'a pod with another port goes': removePod('other'),
      'a pod without ports goes': removePod('none'),
      'a node comes': set(node('n2')),
      'a node that is tainted comes': set(node('n2', {}, {spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}})),
      'the node gets a label': set(node('n1', {}, {labels: {x: 'y'}})),
      'a pending pod with the port goes': [set(pod('b', {}, ports(80))), removePod('b')],
    },
  ),
];

function ports(port: number): Json {
  return {containers: [{name: 'main', image: 'main', ports: [{containerPort: port, hostPort: port}]}]};
}

const app = (name: string): Json => ({labels: {app: name}});
const spread = (key: string): Json => ({
  topologySpreadConstraints: [
    {maxSkew: 1, topologyKey: key, whenUnsatisfiable: 'DoNotSchedule', labelSelector: {matchLabels: {app: 'x'}}},
  ],
});
const inZone = (name: string, where: string, allocatable: Json = {}): Json =>
  node(name, allocatable, {labels: {[zone]: where}});
// zone b is full, zone a already has one pod more
const skewed = {
  nodes: [inZone('a1', 'a'), inZone('b1', 'b', {cpu: '1'})],
  pods: [running('x1', 'a1', {}, {}, app('x')), running('y1', 'a1', {}, {}, app('y')), running('fill', 'b1', cpu('1'))],
};
const spreadPod = pod('p', cpu('1'), spread(zone), app('x'));

const affinity = (kind: 'podAffinity' | 'podAntiAffinity', name: string, key = zone): Json => ({
  affinity: {
    [kind]: {
      requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: key, labelSelector: {matchLabels: {app: name}}}],
    },
  },
});

const topology: Scenario[] = [
  ...hints('PodTopologySpread', skewed, spreadPod, {
    'a pod that matches comes': set(running('x2', 'b1', {}, {}, app('x'))),
    'a pod that does not match comes': set(running('y2', 'b1', {}, {}, app('y'))),
    'a pod of another namespace comes': set(running('x2', 'b1', {}, {}, {...app('x'), namespace: 'other'})),
    'a pod that matches goes': removePod('x1'),
    'a pod that does not match goes': removePod('y1'),
    'a pod starts to match': set(running('y1', 'a1', {}, {}, app('x'))),
    'a pod stops to match': set(running('x1', 'a1', {}, {}, app('z'))),
    'a pod that does not match gets another label': set(running('y1', 'a1', {}, {}, app('z'))),
    'a node of a zone comes': set(inZone('c1', 'c')),
    'a node without a zone comes': set(node('c1')),
    'a node of a zone goes': remove('Node', 'b1'),
    'a node gets into another zone': set(inZone('b1', 'c', {cpu: '1'})),
    'a node loses its zone': set(node('b1', {cpu: '1'})),
    'a node gets another label': set(node('b1', {cpu: '1'}, {labels: {[zone]: 'b', x: 'y'}})),
    'a node is tainted': set(
      node('b1', {cpu: '1'}, {labels: {[zone]: 'b'}, spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}}),
    ),
    'a node gets room': set(inZone('b1', 'b', {cpu: '2'})),
    'the pod itself gets a toleration': set(
      pod('p', cpu('1'), {...spread(zone), tolerations: [{key: 'x', operator: 'Exists'}]}, app('x')),
    ),
    'the pod itself no longer matches': set(pod('p', cpu('1'), spread(zone), app('z'))),
    'the pod itself gets another label': set(pod('p', cpu('1'), spread(zone), {labels: {app: 'x', a: 'b'}})),
  }),
  ...hints(
    'InterPodAffinity, affinity',
    {nodes: [inZone('a1', 'a')], pods: [running('y1', 'a1', {}, {}, app('y'))]},
    pod('p', {}, affinity('podAffinity', 'x')),
    {
      'a pod that matches comes': set(running('x1', 'a1', {}, {}, app('x'))),
      'a pod that does not match comes': set(running('z1', 'a1', {}, {}, app('z'))),
      'a pod of another namespace comes': set(running('x1', 'a1', {}, {}, {...app('x'), namespace: 'other'})),
      'a pod starts to match': set(running('y1', 'a1', {}, {}, app('x'))),
      'a pod gets another label and still does not match': set(running('y1', 'a1', {}, {}, app('z'))),
      'a pod goes': removePod('y1'),
      'a node of a zone comes': set(inZone('b1', 'b')),
      'a node without a zone comes': set(node('b1')),
      'a node gets a zone': [set(node('b1')), advance(3), set(inZone('b1', 'b'))],
      'a node gets room': set(inZone('a1', 'a', cpu('8'))),
      'the pod itself now matches': set(pod('p', {}, affinity('podAffinity', 'x'), app('x'))),
    },
  ),
  ...hints(
    'InterPodAffinity, anti-affinity',
    {nodes: [inZone('a1', 'a')], pods: [running('x1', 'a1', {}, {}, app('x')), running('y1', 'a1', {}, {}, app('y'))]},
    pod('p', {}, affinity('podAntiAffinity', 'x')),
    {
      'the pod that matches goes': removePod('x1'),
      'a pod that does not match goes': removePod('y1'),
      'the pod that matches stops to': set(running('x1', 'a1', {}, {}, app('z'))),
      'a pod that does not match gets another label': set(running('y1', 'a1', {}, {}, app('z'))),
      'a pod that matches comes': set(running('x2', 'a1', {}, {}, app('x'))),
      'a node of another zone comes': set(inZone('b1', 'b')),
      'a node of the same zone comes': set(inZone('a2', 'a')),
      'a node moves to another zone': set(inZone('a1', 'b')),
    },
  ),
  ...hints(
    'InterPodAffinity, anti-affinity of a running pod',
    {
      nodes: [inZone('a1', 'a')],
      pods: [running('x1', 'a1', {}, affinity('podAntiAffinity', 'p'), app('x')), running('y1', 'a1')],
    },
    pod('p', {}, {}, app('p')),
    {
      'that pod goes': removePod('x1'),
      'another pod goes': removePod('y1'),
      'the pod itself is no longer meant': set(pod('p', {}, {}, app('q'))),
      'the pod itself gets another label': set(pod('p', {}, {}, {labels: {app: 'p', a: 'b'}})),
    },
  ),
];

const wait = object('storage.k8s.io/v1', 'StorageClass', 'wait', {
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
});
const immediate = object('storage.k8s.io/v1', 'StorageClass', 'immediate', {
  provisioner: 'example.com/csi',
  volumeBindingMode: 'Immediate',
});
const capacity = object('storage.k8s.io/v1', 'StorageClass', 'capacity', {
  provisioner: 'example.com/csi',
  volumeBindingMode: 'WaitForFirstConsumer',
});
const onNode = (name: string): Json => ({
  nodeAffinity: {
    required: {nodeSelectorTerms: [{matchExpressions: [{key: hostname, operator: 'In', values: [name]}]}]},
  },
});
const csiNode = (name: string, count: number | undefined): Json =>
  object('storage.k8s.io/v1', 'CSINode', name, {
    spec: {drivers: [{name: 'example.com/csi', nodeID: name, ...(count === undefined ? {} : {allocatable: {count}})}]},
  });
const csiVolume = (name: string): Json => volume(name, {csi: {driver: 'example.com/csi', volumeHandle: name}});
const storageCapacity = (name: string, size: string, namespace = 'default'): Json =>
  object(
    'storage.k8s.io/v1',
    'CSIStorageCapacity',
    name,
    {storageClassName: 'capacity', capacity: size, nodeTopology: {}},
    {namespace},
  );

const volumes: Scenario[] = [
  ...hints(
    'VolumeBinding, the claim is missing',
    {nodes: [node('n1')], objects: [immediate]},
    pod('a', {}, usesClaim('data')),
    {
      'the claim comes, bound': set(boundClaim('data', 'pv')),
      'the claim comes, unbound': set(claim('data', {storageClassName: 'immediate'})),
      'another claim comes': set(claim('other')),
      'the claim of another namespace comes': set(claim('data', {}, {}, {namespace: 'other'})),
      'a volume comes': set(volume('pv')),
      'a node comes': set(node('n2')),
    },
  ),
  ...hints(
    'VolumeBinding, the claim waits for the controller',
    {
      nodes: [node('n1')],
      objects: [
        immediate,
        claim('data', {storageClassName: 'immediate'}),
        claim('other', {storageClassName: 'immediate'}),
      ],
    },
    pod('a', {}, usesClaim('data')),
    {
      'the claim is bound': set(boundClaim('data', 'pv', {storageClassName: 'immediate'})),
      'another claim is bound': set(boundClaim('other', 'pv', {storageClassName: 'immediate'})),
      'a volume comes': set(volume('pv')),
      'its class changes': set({...immediate, volumeBindingMode: 'WaitForFirstConsumer'}),
      'another class comes': set(wait),
    },
  ),
  ...hints(
    'VolumeBinding, no volume fits',
    {nodes: [node('n1')], objects: [wait, claim('data', {storageClassName: 'wait'})]},
    pod('a', {}, usesClaim('data')),
    {
      'a volume that fits comes': set(volume('pv', {storageClassName: 'wait', local: {path: '/x'}, ...onNode('n1')})),
      'a volume that does not fit comes': set(volume('pv', {storageClassName: 'other'})),
      'a node comes': set(node('n2')),
      'a node gets a label': set(node('n1', {}, {labels: {x: 'y'}})),
      'a node gets room': set(node('n1', cpu('8'))),
      'a class comes': set(immediate),
      'a CSI node comes': set(csiNode('n1', 1)),
      'a pod goes': [set(running('b', 'n1')), removePod('b')],
    },
  ),
  ...hints(
    'VolumeBinding, too little capacity',
    {
      nodes: [node('n1')],
      objects: [
        capacity,
        object('storage.k8s.io/v1', 'CSIDriver', 'example.com/csi', {spec: {storageCapacity: true}}),
        storageCapacity('one', '100Mi'),
        claim('data', {storageClassName: 'capacity'}),
      ],
    },
    pod('a', {}, usesClaim('data')),
    {
      'capacity comes': set(storageCapacity('two', '10Gi')),
      'too little capacity comes': set(storageCapacity('two', '10Mi')),
      'capacity of another class comes': set({...storageCapacity('two', '10Gi'), storageClassName: 'other'}),
      'capacity grows': set(storageCapacity('one', '10Gi')),
      'capacity shrinks': set(storageCapacity('one', '10Mi')),
      'the driver no longer counts capacity': set(
        object('storage.k8s.io/v1', 'CSIDriver', 'example.com/csi', {spec: {storageCapacity: false}}),
      ),
    },
  ),
  ...hints(
    'VolumeZone',
    {
      nodes: [inZone('n1', 'b')],
      objects: [
        immediate,
        volume('pv', {storageClassName: 'immediate'}, {labels: {[zone]: 'a'}}),
        boundClaim('data', 'pv', {storageClassName: 'immediate'}),
      ],
    },
    pod('a', {}, usesClaim('data')),
    {
      'the node moves into the zone': set(inZone('n1', 'a')),
      'a node of the zone comes': set(inZone('n2', 'a')),
      'the volume moves': set(volume('pv', {storageClassName: 'immediate'}, {labels: {[zone]: 'b'}})),
      'the volume gets another label': set(
        volume('pv', {storageClassName: 'immediate'}, {labels: {[zone]: 'a', x: 'y'}}),
      ),
      'another volume comes': set(volume('other')),
      'the claim changes': set(boundClaim('data', 'other', {storageClassName: 'immediate'})),
      'another claim comes': set(claim('other')),
      'a class that waits comes': set(wait),
      'a class that does not wait comes': set({...immediate, metadata: {name: 'another'}}),
    },
  ),
  ...hints(
    'VolumeRestrictions, a claim for one pod',
    {
      nodes: [node('n1')],
      objects: [
        volume('pv', {accessModes: ['ReadWriteOncePod']}),
        boundClaim('data', 'pv', {accessModes: ['ReadWriteOncePod']}),
      ],
      pods: [running('old', 'n1', {}, usesClaim('data')), running('other', 'n1')],
    },
    pod('a', {}, usesClaim('data')),
    {
      'the pod that has it goes': removePod('old'),
      'another pod goes': removePod('other'),
      'a node comes': set(node('n2')),
      'another claim comes': set(claim('other')),
    },
  ),
  ...hints(
    'NodeVolumeLimits',
    {
      nodes: [node('n1')],
      objects: [
        csiNode('n1', 1),
        csiVolume('pv1'),
        csiVolume('pv2'),
        boundClaim('one', 'pv1'),
        boundClaim('two', 'pv2'),
        claim('three'),
      ],
      pods: [running('old', 'n1', {}, usesClaim('one')), running('other', 'n1')],
    },
    pod('a', {}, usesClaim('two')),
    {
      'a pod with a volume goes': removePod('old'),
      'a pod without volumes goes': removePod('other'),
      'the node can attach more': set(csiNode('n1', 2)),
      'the node can attach fewer': set(csiNode('n1', 0)),
      'another CSI node comes': set(csiNode('n2', 5)),
      'an attachment of its driver goes': [
        set(
          object('storage.k8s.io/v1', 'VolumeAttachment', 'va', {
            spec: {attacher: 'example.com/csi', nodeName: 'n1', source: {persistentVolumeName: 'pv9'}},
          }),
        ),
        remove('VolumeAttachment', 'va'),
      ],
      'an attachment of its own volume goes': [
        set(
          object('storage.k8s.io/v1', 'VolumeAttachment', 'va', {
            spec: {attacher: 'example.com/csi', nodeName: 'n1', source: {persistentVolumeName: 'pv2'}},
          }),
        ),
        remove('VolumeAttachment', 'va'),
      ],
      'an attachment of another driver goes': [
        set(
          object('storage.k8s.io/v1', 'VolumeAttachment', 'va', {
            spec: {attacher: 'other', nodeName: 'n1', source: {persistentVolumeName: 'pv9'}},
          }),
        ),
        remove('VolumeAttachment', 'va'),
      ],
      'a node comes': set(node('n2')),
    },
  ),
];

const resourceClaim = (name: string, status: Json = {}): Json =>
  object(
    'resource.k8s.io/v1',
    'ResourceClaim',
    name,
    {spec: {devices: {requests: [{name: 'gpu', exactly: {deviceClassName: 'gpu'}}]}}, status},
    {namespace: 'default'},
  );
const deviceClass = object('resource.k8s.io/v1', 'DeviceClass', 'gpu');
const slice = (on: string, ...devices: string[]): Json =>
  object('resource.k8s.io/v1', 'ResourceSlice', `slice-${on}`, {
    spec: {
      driver: 'example.com',
      nodeName: on,
      pool: {name: on, generation: 1, resourceSliceCount: 1},
      devices: devices.map((name) => ({name})),
    },
  });
const allocated = (on: string, device: string): Json => ({
  allocation: {devices: {results: [{request: 'gpu', driver: 'example.com', pool: on, device}]}},
  reservedFor: [{resource: 'pods', name: 'old', uid: 'old'}],
});
const usesDevice = (name: string): Json => ({resourceClaims: [{name: 'gpu', resourceClaimName: name}]});

const dynamic: Scenario[] = [
  {
    name: 'DynamicResources: a pod whose claim is missing is gated until the claim comes',
    cluster: {nodes: [node('n1')], objects: [deviceClass, slice('n1', 'd1')]},
    steps: [
      set(pod('a', {}, usesDevice('c'))),
      set(resourceClaim('other')),
      advance(1),
      set(resourceClaim('c')),
      schedule,
    ],
  },
  {
    name: 'DynamicResources: a pod whose claim is not yet made from its template is gated until its status names it',
    cluster: {nodes: [node('n1')], objects: [deviceClass, slice('n1', 'd1')]},
    steps: [
      set(pod('a', {}, {resourceClaims: [{name: 'gpu', resourceClaimTemplateName: 't'}]})),
      set(
        object(
          'resource.k8s.io/v1',
          'ResourceClaim',
          'made',
          {spec: {devices: {requests: [{name: 'gpu', exactly: {deviceClassName: 'gpu'}}]}}},
          {
            namespace: 'default',
            ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'Pod/default/a', controller: true}],
          },
        ),
      ),
      set({
        ...pod('a', {}, {resourceClaims: [{name: 'gpu', resourceClaimTemplateName: 't'}]}),
        status: {resourceClaimStatuses: [{name: 'gpu', resourceClaimName: 'made'}]},
      }),
      schedule,
    ],
  },
  ...hints(
    'DynamicResources, the device is taken',
    {
      nodes: [node('n1')],
      objects: [
        deviceClass,
        slice('n1', 'd1'),
        resourceClaim('taken', allocated('n1', 'd1')),
        resourceClaim('c'),
        resourceClaim('free'),
      ],
    },
    pod('a', {}, usesDevice('c')),
    {
      'the other claim is given back': set(resourceClaim('taken')),
      'the other claim goes': remove('ResourceClaim', 'taken', 'default'),
      'a claim without an allocation changes': set({
        ...resourceClaim('free'),
        metadata: {name: 'free', namespace: 'default', labels: {x: 'y'}},
      }),
      'another claim comes': set(resourceClaim('new')),
      'devices come': set(slice('n2', 'd2')),
      'a device class comes': set(object('resource.k8s.io/v1', 'DeviceClass', 'other')),
      'a node comes': set(node('n2')),
      'a node gets a label': set(node('n1', {}, {labels: {x: 'y'}})),
      'a pod goes': [set(running('b', 'n1')), removePod('b')],
      'the own claim is allocated': set(
        resourceClaim('c', {
          allocation: {devices: {results: [{request: 'gpu', driver: 'example.com', pool: 'n1', device: 'd2'}]}},
        }),
      ),
      'the own claim goes': remove('ResourceClaim', 'c', 'default'),
    },
  ),
];

const inFlight: Scenario[] = [
  {
    name: 'an event during the attempt that helps sends the pod to backoffQ',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [set(pod('a', cpu('2'))), begin, set(node('n2', cpu('2'))), end()],
  },
  {
    name: 'an event during the attempt that does not help leaves the pod unschedulable',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [set(pod('a', cpu('2'))), begin, set(node('n2', cpu('1'))), end()],
  },
  {
    name: 'an event before the attempt is not remembered',
    steps: [set(pod('a')), set(node('n1')), pop, failed('a', 'NodeName')],
  },
  {
    name: 'of several events one that helps is enough',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [
      set(pod('a', cpu('2'))),
      begin,
      set(node('n2', cpu('1'))),
      set(node('n3', cpu('2'))),
      set(node('n4', cpu('1'))),
      end(),
    ],
  },
  {
    name: 'each pod in flight sees the events since it was popped',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [
      set(pod('a', cpu('2'))),
      advance(0.001),
      set(pod('b', cpu('2'))),
      {do: 'pop'},
      set(node('n2', cpu('2'))),
      {do: 'pop'},
      failed('a', 'NodeResourcesFit'),
      failed('b', 'NodeResourcesFit'),
    ],
  },
  {
    name: 'an event for another plugin than the rejecting one does not help',
    steps: [set(pod('a')), pop, set(node('n1')), failed('a', 'SchedulingGates')],
  },
  {
    name: 'two rejecting plugins: the event of either is enough',
    steps: [
      set(pod('a', {}, ports(80))),
      pop,
      failed('a', 'NodePorts', 'NodeAffinity'),
      set(running('b', 'n1', {}, ports(80))),
      removePod('b'),
    ],
  },
  {
    name: 'a change of the pod itself during the attempt that helps sends it to backoffQ',
    cluster: {nodes: [node('n1', {}, {spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}})]},
    steps: [set(pod('a')), begin, set(pod('a', {}, {tolerations: [{key: 'x', operator: 'Exists'}]})), end()],
  },
  {
    name: 'a change of the pod itself during the attempt that does not help leaves it unschedulable',
    cluster: {nodes: [node('n1', {}, {spec: {taints: [{key: 'x', effect: 'NoSchedule'}]}})]},
    steps: [set(pod('a')), begin, set(pod('a', {}, {}, {labels: {x: 'y'}})), end()],
  },
  {
    name: 'a pod deleted during the attempt does not come back',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [set(pod('a', cpu('2'))), begin, removePod('a'), end(), advance(400)],
  },
  {
    name: 'an error during which an event came goes to backoffQ all the same',
    steps: [set(pod('a')), pop, set(node('n1')), erred('a'), advance(2)],
  },
  {
    name: 'a pending plugin that is helped sends the pod to activeQ at once',
    steps: [set(pod('a')), pop, {do: 'failed', pod: 'default/a', pending: ['NodeName']}, set(node('n1'))],
  },
  {
    name: 'a pending plugin that is helped during the attempt sends the pod to activeQ at once',
    steps: [set(pod('a')), pop, set(node('n1')), {do: 'failed', pod: 'default/a', pending: ['NodeName']}],
  },
  {
    name: 'a pending plugin that is not helped does not hurry another that is',
    steps: [
      set(pod('a')),
      pop,
      {do: 'failed', pod: 'default/a', plugins: ['NodeName'], pending: ['SchedulingGates']},
      set(node('n1')),
    ],
  },
  {
    name: 'the binding of another pod during the attempt helps one with affinity to it',
    cluster: {nodes: [inZone('n1', 'a')]},
    steps: [
      set(pod('p', {}, affinity('podAffinity', 'x'))),
      advance(0.001),
      set(pod('x', {}, {}, app('x'))),
      begin,
      schedule,
      end('p'),
    ],
  },
  {
    name: 'a pod in flight is done and forgotten',
    steps: [set(pod('a')), pop, {do: 'done', pod: 'default/a'}, set(node('n1'))],
  },
  {
    name: 'a rejected pod that another rejection follows waits for its new plugins only',
    steps: [
      set(pod('a')),
      pop,
      failed('a', 'NodePorts'),
      set(node('n1')),
      advance(2),
      pop,
      failed('a', 'SchedulingGates'),
      set(node('n2')),
    ],
  },
];

const full = {nodes: [node('n1', cpu('2'))], pods: [running('victim', 'n1', cpu('2'), {priority: 0})]};

const nominations: Scenario[] = [
  {
    name: 'a preemptor is nominated, waits for the victim and gets its place',
    cluster: full,
    steps: [set(pod('a', cpu('2'), {priority: 10})), schedule, removePod('victim'), advance(2), schedule],
  },
  {
    name: 'less important pods do not take the nominated place',
    cluster: full,
    steps: [
      set(pod('a', cpu('2'), {priority: 10})),
      schedule,
      removePod('victim'),
      set(pod('b', cpu('1'), {priority: 5})),
      schedule,
      advance(2),
      schedule,
      schedule,
    ],
  },
  {
    name: 'more important pods take the nominated place',
    cluster: full,
    steps: [
      set(pod('a', cpu('2'), {priority: 10})),
      schedule,
      removePod('victim'),
      set(pod('b', cpu('2'), {priority: 20})),
      schedule,
      advance(2),
      schedule,
    ],
  },
  {
    name: 'a more important preemptor takes over the nomination',
    cluster: full,
    steps: [set(pod('a', cpu('2'), {priority: 10})), schedule, set(pod('b', cpu('2'), {priority: 20})), schedule],
  },
  {
    name: 'a nominated pod that is deleted frees its place for less important pods that wait',
    cluster: {nodes: [node('n1', cpu('2'))]},
    steps: [
      set(pod('a', cpu('2'), {priority: 10})),
      pop,
      {do: 'failed', pod: 'default/a', plugins: ['NodeAffinity'], nominate: 'n1'},
      set(pod('b', cpu('1'), {priority: 5})),
      schedule,
      set(pod('c', cpu('1'), {priority: 10})),
      schedule,
      removePod('a'),
    ],
  },
  {
    name: 'a nominated pod that is deleted does not move more important pods',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [
      set(pod('a', cpu('1'), {priority: 10})),
      pop,
      {do: 'failed', pod: 'default/a', plugins: ['NodeAffinity'], nominate: 'n1'},
      set(pod('b', cpu('2'), {priority: 20})),
      pop,
      failed('b', 'NodeResourcesFit'),
      removePod('a'),
    ],
  },
  {
    name: 'a pod that comes with a nomination is known under it',
    cluster: {nodes: [node('n1')]},
    steps: [set({...pod('a'), status: {nominatedNodeName: 'n1'}}), schedule],
  },
  {
    name: 'a nomination that changes moves with it',
    cluster: {nodes: [node('n1'), node('n2')]},
    steps: [
      set({...pod('a'), status: {nominatedNodeName: 'n1'}}),
      set({...pod('a'), status: {nominatedNodeName: 'n2'}}),
      set({...pod('a'), status: {phase: 'Pending'}}),
    ],
  },
  {
    name: 'a failure without an opinion on the nomination leaves it',
    cluster: {nodes: [node('n1')]},
    steps: [set({...pod('a'), status: {nominatedNodeName: 'n1'}}), pop, failed('a', 'NodeAffinity')],
  },
  {
    name: 'a failure that takes the nomination takes it',
    cluster: {nodes: [node('n1')]},
    steps: [
      set({...pod('a'), status: {nominatedNodeName: 'n1'}}),
      pop,
      {do: 'failed', pod: 'default/a', plugins: ['NodeAffinity'], nominate: ''},
    ],
  },
  {
    name: 'a hopeless preemptor loses its nomination',
    cluster: {nodes: [node('n1', cpu('1'))]},
    steps: [set({...pod('a', cpu('2'), {priority: 10}), status: {nominatedNodeName: 'n1'}}), schedule],
  },
  {
    name: 'a pod that may not preempt keeps waiting without a nomination',
    cluster: full,
    steps: [
      set(pod('a', cpu('2'), {priority: 10, preemptionPolicy: 'Never'})),
      schedule,
      removePod('victim'),
      schedule,
    ],
  },
];

const groups: Readonly<Record<string, readonly Scenario[]>> = {
  order,
  backoff,
  flush,
  gates,
  fit,
  nodes,
  topology,
  volumes,
  dynamic,
  inFlight,
  nominations,
};

type Recorded = {readonly name: string; readonly states?: readonly Json[]; readonly error?: string};

/** The scenario with its states, or why this version cannot run it. */
function record(version: SidecarVersion, scenario: Scenario): Recorded {
  const {status, stdout, stderr} = spawnSync(ensureSidecar(version), ['queue', '--record'], {
    input: JSON.stringify(scenario),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return status === 0 ? JSON.parse(stdout) : {name: scenario.name, error: stderr.trim()};
}

/** What versions have to agree in: 1.33 counts attempts alone and does not note who gates, texts differ. */
function essence(recorded: Recorded): string {
  return JSON.stringify(recorded.states, (key, value) => {
    if (key === 'message' || key === 'unschedulableCount' || key === 'errorCount') return undefined;
    return key === 'gate' ? 'gated' : value;
  });
}

const text = (lines: readonly Recorded[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

function emptyFolder(name: string): string {
  const folder = join(import.meta.dirname, name);
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder);
  return folder;
}

const newest = emptyFolder('queue');
const all: [Scenario, Recorded][] = [];
for (const [group, scenarios] of Object.entries(groups)) {
  const recorded = scenarios.map((scenario) => record('1.36', scenario));
  const failed = recorded.find(({error}) => error !== undefined);
  if (failed !== undefined) throw new Error(`${failed.name}: ${failed.error}`);
  writeFileSync(join(newest, `${group}.ndjson`), text(recorded));
  all.push(...scenarios.map((scenario, index): [Scenario, Recorded] => [scenario, recorded[index]!]));
}
const older = emptyFolder('queue-older');
for (const version of ['1.35', '1.34', '1.33'] as const) {
  const different = all
    .map(([scenario, known]) => ({known, found: record(version, scenario)}))
    .filter(({known, found}) => essence(known) !== essence(found));
  writeFileSync(join(older, `${version}.ndjson`), text(different.map(({found}) => found)));
  process.stdout.write(`${version}: ${different.length} of ${all.length} come out otherwise\n`);
}
