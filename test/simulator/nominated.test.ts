import {expect, test} from 'vitest';
import {attempt, createScheduler, takeIn} from '../../simulator/scheduler.ts';
import {ClusterState} from '../../simulator/state/clusterState.ts';
import {cluster, node, OPTIONS, requests} from './builders.ts';

test('a pod that is only thought to be on a node has not started there', () => {
  const {nodes, classes, pods} = cluster([node('a'), node('b')], [{name: 'waiting'}, {name: 'running'}]);
  const state = ClusterState.empty(nodes, classes, pods);
  const [waiting, running] = pods as [(typeof pods)[number], (typeof pods)[number]];
  state.withPods([waiting], 0, () => undefined);
  state.addPod(running, 1);
  state.addPod(waiting, 1);
  expect(state.pods.startOf(waiting)).toBeGreaterThan(state.pods.startOf(running));
});

test('what turns down the nominated node is named with what narrows the choice of nodes', () => {
  const onlyOn = (name: string) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [name]}]}],
      },
    },
  });
  const nodes = [node('a'), node('b', {spec: {unschedulable: true}}), node('c')];
  const spec = {...requests('9', '1Gi'), affinity: onlyOn('a')};
  const model = cluster(nodes, [{spec, nominatedNodeName: 'b'}]);
  const scheduler = createScheduler(model, OPTIONS);
  const [pod] = takeIn(scheduler, model.pods).queue;
  expect(attempt(scheduler, pod!).message).toContain(
    "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity NodeUnschedulable], 1 node(s) were unschedulable.",
  );
});
