import type {Container, PodSpec, PodStatus, ResourceList, ResourceRequirements} from '../../../model/kubernetes.ts';
import {effectiveRequests} from '../../../model/podRequests.ts';
import {formatAmount} from '../../../model/resources.ts';
import type {Knobs} from './knobs.ts';
import type {Random} from './random.ts';
import {GPU, HUGE_PAGES, IMAGES, NIC} from './vocabulary.ts';

type ContainerSpec = Pick<PodSpec, 'containers' | 'initContainers' | 'resources' | 'overhead'>;

/** Containers and what they ask for. */
export function generateContainers(random: Random, knobs: Knobs): ContainerSpec {
  const isComplex = random.chance(knobs.complexContainers);
  const isPodLevel = random.chance(knobs.podLevel);
  const requirements = (): ResourceRequirements => generateRequirements(random, knobs, isPodLevel);
  const containers = random.several(1, isComplex ? 3 : 1, (i) => container(random, knobs, `c${i}`, requirements()));
  const initContainers = isComplex
    ? random.several(0, 3, (i) => ({
        ...container(random, knobs, `i${i}`, requirements()),
        ...random.maybe(0.4, () => ({restartPolicy: 'Always'})),
      }))
    : [];
  const spec = {containers, ...(initContainers.length === 0 ? {} : {initContainers})};
  return {
    ...spec,
    ...(isPodLevel ? {resources: generatePodLevel(random, spec)} : {}),
    ...random.maybe(knobs.overhead, () => ({overhead: {cpu: `${random.int(1, 25) * 10}m`, memory: '120Mi'}})),
  };
}

function container(
  random: Random,
  {images, restartRules}: Knobs,
  name: string,
  resources: ResourceRequirements,
): Container {
  return {
    name,
    image: random.chance(images) ? imageName(random) : 'registry.example/app:1',
    ...(Object.keys(resources).length === 0 ? {} : {resources}),
    ...(name.startsWith('c') && random.chance(restartRules)
      ? {
          restartPolicy: 'Never',
          restartPolicyRules: [
            {
              action: random.chance(0.7) ? 'RestartAllContainers' : 'Restart',
              exitCodes: {operator: 'In', values: [42]},
            },
          ],
        }
      : {}),
  };
}

/** As nodes report it, or without the tag, which is `latest` then. */
function imageName(random: Random): string {
  const name = random.pick(IMAGES);
  if (!random.chance(0.15)) return name;
  return name.slice(0, name.lastIndexOf(':'));
}

const MILLI_CPU = [0, 50, 100, 250, 500, 750, 1000, 1500, 2000, 3000] as const;
const MEBIBYTES = [0, 64, 128, 256, 512, 1024, 2048, 3000] as const;

function generateRequirements(random: Random, knobs: Knobs, isPodLevel: boolean): ResourceRequirements {
  const cpu = random.pick(MILLI_CPU);
  const memory = random.pick(MEBIBYTES);
  const asked: ResourceList = {
    ...random.maybe(0.85, () => ({cpu: cpuText(random, cpu)})),
    ...random.maybe(0.85, () => ({memory: memoryText(random, memory)})),
    ...random.maybe(knobs.ephemeralStorage, () => ({'ephemeral-storage': random.pick(['1Gi', '10G', '40Gi'])})),
  };
  // What is not overcommitted has equal requests and limits.
  const whole: ResourceList = random.chance(knobs.extended)
    ? random.pick([
        {[GPU]: String(random.int(0, 3))},
        {[NIC]: '1'},
        {[GPU]: '1', [NIC]: '1'},
        // Huge pages of a container would have to be among the pod's own limits, too.
        isPodLevel ? {[NIC]: '2'} : {cpu: '100m', [HUGE_PAGES]: '256Mi'},
      ])
    : {};
  const requests = {...asked, ...whole};
  const shape = isPodLevel
    ? 'requests'
    : random.weighted([['requests', 6] as const, ['both', 2] as const, ['limits', 2] as const]);
  const {cpu: _cpu, ...indivisible} = whole;
  const fixed = Object.keys(indivisible).length === 0 ? {} : {limits: indivisible};
  if (Object.keys(requests).length === 0) return {};
  if (shape === 'requests') return {requests, ...fixed};
  return shape === 'both' ? {requests, limits: requests} : {limits: requests};
}

function cpuText(random: Random, milli: number): string {
  return random.chance(0.7) ? `${milli}m` : String(milli / 1000);
}

function memoryText(random: Random, mebibytes: number): string {
  return random.pick([`${mebibytes}Mi`, `${mebibytes * 1024}Ki`, `${mebibytes}M`, String(mebibytes * 1024 * 1024)]);
}

/** At least what the containers ask for together. */
function generatePodLevel(random: Random, spec: Pick<PodSpec, 'containers' | 'initContainers'>): ResourceRequirements {
  const asked = effectiveRequests(spec);
  const cpu = Math.max(100, (asked.cpu ?? 0) * random.int(1, 2));
  const memory = Math.max(2 ** 26, (asked.memory ?? 0) * random.int(1, 2));
  const amounts: ResourceList = {cpu: `${cpu}m`, memory: formatAmount('memory', memory)};
  const one = random.pick([amounts, amounts, {cpu: amounts.cpu!}, {memory: amounts.memory!}]);
  return random.pick<ResourceRequirements>([{requests: one}, {limits: one}, {requests: one, limits: one}]);
}

/** What the kubelet reports of a running pod whose resources are being changed. */
export function generateResize(random: Random, {containers, initContainers = [], resources}: PodSpec): PodStatus {
  const statusOf = ({name, image = '', resources: own}: Container) => {
    const wanted = {...own?.limits, ...own?.requests};
    const scaled = (): ResourceList => {
      const factor = random.pick([1, 2, 3]);
      return {
        ...(wanted.cpu === undefined ? {} : {cpu: `${random.int(1, 8) * 100 * factor}m`}),
        ...(wanted.memory === undefined ? {} : {memory: `${random.int(1, 8) * 100 * factor}Mi`}),
      };
    };
    return {
      name,
      image,
      imageID: '',
      ready: true,
      restartCount: 0,
      ...random.maybe(0.9, () => ({resources: {requests: scaled()}})),
      ...random.maybe(0.7, () => ({allocatedResources: scaled()})),
    };
  };
  const asked = resources?.requests;
  return {
    containerStatuses: containers.map(statusOf),
    ...(initContainers.length === 0 ? {} : {initContainerStatuses: initContainers.map(statusOf)}),
    ...random.maybe(0.4, () => ({
      conditions: [{type: 'PodResizePending', status: 'True', reason: random.pick(['Infeasible', 'Deferred'])}],
    })),
    ...(asked === undefined || random.chance(0.3)
      ? {}
      : {
          resources: {requests: asked.cpu === undefined ? asked : {...asked, cpu: `${random.int(1, 30) * 100}m`}},
          allocatedResources: {cpu: `${random.int(1, 30) * 100}m`},
        }),
  };
}
