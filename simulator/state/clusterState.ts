import type {Node} from '../../model/node.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import {amountOf, PODS} from '../../model/resources.ts';
import {ChangeLog} from './changeLog.ts';
import {type HostPort, hostPortsOf, UsedHostPorts} from './hostPorts.ts';
import {PodLists} from './podLists.ts';
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
  readonly available: Float64Array;
  readonly nonZeroRequested: Float64Array;
  readonly podCount: Int32Array;
  readonly pods: PodLists;
  readonly hostPorts: (UsedHostPorts | undefined)[];
  readonly demands: (PodDemand | undefined)[];
}

/**
 * What is on the nodes, as a struct of arrays: row `node`, column `resource`, in the scheduler's units (millicores,
 * bytes). Every pod on a node counts, whatever it is doing there.
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
  /** `[node * resources.size + resource]`: what is left; below zero where more was promised than there is. */
  readonly available: Float64Array;
  /** `[node * 2]` CPU and `[node * 2 + 1]` memory, with scoring's defaults for containers that leave them out. */
  readonly nonZeroRequested: Float64Array;
  readonly podCount: Int32Array;
  /** Which pods are on each node. */
  readonly pods: PodLists;
  /** Every pod that came and went, for those who keep something by node. */
  readonly changes: ChangeLog;
  readonly #hostPorts: (UsedHostPorts | undefined)[];
  /** By class index; never changes once computed, so snapshots share it. */
  readonly #demands: (PodDemand | undefined)[];

  private constructor(parts: Parts) {
    this.nodeCount = parts.nodeCount;
    this.resources = parts.resources;
    this.allocatable = parts.allocatable;
    this.allowedPods = parts.allowedPods;
    this.requested = parts.requested;
    this.available = parts.available;
    this.nonZeroRequested = parts.nonZeroRequested;
    this.podCount = parts.podCount;
    this.pods = parts.pods;
    this.changes = new ChangeLog(parts.nodeCount);
    this.#hostPorts = parts.hostPorts;
    this.#demands = parts.demands;
  }

  /** Nodes without pods. */
  static empty(nodes: readonly Node[], classes: readonly PodClass[], pods: readonly Pod[]): ClusterState {
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
      available: allocatable.slice(),
      nonZeroRequested: new Float64Array(nodes.length * 2),
      podCount: new Int32Array(nodes.length),
      pods: PodLists.empty(nodes.length, pods),
      hostPorts: [],
      demands: [],
    });
  }

  /** Node by pod, -1 where the pod has none. */
  get nodeOfPod(): Int32Array {
    return this.pods.nodeOfPod;
  }

  addPod(pod: Pod, node: number): void {
    this.#put(pod, node);
    this.changes.push(node, pod.index, 1);
  }

  /** Takes a pod off its node; a pod without one is left alone. */
  removePod(pod: Pod): void {
    const node = this.#take(pod);
    if (node >= 0) this.changes.push(node, pod.index, -1);
  }

  /** The result of `run` with these pods, which have no node yet, on a node; the node is afterwards as it was. */
  withPods<Result>(pods: readonly Pod[], node: number, run: () => Result): Result {
    const hostPorts = this.#hostPorts[node]?.clone();
    for (const pod of pods) this.#put(pod, node);
    const result = run();
    for (const pod of pods.toReversed()) {
      this.#take(pod);
      this.pods.forget(pod);
    }
    this.#hostPorts[node] = hostPorts;
    return result;
  }

  /** The result of `run`, which may take pods off a node and put them back; the node is afterwards as it was. */
  withTrial<Result>(node: number, run: (trial: Trial) => Result): Result {
    const hostPorts = this.#hostPorts[node]?.clone();
    const before = this.pods.on(node);
    const result = run({add: (pod) => this.#put(pod, node), remove: (pod) => void this.#take(pod)});
    for (const pod of this.pods.on(node)) this.#take(pod);
    for (const pod of before) this.#put(pod, node);
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
      available: this.available.slice(),
      nonZeroRequested: this.nonZeroRequested.slice(),
      podCount: this.podCount.slice(),
      pods: this.pods.snapshot(),
      hostPorts: this.#hostPorts.map((ports) => ports?.clone()),
      demands: this.#demands,
    });
  }

  #put(pod: Pod, node: number): void {
    const demand = this.demandOf(pod.class);
    this.#count(demand, node, 1);
    this.pods.add(pod, node);
    if (demand.hostPorts.length === 0) return;
    this.#hostPorts[node] ??= new UsedHostPorts();
    for (const port of demand.hostPorts) this.#hostPorts[node].add(port);
  }

  /** The node the pod was on. */
  #take(pod: Pod): number {
    const node = this.nodeOfPod[pod.index]!;
    if (node < 0) return node;
    const demand = this.demandOf(pod.class);
    this.#count(demand, node, -1);
    this.pods.remove(pod);
    for (const port of demand.hostPorts) this.#hostPorts[node]?.remove(port);
    return node;
  }

  #count({resources, amounts, nonZeroCpu, nonZeroMemory}: PodDemand, node: number, sign: 1 | -1): void {
    const row = node * this.resources.size;
    for (let i = 0; i < resources.length; i++) {
      const cell = row + resources[i]!;
      const amount = sign * amounts[i]!;
      this.requested[cell]! += amount;
      this.available[cell]! -= amount;
    }
    this.nonZeroRequested[node * 2]! += sign * nonZeroCpu;
    this.nonZeroRequested[node * 2 + 1]! += sign * nonZeroMemory;
    this.podCount[node]! += sign;
  }
}

/** Changes that are undone in the end. */
export interface Trial {
  add(pod: Pod): void;
  remove(pod: Pod): void;
}

function toDemand(podClass: PodClass, table: ResourceTable): PodDemand {
  const {requests} = podClass;
  const resources = new Int32Array(
    Object.keys(requests)
      .filter((name) => table.indexOf(name) >= 0 && requests[name]! > 0)
      .map((name) => table.indexOf(name)),
  ).sort();
  return {
    resources,
    amounts: new Float64Array(resources.length).map((_none, i) => requests[table.names[resources[i]!]!]!),
    nonZeroCpu: podClass.nonZeroRequests.cpu,
    nonZeroMemory: podClass.nonZeroRequests.memory,
    hostPorts: hostPortsOf(podClass.spec),
  };
}
