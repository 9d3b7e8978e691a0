import type {Node} from '../../model/node.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import {PODS} from '../../model/resources.ts';
import {type HostPort, hostPortsOf, UsedHostPorts} from './hostPorts.ts';
import {ResourceTable} from './resourceTable.ts';

/** What pods of one class take on a node. */
export interface PodDemand {
  /** Resource indices with a request above zero, ascending, and the amounts beside them. */
  readonly resources: Int32Array;
  readonly amounts: Float64Array;
  readonly nonZeroCpu: number;
  readonly nonZeroMemory: number;
  readonly hostPorts: readonly HostPort[];
}

interface Parts {
  readonly nodeCount: number;
  readonly resources: ResourceTable;
  readonly allocatable: Float64Array;
  readonly allowedPods: Float64Array;
  readonly requested: Float64Array;
  readonly nonZeroRequested: Float64Array;
  readonly podCount: Int32Array;
  readonly nodeOfPod: Int32Array;
  readonly hostPorts: (UsedHostPorts | undefined)[];
  readonly demands: (PodDemand | undefined)[];
}

/**
 * What is on the nodes, as a struct of arrays: row `node`, column `resource`, in the scheduler's units (millicores,
 * bytes). Pods are known by their index; every pod on a node counts, whatever it is doing there.
 */
export class ClusterState {
  readonly nodeCount: number;
  readonly resources: ResourceTable;
  /** `[node * resources.size + resource]`. */
  readonly allocatable: Float64Array;
  /** Number of pods that fit, by node. */
  readonly allowedPods: Float64Array;
  /** `[node * resources.size + resource]`: requests of all pods on the node. */
  readonly requested: Float64Array;
  /** `[node * 2]` CPU and `[node * 2 + 1]` memory, with scoring's defaults for containers that leave them out. */
  readonly nonZeroRequested: Float64Array;
  readonly podCount: Int32Array;
  /** Node by pod, -1 where the pod has none. */
  readonly nodeOfPod: Int32Array;
  readonly #hostPorts: (UsedHostPorts | undefined)[];
  /** By class index; never changes once computed, so snapshots share it. */
  readonly #demands: (PodDemand | undefined)[];

  private constructor(parts: Parts) {
    this.nodeCount = parts.nodeCount;
    this.resources = parts.resources;
    this.allocatable = parts.allocatable;
    this.allowedPods = parts.allowedPods;
    this.requested = parts.requested;
    this.nonZeroRequested = parts.nonZeroRequested;
    this.podCount = parts.podCount;
    this.nodeOfPod = parts.nodeOfPod;
    this.#hostPorts = parts.hostPorts;
    this.#demands = parts.demands;
  }

  /** Nodes without pods. */
  static empty(nodes: readonly Node[], classes: readonly PodClass[], podCount: number): ClusterState {
    const resources = new ResourceTable(nodes, classes);
    const allocatable = new Float64Array(nodes.length * resources.size);
    for (const [node, {allocatable: amounts}] of nodes.entries()) {
      for (const [resource, name] of resources.names.entries()) {
        allocatable[node * resources.size + resource] = amountOf(amounts, name);
      }
    }
    return new ClusterState({
      nodeCount: nodes.length,
      resources,
      allocatable,
      allowedPods: Float64Array.from(nodes, (node) => amountOf(node.allocatable, PODS)),
      requested: new Float64Array(nodes.length * resources.size),
      nonZeroRequested: new Float64Array(nodes.length * 2),
      podCount: new Int32Array(nodes.length),
      nodeOfPod: new Int32Array(podCount).fill(-1),
      hostPorts: [],
      demands: [],
    });
  }

  addPod(pod: Pod, node: number): void {
    this.#count(pod.class, node, 1);
    this.nodeOfPod[pod.index] = node;
    const {hostPorts} = this.demandOf(pod.class);
    if (hostPorts.length === 0) return;
    this.#hostPorts[node] ??= new UsedHostPorts();
    for (const port of hostPorts) this.#hostPorts[node].add(port);
  }

  /** Takes a pod off its node; a pod without one is left alone. */
  removePod(pod: Pod): void {
    const node = this.nodeOfPod[pod.index]!;
    if (node < 0) return;
    this.#count(pod.class, node, -1);
    this.nodeOfPod[pod.index] = -1;
    for (const port of this.demandOf(pod.class).hostPorts) this.#hostPorts[node]?.remove(port);
  }

  /** The result of `run` with these pods, which have no node yet, on a node; the node is afterwards as it was. */
  withPods<Result>(pods: readonly Pod[], node: number, run: () => Result): Result {
    const hostPorts = this.#hostPorts[node]?.clone();
    for (const pod of pods) this.addPod(pod, node);
    const result = run();
    for (const pod of pods) this.removePod(pod);
    this.#hostPorts[node] = hostPorts;
    return result;
  }

  hostPortsOn(node: number): UsedHostPorts | undefined {
    return this.#hostPorts[node];
  }

  demandOf(podClass: PodClass): PodDemand {
    this.#demands[podClass.index] ??= toDemand(podClass, this.resources);
    return this.#demands[podClass.index]!;
  }

  /** An independent copy of everything that changes. */
  snapshot(): ClusterState {
    return new ClusterState({
      nodeCount: this.nodeCount,
      resources: this.resources,
      allocatable: this.allocatable,
      allowedPods: this.allowedPods,
      requested: this.requested.slice(),
      nonZeroRequested: this.nonZeroRequested.slice(),
      podCount: this.podCount.slice(),
      nodeOfPod: this.nodeOfPod.slice(),
      hostPorts: this.#hostPorts.map((ports) => ports?.clone()),
      demands: this.#demands,
    });
  }

  #count(podClass: PodClass, node: number, sign: 1 | -1): void {
    const {resources, amounts, nonZeroCpu, nonZeroMemory} = this.demandOf(podClass);
    const row = node * this.resources.size;
    for (let i = 0; i < resources.length; i++) this.requested[row + resources[i]!]! += sign * amounts[i]!;
    this.nonZeroRequested[node * 2]! += sign * nonZeroCpu;
    this.nonZeroRequested[node * 2 + 1]! += sign * nonZeroMemory;
    this.podCount[node]! += sign;
  }
}

function toDemand(podClass: PodClass, table: ResourceTable): PodDemand {
  const wanted = Object.entries(podClass.requests)
    .map(([name, amount]) => ({resource: table.indexOf(name), amount}))
    .filter(({resource, amount}) => resource >= 0 && amount > 0)
    .sort((a, b) => a.resource - b.resource);
  return {
    resources: Int32Array.from(wanted, ({resource}) => resource),
    amounts: Float64Array.from(wanted, ({amount}) => amount),
    nonZeroCpu: podClass.nonZeroRequests.cpu,
    nonZeroMemory: podClass.nonZeroRequests.memory,
    hostPorts: hostPortsOf(podClass.spec),
  };
}

function amountOf(resources: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(resources, name) ? resources[name]! : 0;
}
