import {summarizeJobs} from '../../results/jobRows.ts';
import {
  API_VERSION,
  type ResultNode,
  type ResultWorkload,
  type SimulationResult,
} from '../../results/simulationResult.ts';

const GIBIBYTE = 2 ** 30;

interface MachineType {
  readonly instanceType: string;
  readonly cpu: number;
  readonly memory: number;
  readonly pricePerHour: number | null;
}

const M6I: MachineType = {instanceType: 'm6i.2xlarge', cpu: 7.91, memory: 29.2 * GIBIBYTE, pricePerHour: 0.384};
const R6I: MachineType = {instanceType: 'r6i.xlarge', cpu: 3.92, memory: 29.6 * GIBIBYTE, pricePerHour: 0.252};
const C6I: MachineType = {instanceType: 'c6i.4xlarge', cpu: 15.89, memory: 27.4 * GIBIBYTE, pricePerHour: 0.68};
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

type WorkloadSketch = Pick<ResultWorkload, 'namespace' | 'name' | 'replicas'> &
  Partial<Pick<ResultWorkload, 'kind' | 'component'>> & {readonly cpu: number; readonly gibibytes: number};

/** 12 nodes of two types in three zones, 25 workloads with two Flink clusters; some pods are pending, some rejected. */
export function exampleResult(): SimulationResult {
  return buildResult({
    machines: [...Array<MachineType>(8).fill(M6I), ...Array<MachineType>(4).fill(R6I)],
    workloads: [
      flink('orders', 'taskmanager', 12, 1, 6.5),
      flink('orders', 'jobmanager', 1, 1, 2),
      flink('fraud', 'taskmanager', 6, 2, 12),
      flink('fraud', 'jobmanager', 1, 1, 2),
      {kind: 'StatefulSet', namespace: 'streams', name: 'kafka', replicas: 3, cpu: 1, gibibytes: 8},
      {kind: 'StatefulSet', namespace: 'data', name: 'postgres', replicas: 2, cpu: 1.5, gibibytes: 12},
      {kind: 'DaemonSet', namespace: 'kube-system', name: 'node-agent', replicas: 12, cpu: 0.1, gibibytes: 0.25},
      ...['cart', 'checkout', 'catalog', 'search', 'pricing', 'users', 'media', 'mail', 'gateway'].map(
        (name, index) => ({
          namespace: 'shop',
          name,
          replicas: 2 + (index % 4),
          cpu: 0.25 * (1 + (index % 3)),
          gibibytes: 0.5 * (1 + (index % 5)),
        }),
      ),
      ...['etl', 'reports', 'exports', 'billing', 'ledger', 'audit', 'archive', 'index', 'backup'].map(
        (name, index) => ({
          kind: 'Job',
          namespace: 'batch',
          name,
          replicas: 1 + (index % 3),
          cpu: 0.5,
          gibibytes: index === 0 ? 30 : 1 + (index % 4),
        }),
      ),
    ],
    rejected: [
      {
        pod: 'batch/import-0',
        message:
          'pods "import-0" is forbidden: exceeded quota: batch, requested: requests.memory=64Gi, used: requests.memory=20Gi, limited: requests.memory=48Gi',
      },
    ],
    warnings: [
      {code: 'STW-2003', object: 'Namespace/streams', message: 'the namespace is not in the input'},
      {
        code: 'STW-2002',
        object: null,
        message: '3 objects of the kind Certificate (cert-manager.io/v1) make no pods here',
      },
    ],
  });
}

/** 300 nodes of three types with 2,000 pods of 120 workloads. */
export function largeResult(): SimulationResult {
  const sizes = [...Array(120).keys()].map((index) => ({
    namespace: `team-${index % 12}`,
    name: `service-${String(index).padStart(3, '0')}`,
    replicas: index < 80 ? 17 : 16,
    cpu: 0.25 * (1 + ((index * 7) % 9)),
    gibibytes: 0.5 * (1 + ((index * 5) % 13)),
  }));
  return buildResult({
    machines: [
      ...Array<MachineType>(140).fill(M6I),
      ...Array<MachineType>(120).fill(R6I),
      ...Array<MachineType>(40).fill(C6I),
    ],
    workloads: sizes,
  });
}

/** No nodes and no pods. */
export function emptyResult(): SimulationResult {
  return buildResult({machines: [], workloads: []});
}

interface Cluster {
  readonly machines: readonly MachineType[];
  readonly workloads: readonly WorkloadSketch[];
  readonly rejected?: readonly {readonly pod: string; readonly message: string}[];
  readonly warnings?: SimulationResult['warnings'];
}

