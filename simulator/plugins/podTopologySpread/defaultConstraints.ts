import type {LabelSelector, TopologySpreadConstraint} from '../../../model/kubernetes.ts';
import {HOSTNAME_LABEL, type Labels, ZONE_LABEL} from '../../../model/labels.ts';
import type {PodClass} from '../../../model/pod.ts';
import {matchesLabels} from '../../../model/selector.ts';
import type {ClusterObjects} from '../../state/clusterObjects.ts';

/** What holds for pods without constraints unless the profile says otherwise; selectors are worked out by pod. */
export const SYSTEM_DEFAULT_CONSTRAINTS: readonly TopologySpreadConstraint[] = [
  {topologyKey: HOSTNAME_LABEL, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3},
  {topologyKey: ZONE_LABEL, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5},
];

/**
 * Which pods a pod without constraints is spread among (plugins/helper DefaultSelector): those that all its Services
 * select and its ReplicaSet, StatefulSet or ReplicationController owns. Without any of these the list is empty or
 * holds an empty selector.
 */
export function defaultSelectors(podClass: PodClass, objects: ClusterObjects): readonly LabelSelector[] {
  const {namespace, labels, owner} = podClass;
  const matchLabels: Record<string, string> = {};
  for (const {spec} of objects.servicesFor(namespace, labels)) {
    const {selector} = (spec ?? {}) as {readonly selector?: Labels};
    if (selector !== undefined && matchesLabels(selector, labels)) Object.assign(matchLabels, selector);
  }
  if (owner === null) return [{matchLabels}];
  if (owner.kind === 'ReplicationController') {
    const found = objects.get('ReplicationController', namespace, owner.name)?.spec as
      | {readonly selector?: Labels}
      | undefined;
    return [{matchLabels: {...matchLabels, ...found?.selector}}];
  }
  if (owner.kind !== 'ReplicaSet' && owner.kind !== 'StatefulSet') return [{matchLabels}];
  const found = objects.get(`${owner.kind}.apps`, namespace, owner.name)?.spec as
    | {readonly selector?: LabelSelector}
    | undefined;
  return found?.selector === undefined ? [{matchLabels}] : [{matchLabels}, found.selector];
}
