import type {PodSpec, Taint} from '../../model/kubernetes.ts';
import {
  ARCH_LABEL,
  HOSTNAME_LABEL,
  INSTANCE_TYPE_LABEL,
  type Labels,
  labelValue,
  OS_LABEL,
  REGION_LABEL,
  ZONE_LABEL,
} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import {matchesLabels} from '../../model/selector.ts';
import {findUntoleratedTaint, formatTaint, tolerates} from '../../model/taints.ts';

/** Labels and taints that all nodes of a pool have beside those of their machine. */
export interface PoolTemplate {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  /** The pool without labels and taints, which is there in any case. */
  readonly isGeneral: boolean;
}

export const GENERAL_POOL: PoolTemplate = {name: 'general', labels: {}, taints: [], isGeneral: true};

/**
 * The pools a plan needs: a general one, those that the given nodes make up, and one for each set of labels that pods
 * select and no node has. Such a pool is tainted where the pods that select it tolerate a taint of the same key and
 * value: that is how pods say that the nodes are theirs alone.
 */
export function poolTemplates(classes: readonly PodClass[], nodes: readonly Node[]): readonly PoolTemplate[] {
  const pools = new Map<string, PoolTemplate>([[keyOf(GENERAL_POOL), GENERAL_POOL]]);
  const mentioned = mentionedKeys(classes);
  const names = new Set([GENERAL_POOL.name]);
  const add = (name: string, labels: Labels, taints: readonly Taint[]): void => {
    const key = keyOf({labels, taints});
    if (!pools.has(key)) pools.set(key, {name: unused(name, names), labels, taints, isGeneral: false});
  };
  for (const {labels, taints, nodePool} of nodes) {
    const kept = Object.fromEntries(
      Object.entries(labels).filter(([key]) => mentioned.has(key) && !MACHINE_LABELS.has(key)),
    );
    const lasting = taints.filter(isLastingTaint);
    add(nodePool ?? nameOf(kept, lasting), kept, lasting);
  }
  for (const podClass of classes) {
    const wanted = selectedLabels(podClass.spec);
    if (Object.keys(wanted).length === 0) continue;
    const {tolerations = []} = podClass.spec;
    const isThere = [...pools.values()].some(
      ({labels, taints}) =>
        matchesLabels(wanted, labels) &&
        findUntoleratedTaint(taints, tolerations, ['NoSchedule', 'NoExecute']) === undefined,
    );
    if (!isThere) {
      const taints = dedicatedTaints(wanted, podClass.spec);
      add(nameOf(wanted, taints), wanted, taints);
    }
  }
  return [...pools.values()];
}

/** The labels of its own that a pod's nodes must have, by its selector and the first term of its required affinity. */
function selectedLabels({nodeSelector = {}, affinity}: PodSpec): Labels {
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(nodeSelector)) if (!MACHINE_LABELS.has(key)) labels[key] = value;
  const [term] = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const {key, operator, values = []} of term?.matchExpressions ?? []) {
    if (MACHINE_LABELS.has(key) || Object.hasOwn(labels, key)) continue;
    if (operator === 'In' && values[0] !== undefined) labels[key] = values[0];
    else if (operator === 'Exists') labels[key] = 'true';
  }
  return labels;
}

function dedicatedTaints(wanted: Labels, {tolerations = []}: PodSpec): readonly Taint[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const taint: Taint = {key, value, effect: 'NoSchedule'};
    return tolerations.some((toleration) => toleration.key === key && tolerates(toleration, taint)) ? [taint] : [];
  });
}

/** Label keys that any pod looks at on nodes. */
function mentionedKeys(classes: readonly PodClass[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const {spec} of classes) {
    const {affinity, nodeSelector = {}, topologySpreadConstraints = []} = spec;
    for (const key of Object.keys(nodeSelector)) keys.add(key);
    const {nodeAffinity, podAffinity, podAntiAffinity} = affinity ?? {};
    const terms = [
      ...(nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []),
      ...(nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({preference}) => preference),
    ];
    for (const {matchExpressions = []} of terms) for (const {key} of matchExpressions) keys.add(key);
    for (const {topologyKey} of topologySpreadConstraints) keys.add(topologyKey);
    for (const side of [podAffinity, podAntiAffinity]) {
      for (const {topologyKey} of side?.requiredDuringSchedulingIgnoredDuringExecution ?? []) keys.add(topologyKey);
      for (const {podAffinityTerm} of side?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
        keys.add(podAffinityTerm.topologyKey);
      }
    }
  }
  return keys;
}

function keyOf({labels, taints}: Pick<PoolTemplate, 'labels' | 'taints'>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labelValue(labels, key)}`);
  return JSON.stringify([pairs, taints.map(formatTaint).sort()]);
}

/** `ssd` of a label `node.kubernetes.io/disk-type: ssd`, or of a taint; values that say nothing give way to the key. */
function nameOf(labels: Labels, taints: readonly Taint[]): string {
  const words = Object.entries(labels).map(([key, value]) => (isWord(value) ? value : lastPart(key)));
  if (words.length === 0) words.push(...taints.map(({key, value = ''}) => (isWord(value) ? value : lastPart(key))));
  const name = words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'pool' : name;
}

function isWord(value: string): boolean {
  return /[a-z]/i.test(value) && value !== 'true';
}

function lastPart(key: string): string {
  return key.split('/').at(-1)!;
}

function unused(name: string, names: Set<string>): string {
  let free = name;
  for (let number = 2; names.has(free); number++) free = `${name}-${number}`;
  names.add(free);
  return free;
}

/** Labels that a machine has by itself, so that no pool needs to say them. */
const MACHINE_LABELS: ReadonlySet<string> = new Set([
  HOSTNAME_LABEL,
  OS_LABEL,
  INSTANCE_TYPE_LABEL,
  ARCH_LABEL,
  REGION_LABEL,
  ZONE_LABEL,
]);

/** Taints that come and go with a node's condition are no pool's. */
function isLastingTaint({key, effect}: Taint): boolean {
  return effect !== 'PreferNoSchedule' && !key.startsWith('node.kubernetes.io/');
}
