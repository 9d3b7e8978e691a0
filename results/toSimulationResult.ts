import type {ClusterModel} from '../model/clusterModel.ts';
import type {Diagnostic} from '../model/diagnostic.ts';
import {type Pod, podKey} from '../model/pod.ts';
import {CPU, MEMORY, type Resources} from '../model/resources.ts';
import type {Simulation, SimulationOptions} from '../simulator/simulation.ts';
import {jobRows, summarizeJobs} from './jobRows.ts';
import {fragmentation, HOURS_PER_MONTH, nodeUses, requestedMix, stranded} from './metrics.ts';
import {API_VERSION, type ResultWarning, type SimulationResult} from './simulationResult.ts';

/** What a result says about its run beside the run itself. */
export interface RunIdentity {
  /** `stowage@VERSION`. */
  readonly exporter: string;
  readonly scenario: string | null;
  readonly inputDigest: string;
  readonly currency: string | null;
  readonly parameters: Pick<SimulationOptions, 'kubernetesVersion' | 'percentageOfNodesToScore' | 'seed' | 'ties'>;
}

/** The result file of a run. */
export function toSimulationResult(
  model: ClusterModel,
  simulation: Simulation,
  warnings: readonly Diagnostic[],
  identity: RunIdentity,
): SimulationResult {
  const {nodeOfPod} = simulation;
  const {kubernetesVersion, percentageOfNodesToScore, seed, ties} = identity.parameters;
  const uses = nodeUses(model, nodeOfPod);
  const mix = requestedMix(model.pods);
  const nodes = model.nodes.map((node, index) => {
    const use = uses[index]!;
    return {
      name: node.name,
      instanceType: node.instanceType,
      zone: node.zone,
      nodePool: node.nodePool,
      pricePerHour: node.pricePerHour,
      pods: use.pods,
      allocatable: inResultUnits(node.allocatable),
      requested: inResultUnits(use.requested),
      limits: cpuAndMemory(use.limits),
      stranded: cpuAndMemory(stranded(node.allocatable, use, mix)),
    };
  });
  const placements = model.pods.flatMap((pod) => {
    const node = model.nodes[nodeOfPod[pod.index] ?? -1];
    return node === undefined ? [] : [{pod: podKey(pod), node: node.name, workload: pod.class.workload.index}];
  });
  const pending = simulation.pending.map(({pod, message, reasons}) => ({
    ...waiting(pod, message),
    reasons: [...reasons],
  }));
  const gated = simulation.gated.map(({pod, message}) => waiting(pod, message));
  const ignored = simulation.ignored.map(({pod, message}) => waiting(pod, message));
  const evicted = simulation.evicted.map(({pod, message}) => waiting(pod, message));
  const rejected = model.rejected.map(({namespace, name, workload, message}) => ({
    pod: `${namespace}/${name}`,
    workload: workload.index,
    message,
  }));
  const jobs = jobRows(simulation);
  const costPerHour = sumPrices(model.nodes.map(({pricePerHour}) => pricePerHour));
  return {
    apiVersion: API_VERSION,
    kind: 'SimulationResult',
    exporter: identity.exporter,
    scenario: identity.scenario,
    inputDigest: identity.inputDigest,
    parameters: {kubernetesVersion, percentageOfNodesToScore, seed, ties},
    summary: {
      pods: model.pods.length + rejected.length,
      placed: placements.length,
      pending: pending.length,
      rejected: rejected.length,
      gated: gated.length,
      ignored: ignored.length,
      evicted: evicted.length,
      nodes: nodes.length,
      currency: identity.currency,
      costPerHour,
      costPerMonth: costPerHour === null ? null : rounded(costPerHour * HOURS_PER_MONTH),
      allocatable: total(nodes.map(({allocatable}) => allocatable)),
      requested: total(nodes.map(({requested}) => requested)),
      limits: total(nodes.map(({limits}) => limits)),
      stranded: total(nodes.map((node) => node.stranded)),
      fragmentation: fragmentation(model, uses),
      jobs: summarizeJobs(jobs),
    },
    nodes,
    workloads: workloadRows(model, placements, [...pending, ...gated, ...ignored, ...evicted], rejected),
    placements,
    pending,
    gated,
    ignored,
    rejected,
    evicted,
    jobs,
    warnings: warnings.map(toWarning),
  };
}

function waiting(pod: Pod, message: string): {pod: string; workload: number; message: string} {
  return {pod: podKey(pod), workload: pod.class.workload.index, message};
}

function workloadRows(
  model: ClusterModel,
  placed: readonly {readonly workload: number}[],
  waitingPods: readonly {readonly workload: number}[],
  rejected: readonly {readonly workload: number}[],
): SimulationResult['workloads'] {
  const requests = model.workloads.map(() => ({}) as Resources);
  const limits = model.workloads.map(() => ({}) as Resources);
  for (const podClass of model.classes) {
    const {index} = podClass.workload;
    requests[index] = largest(requests[index]!, podClass.requests);
    limits[index] = largest(limits[index]!, podClass.limits);
  }
  const placedPods = countByWorkload(model, placed);
  const pendingPods = countByWorkload(model, waitingPods);
  const rejectedPods = countByWorkload(model, rejected);
  return model.workloads.map(({kind, namespace, name, component, replicas, index}) => ({
    kind,
    namespace,
    name,
    component,
    replicas,
    placed: placedPods[index]!,
    pending: pendingPods[index]!,
    rejected: rejectedPods[index]!,
    requests: inResultUnits(requests[index]!),
    limits: inResultUnits(limits[index]!),
  }));
}

function countByWorkload(model: ClusterModel, rows: readonly {readonly workload: number}[]): readonly number[] {
  const counts = model.workloads.map(() => 0);
  for (const {workload} of rows) counts[workload] = counts[workload]! + 1;
  return counts;
}

function largest(a: Resources, b: Resources): Resources {
  const max: Record<string, number> = {...a};
  for (const name of Object.keys(b)) max[name] = Math.max(max[name] ?? 0, b[name]!);
  return max;
}

/** CPU in cores, the rest as it is; cpu and memory first, then by name, so that the order never depends on the input. */
function inResultUnits(resources: Resources): Record<string, number> {
  const rank = (name: string): number => (name === CPU ? 0 : name === MEMORY ? 1 : 2);
  const names = Object.keys(resources).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(names.map((name) => [name, name === CPU ? resources[name]! / 1000 : resources[name]!]));
}

function cpuAndMemory({cpu, memory}: {readonly cpu: number; readonly memory: number}): {cpu: number; memory: number} {
  return {cpu: cpu / 1000, memory};
}

function total(rows: readonly Readonly<Record<string, number>>[]): {cpu: number; memory: number} {
  let milliCpu = 0;
  let memory = 0;
  for (const row of rows) {
    milliCpu += Math.round((row[CPU] ?? 0) * 1000);
    memory += row[MEMORY] ?? 0;
  }
  return {cpu: milliCpu / 1000, memory};
}

/** Prices have four or five decimals; summing thousands of them in binary would show. Null as soon as one is unknown. */
function sumPrices(prices: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const price of prices) {
    if (price === null) return null;
    sum += price;
  }
  return rounded(sum);
}

function rounded(money: number): number {
  return Math.round(money * 1e6) / 1e6;
}

function toWarning({code, object, message}: Diagnostic): ResultWarning {
  return {code, object: object ?? null, message};
}
