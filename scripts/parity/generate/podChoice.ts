/** What pods say about other pods: affinity and topology spread. */
import type {
  Affinity,
  LabelSelector,
  LabelSelectorRequirement,
  PodAffinity,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import type {Random} from './random.ts';
import {APPS, NAMESPACES, POD_LABELS, type PodLabelKey, TOPOLOGY_KEYS} from './vocabulary.ts';

/** How often a term that must hold is there, beside those that are preferred. */
const REQUIRED = 0.35;

export function generatePodAffinity(random: Random, labels: Labels): Pick<Affinity, 'podAffinity' | 'podAntiAffinity'> {
  const kind = random.weighted([
    ['affinity', 3],
    ['anti', 3],
    ['both', 1],
  ]);
  return {
    ...(kind === 'anti' ? {} : {podAffinity: generateSide(random, labels, 'affinity')}),
    ...(kind === 'affinity' ? {} : {podAntiAffinity: generateSide(random, labels, 'anti')}),
  };
}

function generateSide(random: Random, labels: Labels, side: 'affinity' | 'anti'): PodAffinity {
  const isRequired = random.chance(REQUIRED);
  return {
    ...(isRequired
      ? {requiredDuringSchedulingIgnoredDuringExecution: random.several(1, 2, () => generateTerm(random, labels, side))}
      : {}),
    ...(isRequired && random.chance(0.6)
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: random.several(1, 3, () => ({
            weight: random.int(1, 100),
            podAffinityTerm: generateTerm(random, labels, side),
          })),
        }),
  };
}

function generateTerm(random: Random, labels: Labels, side: 'affinity' | 'anti'): PodAffinityTerm {
  // Pods that look for their own kind make the first of a group a special case.
  const isOwn = labels.app !== undefined && random.chance(side === 'anti' ? 0.5 : 0.4);
  const labelSelector = random.chance(0.04)
    ? undefined
    : isOwn
      ? {matchLabels: {app: labels.app!}}
      : generateSelector(random);
  return {
    topologyKey: random.weighted(TOPOLOGY_KEYS),
    ...(labelSelector === undefined ? {} : {labelSelector}),
    ...random.maybe(0.25, () => ({namespaces: random.sample(NAMESPACES, random.int(1, 3))})),
    ...random.maybe(0.2, () => ({namespaceSelector: generateNamespaceSelector(random)})),
    ...(labelSelector === undefined ? {} : generateLabelKeys(random, labelSelector, true)),
  };
}

/** Keys that the selector does not name itself. */
function generateLabelKeys(
  random: Random,
  selector: LabelSelector,
  canMismatch: boolean,
): {matchLabelKeys?: string[]; mismatchLabelKeys?: string[]} {
  if (!random.chance(0.3)) return {};
  const taken = new Set([
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(({key}) => key),
  ]);
  const free = ['version', 'tier', 'env', 'absent'].filter((key) => !taken.has(key));
  const [key, other] = random.sample(free, 2);
  if (key === undefined) return {};
  const isMismatch = canMismatch && random.chance(0.4);
  if (isMismatch) {
    return {mismatchLabelKeys: [key], ...(other !== undefined && random.chance(0.2) ? {matchLabelKeys: [other]} : {})};
  }
  return {matchLabelKeys: other !== undefined && random.chance(0.2) ? [key, other] : [key]};
}

const POD_KEYS = Object.keys(POD_LABELS) as PodLabelKey[];

export function generateSelector(random: Random): LabelSelector {
  if (random.chance(0.04)) return {};
  if (random.chance(0.6)) return {matchLabels: {app: random.pick(APPS), ...random.maybe(0.2, () => ({env: 'prod'}))}};
  return {
    ...random.maybe(0.3, () => ({matchLabels: {app: random.pick(APPS)}})),
    matchExpressions: random.several(1, 2, () => generateRequirement(random)),
  };
}

function generateRequirement(random: Random): LabelSelectorRequirement {
  const key = random.pick(POD_KEYS);
  const operator = random.weighted([
    ['In', 5],
    ['NotIn', 2],
    ['Exists', 2],
    ['DoesNotExist', 1],
  ]);
  if (operator === 'Exists' || operator === 'DoesNotExist') return {key, operator};
  return {key, operator, values: random.sample<string>(POD_LABELS[key], random.int(1, 2))};
}

function generateNamespaceSelector(random: Random): LabelSelector {
  return random.pick<LabelSelector>([
    {},
    {matchLabels: {team: random.pick(['a', 'b'])}},
    {matchExpressions: [{key: 'team', operator: 'Exists'}]},
    {matchExpressions: [{key: 'team', operator: 'NotIn', values: ['a']}]},
    {matchExpressions: [{key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop', 'ml']}]},
  ]);
}

/** No two with the same key and the same consequence. */
export function generateSpread(random: Random, labels: Labels): readonly TopologySpreadConstraint[] {
  const constraints = random.several(1, 3, (): TopologySpreadConstraint => {
    const whenUnsatisfiable = random.pick(['DoNotSchedule', 'ScheduleAnyway'] as const);
    const isOwn = labels.app !== undefined && random.chance(0.7);
    const labelSelector = random.chance(0.05)
      ? undefined
      : isOwn
        ? {matchLabels: {app: labels.app!}}
        : generateSelector(random);
    return {
      maxSkew: random.weighted([
        [1, 5],
        [2, 3],
        [4, 1],
      ]),
      topologyKey: random.weighted(TOPOLOGY_KEYS),
      whenUnsatisfiable,
      ...(labelSelector === undefined ? {} : {labelSelector, ...generateLabelKeys(random, labelSelector, false)}),
      ...(whenUnsatisfiable === 'DoNotSchedule' ? random.maybe(0.25, () => ({minDomains: random.int(1, 6)})) : {}),
      ...random.maybe(0.25, () => ({nodeAffinityPolicy: random.pick(['Honor', 'Ignore'])})),
      ...random.maybe(0.3, () => ({nodeTaintsPolicy: random.pick(['Honor', 'Ignore'])})),
    };
  });
  const keys = constraints.map(({topologyKey, whenUnsatisfiable}) => `${topologyKey} ${whenUnsatisfiable}`);
  return constraints.filter((_constraint, i) => keys.indexOf(keys[i]!) === i);
}
