import {describe, expect, test} from 'vitest';
import type {Container, PodSpec, PodStatus, ResourceList} from '../../model/kubernetes.ts';
import {effectiveRequests} from '../../model/podRequests.ts';
import {podResize, withResize} from '../../model/podResize.ts';
import {toQuantities, toResources} from '../../model/resources.ts';

const INFEASIBLE = {conditions: [{type: 'PodResizePending', status: 'True', reason: 'Infeasible'}]};
const DEFERRED = {conditions: [{type: 'PodResizePending', status: 'True', reason: 'Deferred'}]};

function container(name: string, cpu: string, rest: Partial<Container> = {}): Container {
  return {name, resources: {requests: {cpu}}, ...rest};
}

function status(name: string, actual: string, allocated?: string): Readonly<Record<string, unknown>> {
  return {
    name,
    resources: {requests: {cpu: actual}},
    ...(allocated === undefined ? {} : {allocatedResources: {cpu: allocated}}),
  };
}

describe('what a pod counts for while it is resized', () => {
  test.each<[rule: string, spec: PodSpec, status: PodStatus, cpu: number]>([
    ['the spec without a status', {containers: [container('a', '1')]}, {}, 1000],
    [
      'what is in force where that is more',
      {containers: [container('a', '1')]},
      {containerStatuses: [status('a', '2')]},
      2000,
    ],
    [
      'what is wanted where that is more',
      {containers: [container('a', '3')]},
      {containerStatuses: [status('a', '2')]},
      3000,
    ],
    [
      'what was promised where that is more',
      {containers: [container('a', '1')]},
      {containerStatuses: [status('a', '2', '4')]},
      4000,
    ],
    [
      'each container for itself',
      {containers: [container('a', '1'), container('b', '1')]},
      {containerStatuses: [status('b', '2')]},
      3000,
    ],
    [
      'what is in force where the node cannot grant more',
      {containers: [container('a', '9')]},
      {...INFEASIBLE, containerStatuses: [status('a', '1', '2')]},
      2000,
    ],
    [
      'what is wanted where the node is to grant it later',
      {containers: [container('a', '9')]},
      {...DEFERRED, containerStatuses: [status('a', '1', '2')]},
      9000,
    ],
    [
      'only the first condition of a pending resize',
      {containers: [container('a', '9')]},
      {conditions: [...DEFERRED.conditions, ...INFEASIBLE.conditions], containerStatuses: [status('a', '1')]},
      9000,
    ],
    [
      'the spec where the status says nothing of resources',
      {containers: [container('a', '1')]},
      {containerStatuses: [{name: 'a', allocatedResources: {cpu: '5'}}]},
      1000,
    ],
    [
      'a sidecar, too',
      {containers: [container('a', '1')], initContainers: [container('s', '1', {restartPolicy: 'Always'})]},
      {initContainerStatuses: [status('s', '2')]},
      3000,
    ],
    [
      'but no init container that ends',
      {containers: [container('a', '1')], initContainers: [container('i', '1')]},
      {initContainerStatuses: [status('i', '2')]},
      1000,
    ],
    [
      'the pod as a whole where it asks as a whole',
      {containers: [container('a', '1')], resources: {requests: {cpu: '2'}}},
      {resources: {requests: {cpu: '5'}}, allocatedResources: {cpu: '4'}},
      5000,
    ],
    [
      'nothing as a whole that the node does not grant',
      {containers: [container('a', '1')], resources: {requests: {cpu: '2'}}},
      {...INFEASIBLE, resources: {requests: {memory: '1Gi'}}},
      0,
    ],
  ])('%s', (_rule, spec, podStatus, cpu) => {
    const resize = podResize(spec, podStatus);
    expect(effectiveRequests(resize === null ? spec : withResize(spec, resize)).cpu).toBe(cpu);
  });

  test.each<[rule: string, requests: ResourceList | undefined, limits: ResourceList | undefined, actual: ResourceList]>(
    [
      ['is as asked', {cpu: '1'}, undefined, {cpu: '1000m'}],
      ['is less', {cpu: '1'}, undefined, {cpu: '500m'}],
      ['is the limit of a container without a request', undefined, {cpu: '1'}, {cpu: '1'}],
    ],
  )('no resize where what is in force %s', (_rule, requests, limits, actual) => {
    const resources = {...(requests && {requests}), ...(limits && {limits})};
    const spec = {containers: [{name: 'a', resources}]};
    expect(podResize(spec, {containerStatuses: [{name: 'a', resources: {requests: actual}}]})).toBeNull();
  });

  test('resources that only the status has count, too', () => {
    const spec = {containers: [container('a', '1')]};
    const resize = podResize(spec, {containerStatuses: [{name: 'a', resources: {requests: {memory: '1Gi'}}}]})!;
    expect(effectiveRequests(withResize(spec, resize))).toEqual(toResources(toQuantities({cpu: '1', memory: '1Gi'})));
  });
});
