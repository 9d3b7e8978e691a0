import type {Catalog, InstanceType} from '../../../catalog/instanceType.ts';
import type {PodSpec} from '../../../model/kubernetes.ts';
import {type PodInput, requests} from '../../simulator/builders.ts';

const GIB = 2 ** 30;

/** A machine that offers exactly what it says. */
export function machine(
  name: string,
  [cpu, gib, price]: readonly [number, number, number],
  rest: Partial<InstanceType> = {},
): InstanceType {
  return {
    name,
    family: name.split('.')[0]!,
    arch: 'amd64',
    vcpu: cpu,
    memoryMiB: gib * 1024,
    maxPods: 110,
    gpus: 0,
    localNvmeGiB: 0,
    pricePerHour: price,
    priceTiers: null,
    allocatable: {cpu: cpu * 1000, memory: gib * GIB},
    source: 'test',
    asOf: '2026-01-01',
    ...rest,
  };
}

export function catalog(...types: readonly InstanceType[]): Catalog {
  return {
    name: 'test',
    provider: 'aws',
    region: 'test-1',
    currency: 'USD',
    source: 'test',
    asOf: '2026-01-01',
    allocatableRule: 'Kubelet',
    remarks: [],
    instanceTypes: new Map(types.map((type) => [type.name, type])),
  };
}

/** A pod of the default scheduler that its own label selects. */
export function pod(
  name: string,
  spec: Partial<PodSpec> = {},
  [cpu, memory]: readonly [string, string] = ['1', '1Gi'],
): PodInput {
  return {name, labels: {app: name}, spec: {...requests(cpu, memory), schedulerName: 'default-scheduler', ...spec}};
}
