/** Rules of single plugins that the golden cases and the scenarios leave open. */
import {expect, test} from 'vitest';
import type {Container} from '../../model/kubernetes.ts';
import {DEFAULT_PLUGIN_ARGUMENTS, type PluginArguments, toProfile} from '../../simulator/framework/profile.ts';
import {defaultSchedulerConfiguration} from '../../simulator/framework/schedulerConfiguration.ts';
import {NodeName} from '../../simulator/plugins/nodeName.ts';
import {createHandle} from '../../simulator/scheduler.ts';
import {simulate} from '../../simulator/simulate.ts';
import {type Decision, KUBERNETES_VERSIONS} from '../../simulator/simulation.ts';

import {cluster, node, OPTIONS, requests} from './builders.ts';

const GPU = 'example.com/gpu';
const MEBIBYTE = 1024 * 1024;

test.each(KUBERNETES_VERSIONS)('NodeResourcesFit of %s knows a node that is too small even when empty', (version) => {
  const {pending} = simulate(cluster([node('a')], [{spec: requests('5', '1Gi')}]), {
    ...OPTIONS,
    kubernetesVersion: version,
  });
  expect(pending[0]?.reasons[0]?.code).toBe(version === '1.33' ? 'Unschedulable' : 'UnschedulableAndUnresolvable');
});

test.each<[ignored: Partial<PluginArguments['NodeResourcesFit']>, resource: string, fits: boolean]>([
  [{}, GPU, false],
  [{ignoredResources: [GPU]}, GPU, true],
  [{ignoredResourceGroups: ['example.com']}, GPU, true],
  [{ignoredResourceGroups: ['example']}, GPU, false],
  [{ignoredResources: ['cpu']}, 'cpu', false],
  [{ignoredResources: ['hugepages-2Mi']}, 'hugepages-2Mi', false],
])('with %j NodeResourcesFit finds room for %s: %s', (ignored, resource, fits) => {
  const NodeResourcesFit = {...DEFAULT_PLUGIN_ARGUMENTS.NodeResourcesFit, ...ignored};
  const profile = toProfile({schedulerName: 'default-scheduler', args: {NodeResourcesFit}}, '1.36');
  const model = cluster(
    [node('a')],
    [{spec: {containers: [{name: 'main', resources: {requests: {[resource]: '8Gi'}}}]}}],
  );
  const {nodeOfPod} = simulate(model, OPTIONS, {...defaultSchedulerConfiguration('1.36'), profiles: [profile]});
  expect(nodeOfPod[0]).toBe(fits ? 0 : -1);
});

test('trying a node with the pods nominated to it leaves the ports there in use', () => {
  const withPort: Container = {name: 'main', ports: [{containerPort: 80, hostPort: 80}]};
  const spec = {containers: [withPort]};
  const {pending} = simulate(
    cluster([node('a')], [{spec, nodeName: 'a'}, {spec}, {spec, nominatedNodeName: 'a'}]),
    OPTIONS,
  );
  const message = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.";
  expect(pending.map((entry) => entry.message.slice(0, message.length))).toEqual([message, message]);
});

test.each(KUBERNETES_VERSIONS)('ImageLocality of %s looks at image volumes from 1.36 on', (version) => {
  const images = [{names: ['registry/model:1'], sizeBytes: 2000 * MEBIBYTE}];
  const status = {allocatable: {cpu: '4', memory: '16Gi', pods: '110'}};
  const decisions: Decision[] = [];
  simulate(
    cluster(
      [node('a', {status}), node('b', {status: {...status, images}})],
      [{spec: {...requests('1', '1Gi'), volumes: [{name: 'model', image: {reference: 'registry/model:1'}}]}}],
    ),
    {...OPTIONS, kubernetesVersion: version, explainScores: true, onDecision: (decision) => decisions.push(decision)},
  );
  // Half of the nodes have it, so it counts for half of its size: 1000 Mi, the most for one container.
  expect(decisions[0]?.scores?.b?.ImageLocality).toBe(version === '1.36' ? 100 : 0);
});

test.each([
  ['a', null],
  ['b', "node(s) didn't match the requested node name"],
])('NodeName holds a pod of node a on node %s: %s', (name, reason) => {
  const model = cluster([node(name)], [{spec: {nodeName: 'a'}}]);
  const plugin = new NodeName(createHandle(model, OPTIONS));
  const pre = plugin.preFilter(model.pods[0]!);
  const status = pre.kind === 'Success' ? plugin.filter(pre.state, 0) : null;
  expect(status?.reasons[0] ?? null).toBe(reason);
});
