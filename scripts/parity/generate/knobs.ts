import type {Random} from './random.ts';

/** How often each trait comes up, 0 … 1, but for sizes. */
export interface Knobs {
  readonly nodes: readonly [from: number, to: number];
  readonly pending: readonly [from: number, to: number];
  /** Share of a node's CPU and memory that running pods take. */
  readonly fullness: number;
  /** Running pods on a node at most. */
  readonly density: number;
  /** Nodes that are like the one before, so that scores tie. */
  readonly alike: number;

  readonly taints: number;
  readonly unschedulable: number;
  readonly nodeImages: number;
  readonly extendedNodes: number;
  readonly missingLabels: number;
  readonly declaredFeatures: number;

  readonly tolerations: number;
  readonly nodeSelector: number;
  readonly nodeAffinity: number;
  readonly hostPorts: number;
  readonly podAffinity: number;
  readonly spread: number;
  readonly complexContainers: number;
  readonly extended: number;
  readonly ephemeralStorage: number;
  readonly podLevel: number;
  readonly overhead: number;
  readonly images: number;
  readonly resize: number;
  readonly controllers: number;
  readonly services: number;
  readonly priorities: number;
  readonly budgets: number;
  readonly nominated: number;
  readonly terminating: number;
  readonly finished: number;
  readonly gates: number;
  readonly presets: number;
  readonly nodeBound: number;
  readonly unknownProfiles: number;
  readonly volumes: number;
  readonly devices: number;
  readonly restartRules: number;
  /** Whether there is a KubeSchedulerConfiguration. */
  readonly configuration: number;
}

const QUIET: Knobs = {
  nodes: [8, 30],
  pending: [20, 50],
  fullness: 0.5,
  density: 5,
  alike: 0.3,
  taints: 0,
  unschedulable: 0,
  nodeImages: 0,
  extendedNodes: 0,
  missingLabels: 0.05,
  declaredFeatures: 0,
  tolerations: 0,
  nodeSelector: 0,
  nodeAffinity: 0,
  hostPorts: 0,
  podAffinity: 0,
  spread: 0,
  complexContainers: 0,
  extended: 0,
  ephemeralStorage: 0,
  podLevel: 0,
  overhead: 0,
  images: 0,
  resize: 0,
  controllers: 0.3,
  services: 0,
  priorities: 0,
  budgets: 0,
  nominated: 0,
  terminating: 0,
  finished: 0,
  gates: 0,
  presets: 0,
  nodeBound: 0,
  unknownProfiles: 0,
  volumes: 0,
  devices: 0,
  restartRules: 0,
  configuration: 0,
};

const PREEMPTING = {
  fullness: 1,
  density: 9,
  nodes: [6, 24],
  pending: [15, 40],
  priorities: 0.85,
  budgets: 0.8,
  nominated: 0.06,
  terminating: 0.05,
  controllers: 0.5,
} as const;

