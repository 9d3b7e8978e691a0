/** The machines of the input as a kind of pod would find them, each empty but for DaemonSets. */
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {Node} from '../../../model/node.ts';
import type {PodClass} from '../../../model/pod.ts';
import {amountOf, CPU, MEMORY, PODS, type Resources} from '../../../model/resources.ts';
import {runsOn} from '../../expansion/daemonSet.ts';
import {coresText} from './amounts.ts';

export interface Machine {
  /** The instance type, else the pool, else the shape. */
  readonly title: string;
  /** Of nodes of one title the one with the least memory to give. */
  readonly node: Node;
  /** Allocatable less what DaemonSets ask for. */
  readonly free: Resources;
  /** Bytes that DaemonSets ask for. */
  readonly daemonMemory: number;
}

/** Finds the machines that would take a pod, in the order of the nodes. */
export function machineFinder(model: ClusterModel): (podClass: PodClass) => readonly Machine[] {
  const daemons = daemonRequests(model);
  const nodes = model.nodes
    .filter(({unschedulable}) => !unschedulable)
    .map((node) => {
      const asked = daemons.get(node.name) ?? {};
      const free = difference(node.allocatable, asked);
      return {title: titleOf(node), node, free, daemonMemory: amountOf(asked, MEMORY)};
    });
  return ({spec}) => {
    const machines = new Map<string, Machine>();
    for (const machine of nodes) {
      const known = machines.get(machine.title);
      const isSmallest = known === undefined || amountOf(machine.free, MEMORY) < amountOf(known.free, MEMORY);
      if (isSmallest && runsOn(spec, machine.node)) machines.set(machine.title, machine);
    }
    return [...machines.values()];
  };
}

function titleOf({instanceType, nodePool, allocatable}: Node): string {
  return (
    instanceType ??
    nodePool ??
    `a node of ${coresText(amountOf(allocatable, CPU))} and ${Math.round(amountOf(allocatable, MEMORY) / 2 ** 30)} GiB`
  );
}

/** By the name of the node; `pods` counts them. */
function daemonRequests({pods}: ClusterModel): ReadonlyMap<string, Resources> {
  const byNode = new Map<string, Record<string, number>>();
  for (const {class: podClass, daemonSetNode, nodeName} of pods) {
    const node = daemonSetNode ?? (podClass.owner?.kind === 'DaemonSet' ? nodeName : null);
    if (node === null) continue;
    const sum = byNode.get(node) ?? {};
    for (const [name, amount] of [...Object.entries(podClass.requests), [PODS, 1] as const]) {
      sum[name] = (sum[name] ?? 0) + amount;
    }
    byNode.set(node, sum);
  }
  return byNode;
}

function difference(whole: Resources, part: Resources): Resources {
  return Object.fromEntries(
    Object.entries(whole).map(([name, amount]) => [name, Math.max(0, amount - amountOf(part, name))]),
  );
}

/** How many equal pods fit by each resource, and in all. */
export interface PodsOnMachine {
  readonly count: number;
  readonly memory: number;
  readonly cpu: number;
  /** By everything but memory. */
  readonly withoutMemory: number;
}

export function podsOn(requests: Resources, free: Resources): PodsOnMachine {
  const by = (name: string): number => {
    const request = amountOf(requests, name);
    return request === 0 ? Number.POSITIVE_INFINITY : Math.floor(amountOf(free, name) / request);
  };
  const others = Object.keys(requests).filter((name) => name !== MEMORY);
  const withoutMemory = Math.min(amountOf(free, PODS), ...others.map(by));
  const memory = by(MEMORY);
  return {count: Math.min(memory, withoutMemory), memory, cpu: by(CPU), withoutMemory};
}
