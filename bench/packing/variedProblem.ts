import {uniformInt} from 'pure-rand/distribution/uniformInt';
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';
import {type BinType, NO_LIMITS, type PackingItem, type PackingProblem, toCost} from '../../planner/packingProblem.ts';

const MI = 1024 * 1024;
const GI = 1024 * MI;

/** USD an hour for each core, GiB for each core, and architecture, as the families of a cloud differ. */
const FAMILIES = [
  {family: 'c', price: 0.0425, memoryPerCore: 2, arch: 'amd64'},
  {family: 'm', price: 0.048, memoryPerCore: 4, arch: 'amd64'},
  {family: 'r', price: 0.063, memoryPerCore: 8, arch: 'amd64'},
  {family: 'x', price: 0.1042, memoryPerCore: 16, arch: 'amd64'},
  {family: 'cg', price: 0.034, memoryPerCore: 2, arch: 'arm64'},
  {family: 'mg', price: 0.0385, memoryPerCore: 4, arch: 'arm64'},
  {family: 'rg', price: 0.0504, memoryPerCore: 8, arch: 'arm64'},
] as const;
const CORES = [2, 4, 8, 16, 32, 48, 64];

/** What every node keeps: cores in thousandths, bytes, pods. */
const KEPT = {cpu: 150, memory: 400 * MI, pods: 3};

/**
 * A demand drawn from a seed, of as many kinds as real ones are: 1 to 40 shapes, 10 to 3,000 pods, a few families of
 * machines; now and then shapes that run on one architecture or one family alone, that come at most so often to a node,
 * that reject each other, and nodes that take few pods. Every shape fits some machine.
 */
export function variedProblem(seed: number): PackingProblem {
  const random = xoroshiro128plus(seed);
  const between = (from: number, to: number): number => uniformInt(random, from, to);
  const oneIn = (chances: number): boolean => between(1, chances) === 1;
  const pick = <T>(from: readonly T[]): T => from[between(0, from.length - 1)]!;

  const families = FAMILIES.filter((_, index) => index === 1 || oneIn(2));
  const [smallest, largest] = [between(0, 2), between(3, CORES.length - 1)];
  const takesFewPods = oneIn(4);
  const binTypes = families.flatMap(({family, price, memoryPerCore}) =>
    CORES.slice(smallest, largest + 1).map((cores): BinType => {
      const pods = takesFewPods ? 6 + cores : Math.min(250, 27 + cores * 8);
      return {
        name: `${family}.${cores}`,
        capacity: [
          cores * 1000 - KEPT.cpu,
          Math.floor(cores * memoryPerCore * 0.94) * GI - KEPT.memory,
          pods - KEPT.pods,
        ],
        cost: toCost(Number((price * cores).toFixed(5))),
        available: null,
        kind: `${family}.${cores}`,
      };
    }),
  );
  const archOf = families.flatMap(({arch}) => CORES.slice(smallest, largest + 1).map(() => arch));

  const shapes = pick([1, 2, 3, between(4, 10), between(10, 25), between(25, 40)]);
  const pods = Math.max(shapes, pick([between(10, 60), between(60, 400), between(400, 1200), between(1200, 3000)]));
  const weights = Array.from({length: shapes}, () => between(1, 12));
  const sum = weights.reduce((a, b) => a + b, 0);
  const items = weights.map((weight, shape): PackingItem => {
    const isLarge = oneIn(2);
    const quarters = isLarge ? between(4, 32) : between(1, 8);
    const memoryPerCore = pick([1, 2, 4, 6, 8]);
    const wanted = [quarters * 250, Math.ceil((quarters * memoryPerCore) / 4) * (oneIn(2) ? 768 : 1024) * MI, 1];
    const kinds = archKinds(archOf, oneIn(5) ? 'arm64' : 'amd64', oneIn(3));
    const own = kinds.filter((index) => binTypes[index]!.capacity.every((room, d) => wanted[d]! <= room));
    // One that no machine takes is cut down to what the largest of them has.
    const size = own.length > 0 ? wanted : [500, GI, 1];
    const allowed = own.length > 0 ? kinds : [...binTypes.keys()];
    return {
      name: `shape-${shape}`,
      size,
      count: Math.max(1, Math.round((pods * weight) / sum)),
      maxPerBin: oneIn(6) ? between(1, 3) : null,
      binTypes: allowed.length === binTypes.length ? null : allowed,
      standsFor: null,
    };
  });
  const exclusions: (readonly [number, number])[] = [];
  if (shapes > 2 && oneIn(4)) {
    const [first] = items.keys();
    for (let other = 1; other <= Math.min(3, shapes - 1); other++) exclusions.push([first!, other]);
  }
  return {dimensions: ['cpu', 'memory', 'pods'], items, binTypes, exclusions, limits: NO_LIMITS};
}

/** Of one architecture, or of any where the images are for both; all where there is none of it. */
function archKinds(archOf: readonly string[], arch: string, isForBoth: boolean): readonly number[] {
  const all = [...archOf.keys()];
  const own = all.filter((index) => isForBoth || archOf[index] === arch);
  return own.length > 0 ? own : all;
}
