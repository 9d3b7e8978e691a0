import type {
  KubernetesObject,
  NodeSelector,
  PodObject,
  PodSpec,
  PodTemplateSpec,
  Toleration,
} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import {matchesNodeSelector} from '../../model/selector.ts';
import {findUntoleratedTaint} from '../../model/taints.ts';
import {templateHash} from '../names.ts';
import type {ReplicatedSpec} from './claims.ts';
import {type Expansion, expansion, podSet, withLabels} from './podSet.ts';

/** Conditions of a node that its daemons outlast (pkg/controller/daemon/util). */
const OUTLASTED: readonly Toleration[] = [
  {key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule'},
];
const NETWORK_UNAVAILABLE: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

/**
 * A DaemonSet: one pod for each node its template admits, by the template alone. The controller evaluates the required
 * node affinity itself and puts the node's name in its place, so the class keeps none: each pod has its node.
 */
export function daemonSetPods(
  {kind, metadata, spec}: KubernetesObject,
  nodes: readonly Node[],
  existing: readonly PodObject[],
): Expansion {
  const {name = '', namespace = ''} = metadata;
  const {template = {spec: {containers: []}}} = spec as ReplicatedSpec;
  const tolerating = withDaemonTolerations(template);
  const eligible = nodes.filter((node) => runsOn(tolerating.spec, node));
  const taken = new Set(existing.map(({spec: podSpec}) => podSpec.nodeName ?? nodeOfAffinity(podSpec)));
  const missing = eligible.filter((node) => !taken.has(node.name)).map((node) => node.name);
  const labelled = withLabels(withoutRequiredNodeAffinity(tolerating), {
    'controller-revision-hash': templateHash(kind, namespace, name),
    'pod-template-generation': labelValue(metadata.annotations, 'deprecated.daemonset.template.generation') ?? '1',
  });
  const set = podSet({kind, name}, labelled, missing.length, {nodes: missing});
  return expansion(Math.max(eligible.length, existing.length), [set], {perNode: nodes.length === 0 ? set : null});
}

/** The node that a DaemonSet's pod names in its affinity. */
export function nodeOfAffinity({affinity}: PodSpec): string | null {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const [field] = terms[0]?.matchFields ?? [];
  return terms.length === 1 && field?.key === 'metadata.name' && field.values?.length === 1 ? field.values[0]! : null;
}

/** The affinity term that the DaemonSet controller writes into a pod. */
export function nodeNameAffinity(node: string): NodeSelector {
  return {nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [node]}]}]};
}

export function withoutRequiredNodeAffinity(template: PodTemplateSpec): PodTemplateSpec {
  const {affinity} = template.spec;
  if (affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution === undefined) return template;
  const {requiredDuringSchedulingIgnoredDuringExecution: _evaluated, ...nodeAffinity} = affinity.nodeAffinity;
  const {nodeAffinity: _replaced, ...others} = affinity;
  const left = {...others, ...(Object.keys(nodeAffinity).length === 0 ? {} : {nodeAffinity})};
  const {affinity: _all, ...spec} = template.spec;
  return {...template, spec: Object.keys(left).length === 0 ? spec : {...spec, affinity: left}};
}

/** Whether the controller makes a pod for the node: by name, labels, required affinity and taints, whatever room it has. */
export function runsOn(spec: PodSpec, node: Node): boolean {
  const {affinity, nodeName = '', nodeSelector = {}, tolerations = []} = spec;
  if (nodeName !== '' && nodeName !== node.name) return false;
  if (!Object.entries(nodeSelector).every(([key, value]) => labelValue(node.labels, key) === value)) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required !== undefined && !matchesNodeSelector(required, node)) return false;
  return findUntoleratedTaint(node.taints, tolerations, ['NoSchedule', 'NoExecute']) === undefined;
}

function withDaemonTolerations(template: PodTemplateSpec): PodTemplateSpec {
  const {hostNetwork = false, tolerations = []} = template.spec;
  const wanted = hostNetwork ? [...OUTLASTED, NETWORK_UNAVAILABLE] : OUTLASTED;
  const added = wanted.filter((toleration) => !tolerations.some((own) => sameTarget(own, toleration)));
  return {...template, spec: {...template.spec, tolerations: [...tolerations, ...added]}};
}

function sameTarget(a: Toleration, b: Toleration): boolean {
  return a.key === b.key && a.operator === b.operator && a.effect === b.effect && (a.value ?? '') === (b.value ?? '');
}
