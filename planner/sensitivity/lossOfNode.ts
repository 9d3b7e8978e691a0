import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Workload} from '../../model/pod.ts';
import {amountOf, MEMORY} from '../../model/resources.ts';
import {isPlanned} from '../demand/daemons.ts';
import type {PackingProblem} from '../packingProblem.ts';
import type {PackingSolution} from '../packingSolution.ts';

/** What goes with one node at worst: each figure is that of the node on which it is largest. DaemonSets do not count. */
export interface Loss {
  /** Share of all pods. */
  readonly pods: number;
  /** Share of the memory that all pods request. */
  readonly memory: number;
  /** Jobs that lose a pod; null where it is not known which pods are where. */
  readonly jobs: number | null;
}

/** Of a packing. */
export function lossInPacking({dimensions, items}: PackingProblem, solution: PackingSolution): Loss {
  const memory = dimensions.indexOf(MEMORY);
  const all = {pods: 0, memory: 0};
  const worst = {pods: 0, memory: 0};
  for (const {items: held, times} of solution) {
    const own = {pods: 0, memory: 0};
    for (const {item, count} of held) {
      own.pods += count;
      own.memory += count * (items[item]!.size[memory] ?? 0);
    }
    for (const key of ['pods', 'memory'] as const) {
      all[key] += own[key] * times;
      worst[key] = Math.max(worst[key], own[key]);
    }
  }
  return {pods: share(worst.pods, all.pods), memory: share(worst.memory, all.memory), jobs: null};
}

/** Of pods on nodes; `nodeOfPod`: by pod index, below 0 for none. */
export function lossInPlacement({gangs, pods}: ClusterModel, nodeOfPod: Int32Array): Loss {
  const jobOf = new Map<Workload, number>();
  for (const [job, {members}] of gangs.entries()) for (const {workload} of members) jobOf.set(workload, job);
  const all = {pods: 0, memory: 0};
  const nodes = new Map<number, {pods: number; memory: number; readonly jobs: Set<number>}>();
  for (const pod of pods) {
    const node = nodeOfPod[pod.index]!;
    if (node < 0 || !isPlanned(pod)) continue;
    const memory = amountOf(pod.class.requests, MEMORY);
    const own = nodes.get(node) ?? {pods: 0, memory: 0, jobs: new Set()};
    nodes.set(node, own);
    own.pods += 1;
    own.memory += memory;
    all.pods += 1;
    all.memory += memory;
    const job = jobOf.get(pod.class.workload);
    if (job !== undefined) own.jobs.add(job);
  }
  const losses = [...nodes.values()];
  return {
    pods: share(Math.max(0, ...losses.map((own) => own.pods)), all.pods),
    memory: share(Math.max(0, ...losses.map((own) => own.memory)), all.memory),
    jobs: Math.max(0, ...losses.map(({jobs}) => jobs.size)),
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
