import {expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {expand} from '../../workloads/expand.ts';
import type {Autoscaling} from '../../workloads/expansion/autoscaler.ts';

const ORIGIN = {file: 'x.yaml', at: () => ({line: 1, column: 1})};
const labels = {app: 'web'};

function podsOf(replicas: number, autoscaling: Autoscaling): number {
  const objects: readonly KubernetesObject[] = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'web', namespace: 'shop'},
      spec: {
        replicas,
        selector: {matchLabels: labels},
        template: {metadata: {labels}, spec: {containers: [{name: 'main', image: 'a:1'}]}},
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: {name: 'web', namespace: 'shop'},
      spec: {scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}, minReplicas: 3, maxReplicas: 12},
    },
  ];
  const inputs = objects.map((object) => ({object, origin: ORIGIN}));
  const options = {nodes: [], autoscaling, cronJobs: 'Idle', flinkOperator: null, reschedule: false} as const;
  return expand(inputs, options, new Diagnostics()).pods.length;
}

test.each<[replicas: number, autoscaling: Autoscaling, pods: number]>([
  [5, 'Current', 5],
  [1, 'Current', 3],
  [20, 'Current', 12],
  [5, 'Min', 3],
  [5, 'Max', 12],
  [0, 'Max', 0],
])('%i replicas between 3 and 12 are, at %s, %i pods', (replicas, autoscaling, pods) => {
  expect(podsOf(replicas, autoscaling)).toBe(pods);
});
