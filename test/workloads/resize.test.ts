import {expect, test} from 'vitest';
import {expanded, node, pod} from './builders.ts';

const SPEC = {nodeName: 'n1', containers: [{name: 'app', resources: {requests: {cpu: '1'}, limits: {cpu: '1'}}}]};

function running(name: string, actual: string, controlled = false) {
  const owner = {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', controller: true}]};
  const status = {phase: 'Running', containerStatuses: [{name: 'app', resources: {requests: {cpu: actual}}}]};
  return pod(name, {uid: name, ...(controlled ? owner : {})}, SPEC, status);
}

test('a running pod that is being made smaller still counts with what it has', () => {
  const {model} = expanded([running('shrinking', '2')], {nodes: [node('n1')]});
  const [{class: podClass}] = model.pods as [(typeof model.pods)[number]];
  expect({...podClass.requests}).toEqual({cpu: 2000});
  expect(podClass.nonZeroRequests.cpu).toBe(2000);
  expect({...podClass.limits}).toEqual({cpu: 1000});
});

test('replicas share a class unless one of them is being resized', () => {
  const pods = [running('a', '1', true), running('b', '1', true), running('c', '2', true)];
  const [a, b, c] = expanded(pods, {nodes: [node('n1')]}).model.pods;
  expect(a?.class).toBe(b?.class);
  expect(c?.class).not.toBe(a?.class);
});
