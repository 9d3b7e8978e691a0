import type {LabelSelector, TopologySpreadConstraint} from '../../../model/kubernetes.ts';
import {type Labels, labelValue} from '../../../model/labels.ts';
import type {PodClass} from '../../../model/pod.ts';
import {matchesLabelSelector, matchesLabels, matchesNodeSelector} from '../../../model/selector.ts';
import {findUntoleratedTaint} from '../../../model/taints.ts';
import type {Handle} from '../../framework/plugin.ts';
import type {PodTopologySpreadArgs} from '../../framework/pluginArguments.ts';
import type {Domains} from '../../state/topology.ts';
import {defaultSelectors, SYSTEM_DEFAULT_CONSTRAINTS} from './defaultConstraints.ts';

/** A constraint as it holds for one class of pods. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly domains: Domains;
  /** All of them have to match; none at all matches everything. */
  readonly selectors: readonly LabelSelector[];
  /** Whether the selectors are empty, so that no pod counts at first, though every pod matches. */
  readonly selectsNothing: boolean;
  /** Whether the pods of the class match their own constraint. */
  readonly matchesSelf: boolean;
  /** Whether only nodes that match the pod's node affinity count, which is nodeAffinityPolicy: Honor. */
  readonly honoursAffinity: boolean;
  /** 1 for the nodes whose pods count, by the constraint's node affinity and taints policies; null for all. */
  readonly included: Uint8Array | null;
}

export type WhenUnsatisfiable = 'DoNotSchedule' | 'ScheduleAnyway';

/** The constraints of a class: its own, or those that the profile has for pods without any. */
export function constraintsOf(
  podClass: PodClass,
  action: WhenUnsatisfiable,
  args: PodTopologySpreadArgs,
  handle: Handle,
): readonly SpreadConstraint[] {
  const own = podClass.spec.topologySpreadConstraints ?? [];
  if (own.length > 0) {
    return own
      .filter(({whenUnsatisfiable}) => whenUnsatisfiable === action)
      .map((constraint) => toConstraint(constraint, ownSelectors(constraint, podClass.labels), podClass, handle));
  }
  const defaults = args.defaultingType === 'System' ? SYSTEM_DEFAULT_CONSTRAINTS : args.defaultConstraints;
  const wanted = defaults.filter(({whenUnsatisfiable}) => whenUnsatisfiable === action);
  const selectors = wanted.length === 0 ? [] : defaultSelectors(podClass, handle.objects);
  if (selectors.every(isEmptySelector)) return [];
  return wanted.map((constraint) => toConstraint(constraint, selectors, podClass, handle));
}

/** Whether a pod with these labels matches, regardless of its namespace. */
export function matchesConstraint({selectors}: SpreadConstraint, labels: Labels): boolean {
  return selectors.every((selector) => matchesLabelSelector(selector, labels));
}

/** Whether pods of a class count for a constraint of a pod in `namespace`; an empty selector counts none. */
export function isCounted(constraint: SpreadConstraint, namespace: string, other: PodClass): boolean {
  return other.namespace === namespace && !constraint.selectsNothing && matchesConstraint(constraint, other.labels);
}

function toConstraint(
  {maxSkew, topologyKey, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy}: TopologySpreadConstraint,
  selectors: readonly LabelSelector[],
  podClass: PodClass,
  handle: Handle,
): SpreadConstraint {
  const honoursAffinity = nodeAffinityPolicy !== 'Ignore';
  const unincluded = {
    maxSkew,
    honoursAffinity,
    minDomains,
    domains: handle.topology.domains(topologyKey),
    selectors,
    selectsNothing: selectors.every(isEmptySelector),
    included: includedNodes(podClass, honoursAffinity, nodeTaintsPolicy === 'Honor', handle),
  };
  return {...unincluded, matchesSelf: matchesConstraint({...unincluded, matchesSelf: false}, podClass.labels)};
}

/** A nil selector matches nothing, which an impossible requirement says, too. */
const NOTHING: LabelSelector = {matchExpressions: [{key: '', operator: 'In', values: []}]};

function ownSelectors(
  {labelSelector = NOTHING, matchLabelKeys = []}: TopologySpreadConstraint,
  labels: Labels,
): readonly LabelSelector[] {
  const matchExpressions = matchLabelKeys.flatMap((key) => {
    const value = labelValue(labels, key);
    return value === undefined ? [] : [{key, operator: 'In', values: [value]}];
  });
  return matchExpressions.length === 0 ? [labelSelector] : [labelSelector, {matchExpressions}];
}

export function isEmptySelector({matchLabels = {}, matchExpressions = []}: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** By nodes, then by what a pod and its constraint say of them: many classes say the same. */
const INCLUDED = new WeakMap<Handle['nodes'], Map<string, Uint8Array | null>>();

function includedNodes(
  {spec}: PodClass,
  honoursAffinity: boolean,
  honoursTaints: boolean,
  {nodes}: Handle,
): Uint8Array | null {
  const nodeSelector = honoursAffinity ? (spec.nodeSelector ?? {}) : {};
  const required = honoursAffinity
    ? spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    : undefined;
  const tolerations = honoursTaints ? (spec.tolerations ?? []) : null;
  if (required === undefined && Object.keys(nodeSelector).length === 0 && tolerations === null) return null;
  const known = INCLUDED.get(nodes) ?? new Map<string, Uint8Array | null>();
  INCLUDED.set(nodes, known);
  const key = JSON.stringify([nodeSelector, required, tolerations]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const included = Uint8Array.from(nodes, (node) => {
    if (!matchesLabels(nodeSelector, node.labels)) return 0;
    if (required !== undefined && !matchesNodeSelector(required, node)) return 0;
    const isTainted =
      tolerations !== null && findUntoleratedTaint(node.taints, tolerations, ['NoSchedule', 'NoExecute']) !== undefined;
    return isTainted ? 0 : 1;
  });
  const kept = included.includes(0) ? included : null;
  known.set(key, kept);
  return kept;
}