/** Places every pod on the node with the most free memory that has room, and counts everything from there. */
export function buildResult({machines, workloads: sketches, rejected = [], warnings = []}: Cluster): SimulationResult {
  const nodes = machines.map((machine, index) => toNode(machine, index));
  const workloads = sketches.map(toWorkload);
  const placements: SimulationResult['placements'] = [];
  const pending: SimulationResult['pending'] = [];
  const free = (node: ResultNode, resource: string) => node.allocatable[resource]! - node.requested[resource]!;
  for (const [index, workload] of workloads.entries()) {
    const cpu = workload.requests.cpu!;
    const memory = workload.requests.memory!;
    for (let replica = 0; replica < workload.replicas; replica++) {
      const pod = `${workload.namespace}/${workload.name}${workload.component === null ? '' : `-${workload.component}`}-${replica}`;
      const [node] = nodes
        .filter((candidate) => free(candidate, 'cpu') >= cpu && free(candidate, 'memory') >= memory)
        .sort((a, b) => free(b, 'memory') - free(a, 'memory'));
      if (node === undefined) {
        const reason = `Insufficient ${nodes.every((candidate) => free(candidate, 'memory') < memory) ? 'memory' : 'cpu'}`;
        pending.push({
          pod,
          workload: index,
          message: `0/${nodes.length} nodes are available: ${nodes.length} ${reason}.`,
          reasons: [{plugin: 'NodeResourcesFit', code: 'Unschedulable', reason, nodes: nodes.length}],
        });
        workload.pending += 1;
        continue;
      }
      node.requested.cpu! += cpu;
      node.requested.memory! += memory;
      node.limits.cpu += cpu * 2;
      node.limits.memory += memory;
      node.pods += 1;
      workload.placed += 1;
      placements.push({pod, node: node.name, workload: index});
    }
  }
  const ratio =
    sum(workloads.map(({requests, replicas}) => requests.memory! * replicas)) /
    (sum(workloads.map(({requests, replicas}) => requests.cpu! * replicas)) || 1);
  for (const node of nodes) {
    node.stranded.cpu = Math.max(0, free(node, 'cpu') - free(node, 'memory') / ratio);
    node.stranded.memory = Math.max(0, free(node, 'memory') - free(node, 'cpu') * ratio);
  }
  const total = (amount: (node: ResultNode) => Record<string, number>) => ({
    cpu: sum(nodes.map((node) => amount(node).cpu!)),
    memory: sum(nodes.map((node) => amount(node).memory!)),
  });
  const costPerHour = sum(nodes.map(({pricePerHour}) => pricePerHour ?? 0));
  const jobs = jobsOf(workloads);
  return {
    apiVersion: API_VERSION,
    kind: 'SimulationResult',
    exporter: 'stowage@0.1.0',
    scenario: 'shop-and-streams',
    inputDigest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    parameters: {kubernetesVersion: '1.36', percentageOfNodesToScore: 100, seed: 42, ties: 'first'},
    summary: {
      pods: placements.length + pending.length + rejected.length,
      placed: placements.length,
      pending: pending.length,
      rejected: rejected.length,
      gated: 0,
      ignored: 0,
      evicted: 0,
      nodes: nodes.length,
      currency: 'USD',
      costPerHour,
      costPerMonth: costPerHour * 730,
      allocatable: total(({allocatable}) => allocatable),
      requested: total(({requested}) => requested),
      limits: total(({limits}) => limits),
      stranded: total(({stranded}) => stranded),
      fragmentation: nodes.length === 0 ? {cpu: null, memory: null} : {cpu: 0.18, memory: 0.31},
      jobs: summarizeJobs(jobs),
    },
    nodes,
    workloads,
    placements,
    pending,
    gated: [],
    ignored: [],
    rejected: rejected.map(({pod, message}) => ({pod, workload: 0, message})),
    evicted: [],
    jobs,
    warnings,
  };
}

function flink(
  name: string,
  component: 'jobmanager' | 'taskmanager',
  replicas: number,
  cpu: number,
  gibibytes: number,
): WorkloadSketch {
  return {kind: 'FlinkDeployment', namespace: 'flink', name, component, replicas, cpu, gibibytes};
}

function toNode({instanceType, cpu, memory, pricePerHour}: MachineType, index: number): ResultNode {
  return {
    name: `ip-10-0-${index % 3}-${index + 10}`,
    instanceType,
    zone: ZONES[index % ZONES.length]!,
    nodePool: 'general',
    pricePerHour,
    pods: 0,
    allocatable: {cpu, memory, pods: 58},
    requested: {cpu: 0, memory: 0},
    limits: {cpu: 0, memory: 0},
    stranded: {cpu: 0, memory: 0},
  };
}

function toWorkload({
  kind = 'Deployment',
  namespace,
  name,
  component = null,
  replicas,
  cpu,
  gibibytes,
}: WorkloadSketch): ResultWorkload {
  const requests = {cpu, memory: gibibytes * GIBIBYTE};
  return {
    kind,
    namespace,
    name,
    component,
    replicas,
    placed: 0,
    pending: 0,
    rejected: 0,
    requests,
    limits: {memory: requests.memory},
  };
}

function jobsOf(workloads: readonly ResultWorkload[]): SimulationResult['jobs'] {
  const parts = workloads.filter(({component}) => component !== null);
  return [...Map.groupBy(parts, ({kind, namespace, name}) => `${kind}/${namespace}/${name}`)].map(([name, members]) => {
    const isRunning = members.every(({placed, replicas}) => placed === replicas);
    const total = sum(members.filter(({component}) => component === 'taskmanager').map(({replicas}) => replicas * 4));
    return {
      name,
      state: isRunning ? ('Running' as const) : ('Waiting' as const),
      message: isRunning ? null : '4 slots missing: 2 of 3 taskmanagers placed',
      slots: {perTaskManager: 4, total, used: total - 2, available: total, idle: 2, missing: isRunning ? 0 : 4},
      heldIdle: {cpu: 0, memory: 0},
      idleManagedMemory: null,
      members: members.map(({component, replicas, placed}) => ({
        component: component ?? '',
        wanted: replicas,
        needed: replicas,
        placed,
      })),
      missingPods: [],
      nearestMiss: null,
      cluster: null,
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
