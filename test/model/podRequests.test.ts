import {describe, expect, test} from 'vitest';
import type {Container, PodSpec, ResourceList} from '../../model/kubernetes.ts';
import {effectiveRequests, nonZeroRequests, podLimits} from '../../model/podRequests.ts';
import {qosClass} from '../../model/qosClass.ts';
import {toResources} from '../../model/resources.ts';

const MIB = 2 ** 20;

function container(requests?: ResourceList, limits?: ResourceList): Container {
  const resources = {...(requests === undefined ? {} : {requests}), ...(limits === undefined ? {} : {limits})};
  return {name: 'c', resources};
}

function sidecar(requests: ResourceList): Container {
  return {...container(requests), restartPolicy: 'Always'};
}

function pod(containers: readonly Container[], rest: Partial<PodSpec> = {}): PodSpec {
  return {containers, ...rest};
}

describe('what a pod asks for as a whole', () => {
  test.each<[rule: string, spec: PodSpec, expected: Record<string, number>]>([
    [
      'containers add up',
      pod([container({cpu: '500m', memory: '1Gi'}), container({cpu: 1, memory: '512Mi'})]),
      {cpu: 1500, memory: 1536 * MIB},
    ],
    ['no container asks for nothing', pod([container()]), {}],
    ['fractions add up before they are rounded', pod([container({cpu: '0.5m'}), container({cpu: '0.5m'})]), {cpu: 1}],
    ['a rest is rounded up', pod([container({cpu: '1.2m', memory: '100m'})]), {cpu: 2, memory: 1}],
    [
      'an init container counts where it asks for more',
      pod([container({cpu: '1', memory: '1Gi'})], {initContainers: [container({cpu: '3', memory: '512Mi'})]}),
      {cpu: 3000, memory: 1024 * MIB},
    ],
    [
      'init containers run one after the other',
      pod([container({cpu: '1'})], {initContainers: [container({cpu: '2'}), container({cpu: '3'})]}),
      {cpu: 3000},
    ],
    [
      'a sidecar runs beside the containers',
      pod([container({cpu: '1'})], {initContainers: [sidecar({cpu: '500m'})]}),
      {cpu: 1500},
    ],
    [
      'a sidecar runs beside the init containers after it',
      pod([container({cpu: '1'})], {initContainers: [sidecar({cpu: '500m'}), container({cpu: '2'})]}),
      {cpu: 2500},
    ],
    [
      'and not beside those before it',
      pod([container({cpu: '1'})], {initContainers: [container({cpu: '2'}), sidecar({cpu: '500m'})]}),
      {cpu: 2000},
    ],
    [
      'overhead comes on top',
      pod([container({cpu: '1'})], {overhead: {cpu: '250m', memory: '120Mi'}}),
      {cpu: 1250, memory: 120 * MIB},
    ],
    [
      'pod-level requests replace the sum',
      pod([container({cpu: '1', memory: '1Gi'})], {resources: {requests: {cpu: '500m'}}}),
      {cpu: 500, memory: 1024 * MIB},
    ],
    [
      'overhead comes on top of them, too',
      pod([container({cpu: '1'})], {resources: {requests: {cpu: '2'}}, overhead: {cpu: '100m'}}),
      {cpu: 2100},
    ],
    [
      'huge pages, storage and extended resources are whole units',
      pod([container({'hugepages-2Mi': '4Mi', 'ephemeral-storage': '1Gi', 'nvidia.com/gpu': 2})]),
      {'hugepages-2Mi': 4 * MIB, 'ephemeral-storage': 1024 * MIB, 'nvidia.com/gpu': 2},
    ],
    [
      'a pod-level extended resource is not known to the API and changes nothing',
      pod([container({'nvidia.com/gpu': 1})], {resources: {requests: {'nvidia.com/gpu': 4}}}),
      {'nvidia.com/gpu': 1},
    ],
  ])('%s', (_rule, spec, expected) => {
    expect({...effectiveRequests(spec)}).toEqual(expected);
  });

  test('overhead is a limit only where there is one', () => {
    const spec = pod([container(undefined, {cpu: '1'})], {overhead: {cpu: '100m', memory: '64Mi'}});
    expect({...toResources(podLimits(spec))}).toEqual({cpu: 1100});
  });
});

describe('what scoring assumes for containers that do not ask', () => {
  test.each<[rule: string, spec: PodSpec, cpu: number, memoryMiB: number]>([
    ['each container counts with 100m and 200Mi', pod([container(), container()]), 200, 400],
    ['an explicit zero stays zero', pod([container({cpu: 0, memory: 0})]), 0, 0],
    ['only what is missing is assumed', pod([container({cpu: '2'}), container({memory: '1Gi'})]), 2100, 1224],
    [
      'init containers are assumed to ask, too',
      pod([container({cpu: '50m', memory: '1Mi'})], {initContainers: [container()]}),
      100,
      200,
    ],
    ['a pod without containers asks for nothing', pod([]), 0, 0],
    [
      'pod-level requests switch the assumption off',
      pod([container()], {resources: {requests: {cpu: '1', memory: '1Gi'}}}),
      1000,
      1024,
    ],
    ['but only for what they name', pod([container()], {resources: {requests: {cpu: '1'}}}), 1000, 200],
    [
      'overhead that names a resource does so, too, beside pod-level requests',
      pod([container()], {resources: {requests: {memory: '1Gi'}}, overhead: {cpu: '10m'}}),
      10,
      1024,
    ],
  ])('%s', (_rule, spec, cpu, memoryMiB) => {
    expect(nonZeroRequests(spec)).toEqual({cpu, memory: memoryMiB * MIB});
  });
});

describe('quality of service', () => {
  const full = {cpu: '1', memory: '1Gi'};
  test.each<[rule: string, spec: PodSpec, expected: string]>([
    ['nothing asked and nothing limited', pod([container()]), 'BestEffort'],
    ['zeros count as nothing', pod([container({cpu: 0}, {memory: 0})]), 'BestEffort'],
    ['every container limited to what it asks for', pod([container(full, full), container(full, full)]), 'Guaranteed'],
    ['one container without limits', pod([container(full, full), container()]), 'Burstable'],
    ['a limit above the request', pod([container({cpu: '1', memory: '1Gi'}, {cpu: '2', memory: '1Gi'})]), 'Burstable'],
    ['the same amount in other words', pod([container({cpu: '1000m', memory: '1024Mi'}, full)]), 'Guaranteed'],
    ['init containers count', pod([container(full, full)], {initContainers: [container(full)]}), 'Burstable'],
    ['other resources do not', pod([container({'nvidia.com/gpu': 1}, {'nvidia.com/gpu': 1})]), 'BestEffort'],
    [
      'pod-level values are looked at instead',
      pod([container()], {resources: {requests: full, limits: full}}),
      'Guaranteed',
    ],
  ])('%s: %s', (_rule, spec, expected) => {
    expect(qosClass(spec)).toBe(expected);
  });
});
