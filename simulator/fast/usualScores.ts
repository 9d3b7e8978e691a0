import {MAX_NODE_SCORE} from '../framework/plugin.ts';
import {fraction, NodeResourcesBalancedAllocation, pairBalance} from '../plugins/nodeResourcesBalancedAllocation.ts';
import {type CpuAndMemory, NodeResourcesFit} from '../plugins/nodeResourcesFit.ts';
import {leastAllocated} from '../plugins/scoringStrategy.ts';
import type {ClusterState} from '../state/clusterState.ts';
import {CPU_INDEX, MEMORY_INDEX} from '../state/resourceTable.ts';
import type {ActiveFilter, ActiveScore, ViewParts} from './viewParts.ts';

/**
 * What nearly every profile asks of a node's CPU and memory, worked out in one pass over the nodes, which takes a third
 * of the time of a pass for each: room for the pod, NodeResourcesFit's LeastAllocated and
 * NodeResourcesBalancedAllocation.
 */
export class UsualScores {
  readonly #fit: ActiveScore & {readonly plugin: NodeResourcesFit};
  readonly #fitAmounts: CpuAndMemory;
  readonly #balanced: ActiveScore & {readonly plugin: NodeResourcesBalancedAllocation};
  readonly #balancedAmounts: CpuAndMemory;
  readonly #filter: ActiveFilter | null;
  readonly #request: CpuAndMemory;

  private constructor(parts: {
    readonly fit: ActiveScore & {readonly plugin: NodeResourcesFit};
    readonly fitAmounts: CpuAndMemory;
    readonly balanced: ActiveScore & {readonly plugin: NodeResourcesBalancedAllocation};
    readonly balancedAmounts: CpuAndMemory;
    readonly filter: ActiveFilter | null;
    readonly request: CpuAndMemory;
  }) {
    this.#fit = parts.fit;
    this.#fitAmounts = parts.fitAmounts;
    this.#balanced = parts.balanced;
    this.#balancedAmounts = parts.balancedAmounts;
    this.#filter = parts.filter;
    this.#request = parts.request;
  }

  /** null where the profile scores by something else. */
  static of({filters, scores}: ViewParts): UsualScores | null {
    const fit = scores.find(isFit);
    const balanced = scores.find(isBalanced);
    if (fit === undefined || balanced === undefined) return null;
    const fitAmounts = fit.plugin.leastAllocatedPair(fit.state as never);
    const balancedAmounts = balanced.plugin.cpuAndMemoryPair(balanced.state as never);
    if (fitAmounts === null || balancedAmounts === null) return null;
    const filter = filters.find(isFit);
    const request = filter?.plugin.cpuAndMemoryRequest(filter.state as never);
    const isCovered = filter !== undefined && request?.isAll === true;
    return new UsualScores({
      ...{fit, fitAmounts, balanced, balancedAmounts},
      filter: isCovered ? filter : null,
      request: isCovered ? request : NO_REQUEST,
    });
  }

  /** Whether a filter or score need not be asked. */
  covers(active: ActiveFilter | ActiveScore): boolean {
    return active === this.#filter || active === this.#fit || active === this.#balanced;
  }

  /** Clears the mark of nodes without room, and adds the scores of the others. */
  add(marks: Uint8Array, local: Int32Array, state: ClusterState): void {
    const {allocatable, requested, nonZeroRequested, podCount, allowedPods, resources} = state;
    const {size} = resources;
    const {cpu: cpuRequest, memory: memoryRequest} = this.#request;
    const {cpu: fitCpu, memory: fitMemory} = this.#fitAmounts;
    const {cpu: balancedCpu, memory: balancedMemory} = this.#balancedAmounts;
    const one = this.#filter === null ? Number.NEGATIVE_INFINITY : 1;
    const balances = this.#balanced.plugin.balances();
    const {weight: fitWeight} = this.#fit;
    const {weight: balancedWeight} = this.#balanced;
    for (let node = 0, row = 0; node < marks.length; node++, row += size) {
      if (marks[node] === 0) continue;
      const cpu = row + CPU_INDEX;
      const memory = row + MEMORY_INDEX;
      const cpuCapacity = allocatable[cpu]!;
      const memoryCapacity = allocatable[memory]!;
      const cpuRequested = requested[cpu]!;
      const memoryRequested = requested[memory]!;
      const hasRoom =
        podCount[node]! + one <= allowedPods[node]! &&
        cpuRequested + cpuRequest <= cpuCapacity &&
        memoryRequested + memoryRequest <= memoryCapacity;
      if (!hasRoom) {
        marks[node] = 0;
        continue;
      }
      if (cpuCapacity === 0 || memoryCapacity === 0) {
        local[node]! += this.#scoreOf(node);
        continue;
      }
      const fit =
        leastAllocated(nonZeroRequested[node * 2]! + fitCpu, cpuCapacity) +
        leastAllocated(nonZeroRequested[node * 2 + 1]! + fitMemory, memoryCapacity);
      const balance = pairBalance(
        fraction(cpuRequested + balancedCpu, cpuCapacity),
        fraction(memoryRequested + balancedMemory, memoryCapacity),
      );
      // The balance of two is 50 at least, so that the sum is not negative and the shift truncates.
      const balanced =
        balances === null ? balance : MAX_NODE_SCORE / 2 + ((MAX_NODE_SCORE / 2 + balance - balances[node]!) >> 1);
      local[node]! += fitWeight * (fit >> 1) + balancedWeight * balanced;
    }
  }

  /** Of a node that lacks CPU or memory altogether. */
  #scoreOf(node: number): number {
    return (
      this.#fit.weight * this.#fit.plugin.score(this.#fit.state as never, node) +
      this.#balanced.weight * this.#balanced.plugin.score(this.#balanced.state as never, node)
    );
  }
}

const NO_REQUEST: CpuAndMemory = {cpu: Number.NEGATIVE_INFINITY, memory: Number.NEGATIVE_INFINITY};

function isFit<Active extends ActiveFilter | ActiveScore>(
  active: Active,
): active is Active & {readonly plugin: NodeResourcesFit} {
  return active.plugin instanceof NodeResourcesFit;
}

function isBalanced(active: ActiveScore): active is ActiveScore & {readonly plugin: NodeResourcesBalancedAllocation} {
  return active.plugin instanceof NodeResourcesBalancedAllocation;
}
