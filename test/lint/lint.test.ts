import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject, ResourceRequirements} from '../../model/kubernetes.ts';
import {type Node, toNode} from '../../model/node.ts';
import {expand} from '../../workloads/expand.ts';
import {lint} from '../../workloads/lint/lint.ts';

const ORIGIN = {file: 'x.yaml', at: () => ({line: 1, column: 1})};

function node(images: readonly string[] = []): Node {
  const status = {
    allocatable: {cpu: '4', memory: '16Gi', pods: '110'},
    images: images.map((name) => ({names: [name], sizeBytes: 1})),
  };
  return toNode({apiVersion: 'v1', kind: 'Node', metadata: {name: 'n'}, status});
}

function deployment(resources: ResourceRequirements, {image = 'a:1', replicas = 1} = {}): KubernetesObject {
  const labels = {app: 'web'};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: 'shop'},
    spec: {
      replicas,
      selector: {matchLabels: labels},
      template: {metadata: {labels}, spec: {containers: [{name: 'main', image, resources}]}},
    },
  };
}

const policy = (kind: string, spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {name: 'policy', namespace: 'shop'},
  spec,
});
const limitRange = (item: object) => policy('LimitRange', {limits: [{type: 'Container', ...item}]});
const full = {requests: {cpu: '1', memory: '1Gi'}};

function findings(objects: readonly KubernetesObject[], nodes: readonly Node[] = [node()]): readonly string[] {
  const diagnostics = new Diagnostics();
  const options = {nodes, cronJobs: 'Idle', flinkOperator: null, reschedule: false} as const;
  const model = expand(
    objects.map((object) => ({object, origin: ORIGIN})),
    options,
    diagnostics,
  );
  expect(diagnostics.errors).toEqual([]);
  return lint(model).map(({code, object, message}) => `${code} ${object}: ${message}`);
}

describe('lint', () => {
  test('has nothing to say about a workload that states what it needs', () => {
    expect(findings([deployment({requests: full.requests, limits: {cpu: '2', memory: '1Gi'}})])).toEqual([]);
  });

  test.each<[rule: string, objects: readonly KubernetesObject[], found: readonly string[]]>([
    [
      'containers without requests',
      [deployment({requests: {cpu: '1'}})],
      ['STW-4001 Deployment/shop/web: no memory request in main'],
    ],
    ['a limit stands for a request', [deployment({limits: {cpu: '1', memory: '1Gi'}})], []],
    [
      'defaults of the namespace do, too',
      [limitRange({defaultRequest: {cpu: '1', memory: '1Gi'}}), deployment({})],
      [],
    ],
    [
      'a memory limit of more than twice the request',
      [deployment({...full, limits: {memory: '2.5Gi'}})],
      ['STW-4002 Deployment/shop/web: memory limit of main is 2.5 times its request'],
    ],
    ['CPU may burst to ten times', [deployment({...full, limits: {cpu: '10'}})], []],
    [
      'a quota of which nine tenths are used',
      [
        policy('ResourceQuota', {hard: {'requests.cpu': '10', 'requests.memory': '100Gi'}}),
        deployment(full, {replicas: 9}),
      ],
      ['STW-4003 ResourceQuota/shop/policy: used: requests.cpu 9 of 10 (90 %)'],
    ],
    [
      'a quota with room',
      [policy('ResourceQuota', {hard: {'requests.cpu': '10'}}), deployment(full, {replicas: 8})],
      [],
    ],
    [
      'pods too large for every node',
      [deployment({requests: {cpu: '1', memory: '20Gi'}})],
      ['STW-4004 Deployment/shop/web: fits no node: asks for memory 20Gi (the largest node has 16Gi)'],
    ],
    [
      'resources that no node has',
      [deployment({requests: {...full.requests, 'nvidia.com/gpu': 1}, limits: {'nvidia.com/gpu': 1}})],
      ['STW-4004 Deployment/shop/web: fits no node: asks for nvidia.com/gpu 1 (the largest node has 0)'],
    ],
    [
      'a LimitRange that refuses what it gives',
      [limitRange({defaultRequest: {cpu: '100m'}, default: {cpu: '1'}, maxLimitRequestRatio: {cpu: '2'}})],
      ['STW-4006 LimitRange/shop/policy: cpu: default limit 1 is more than 2 times the default request 100m'],
    ],
    ['a LimitRange in line', [limitRange({min: {cpu: '50m'}, max: {cpu: '2'}, default: {cpu: '1'}})], []],
  ])('%s', (_rule, objects, found) => {
    expect(findings(objects)).toEqual(found);
  });

  test.each([
    ['a', true],
    ['registry:5000/a', true],
    ['a:latest', true],
    ['a:1', false],
    ['a@sha256:0123', false],
  ])('image %s has no fixed tag: %s', (image, floats) => {
    const found = findings([deployment(full, {image})], [node(['a:1'])]);
    expect(found).toEqual(floats ? [`STW-4005 Deployment/shop/web: no fixed tag: ${image}`] : []);
  });

  test('images do not matter where no node says what it holds', () => {
    expect(findings([deployment(full, {image: 'a'})])).toEqual([]);
  });
});
