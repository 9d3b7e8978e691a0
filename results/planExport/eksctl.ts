import {groupName, type PlannedGroup} from './plannedGroup.ts';

export interface EksctlCluster {
  readonly name: string;
  readonly region: string;
}

/** A ClusterConfig (eksctl.io/v1alpha5) with a managed node group of fixed size for each group of the plan. */
export function eksctlConfig(groups: readonly PlannedGroup[], {name, region}: EksctlCluster): object {
  return {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: {name, region},
    managedNodeGroups: groups.map((group) => {
      const {count, instanceType, labels, taints, zone} = group;
      return {
        name: groupName(group),
        instanceType,
        desiredCapacity: count,
        minSize: count,
        maxSize: count,
        ...(zone === null ? {} : {availabilityZones: [zone]}),
        ...(Object.keys(labels).length === 0 ? {} : {labels}),
        ...(taints.length === 0 ? {} : {taints: taints.map((taint) => ({...taint}))}),
      };
    }),
  };
}