/** What each family of scenarios is about; what is not named is as above. */
const FAMILIES = {
  fit: {
    fullness: 0.75,
    extendedNodes: 0.6,
    extended: 0.35,
    complexContainers: 0.5,
    ephemeralStorage: 0.4,
    podLevel: 0.25,
    overhead: 0.25,
    resize: 0.3,
    terminating: 0.05,
    finished: 0.05,
  },
  taints: {taints: 0.7, unschedulable: 0.2, tolerations: 0.8},
  nodeaffinity: {nodeSelector: 0.3, nodeAffinity: 0.8, nodeBound: 0.1, missingLabels: 0.2},
  interpod: {podAffinity: 0.75, fullness: 0.3, missingLabels: 0.15, controllers: 0.6, terminating: 0.05},
  spread: {
    spread: 0.85,
    fullness: 0.3,
    missingLabels: 0.15,
    taints: 0.2,
    tolerations: 0.2,
    nodeSelector: 0.1,
    nodeAffinity: 0.15,
    terminating: 0.08,
  },
  sysspread: {services: 0.9, controllers: 0.9, spread: 0.1, fullness: 0.3, missingLabels: 0.15},
  ports: {hostPorts: 0.85, nodes: [5, 14], fullness: 0.3},
  images: {nodeImages: 0.9, images: 0.9, complexContainers: 0.3, alike: 0.6},
  preempt: {...PREEMPTING, hostPorts: 0.1, extended: 0.2, extendedNodes: 0.4, nodeAffinity: 0.1, taints: 0.15},
  'preempt-cross': {...PREEMPTING, podAffinity: 0.25, spread: 0.25, hostPorts: 0.15, nodeAffinity: 0.1},
  profiles: {
    configuration: 1,
    fullness: 0.4,
    taints: 0.2,
    tolerations: 0.3,
    nodeAffinity: 0.3,
    podAffinity: 0.25,
    spread: 0.2,
    services: 0.4,
    extendedNodes: 0.5,
    extended: 0.25,
    nodeImages: 0.5,
    images: 0.5,
    unknownProfiles: 0.05,
  },
  onlyfit: {configuration: 1, extendedNodes: 0.6, extended: 0.4, ephemeralStorage: 0.4, overhead: 0.2, podLevel: 0.1},
  misc: {
    gates: 0.12,
    presets: 0.12,
    nominated: 0.12,
    nodeBound: 0.15,
    finished: 0.1,
    terminating: 0.1,
    unknownProfiles: 0.1,
    priorities: 0.4,
    tolerations: 0.3,
    taints: 0.3,
    unschedulable: 0.2,
    fullness: 0.9,
  },
  rollout: {controllers: 1, services: 0.6, spread: 0.35, podAffinity: 0.3, alike: 0.8, fullness: 0.3},
  volumes: {volumes: 0.75, nodes: [6, 20], fullness: 0.3, taints: 0.1, nodeAffinity: 0.1, missingLabels: 0.12},
  dra: {devices: 0.75, nodes: [5, 16], pending: [10, 30], fullness: 0.3},
  features: {declaredFeatures: 0.7, restartRules: 0.3, resize: 0.2, podLevel: 0.3, complexContainers: 0.3},
} as const satisfies Record<string, Partial<Knobs>>;

export type Family = keyof typeof FAMILIES | 'mixed';

/** A seed belongs to each of the families as often as to any other, and to `mixed` as often as to half of all. */
export function chooseFamily(random: Random): Family {
  return random.chance(0.35) ? 'mixed' : random.pick(Object.keys(FAMILIES) as Family[]);
}

export function knobsOf(family: Family, random: Random): Knobs {
  return family === 'mixed' ? mixed(random) : {...QUIET, ...FAMILIES[family]};
}

/** Some traits are left out of a mixed scenario, others come up now and then, and one or two often. */
function mixed(random: Random): Knobs {
  const often = new Set(random.sample(TRAITS, 3));
  const traits = TRAITS.map((trait) => {
    if (often.has(trait)) return [trait, 0.5] as const;
    return [trait, random.weighted([[0, 5] as const, [0.05, 3] as const, [0.2, 3] as const])] as const;
  });
  return {
    ...QUIET,
    ...Object.fromEntries(traits),
    nodes: [10, 60],
    pending: [40, 80],
    fullness: random.pick([0.2, 0.6, 0.85, 1]),
    density: random.int(2, 6),
    alike: random.pick([0, 0.3, 0.8]),
    missingLabels: random.pick([0, 0.05, 0.25]),
    configuration: random.pick([0, 0, 1]),
  };
}

const TRAITS = [
  'taints',
  'unschedulable',
  'nodeImages',
  'extendedNodes',
  'declaredFeatures',
  'tolerations',
  'nodeSelector',
  'nodeAffinity',
  'hostPorts',
  'podAffinity',
  'spread',
  'complexContainers',
  'extended',
  'ephemeralStorage',
  'podLevel',
  'overhead',
  'images',
  'resize',
  'controllers',
  'services',
  'priorities',
  'budgets',
  'nominated',
  'terminating',
  'finished',
  'gates',
  'presets',
  'nodeBound',
  'unknownProfiles',
  'volumes',
  'devices',
  'restartRules',
] as const satisfies readonly (keyof Knobs)[];
