/** The processes of a cluster as Flink's client and its resource manager size them. */

import type {FlinkConfiguration} from '../flinkConfiguration.ts';
import {formatJavaDouble} from '../javaDouble.ts';
import {readFlinkVersion} from '../memory/flinkVersion.ts';
import {type JobManagerMemory, jobManagerMemory} from '../memory/jobManagerMemory.ts';
import type {MemoryAnswer} from '../memory/memoryAnswer.ts';
import {type TaskManagerMemory, taskManagerMemory} from '../memory/taskManagerMemory.ts';
import type {Release} from './apacheOperator.ts';
import {JavaFailure} from './javaFailure.ts';
import {hashMapOrder} from './javaHashMap.ts';
import {componentOptions, EXTERNAL_RESOURCES, slotsPerTaskManager} from './options.ts';

export interface ClusterSpecification {
  readonly jobManager: JobManagerMemory;
  readonly jobManagerMiB: number;
  readonly taskManagerMiB: number;
  readonly slots: number;
}

export function clusterSpecification(configuration: FlinkConfiguration, release: Release): ClusterSpecification {
  const question = questionOf(release);
  const jobManager = memoryOf(jobManagerMemory(configuration.values, question));
  if (!('process' in jobManager)) throw new Error(`Flink ${release.flinkClient} has no memory model`);
  const taskManager = memoryOf(taskManagerMemory(configuration.values, question));
  return {
    jobManager,
    jobManagerMiB: mebibytes(jobManager.process),
    taskManagerMiB: mebibytes(taskManager.process),
    slots: slotsPerTaskManager(configuration),
  };
}

export function describeSpecification({jobManagerMiB, taskManagerMiB, slots}: ClusterSpecification): string {
  return `ClusterSpecification{masterMemoryMB=${jobManagerMiB}, taskManagerMemoryMB=${taskManagerMiB}, slotsPerTaskManager=${slots}}`;
}

/** The arguments of the JobManager's JVM, with the limit of its direct memory. */
export function jobManagerArguments({heap, offHeap, metaspace}: JobManagerMemory): string {
  return `-Xmx${heap} -Xms${heap} -XX:MaxDirectMemorySize=${offHeap} -XX:MaxMetaspaceSize=${metaspace}`;
}

/** A TaskManager as the resource manager of a native cluster asks for it. */
export interface Worker {
  readonly memory: TaskManagerMemory;
  readonly mebibytes: number;
  /** Cores. */
  readonly cpu: number;
  /** How many of each external resource, in the order of Java's map. */
  readonly externalResources: ReadonlyMap<string, bigint>;
}

export function nativeWorker(configuration: FlinkConfiguration, release: Release): Worker {
  const configured = configuration.double(componentOptions('taskmanager').cpu) ?? -1;
  // What is meant for Kubernetes counts only where Flink's own option is not set.
  const withCpu =
    configured > 0
      ? configuration.withDefaults([[{key: 'taskmanager.cpu.cores'}, formatJavaDouble(configured)]])
      : configuration;
  const memory = memoryOf(taskManagerMemory(withCpu.values, questionOf(release)));
  return {
    memory,
    mebibytes: mebibytes(memory.process),
    cpu: Number(memory.cpu),
    externalResources: externalAmounts(configuration),
  };
}

/** Names of external resources, by Java's set; `none` stands for nothing. */
export function externalResources(configuration: FlinkConfiguration): readonly string[] {
  if (configuration.text(EXTERNAL_RESOURCES) === 'none') return [];
  return hashMapOrder([...new Set(configuration.list(EXTERNAL_RESOURCES) ?? [])]);
}

function externalAmounts(configuration: FlinkConfiguration): ReadonlyMap<string, bigint> {
  const amounts = externalResources(configuration).flatMap((name) => {
    const option = {key: `external-resource.${name}.amount`};
    const amount = configuration.integer(option);
    return amount === undefined || amount <= 0 ? [] : [[name, BigInt(amount)] as const];
  });
  return new Map(amounts);
}

/** The properties that tell a TaskManager its sizes, as its start script gets them. */
export function workerProperties({memory, cpu, externalResources: external}: Worker, slots: number): string {
  const properties = new Map<string, string>([
    ['taskmanager.cpu.cores', formatJavaDouble(cpu)],
    ['taskmanager.memory.framework.heap.size', `${memory.frameworkHeap}b`],
    ['taskmanager.memory.framework.off-heap.size', `${memory.frameworkOffHeap}b`],
    ['taskmanager.memory.task.heap.size', `${memory.taskHeap}b`],
    ['taskmanager.memory.task.off-heap.size', `${memory.taskOffHeap}b`],
    ['taskmanager.memory.network.min', `${memory.network}b`],
    ['taskmanager.memory.network.max', `${memory.network}b`],
    ['taskmanager.memory.managed.size', `${memory.managed}b`],
    ['taskmanager.memory.jvm-metaspace.size', `${memory.metaspace}b`],
    ['taskmanager.memory.jvm-overhead.min', `${memory.overhead}b`],
    ['taskmanager.memory.jvm-overhead.max', `${memory.overhead}b`],
    ['taskmanager.numberOfTaskSlots', String(slots)],
    ['external-resources', external.size === 0 ? 'none' : `"${[...external.keys()].join(';')}"`],
    ...[...external].map(([name, amount]) => [`external-resource.${name}.amount`, String(amount)] as const),
  ]);
  return hashMapOrder([...properties.keys()])
    .map((key) => `-D ${key}=${properties.get(key)}`)
    .join(' ');
}

/** Java's `(int)` of a size in MiB. */
function mebibytes(bytes: bigint): number {
  return Number(BigInt.asIntN(32, bytes >> 20n));
}

function questionOf({flinkClient}: Release) {
  return {version: readFlinkVersion(flinkClient)!, environment: 'active'} as const;
}

function memoryOf<T>(answer: MemoryAnswer<T>): T {
  if ('memory' in answer) return answer.memory;
  throw new JavaFailure(answer.error.map(([exception, message]) => `${exception}: ${message}`));
}
