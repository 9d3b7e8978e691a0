import type {KubernetesObject, PodSpec, PodStatus} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import {effectiveRequests} from '../../../model/podRequests.ts';
import type {BarePod} from '../format.ts';
import {PROFILES} from './configuration.ts';
import {generateContainers, generateResize} from './containers.ts';
import {type Controller, generatePodLabels} from './controllers.ts';
import type {Devices} from './devices.ts';
import type {Knobs} from './knobs.ts';
import {
  generateNodeAffinity,
  generateNodeSelector,
  generatePorts,
  generateTolerations,
  onlyOnNode,
} from './nodeChoice.ts';
import type {GeneratedNode} from './nodes.ts';
import {generatePodAffinity, generateSpread} from './podChoice.ts';
import {generatePriority} from './priorities.ts';
import type {Random} from './random.ts';
import {IMAGES, NAMESPACES, numbered} from './vocabulary.ts';
import type {Storage} from './volumes.ts';

/** What the pods of a scenario are made from. */
export interface Surroundings {
  readonly random: Random;
  readonly knobs: Knobs;
  readonly nodes: readonly GeneratedNode[];
  readonly controllers: readonly Controller[];
  readonly storage: Storage | null;
  readonly devices: Devices | null;
  readonly hasConfiguration: boolean;
}

/** What replicas share. */
interface Template {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ownerReferences: readonly Controller['reference'][];
  readonly spec: PodSpec;
}

const MEBIBYTE = 2 ** 20;

/** Pods on their nodes, as many as the nodes are to be full of. */
export function generateRunning(world: Surroundings): readonly BarePod[] {
  const {random, knobs, nodes} = world;
  const templates = random.several(6, 14, () => generateTemplate(world, true));
  const pods: BarePod[] = [];
  for (const node of nodes) {
    let milliCpu = node.milliCpu * knobs.fullness;
    let mebibytes = node.mebibytes * knobs.fullness;
    const most = Math.min(node.pods, random.int(Math.floor(knobs.density / 2), Math.ceil(knobs.density * 1.5)));
    for (let tries = 0, count = 0; tries < most * 2 && count < most; tries++) {
      const template = random.pick(templates);
      const {cpu = 0, memory = 0} = effectiveRequests(template.spec);
      const fits = cpu <= milliCpu && memory / MEBIBYTE <= mebibytes;
      if (!fits && !random.chance(0.02)) continue;
      milliCpu -= cpu;
      mebibytes -= memory / MEBIBYTE;
      count++;
      pods.push(run(world, template, node, pods.length));
    }
  }
  return pods;
}

function run(world: Surroundings, template: Template, node: GeneratedNode, index: number): BarePod {
  const {random, knobs} = world;
  const name = numbered('e', index, 4);
  const isFinished = random.chance(knobs.finished);
  const isLeaving = !isFinished && random.chance(knobs.terminating);
  const stamped = stamp(world, template, name, node);
  const resize = random.chance(knobs.resize) ? generateResize(random, stamped.spec) : {};
  const status: PodStatus = {
    ...stamped.status,
    ...resize,
    phase: isFinished ? random.pick(['Succeeded', 'Failed']) : random.chance(0.1) ? 'Pending' : 'Running',
    startTime: `2029-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}T00:00:00Z`,
    ...(isLeaving && random.chance(0.3)
      ? {
          conditions: [
            {
              type: 'DisruptionTarget',
              status: 'True',
              reason: random.pick(['PreemptionByScheduler', 'EvictionByEvictionAPI']),
            },
          ],
        }
      : {}),
  };
  return {
    metadata: {
      ...stamped.metadata,
      ...(isLeaving ? {deletionTimestamp: '2029-12-31T00:00:00Z', deletionGracePeriodSeconds: 30} : {}),
    },
    spec: {...stamped.spec, nodeName: node.name},
    status,
  };
}

/** Pods to schedule: replicas of few templates, some of them in a row. */
export function generatePending(world: Surroundings): readonly BarePod[] {
  const {random, knobs} = world;
  const count = random.int(...knobs.pending);
  const pods: BarePod[] = [];
  while (pods.length < count) {
    const template = generateTemplate(world, false);
    const replicas = Math.min(
      count - pods.length,
      random.weighted([
        [1, 5],
        [2, 2],
        [random.int(3, 8), 2],
      ]),
    );
    for (let i = 0; i < replicas; i++) pods.push(wait(world, template, numbered('q', pods.length, 4)));
  }
  return random.chance(0.5) ? random.shuffled(pods) : pods;
}

