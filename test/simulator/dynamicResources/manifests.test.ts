import {expect, test} from 'vitest';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import {simulate} from '../../../simulator/simulate.ts';
import {expanded, node, pod} from '../../workloads/builders.ts';
import {OPTIONS} from '../builders.ts';

function resource(kind: string, name: string, rest: object) {
  return {apiVersion: 'resource.k8s.io/v1', kind, metadata: {name, namespace: 'default'}, ...rest};
}

const REQUESTS = {devices: {requests: [{name: 'r', exactly: {deviceClassName: 'gpu'}}]}};
const SPEC = {
  containers: [{name: 'app', image: 'app', resources: {claims: [{name: 'g'}]}}],
  resourceClaims: [{name: 'g', resourceClaimTemplateName: 'one'}],
};
const OBJECTS = [
  {apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: {name: 'gpu'}, spec: {}},
  {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: {name: 'n1'},
    spec: {
      driver: 'gpu.example.com',
      nodeName: 'n1',
      pool: {name: 'n1', generation: 1, resourceSliceCount: 1},
      devices: [{name: 'gpu-0'}, {name: 'gpu-1'}],
    },
  },
  resource('ResourceClaimTemplate', 'one', {spec: {spec: REQUESTS}}),
];

function placed(...objects: readonly KubernetesObject[]): number {
  const {model} = expanded([...OBJECTS, ...objects], {nodes: [node('n1')]});
  return simulate(model, OPTIONS).nodeOfPod.filter((index) => index >= 0).length;
}

test('replicas have claims from their template, one each', () => {
  const template = {metadata: {labels: {app: 'web'}}, spec: SPEC};
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: 'default'},
    spec: {replicas: 3, selector: {matchLabels: {app: 'web'}}, template},
  };
  expect(placed(deployment)).toBe(2);
});

test('a pod that exists already has the claim that its status names', () => {
  const status = {phase: 'Pending', resourceClaimStatuses: [{name: 'g', resourceClaimName: 'web-g-x7k2p'}]};
  const live = pod('web', {uid: 'web'}, SPEC, status);
  const ownerReferences = [{apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'web', controller: true}];
  const claim = resource('ResourceClaim', 'web-g-x7k2p', {spec: REQUESTS});
  expect(placed(live)).toBe(0);
  expect(placed(live, {...claim, metadata: {...claim.metadata, ownerReferences}})).toBe(1);
});
