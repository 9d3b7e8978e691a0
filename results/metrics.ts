import type {ClusterModel} from '../model/clusterModel.ts';
import type {Pod, PodClass} from '../model/pod.ts';
import {CPU, MEMORY, PODS, type Resources} from '../model/resources.ts';

/** Hours in the month that monthly costs are stated for: a twelfth of 365 days. */
export const HOURS_PER_MONTH = 730;

/** What the pods on one node add up to, in the scheduler's units. */
export interface NodeUse {
  readonly pods: number;
  readonly requested: Resources;
  readonly limits: {readonly cpu: number; readonly memory: number};
}

interface CpuAndMemory {
  readonly cpu: number;
  readonly memory: number;
}

/** Sums requests and limits of the pods on every node. O(pods). */
export function nodeUses(model: ClusterModel, nodeOfPod: Int32Array): NodeUse[] {
  const uses = model.nodes.map(() => ({
    pods: 0,
    requested: Object.create(null) as Record<string, number>,
    limits: {cpu: 0, memory: 0},
  }));
  for (const pod of model.pods) {
    const use = uses[nodeOfPod[pod.index] ?? -1];
    if (use === undefined) continue;
    use.pods += 1;
    for (const name of Object.keys(pod.class.requests)) {
      use.requested[name] = (use.requested[name] ?? 0) + pod.class.requests[name]!;
    }
    use.limits.cpu += pod.class.limits[CPU] ?? 0;
    use.limits.memory += pod.class.limits[MEMORY] ?? 0;
  }
  return uses;
}

/** CPU and memory that all pods of the run ask for together: the mix that stranded capacity is measured against. */
export function requestedMix(pods: readonly Pod[]): CpuAndMemory {
  let cpu = 0;
  let memory = 0;
  for (const {class: podClass} of pods) {
    cpu += podClass.requests[CPU] ?? 0;
    memory += podClass.requests[MEMORY] ?? 0;
  }
  return {cpu, memory};
}

/**
 * Free capacity of a node that the mix of the run could never use, because the other resource runs out first: the node
 * is filled up with the mix as with a liquid, and what is left over is stranded. At most one of the two is above zero,
 * except on a node that takes no more pods, where all that is free is stranded.
 */
export function stranded(allocatable: Resources, use: NodeUse, mix: CpuAndMemory): CpuAndMemory {
  const cpu = free(allocatable, use, CPU);
  const memory = free(allocatable, use, MEMORY);
  if (use.pods >= (allocatable[PODS] ?? 0)) return {cpu, memory};
  if (mix.cpu === 0 && mix.memory === 0) return {cpu: 0, memory: 0};
  const fill = Math.min(
    mix.cpu === 0 ? Number.POSITIVE_INFINITY : cpu / mix.cpu,
    mix.memory === 0 ? Number.POSITIVE_INFINITY : memory / mix.memory,
  );
  return {
    cpu: Math.max(0, Math.round(cpu - fill * mix.cpu)),
    memory: Math.max(0, Math.round(memory - fill * mix.memory)),
  };
}

/**
 * The share of the free CPU and memory that lies on nodes where a pod drawn at random from the run does not fit
 * (fragmentation as in FGD, Weng et al., USENIX ATC 2023, over requests and pod slots). Null where nothing is free.
 */
export function fragmentation(
  model: ClusterModel,
  uses: readonly NodeUse[],
): {readonly cpu: number | null; readonly memory: number | null} {
  const shapes = podShapes(model.pods);
  const leftovers = distinctLeftovers(model, uses);
  let total = 0;
  for (const {count} of shapes) total += count;
  let freeCpu = 0;
  let freeMemory = 0;
  let unusableCpu = 0;
  let unusableMemory = 0;
  for (const {node, count, cpu, memory} of leftovers) {
    const {allocatable} = model.nodes[node]!;
    const use = uses[node]!;
    let misfits = 0;
    for (const shape of shapes) if (!fits(shape.requests, allocatable, use)) misfits += shape.count;
    const share = total === 0 ? 0 : misfits / total;
    freeCpu += cpu * count;
    freeMemory += memory * count;
    unusableCpu += cpu * count * share;
    unusableMemory += memory * count * share;
  }
  return {cpu: ratio(unusableCpu, freeCpu), memory: ratio(unusableMemory, freeMemory)};
}

interface PodShape {
  readonly requests: Resources;
  count: number;
}

/** The distinct requests of the run's pods with how many pods have each. */
function podShapes(pods: readonly Pod[]): PodShape[] {
  const perClass = new Map<PodClass, number>();
  for (const pod of pods) perClass.set(pod.class, (perClass.get(pod.class) ?? 0) + 1);
  const shapes = new Map<string, PodShape>();
  for (const [{requests}, count] of perClass) {
    const key = Object.keys(requests)
      .sort()
      .map((name) => `${name}=${requests[name]}`)
      .join();
    const shape = shapes.get(key);
    if (shape === undefined) shapes.set(key, {requests, count});
    else shape.count += count;
  }
  return [...shapes.values()];
}

/** Nodes of equal machines with equal use are looked at once; they are many where replicas are placed evenly. */
function distinctLeftovers(
  model: ClusterModel,
  uses: readonly NodeUse[],
): {readonly node: number; count: number; readonly cpu: number; readonly memory: number}[] {
  const groups = new Map<string, {node: number; count: number; cpu: number; memory: number}>();
  for (const [node, {allocatable}] of model.nodes.entries()) {
    const use = uses[node]!;
    const names = Object.keys(allocatable).sort();
    const key = `${use.pods}:${names.map((name) => `${name}=${allocatable[name]}-${use.requested[name] ?? 0}`).join()}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, {node, count: 1, cpu: free(allocatable, use, CPU), memory: free(allocatable, use, MEMORY)});
    } else group.count += 1;
  }
  return [...groups.values()];
}

function fits(requests: Resources, allocatable: Resources, use: NodeUse): boolean {
  if (use.pods >= (allocatable[PODS] ?? 0)) return false;
  for (const name of Object.keys(requests)) {
    if (requests[name]! > 0 && requests[name]! > (allocatable[name] ?? 0) - (use.requested[name] ?? 0)) return false;
  }
  return true;
}

function free(allocatable: Resources, use: NodeUse, name: string): number {
  return Math.max(0, (allocatable[name] ?? 0) - (use.requested[name] ?? 0));
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
