import type {KubernetesObject} from '../../model/kubernetes.ts';
import {ARCH_LABEL, INSTANCE_TYPE_LABEL, ZONE_LABEL} from '../../model/labels.ts';
import {groupName, type PlannedGroup} from './plannedGroup.ts';

/** `karpenter.sh/capacity-type`: a plan's prices are those of machines on demand. */
const CAPACITY_TYPE_LABEL = 'karpenter.sh/capacity-type';

/**
 * A NodePool (karpenter.sh/v1) for each group, allowed to buy this type alone and as much as the plan has of it. Karpenter
 * buys for pods that are pending, so that it comes to the plan's machines only as far as pods ask for them; by
 * weight it tries the groups in the order of the plan. `nodeClass` is the EC2NodeClass that the user has.
 */
export function karpenterNodePools(groups: readonly PlannedGroup[], nodeClass: string): readonly KubernetesObject[] {
  return groups.map((group, index) => {
    const {arch, cores, count, gibibytes, instanceType, labels, taints, zone} = group;
    const requirement = (key: string, value: string) => ({key, operator: 'In', values: [value]});
    return {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: {name: groupName(group)},
      spec: {
        template: {
          ...(Object.keys(labels).length === 0 ? {} : {metadata: {labels}}),
          spec: {
            nodeClassRef: {group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: nodeClass},
            requirements: [
              requirement(INSTANCE_TYPE_LABEL, instanceType),
              requirement(ARCH_LABEL, arch),
              requirement(CAPACITY_TYPE_LABEL, 'on-demand'),
              ...(zone === null ? [] : [requirement(ZONE_LABEL, zone)]),
            ],
            ...(taints.length === 0 ? {} : {taints: taints.map((taint) => ({...taint}))}),
          },
        },
        limits: {cpu: String(round(cores * count)), memory: `${round(gibibytes * count)}Gi`},
        // A NodePool of more weight is tried first; weights go from 1 to 100.
        weight: Math.max(1, 100 - index),
        disruption: {consolidationPolicy: 'WhenEmpty', consolidateAfter: 'Never'},
      },
    };
  });
}

/** Limits are checked with what machines say of themselves, so that less than a whole would keep the last one out. */
function round(amount: number): number {
  return Math.ceil(amount);
}
