/** The shapes of the speed that Stowage has to reach: nodes of 32 cores and 128Gi, and pods in classes. */
import type {Affinity, PodAffinityTerm, PodSpec, TopologySpreadConstraint} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {HOSTNAME, node, nodes, podSet, podSpec, service, workload, ZONE} from './objects.ts';
import type {Bar, PodSet, Shape, Workload} from './shape.ts';

const ZONES = ['a', 'b', 'c'];
const LARGE_NODE = {resources: {cpu: '32', memory: '128Gi', pods: '110'}};
/** Pods for each node, in all: as many as Kubernetes supports. */
const PODS_PER_NODE = 30;
const CLASSES = 60;

export const BARS: readonly Shape[] = [
  shape('plain', 'plain pods, 60 classes', rate(1_000_000), (n) => classes(n, CLASSES, PODS_PER_NODE)),
  shape('service', 'replicas behind Services, default spreading', rate(500_000), (n) => {
    const spread = classes(n, CLASSES, PODS_PER_NODE);
    const objects = spread.pending.map(({name, namespace, labels}) => service(name, namespace, labels));
    return {...spread, objects};
  }),
  shape('zone-spread', 'zones, maxSkew 1, required', rate(100_000), (n) =>
    classes(n, CLASSES, PODS_PER_NODE, (labels) => spread(labels, 'DoNotSchedule')),
  ),
  shape('preferred-zone-spread', 'zones, maxSkew 1, preferred', rate(100_000), (n) =>
    classes(n, CLASSES, PODS_PER_NODE, (labels) => spread(labels, 'ScheduleAnyway')),
  ),
  shape('preferred-zone-affinity', 'same zone, preferred', rate(100_000), (n) =>
    classes(n, CLASSES, PODS_PER_NODE, (labels) => ({
      affinity: {podAffinity: preferred(term(labels, ZONE))},
    })),
  ),
  shape('preferred-host-anti-affinity', 'other hosts, preferred', rate(100_000), (n) =>
    classes(n, CLASSES, PODS_PER_NODE, (labels) => ({
      affinity: {podAntiAffinity: preferred(term(labels, HOSTNAME))},
    })),
  ),
  shape('required-zone-affinity', 'same zone, required', rate(100_000), (n) =>
    classes(n, CLASSES, PODS_PER_NODE, (labels) => ({affinity: {podAffinity: required(term(labels, ZONE))}})),
  ),
  shape('required-host-anti-affinity', 'other hosts, required', rate(100_000), (n) =>
    classes(n, CLASSES, PODS_PER_NODE, (labels) => ({affinity: {podAntiAffinity: required(term(labels, HOSTNAME))}})),
  ),
  shape('preemptions', 'preemptors with one or two victims each', rate(5000), preemptions),
  shape('no-two-alike', 'all pods differ, a tenth spread or with affinity', rate(20_000, 1000), noTwoAlike),
  shape('many-classes', 'plain pods, 2,000 classes', {nodes: 100_000, seconds: 10, peakBytes: 2 * 2 ** 30}, (n) =>
    classes(n, 2000, 10),
  ),
  shape('interleaved', 'plain pods, 60 classes by turns', null, (n) => ({
    ...classes(n, CLASSES, PODS_PER_NODE),
    order: 'interleaved',
  })),
  shape('full', 'pods that fit nowhere, 60 classes', null, full),
];

function shape(name: string, title: string, bar: Bar | null, build: (nodes: number) => Workload): Shape {
  return {name, title, schedulerPerf: null, published: null, bar, mostNodes: Number.POSITIVE_INFINITY, build};
}

function rate(podsPerSecond: number, nodeCount = 5000): Bar {
  return {nodes: nodeCount, podsPerSecond};
}

/** Each class has its own requests and its own label, as Deployments would. */
function classes(
  nodeCount: number,
  count: number,
  podsPerNode: number,
  rest: (labels: Labels) => Partial<PodSpec> = () => ({}),
): Workload {
  const pods = nodeCount * podsPerNode;
  const replicas = Math.max(1, Math.round(pods / count));
  const pending = Array.from({length: Math.min(count, pods)}, (_, i): PodSet => {
    const labels = {app: `app-${i}`};
    const requests = {cpu: `${100 + ((i * 37) % 900)}m`, memory: `${128 + ((i * 91) % 2000)}Mi`};
    return podSet(`app-${i}`, replicas, podSpec(requests, rest(labels)), {labels});
  });
  return workload({nodes: nodes(nodeCount, ZONES, LARGE_NODE), pending});
}

