import type {Cluster, ClusterSpec, ComponentSpec} from './clusterSpec.ts';
import {bytesOf, quantity, upperBound, wholeUnits} from './quantities.ts';
import {isBelow, parseVersion, VERSION_1_10, VERSION_2_0} from './version.ts';

/** Properties that a user cannot override. */
const SYSTEM_PROPERTIES: ReadonlySet<string> = new Set([
  'jobmanager.rpc.address',
  'jobmanager.rpc.port',
  'blob.server.port',
  'query.server.port',
  'rest.port',
]);

const SLOTS = 'taskmanager.numberOfTaskSlots';
const MEBIBYTE = 2n ** 20n;
const MEGABYTE = 10n ** 6n;

/** Flink's configuration as the operator writes it for JobManager and TaskManagers, by key in order. */
export function flinkConfiguration(cluster: Cluster): Readonly<Record<string, string>> {
  const {dialect, name, spec} = cluster;
  const {jobManager, taskManager, flinkProperties = {}} = spec;
  const slots = taskManagerSlots(cluster);
  const configuration: Record<string, string> = {
    'jobmanager.rpc.address': `${name}-jobmanager`,
    'jobmanager.rpc.port': String(jobManager.ports.rpc),
    'blob.server.port': String(jobManager.ports.blob),
    'query.server.port': String(jobManager.ports.query),
    'rest.port': String(jobManager.ports.ui),
    'taskmanager.rpc.port': String(taskManager.ports.rpc),
    ...memoryOptions(cluster),
    ...(dialect === 'spotify' && slots !== null ? {[SLOTS]: String(slots)} : {}),
  };
  for (const [key, value] of Object.entries(flinkProperties)) {
    if (!SYSTEM_PROPERTIES.has(key)) configuration[key] = value;
  }
  return Object.fromEntries(Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The text of the file in the ConfigMap. */
export function flinkConf(cluster: Cluster): string {
  return Object.entries(flinkConfiguration(cluster))
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

export function configurationFile({spec}: Cluster): 'flink-conf.yaml' | 'config.yaml' {
  const version = parseVersion(spec.flinkVersion ?? '');
  return version === null || isBelow(version, VERSION_2_0) ? 'flink-conf.yaml' : 'config.yaml';
}

/**
 * From the property; else spotify's operator gives half of the cores, rounded up before halving, and GCP's leaves it to
 * Flink, which takes one. Null for a property that is no number: then it is passed on as it is, and Flink refuses it.
 */
export function taskManagerSlots({dialect, spec}: Cluster): number | null {
  const property = spec.flinkProperties?.[SLOTS];
  if (property !== undefined) {
    const isNumber = /^[+-]?\d+$/.test(dialect === 'gcp' ? property.trim() : property);
    const number = isNumber ? Number(property) : Number.NaN;
    return number >= -(2 ** 31) && number < 2 ** 31 ? number : null;
  }
  if (dialect === 'gcp') return 1;
  const cores = BigInt.asIntN(32, wholeUnits(upperBound(spec.taskManager.resources, 'cpu')));
  return Number(cores / 2n) || 1;
}

/** Null where the operator leaves the number out. */
export function jobParallelism(cluster: Cluster): number | null {
  const {dialect, spec} = cluster;
  const {job, taskManager} = spec;
  if (job === undefined) return null;
  if (job.parallelism !== undefined || dialect === 'gcp') return job.parallelism ?? null;
  const slots = taskManagerSlots(cluster);
  return slots === null ? null : Math.imul(taskManager.replicas, slots);
}

function memoryOptions({dialect, spec}: Cluster): Readonly<Record<string, string>> {
  if (dialect === 'gcp') return gcpMemory(spec);
  const version = parseVersion(spec.flinkVersion ?? '');
  const usesHeap = version === null || isBelow(version, VERSION_1_10);
  return both(spec, usesHeap ? 'heap.size' : 'memory.process.size', (component) => {
    const memory = wholeUnits(upperBound(component.resources, 'memory'));
    return usesHeap
      ? heapSize(memory, component, MEBIBYTE)
      : ceilDivide(percent(memory, component.memoryProcessRatio ?? 0), MEBIBYTE);
  });
}

/** Sized by the limit alone, in megabytes, which Flink then takes for mebibytes. */
function gcpMemory(spec: ClusterSpec): Readonly<Record<string, string>> {
  return both(spec, 'heap.size', (component) => {
    const memory = wholeUnits(quantity(component.resources.limits, 'memory'));
    return memory > 0n ? heapSize(memory, component, MEGABYTE) : 0n;
  });
}

/** The option of both components; one that comes to nothing is left out. */
function both(
  {jobManager, taskManager}: ClusterSpec,
  option: string,
  megabytes: (component: ComponentSpec) => bigint,
): Readonly<Record<string, string>> {
  const sizes = [
    ['jobmanager', megabytes(jobManager)],
    ['taskmanager', megabytes(taskManager)],
  ] as const;
  return Object.fromEntries(sizes.flatMap(([name, size]) => (size > 0n ? [[`${name}.${option}`, `${size}m`]] : [])));
}

function heapSize(memory: bigint, {memoryOffHeapRatio = 0, memoryOffHeapMin}: ComponentSpec, unit: bigint): bigint {
  const share = percent(memory, memoryOffHeapRatio);
  const minimum = bytesOf(memoryOffHeapMin);
  const heap = memory - larger(share, minimum);
  return heap > 0n ? ceilDivide(heap, unit) : 0n;
}

function larger(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}

/** The operators count in doubles, as this does. */
function percent(bytes: bigint, ratio: number): bigint {
  return BigInt(Math.ceil(Number(BigInt.asIntN(64, bytes * BigInt(ratio))) / 100));
}

function ceilDivide(bytes: bigint, unit: bigint): bigint {
  return BigInt(Math.ceil(Number(bytes) / Number(unit)));
}

/** Files of the ConfigMap beside Flink's configuration: the user's, and those the operator adds where they are missing. */
export function otherConfigurationFiles({dialect, spec}: Cluster): readonly string[] {
  const logging = ['log4j-console.properties', 'logback-console.xml'];
  if (dialect === 'spotify') logging.push('log4j-cli.properties');
  return [...new Set([...Object.keys(spec.logConfig ?? {}), ...logging, 'submit-job.sh'])];
}
