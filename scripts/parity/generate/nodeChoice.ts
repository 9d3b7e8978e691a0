/** What pods say about nodes: selectors, affinity, tolerations, host ports. */
import type {
  ContainerPort,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Toleration,
} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import {type GeneratedNode, TAINTS} from './nodes.ts';
import type {Random} from './random.ts';
import {POOLS, RACKS, ZONE, ZONES} from './vocabulary.ts';

const VALUES = {
  [ZONE]: ZONES,
  pool: POOLS,
  rack: RACKS,
  disk: ['ssd', 'hdd', ''],
  'kubernetes.io/arch': ['amd64', 'arm64'],
  'example.com/nowhere': ['yes'],
} as const;
const KEYS = Object.keys(VALUES) as (keyof typeof VALUES)[];

export function generateNodeSelector(random: Random): Labels {
  const key = random.pick(['pool', 'kubernetes.io/arch', 'disk', ZONE] as const);
  return {[key]: random.pick<string>(VALUES[key])};
}

export function generateNodeAffinity(random: Random, nodes: readonly GeneratedNode[]): NodeAffinity {
  const hasRequired = random.chance(0.6);
  return {
    ...(hasRequired ? {requiredDuringSchedulingIgnoredDuringExecution: generateRequired(random, nodes)} : {}),
    ...(hasRequired && random.chance(0.5)
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: random.several(1, 4, () => ({
            weight: random.int(1, 100),
            preference: generateTerm(random, nodes, true),
          })),
        }),
  };
}

function generateRequired(random: Random, nodes: readonly GeneratedNode[]): NodeSelector {
  return {nodeSelectorTerms: random.several(1, 3, () => generateTerm(random, nodes, false))};
}

/** A term without requirements, which matches nothing, is rare. */
export function generateTerm(random: Random, nodes: readonly GeneratedNode[], isPreferred: boolean): NodeSelectorTerm {
  if (random.chance(0.02)) return {};
  const fields = random.chance(isPreferred ? 0.1 : 0.2) ? random.several(1, 2, () => generateField(random, nodes)) : [];
  const expressions =
    fields.length > 0 && random.chance(0.6) ? [] : random.several(1, 2, () => generateRequirement(random));
  return {
    ...(expressions.length === 0 ? {} : {matchExpressions: expressions}),
    ...(fields.length === 0 ? {} : {matchFields: fields}),
  };
}

function generateField(random: Random, nodes: readonly GeneratedNode[]): NodeSelectorRequirement {
  const name = random.chance(0.05) ? 'no-such-node' : random.pick(nodes).name;
  return {
    key: 'metadata.name',
    operator: random.weighted([
      ['In', 4],
      ['NotIn', 1],
    ]),
    values: [name],
  };
}

export function generateRequirement(random: Random): NodeSelectorRequirement {
  const operator = random.weighted([
    ['In', 5],
    ['NotIn', 3],
    ['Exists', 2],
    ['DoesNotExist', 1],
    ['Gt', 1],
    ['Lt', 1],
  ]);
  if (operator === 'Gt' || operator === 'Lt') {
    const key = random.chance(0.9) ? 'gen' : 'pool';
    return {key, operator, values: [String(random.int(2, 9))]};
  }
  const key = random.pick(KEYS);
  if (operator === 'Exists' || operator === 'DoesNotExist') return {key, operator};
  return {key, operator, values: random.sample<string>(VALUES[key], random.int(1, 3))};
}

/** The term that the DaemonSet controller writes. */
export function onlyOnNode(name: string): NodeAffinity {
  const term = {matchFields: [{key: 'metadata.name', operator: 'In', values: [name]}]};
  return {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [term]}};
}

export function generateTolerations(random: Random): readonly Toleration[] {
  return random.several(1, 4, () => {
    const {key, value, effect} = random.pick(TAINTS);
    const shape = random.weighted([
      ['exact', 5],
      ['anyValue', 3],
      ['anyEffect', 2],
      ['everything', 1],
      ['otherValue', 1],
    ]);
    const toleration: Toleration =
      shape === 'everything'
        ? {operator: 'Exists', ...random.maybe(0.5, () => ({effect}))}
        : shape === 'anyValue'
          ? {key, operator: 'Exists', effect}
          : {
              key,
              ...random.maybe(0.6, () => ({operator: 'Equal'})),
              ...(shape === 'otherValue' ? {value: 'other'} : value === undefined ? {} : {value}),
              ...(shape === 'anyEffect' ? {} : {effect}),
            };
    const isTimed = toleration.effect === 'NoExecute' && random.chance(0.4);
    return isTimed ? {...toleration, tolerationSeconds: random.int(10, 600)} : toleration;
  });
}

const HOST_PORTS = [80, 443, 8080, 9100] as const;
const ADDRESSES = ['', '', '0.0.0.0', '10.0.0.1', '10.0.0.2', '::1'] as const;

/** No two of one pod are the same. */
export function generatePorts(random: Random): readonly ContainerPort[] {
  const ports = random.several(1, 3, (): ContainerPort => {
    const hostPort = random.pick(HOST_PORTS);
    const hostIP = random.pick(ADDRESSES);
    return {
      containerPort: hostPort,
      ...random.maybe(0.9, () => ({hostPort})),
      ...random.maybe(0.6, () => ({protocol: random.pick(['TCP', 'UDP', 'SCTP'] as const)})),
      ...(hostIP === '' ? {} : {hostIP}),
    };
  });
  const keys = ports.map(({hostPort, hostIP = '', protocol = 'TCP'}) => `${protocol}/${hostIP}/${hostPort}`);
  return ports.filter((_port, i) => keys.indexOf(keys[i]!) === i);
}
