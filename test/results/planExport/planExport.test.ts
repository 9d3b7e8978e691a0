import {describe, expect, test} from 'vitest';
import {clusterAutoscalerSettings} from '../../../results/planExport/clusterAutoscaler.ts';
import {eksctlConfig} from '../../../results/planExport/eksctl.ts';
import {karpenterNodePools} from '../../../results/planExport/karpenter.ts';
import {groupName, type PlannedGroup} from '../../../results/planExport/plannedGroup.ts';

const general: PlannedGroup = {
  pool: 'general',
  instanceType: 'm6i.2xlarge',
  arch: 'amd64',
  zone: null,
  count: 12,
  cores: 8,
  gibibytes: 32,
  labels: {},
  taints: [],
};

const memory: PlannedGroup = {
  ...general,
  pool: 'stream',
  instanceType: 'r6i.4xlarge',
  zone: 'us-east-1a',
  count: 3,
  cores: 16,
  gibibytes: 128,
  labels: {pool: 'stream'},
  taints: [{key: 'workload', value: 'stream', effect: 'NoSchedule'}],
};

test.each([
  [general, 'general-m6i-2xlarge'],
  [memory, 'stream-r6i-4xlarge-us-east-1a'],
  [{...general, pool: 'Grosse Töpfe/'}, 'grosse-t-pfe-m6i-2xlarge'],
  [{...general, pool: 'p'.repeat(80)}, 'p'.repeat(63)],
])('a group has a name that is a DNS label', (group, name) => {
  expect(groupName(group)).toBe(name);
  expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
});

describe('Karpenter', () => {
  test('may buy the types of the plan, and no more of them', () => {
    const [first, second] = karpenterNodePools([general, memory], 'default');
    expect(first?.spec).toEqual({
      template: {
        spec: {
          nodeClassRef: {group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default'},
          requirements: [
            {key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m6i.2xlarge']},
            {key: 'kubernetes.io/arch', operator: 'In', values: ['amd64']},
            {key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand']},
          ],
        },
      },
      limits: {cpu: '96', memory: '384Gi'},
      weight: 100,
      disruption: {consolidationPolicy: 'WhenEmpty', consolidateAfter: 'Never'},
    });
    expect(second?.spec).toMatchObject({
      template: {
        metadata: {labels: {pool: 'stream'}},
        spec: {
          requirements: expect.arrayContaining([
            {key: 'topology.kubernetes.io/zone', operator: 'In', values: ['us-east-1a']},
          ]),
          taints: [{key: 'workload', value: 'stream', effect: 'NoSchedule'}],
        },
      },
      weight: 99,
    });
  });
});

test('eksctl makes groups of the planned size', () => {
  expect(eksctlConfig([general, memory], {name: 'prod', region: 'us-east-1'})).toEqual({
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: {name: 'prod', region: 'us-east-1'},
    managedNodeGroups: [
      {name: 'general-m6i-2xlarge', instanceType: 'm6i.2xlarge', desiredCapacity: 12, minSize: 12, maxSize: 12},
      {
        name: 'stream-r6i-4xlarge-us-east-1a',
        instanceType: 'r6i.4xlarge',
        desiredCapacity: 3,
        minSize: 3,
        maxSize: 3,
        availabilityZones: ['us-east-1a'],
        labels: {pool: 'stream'},
        taints: [{key: 'workload', value: 'stream', effect: 'NoSchedule'}],
      },
    ],
  });
});

test('Cluster Autoscaler grows the groups in the order of the plan, and knows them before they have machines', () => {
  const {arguments: flags, priorities, tags} = clusterAutoscalerSettings([general, memory]);
  expect(flags).toEqual([
    '--expander=priority',
    '--nodes=0:12:general-m6i-2xlarge',
    '--nodes=0:3:stream-r6i-4xlarge-us-east-1a',
  ]);
  expect(priorities).toMatchObject({
    metadata: {name: 'cluster-autoscaler-priority-expander', namespace: 'kube-system'},
    data: {priorities: '2:\n  - ^general-m6i-2xlarge$\n1:\n  - ^stream-r6i-4xlarge-us-east-1a$\n'},
  });
  expect(tags['stream-r6i-4xlarge-us-east-1a']).toEqual({
    'k8s.io/cluster-autoscaler/node-template/label/pool': 'stream',
    'k8s.io/cluster-autoscaler/node-template/taint/workload': 'stream:NoSchedule',
  });
});