function wait(world: Surroundings, template: Template, name: string): BarePod {
  const {random, knobs, nodes} = world;
  const node = random.pick(nodes);
  const nodeName = node.name;
  if (random.chance(knobs.presets)) {
    const bound = stamp(world, template, name, node);
    return {...bound, spec: {...bound.spec, nodeName}};
  }
  const {metadata, spec, status} = stamp(world, template, name, null);
  if (random.chance(knobs.gates)) {
    const gates = random.sample(['example.com/hold', 'example.com/quota', 'example.com/license'], random.int(1, 2));
    return {metadata, spec: {...spec, schedulingGates: gates.map((gate) => ({name: gate}))}, status};
  }
  // Plugins fail at a node where a pod is nominated whose ephemeral claims are not there.
  const canBeNominated = (spec.volumes ?? []).every(({ephemeral}) => ephemeral === undefined);
  const nominated =
    canBeNominated && random.chance(knobs.nominated) ? {nominatedNodeName: random.pick(nodes).name} : {};
  const isBound = metadata.ownerReferences?.[0]?.kind === 'DaemonSet' || random.chance(knobs.nodeBound);
  const missing = random.chance(0.05) ? 'no-such-node' : nodeName;
  return {
    metadata,
    spec: isBound ? {...spec, affinity: {...spec.affinity, nodeAffinity: onlyOnNode(missing)}} : spec,
    status: {...status, ...nominated},
  };
}

function generateTemplate(world: Surroundings, isRunning: boolean): Template {
  const {random, knobs, controllers} = world;
  const controller = controllers.length > 0 && random.chance(knobs.controllers) ? random.pick(controllers) : null;
  const labels = controller === null ? generatePodLabels(random) : controller.labels;
  const containers = generateContainers(random, knobs);
  const ports = random.chance(knobs.hostPorts) ? generatePorts(random) : [];
  const affinity = {
    ...(random.chance(knobs.nodeAffinity) ? {nodeAffinity: generateNodeAffinity(random, world.nodes)} : {}),
    ...(random.chance(knobs.podAffinity) ? generatePodAffinity(random, labels) : {}),
  };
  const profile = schedulerName(world);
  return {
    namespace: controller?.namespace ?? random.pick(NAMESPACES),
    labels,
    ownerReferences: controller === null ? [] : [controller.reference],
    spec: {
      ...containers,
      containers: containers.containers.map((container, i) =>
        i === 0 && ports.length > 0 ? {...container, ports} : container,
      ),
      ...(Object.keys(affinity).length === 0 ? {} : {affinity}),
      ...(random.chance(knobs.nodeSelector) ? {nodeSelector: generateNodeSelector(random)} : {}),
      ...(random.chance(knobs.tolerations) ? {tolerations: generateTolerations(random)} : {}),
      ...(random.chance(knobs.spread) ? {topologySpreadConstraints: generateSpread(random, labels)} : {}),
      ...generatePriority(random, knobs, isRunning),
      ...(profile === null ? {} : {schedulerName: profile}),
    },
  };
}

function schedulerName({random, knobs, hasConfiguration}: Surroundings): string | null {
  if (random.chance(knobs.unknownProfiles)) return 'no-such-scheduler';
  if (!hasConfiguration || random.chance(0.4)) return null;
  return random.pick(PROFILES);
}

/** A pod of a template, with claims of its own. */
function stamp(
  {random, knobs, storage, devices}: Surroundings,
  {namespace, labels, ownerReferences, spec}: Template,
  name: string,
  node: GeneratedNode | null,
): Required<BarePodParts> {
  const uid = `uid-pod-${name}`;
  const identity = {name, namespace, uid, node};
  const claimed = devices !== null && random.chance(knobs.devices) ? devices.claimsOf(identity) : null;
  const volumes = [
    ...(storage !== null && random.chance(knobs.volumes) ? storage.volumesOf(identity) : []),
    ...(random.chance(knobs.images * 0.15)
      ? [{name: 'data', image: {reference: random.pick(IMAGES), pullPolicy: 'Always'}}]
      : []),
  ];
  return {
    metadata: {
      name,
      namespace,
      uid,
      ...(Object.keys(labels).length === 0 ? {} : {labels}),
      ...(ownerReferences.length === 0 ? {} : {ownerReferences}),
    },
    spec: {
      ...spec,
      ...(volumes.length === 0 ? {} : {volumes}),
      ...(claimed === null
        ? {}
        : {
            resourceClaims: claimed.resourceClaims,
            containers: spec.containers.map((container) => ({
              ...container,
              resources: {...container.resources, claims: claimed.names.map((claim) => ({name: claim}))},
            })),
          }),
    },
    status: claimed?.status ?? {},
  };
}

interface BarePodParts {
  readonly metadata: BarePod['metadata'];
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

/** The objects that pods have led to. */
export function objectsBehind({storage, devices}: Surroundings): readonly KubernetesObject[] {
  return [...(storage?.objects ?? []), ...(devices?.objects ?? [])];
}
