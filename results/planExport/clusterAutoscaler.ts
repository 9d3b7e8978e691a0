import type {KubernetesObject} from '../../model/kubernetes.ts';
import {groupName, type PlannedGroup} from './plannedGroup.ts';

/** What Cluster Autoscaler is told of the groups of a plan. */
export interface ClusterAutoscalerSettings {
  /** `--nodes=MIN:MAX:NAME` for each group, and the expander that the ConfigMap is for. */
  readonly arguments: readonly string[];
  /** Prefers the groups in the order of the plan. */
  readonly priorities: KubernetesObject;
  /** Tags of the groups, by which it knows labels and taints of a group without machines. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const TEMPLATE_TAG = 'k8s.io/cluster-autoscaler/node-template';

/**
 * The settings of Cluster Autoscaler for groups that are made elsewhere, such as Auto Scaling groups of these names: it
 * makes none itself. Each may grow to the size of the plan; the priority expander takes the first group that helps.
 */
export function clusterAutoscalerSettings(groups: readonly PlannedGroup[]): ClusterAutoscalerSettings {
  const names = groups.map(groupName);
  const priorities = names.map((name, index) => `${names.length - index}:\n  - ^${name}$\n`).join('');
  return {
    arguments: ['--expander=priority', ...groups.map((group) => `--nodes=0:${group.count}:${groupName(group)}`)],
    priorities: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'cluster-autoscaler-priority-expander', namespace: 'kube-system'},
      data: {priorities},
    } as KubernetesObject,
    tags: Object.fromEntries(groups.map((group) => [groupName(group), templateTags(group)])),
  };
}

function templateTags({labels, taints}: PlannedGroup): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...Object.entries(labels).map(([key, value]) => [`${TEMPLATE_TAG}/label/${key}`, value]),
    ...taints.map(({key, value = '', effect}) => [`${TEMPLATE_TAG}/taint/${key}`, `${value}:${effect}`]),
  ]);
}
