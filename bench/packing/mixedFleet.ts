import {uniformInt} from 'pure-rand/distribution/uniformInt';
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';
import {CPU, MEMORY, PODS} from '../../model/resources.ts';
import type {Machine} from '../../planner/demand/machines.ts';
import {type BinType, NO_LIMITS, type PackingItem, type PackingProblem, toCost} from '../../planner/packingProblem.ts';

const MI = 1024 * 1024;
/** What the system pods of every node ask for. */
const SYSTEM_PODS = {cpu: 300, memory: 500, pods: 4};

/** USD an hour of the size `large` in us-east-1 and GiB of memory for each of its two cores; price is linear in size. */
const FAMILIES = [
  {family: 'c6i', price: 0.085, memoryPerCore: 2},
  {family: 'c7i', price: 0.08925, memoryPerCore: 2},
  {family: 'm6i', price: 0.096, memoryPerCore: 4},
  {family: 'm7i', price: 0.1008, memoryPerCore: 4},
  {family: 'r6i', price: 0.126, memoryPerCore: 8},
  {family: 'r7i', price: 0.1323, memoryPerCore: 8},
];

const SIZES = [
  {size: 'large', cores: 2, maxPods: 29},
  {size: 'xlarge', cores: 4, maxPods: 58},
  {size: '2xlarge', cores: 8, maxPods: 58},
  {size: '4xlarge', cores: 16, maxPods: 234},
  {size: '8xlarge', cores: 32, maxPods: 234},
  {size: '12xlarge', cores: 48, maxPods: 234},
  {size: '16xlarge', cores: 64, maxPods: 737},
];

/**
 * Flink TaskManagers beside online services, on 42 types of EKS if none are given: 20 shapes, 12 of them TaskManagers of 4 to 32 GiB with 4
 * to 8 GiB for each core, the others of a quarter to 4 cores with half to 4 GiB for each. The same seed is the same
 * problem.
 */
export function mixedFleet(
  seed: number,
  pods: number,
  shapes = 20,
  binTypes: readonly BinType[] = eksTypes(),
): PackingProblem {
  const random = xoroshiro128plus(seed);
  const between = (from: number, to: number) => uniformInt(random, from, to);
  const flink = Math.round(shapes * 0.6);
  const sizes = Array.from({length: shapes}, (_, shape) => {
    const isFlink = shape < flink;
    const memory = isFlink ? between(4, 32) * 1024 : 0;
    const quarters = isFlink ? Math.max(1, Math.round(((memory / 1024) * 4) / between(4, 8))) : between(1, 16);
    const ownMemory = isFlink ? memory : Math.max(1, Math.round((quarters * between(1, 8)) / 4)) * 512;
    return {cpu: quarters * 250, memory: ownMemory};
  });
  const counts = share(
    pods,
    sizes.map(() => between(1, 10)),
  );
  const items = sizes.map(
    ({cpu, memory}, shape): PackingItem => ({
      name: `${shape < flink ? 'flink' : 'online'}-${shape}`,
      size: [cpu, memory * MI, 1],
      count: counts[shape]!,
      maxPerBin: null,
      binTypes: null,
      standsFor: null,
    }),
  );
  return {dimensions: ['cpu', 'memory', 'pods'], items, binTypes, exclusions: [], limits: NO_LIMITS};
}

/** `total` divided in proportion to the weights, in whole numbers. */
function share(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  let weightSoFar = 0;
  let given = 0;
  return weights.map((weight) => {
    weightSoFar += weight;
    const count = Math.round((total * weightSoFar) / sum) - given;
    given += count;
    return count;
  });
}

/** So many of the machines, drawn from the seed, less what system pods ask for; those too small for these are left out. */
export function drawnTypes(machines: readonly Machine[], count: number, seed: number): readonly BinType[] {
  const random = xoroshiro128plus(seed);
  const left = machines.map(binTypeOf).filter(({capacity}) => capacity.every((amount) => amount >= 0));
  return Array.from(
    {length: Math.min(count, left.length)},
    () => left.splice(uniformInt(random, 0, left.length - 1), 1)[0]!,
  );
}

function binTypeOf({instanceType: {name}, allocatable, pricePerHour}: Machine): BinType {
  const capacity = [
    allocatable[CPU]! - SYSTEM_PODS.cpu,
    allocatable[MEMORY]! - SYSTEM_PODS.memory * MI,
    allocatable[PODS]! - SYSTEM_PODS.pods,
  ];
  return {name, capacity, cost: toCost(pricePerHour), available: null, kind: name};
}

function eksTypes(): readonly BinType[] {
  return FAMILIES.flatMap(({family, price, memoryPerCore}) =>
    SIZES.map(({size, cores, maxPods}) => {
      const nominal = cores * memoryPerCore * 1024;
      const memory = nominal - Math.ceil(nominal * 0.075) - (11 * maxPods + 255) - 100;
      return {
        name: `${family}.${size}`,
        capacity: [
          cores * 1000 - reservedCpu(cores) - SYSTEM_PODS.cpu,
          (memory - SYSTEM_PODS.memory) * MI,
          maxPods - SYSTEM_PODS.pods,
        ],
        cost: toCost((price * cores) / 2),
        available: null,
        kind: `${family}.${size}`,
      };
    }),
  );
}

/** Millicores that EKS keeps: 6 % of the first core, 1 % of the second, 0.5 % of two more, 0.25 % of the rest. */
function reservedCpu(cores: number): number {
  return 60 + 10 * Math.min(cores - 1, 1) + 5 * Math.max(0, Math.min(cores - 2, 2)) + 2.5 * Math.max(0, cores - 4);
}
