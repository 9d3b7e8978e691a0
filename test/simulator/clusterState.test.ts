import {expect, test} from 'vitest';
import type {PodSpec} from '../../model/kubernetes.ts';
import {simulate} from '../../simulator/simulate.ts';
import {ClusterState} from '../../simulator/state/clusterState.ts';
import {cluster, node, OPTIONS, requests} from './builders.ts';

const withPort: PodSpec = {
  containers: [
    {
      name: 'main',
      resources: {requests: {cpu: '500m', 'example.com/gpu': 1}},
      ports: [{containerPort: 80, hostPort: 80}],
    },
  ],
};

function example() {
  const {nodes, classes, pods} = cluster([node('a'), node('b')], [{spec: withPort}, {spec: requests('1', '1Gi')}]);
  return {state: ClusterState.empty(nodes, classes, pods), pods};
}

/** Everything that changes. */
function contentsOf(state: ClusterState) {
  const {requested, nonZeroRequested, podCount, nodeOfPod} = state;
  const port = {ip: '0.0.0.0', protocolPort: 'TCP/80'};
  return {
    requested: [...requested],
    nonZeroRequested: [...nonZeroRequested],
    podCount: [...podCount],
    nodeOfPod: [...nodeOfPod],
    isPortTaken: [0, 1].map((index) => state.hostPortsOn(index)?.conflictsWith(port) ?? false),
  };
}

test('a pod takes its requests, scoring’s defaults, a place and its ports', () => {
  const {state, pods} = example();
  state.addPod(pods[0]!, 1);
  expect(state.resources.names).toEqual(['cpu', 'memory', 'ephemeral-storage', 'example.com/gpu']);
  expect(contentsOf(state)).toEqual({
    requested: [0, 0, 0, 0, 500, 0, 0, 1],
    nonZeroRequested: [0, 0, 500, 200 * 2 ** 20],
    podCount: [0, 1],
    nodeOfPod: [1, -1],
    isPortTaken: [false, true],
  });
});

test('a pod that is removed leaves nothing behind, and removing it again changes nothing', () => {
  const {state, pods} = example();
  const empty = contentsOf(state);
  state.addPod(pods[0]!, 1);
  state.removePod(pods[0]!);
  state.removePod(pods[0]!);
  expect(contentsOf(state)).toEqual(empty);
});

test('a snapshot and its origin do not see each other’s changes', () => {
  const {state, pods} = example();
  state.addPod(pods[1]!, 0);
  const before = contentsOf(state);
  const snapshot = state.snapshot();
  snapshot.addPod(pods[0]!, 1);
  snapshot.removePod(pods[1]!);
  const changed = contentsOf(snapshot);
  expect(contentsOf(state)).toEqual(before);
  state.addPod(pods[0]!, 0);
  expect(contentsOf(snapshot)).toEqual(changed);
});

test.each([
  ['PreemptLowerPriority', 0, 'gives its nomination up'],
  ['Never', -1, 'keeps its nomination'],
])(
  'a nominated pod of preemptionPolicy %s that finds no room leaves the next pod on node %i: it %s',
  (preemptionPolicy, next) => {
    const {nodeOfPod} = simulate(
      cluster(
        [node('a')],
        [
          {spec: {...requests('5', '1Gi'), priority: 1, preemptionPolicy}, nominatedNodeName: 'a'},
          {spec: requests('1', '1Gi')},
        ],
      ),
      OPTIONS,
    );
    expect([...nodeOfPod]).toEqual([-1, next]);
  },
);
