import type {NodeObject, ResourceList, Taint} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import type {BareNode} from '../format.ts';
import type {Knobs} from './knobs.ts';
import type {Random} from './random.ts';
import {
  DISKS,
  GPU,
  HOSTNAME,
  HUGE_PAGES,
  IMAGES,
  NIC,
  numbered,
  POOLS,
  RACKS,
  REGION,
  ZONE,
  ZONES,
} from './vocabulary.ts';

/** A node and, as numbers, what running pods may use of it. */
export interface GeneratedNode {
  readonly object: BareNode;
  readonly name: string;
  readonly labels: Labels;
  readonly milliCpu: number;
  readonly mebibytes: number;
  readonly pods: number;
}

export function generateNodes(random: Random, knobs: Knobs): readonly GeneratedNode[] {
  const nodes: GeneratedNode[] = [];
  const count = random.int(...knobs.nodes);
  const images = imageSizes(random);
  for (let index = 0; index < count; index++) {
    const previous = nodes.at(-1);
    const isCopy = previous !== undefined && random.chance(knobs.alike);
    nodes.push(isCopy ? copy(previous, index) : generateNode(random, knobs, index, images));
  }
  return nodes;
}

/** The same node under another name, in the next zone where it has one. */
function copy(node: GeneratedNode, index: number): GeneratedNode {
  const name = numbered('n', index);
  const zone = node.labels[ZONE];
  const labels = {
    ...node.labels,
    ...(node.labels[HOSTNAME] === undefined ? {} : {[HOSTNAME]: name}),
    ...(zone === undefined ? {} : {[ZONE]: ZONES[index % ZONES.length]!}),
  };
  return {...node, name, labels, object: {...node.object, metadata: {name, labels}}};
}

function generateNode(random: Random, knobs: Knobs, index: number, images: readonly Image[]): GeneratedNode {
  const name = numbered('n', index);
  const labels = generateLabels(random, knobs, name);
  const cores = random.pick([2, 4, 8, 16]);
  const milliCpu = cores * 1000 - random.pick([0, 80, 110]);
  const mebibytes = cores * random.pick([1, 2, 4]) * 1024 - random.pick([0, 512]);
  const pods = random.weighted([
    [110, 5],
    [58, 2],
    [12, 1],
    [4, 1],
  ]);
  const resources: ResourceList = {
    cpu: random.chance(0.5) ? `${milliCpu}m` : String(milliCpu / 1000),
    memory: random.chance(0.5) ? `${mebibytes}Mi` : `${mebibytes * 1024}Ki`,
    pods: String(pods),
    ...random.maybe(0.9, () => ({'ephemeral-storage': random.pick(['50Gi', '100Gi', '200G'])})),
    ...(random.chance(knobs.extendedNodes) ? generateExtended(random) : {}),
  };
  const spec = generateSpec(random, knobs);
  const status: NonNullable<NodeObject['status']> = {
    capacity: random.chance(0.7) ? resources : {...resources, cpu: String(cores)},
    allocatable: resources,
    conditions: [{type: 'Ready', status: 'True'}],
    ...(random.chance(knobs.nodeImages) ? {images: generateImages(random, images)} : {}),
    ...random.maybe(knobs.declaredFeatures, () => ({
      declaredFeatures: random
        .sample(['RestartAllContainersOnContainerExits', 'SomethingElse'], random.int(1, 2))
        .sort(),
    })),
  };
  return {object: {metadata: {name, labels}, spec, status}, name, labels, milliCpu, mebibytes, pods};
}

function generateLabels(random: Random, {missingLabels}: Knobs, name: string): Labels {
  const zone = random.pick(ZONES);
  const all: Labels = {
    [HOSTNAME]: name,
    'kubernetes.io/arch': random.pick(['amd64', 'amd64', 'arm64']),
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': random.pick(['m5.2', 'm7.2', 'm7.32']),
    pool: random.pick(POOLS),
    // Numbers, and now and then something that is none.
    gen: random.chance(0.05) ? 'new' : String(random.int(3, 9)),
    rack: random.pick(RACKS),
    disk: random.pick(DISKS),
    [ZONE]: zone,
    [REGION]: zone < 'z-c' ? 'r-1' : 'r-2',
  };
  const kept = Object.entries(all).filter(
    ([key]) => !random.chance(key === HOSTNAME ? missingLabels / 5 : key === 'disk' ? 0.3 : missingLabels),
  );
  return Object.fromEntries(kept);
}

function generateExtended(random: Random): ResourceList {
  return {
    ...random.maybe(0.7, () => ({[GPU]: String(random.int(0, 8))})),
    ...random.maybe(0.5, () => ({[NIC]: String(random.int(1, 4))})),
    ...random.maybe(0.5, () => ({[HUGE_PAGES]: `${random.int(1, 4) * 256}Mi`})),
    ...random.maybe(0.1, () => ({'hugepages-1Gi': `${random.int(1, 2)}Gi`})),
  };
}

export const TAINTS: readonly Taint[] = [
  {key: 'dedicated', value: 'ml', effect: 'NoSchedule'},
  {key: 'dedicated', value: 'pay', effect: 'NoSchedule'},
  {key: 'dedicated', value: 'ml', effect: 'PreferNoSchedule'},
  {key: 'dedicated', value: 'ml', effect: 'NoExecute'},
  {key: 'example.com/maintenance', effect: 'NoSchedule'},
  {key: 'example.com/maintenance', effect: 'PreferNoSchedule'},
  {key: 'spot', value: 'true', effect: 'PreferNoSchedule'},
  {key: 'spot', value: 'true', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/not-ready', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule'},
];

function generateSpec(random: Random, {taints, unschedulable}: Knobs): NonNullable<NodeObject['spec']> {
  const isUnschedulable = random.chance(unschedulable);
  const own = random.chance(taints) ? random.sample(TAINTS, random.int(1, 3)) : [];
  const all: Taint[] = [
    ...own,
    ...(isUnschedulable && random.chance(0.7)
      ? [{key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'} as const]
      : []),
  ];
  return {
    ...(isUnschedulable ? {unschedulable: true} : {}),
    ...(all.length === 0 ? {} : {taints: all}),
  };
}

interface Image {
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

/** An image has the same size on all nodes. */
function imageSizes(random: Random): readonly Image[] {
  return IMAGES.map((name, index) => {
    const digest = String(index).padStart(64, '0');
    const path = name.slice(0, name.lastIndexOf(':'));
    return {
      names: random.chance(0.2) ? [`${path}@sha256:${digest}`] : [name, `${path}@sha256:${digest}`],
      sizeBytes: random.weighted([
        [random.int(1_000_000, 30_000_000), 1],
        [random.int(30_000_000, 900_000_000), 3],
        [random.int(900_000_000, 4_000_000_000), 1],
      ]),
    };
  });
}

function generateImages(random: Random, images: readonly Image[]): readonly Image[] {
  return random.sample(images, random.int(1, images.length));
}