function spread(labels: Labels, whenUnsatisfiable: string): Partial<PodSpec> {
  return {topologySpreadConstraints: [constraint(labels, ZONE, whenUnsatisfiable)]};
}

function constraint(labels: Labels, topologyKey: string, whenUnsatisfiable: string): TopologySpreadConstraint {
  return {maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector: {matchLabels: labels}};
}

function term(labels: Labels, topologyKey: string): PodAffinityTerm {
  return {labelSelector: {matchLabels: labels}, topologyKey};
}

function required(wanted: PodAffinityTerm): NonNullable<Affinity['podAffinity']> {
  return {requiredDuringSchedulingIgnoredDuringExecution: [wanted]};
}

function preferred(wanted: PodAffinityTerm): NonNullable<Affinity['podAffinity']> {
  return {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: wanted}]};
}

/** Every node is full of four pods, and twice as many preemptors come as there are nodes. */
function preemptions(nodeCount: number): Workload {
  const low = podSpec({cpu: '900m', memory: '500Mi'});
  const preemptor = (cpu: string): PodSpec => podSpec({cpu, memory: '500Mi'}, {priority: 10});
  return workload({
    nodes: nodes(nodeCount),
    running: [podSet('low', 4 * nodeCount, low, {place: 'each'})],
    pending: [podSet('one-victim', nodeCount, preemptor('1')), podSet('two-victims', nodeCount, preemptor('1700m'))],
    attemptsPerPod: 2,
  });
}

/** Ten pods for each node. */
function noTwoAlike(nodeCount: number): Workload {
  const disks = ['ssd', 'hdd'];
  const images = Array.from({length: 100}, (_, i) => `registry.example.com/team-${i % 10}/app-${i}:1`);
  const machines = Array.from({length: nodeCount}, (_, i) => {
    const taints = i % 10 === 9 ? [{key: 'dedicated', value: `group-${i % 3}`, effect: 'NoSchedule' as const}] : [];
    const made = node(i, {...LARGE_NODE, zone: ZONES[i % 3]!, labels: {disk: disks[i % 2]!}, spec: {taints}});
    const present = images.filter((_image, image) => (image + i) % 20 === 0);
    return {
      ...made,
      status: {...made.status, images: present.map((name) => ({names: [name], sizeBytes: 300_000_000}))},
    };
  });
  const pending = Array.from({length: 10 * nodeCount}, (_, i): PodSet => {
    const labels = {app: `app-${i}`, team: `team-${i % 50}`};
    const requests = {cpu: `${50 + (i % 977)}m`, memory: `${64 + ((i * 7919) % 2039)}Mi`};
    const {containers, ...rest} = podSpec(requests, {
      ...(i % 3 === 0 ? {nodeSelector: {disk: disks[i % 2]!}} : {}),
      ...(i % 4 === 0 ? {tolerations: [{key: 'dedicated', value: `group-${i % 3}`, effect: 'NoSchedule'}]} : {}),
      ...(i % 10 === 5 ? topologyRules(i, labels.team) : {}),
    });
    const spec = {...rest, containers: containers.map((container) => ({...container, image: images[i % 100]!}))};
    return podSet(`app-${i}`, 1, spec, {labels});
  });
  return workload({nodes: machines, pending});
}

/** Rules about the pods of one team. */
function topologyRules(i: number, team: string): Partial<PodSpec> {
  const labels = {team};
  switch (Math.floor(i / 10) % 4) {
    case 0:
      return {topologySpreadConstraints: [constraint(labels, ZONE, 'DoNotSchedule')]};
    case 1:
      return {topologySpreadConstraints: [constraint(labels, HOSTNAME, 'ScheduleAnyway')]};
    case 2:
      return {affinity: {podAffinity: preferred(term(labels, ZONE))}};
    default:
      return {affinity: {podAntiAffinity: preferred(term(labels, HOSTNAME))}};
  }
}

/** All nodes are taken, so that every pod is turned down by every node. */
function full(nodeCount: number): Workload {
  const {pending} = classes(nodeCount, CLASSES, 1);
  return workload({
    nodes: nodes(nodeCount),
    running: [podSet('running', nodeCount, podSpec({cpu: '3950m', memory: '1Gi'}), {place: 'each'})],
    pending,
  });
}
