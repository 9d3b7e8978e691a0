/**
 * Buys as the Cluster Autoscaler does (kubernetes/autoscaler, cluster-autoscaler/estimator and cluster-autoscaler/
 * expander, 1.37): in each loop every node group is tried with all pods that are still pending, first fit in the order
 * of falling CPU share plus memory share; the expander chooses one group, whose nodes are bought; what is left waits for
 * the next loop.
 *
 * Limits of the emulation: every bin type is a node group without a largest size, so similar groups are not balanced. A
 * loop buys at most 1,000 nodes, the default. Shares and waste are of what pods can use, where the autoscaler divides by
 * the capacity of the machine. Of equally good groups the first is taken, where it draws one. The price expander uses
 * the prices of the problem for nodes, and for pods those that its GCE model has for a core and for a GiB.
 */
import {CPU, MEMORY} from '../../model/resources.ts';
import {COST_UNITS, type PackingProblem} from '../packingProblem.ts';
import type {PackedBins, PackingSolution} from '../packingSolution.ts';
import {type Competitor, dimension} from './competitor.ts';
import {eligibility, OpenBins} from './openBins.ts';

const MAX_NODES_PER_SCALE_UP = 1000;

/** What one node group would hold. */
interface Option {
  readonly binType: number;
  readonly nodes: number;
  readonly solution: readonly PackedBins[];
  /** Pods by item. */
  readonly placed: readonly number[];
  /** Sums over the pods, in millicores and bytes. */
  readonly cpu: number;
  readonly memory: number;
}

/** Smaller is better. `clusterSize` is in nodes, before the expansion. */
type Expander = (option: Option, problem: PackingProblem, clusterSize: number) => number;

export const LEAST_WASTE: Competitor = {
  name: 'cluster-autoscaler, least-waste',
  pack: (problem) => packLikeClusterAutoscaler(problem, waste),
};

export const PRICE: Competitor = {
  name: 'cluster-autoscaler, price',
  pack: (problem) => packLikeClusterAutoscaler(problem, priceScore),
};

function packLikeClusterAutoscaler(problem: PackingProblem, expander: Expander): PackingSolution | null {
  let pending: readonly number[] = problem.items.map(({count}) => count);
  const bought: PackedBins[] = [];
  let clusterSize = 0;
  const mayHold = eligibility(problem);
  const alike = firstAlike(problem, mayHold);
  while (pending.some((count) => count > 0)) {
    let best: Option | null = null;
    let bestScore = Number.POSITIVE_INFINITY;
    const estimates = new Map<number, Option | null>();
    for (const binType of problem.binTypes.keys()) {
      const first = alike[binType]!;
      if (first === binType) estimates.set(first, estimate(problem, first, pending, mayHold));
      const estimated = estimates.get(first)!;
      if (estimated === null) continue;
      const option = {...estimated, binType};
      const score = expander(option, problem, clusterSize);
      if (score < bestScore) [best, bestScore] = [option, score];
    }
    if (best === null) return null;
    const {placed, solution, nodes} = best;
    bought.push(...solution.map((bins) => ({...bins, binType: best.binType})));
    clusterSize += nodes;
    pending = pending.map((count, item) => count - placed[item]!);
  }
  return bought;
}

/** By bin type, the first that holds the same: machines that differ in price alone need one estimate. */
function firstAlike(
  {binTypes, items}: PackingProblem,
  mayHold: (binType: number, item: number) => boolean,
): readonly number[] {
  const firsts = new Map<string, number>();
  return binTypes.map(({capacity}, binType) => {
    const key = `${capacity.join()}|${items.map((_, item) => (mayHold(binType, item) ? 1 : 0)).join('')}`;
    const first = firsts.get(key) ?? binType;
    firsts.set(key, first);
    return first;
  });
}

/** null where the group helps no pod. */
function estimate(
  problem: PackingProblem,
  binType: number,
  pending: readonly number[],
  mayHold: (binType: number, item: number) => boolean,
): Option | null {
  const {capacity} = problem.binTypes[binType]!;
  const dimensions = [dimension(problem, CPU), dimension(problem, MEMORY)];
  const score = ({size}: {readonly size: readonly number[]}): number =>
    dimensions.reduce((sum, d) => sum + (d >= 0 && capacity[d]! > 0 ? size[d]! / capacity[d]! : 0), 0);
  const candidates = problem.items.flatMap((item, index) =>
    pending[index]! > 0 && mayHold(binType, index) ? [{index, score: score(item)}] : [],
  );
  candidates.sort((a, b) => b.score - a.score || a.index - b.index);
  const bins = new OpenBins(problem, mayHold);
  const placed = pending.map(() => 0);
  for (const {index} of candidates) {
    const wanted = pending[index]!;
    const left = bins.open(binType, index, bins.fill(index, wanted), MAX_NODES_PER_SCALE_UP - bins.count);
    placed[index] = wanted - left;
  }
  if (bins.count === 0) return null;
  const sum = (d: number): number =>
    d < 0 ? 0 : placed.reduce((total, count, item) => total + count * problem.items[item]!.size[d]!, 0);
  const [cpu, memory] = dimensions.map(sum) as [number, number];
  return {binType, nodes: bins.count, solution: bins.solution, placed, cpu, memory};
}

/** Wasted share of CPU plus wasted share of memory. */
function waste({binType, nodes, cpu, memory}: Option, problem: PackingProblem): number {
  const {capacity} = problem.binTypes[binType]!;
  const wasted = (used: number, name: string): number => {
    const offered = nodes * (capacity[dimension(problem, name)] ?? 0);
    return offered === 0 ? 0 : (offered - used) / offered;
  };
  return wasted(cpu, CPU) + wasted(memory, MEMORY);
}

/** Dollars an hour for a core and for a GiB. */
const CPU_PRICE = 0.033174;
const MEMORY_PRICE = 0.004446;
const GIB = 2 ** 30;
/** Added to both sides of the ratio, so that a single small pod does not decide: half a core and 500 MB. */
const STABILIZATION = 0.5 * CPU_PRICE + (500e6 / GIB) * MEMORY_PRICE;

/** The cost of the nodes over that of the pods, times how unfit the machines are for a cluster of this size. */
function priceScore(option: Option, problem: PackingProblem, clusterSize: number): number {
  const {binType, nodes, cpu, memory} = option;
  const {cost, capacity} = problem.binTypes[binType]!;
  const nodeCost = (nodes * cost!) / COST_UNITS;
  const podCost = (cpu / 1000) * CPU_PRICE + (memory / GIB) * MEMORY_PRICE;
  const ratio = (nodeCost + STABILIZATION) / (podCost + STABILIZATION);
  const cores = (capacity[dimension(problem, CPU)] ?? 0) / 1000;
  return ratio * suppressed(unfitness(cores, clusterSize), nodes);
}

/** Cores of the machine that suits a cluster, by the cluster's nodes. */
const PREFERRED_CORES: readonly (readonly [largestCluster: number, cores: number])[] = [
  [2, 1],
  [6, 2],
  [20, 4],
  [60, 8],
  [200, 16],
  [Number.POSITIVE_INFINITY, 32],
];

function unfitness(cores: number, clusterSize: number): number {
  const preferred = PREFERRED_CORES.find(([largest]) => clusterSize <= largest)![1];
  return Math.max(preferred / cores, cores / preferred);
}

/** Counts for less the more nodes are bought at once. */
function suppressed(unfit: number, nodes: number): number {
  return (unfit - 1) * (1 - Math.tanh((nodes - 1) / 15)) + 1;
}
