import {LARGEST_SIZE} from '../memorySize.ts';
import {type FlinkVersion, isFlinkAtLeast} from './flinkVersion.ts';

const MIB = 2n ** 20n;
const GIB = 2n ** 30n;

/** A key of Flink's configuration; the deprecated key counts where the key itself is not set. */
export interface Option {
  readonly key: string;
  readonly deprecated?: string;
}

/** Sizes in bytes. */
export interface SizeOption extends Option {
  readonly standard: bigint;
}

export interface FractionOption extends Option {
  readonly standard: number;
}

/** A part of something larger, kept between a smallest and a largest size. */
export interface RangeOptions {
  readonly fraction: FractionOption;
  readonly min: SizeOption;
  readonly max: SizeOption;
}

export interface ProcessOptions {
  /** Where all of these are set, they alone decide. */
  readonly fineGrained: readonly Option[];
  readonly flink: Option;
  readonly process: Option;
  readonly metaspace: SizeOption;
  readonly overhead: RangeOptions;
}

function processOptions(component: string, fineGrained: readonly Option[]): ProcessOptions {
  const memory = `${component}.memory`;
  return {
    fineGrained,
    flink: {key: `${memory}.flink.size`},
    process: {key: `${memory}.process.size`},
    metaspace: {key: `${memory}.jvm-metaspace.size`, standard: 256n * MIB},
    overhead: {
      fraction: {key: `${memory}.jvm-overhead.fraction`, standard: 0.1},
      min: {key: `${memory}.jvm-overhead.min`, standard: 192n * MIB},
      max: {key: `${memory}.jvm-overhead.max`, standard: GIB},
    },
  };
}

export const TASK_HEAP: Option = {key: 'taskmanager.memory.task.heap.size'};
export const MANAGED_SIZE: Option = {key: 'taskmanager.memory.managed.size', deprecated: 'taskmanager.memory.size'};
export const FRAMEWORK_HEAP: SizeOption = {key: 'taskmanager.memory.framework.heap.size', standard: 128n * MIB};
export const FRAMEWORK_OFF_HEAP: SizeOption = {key: 'taskmanager.memory.framework.off-heap.size', standard: 128n * MIB};
export const TASK_OFF_HEAP: SizeOption = {key: 'taskmanager.memory.task.off-heap.size', standard: 0n};
export const MANAGED_FRACTION: FractionOption = {key: 'taskmanager.memory.managed.fraction', standard: 0.4};
export const SEGMENT_SIZE: SizeOption = {key: 'taskmanager.memory.segment-size', standard: 2n ** 15n};
export const NETWORK_BUFFERS: Option = {key: 'taskmanager.network.numberOfBuffers'};
export const CPU_CORES: Option = {key: 'taskmanager.cpu.cores'};
export const TASK_SLOTS: Option = {key: 'taskmanager.numberOfTaskSlots'};

/** The largest share of the network was a GiB before 1.17. */
const LIMITED_NETWORK = networkOptions(GIB);
const UNLIMITED_NETWORK = networkOptions(LARGEST_SIZE);

export function networkRange(version: FlinkVersion): RangeOptions {
  return isFlinkAtLeast(version, 1, 17) ? UNLIMITED_NETWORK : LIMITED_NETWORK;
}

function networkOptions(largest: bigint): RangeOptions {
  const option = (name: string): Required<Option> => ({
    key: `taskmanager.memory.network.${name}`,
    deprecated: `taskmanager.network.memory.${name}`,
  });
  return {
    fraction: {...option('fraction'), standard: 0.1},
    min: {...option('min'), standard: 64n * MIB},
    max: {...option('max'), standard: largest},
  };
}

export const TASK_MANAGER = processOptions('taskmanager', [TASK_HEAP, MANAGED_SIZE]);
const FIRST_TASK_MANAGER = {...TASK_MANAGER, metaspace: {...TASK_MANAGER.metaspace, standard: 96n * MIB}};

/** Less metaspace was the default of 1.10.0 alone. */
export function taskManagerOptions(version: FlinkVersion): ProcessOptions {
  return isFlinkAtLeast(version, 1, 10, 1) ? TASK_MANAGER : FIRST_TASK_MANAGER;
}

export const JOB_MANAGER_HEAP: Option = {key: 'jobmanager.memory.heap.size'};
export const JOB_MANAGER_OFF_HEAP: SizeOption = {key: 'jobmanager.memory.off-heap.size', standard: 128n * MIB};
export const DIRECT_MEMORY_LIMIT: Option = {key: 'jobmanager.memory.enable-jvm-direct-memory-limit'};
export const JOB_MANAGER = processOptions('jobmanager', [JOB_MANAGER_HEAP]);

/** The heap keys of Flink before 1.10 (JobManager: before 1.11); 2.0 forgot them. */
export interface LegacyHeapOptions {
  readonly size: Option;
  readonly mebibytes: Option;
}

export const LEGACY_TASK_MANAGER_HEAP = legacyHeapOptions('taskmanager');
export const LEGACY_JOB_MANAGER_HEAP = legacyHeapOptions('jobmanager');

export function legacyHeapOptions(component: 'jobmanager' | 'taskmanager'): LegacyHeapOptions {
  return {size: {key: `${component}.heap.size`}, mebibytes: {key: `${component}.heap.mb`}};
}

/** How Flink's messages print an option with its default. */
export function describeOption({key, deprecated}: Option, standard: string): string {
  const fallback = deprecated === undefined ? '' : `{key=${deprecated}, isDeprecated=true}`;
  return `Key: '${key}' , default: ${standard} (fallback keys: [${fallback}])`;
}

export type OptionKind = 'size' | 'fraction' | 'number' | 'boolean';

/** Every key that the memory of a component may depend on, in some version, with what it holds. */
export function optionKinds(component: 'jobmanager' | 'taskmanager'): ReadonlyMap<string, OptionKind> {
  return component === 'taskmanager' ? TASK_MANAGER_KINDS : JOB_MANAGER_KINDS;
}

const TASK_MANAGER_KINDS = kindsOf({
  size: [
    ...sizesOf(TASK_MANAGER),
    FRAMEWORK_HEAP,
    FRAMEWORK_OFF_HEAP,
    TASK_OFF_HEAP,
    UNLIMITED_NETWORK.min,
    UNLIMITED_NETWORK.max,
    SEGMENT_SIZE,
    LEGACY_TASK_MANAGER_HEAP.size,
  ],
  fraction: [TASK_MANAGER.overhead.fraction, MANAGED_FRACTION, UNLIMITED_NETWORK.fraction],
  number: [CPU_CORES, TASK_SLOTS, NETWORK_BUFFERS, LEGACY_TASK_MANAGER_HEAP.mebibytes],
  boolean: [],
});

const JOB_MANAGER_KINDS = kindsOf({
  size: [...sizesOf(JOB_MANAGER), JOB_MANAGER_OFF_HEAP, LEGACY_JOB_MANAGER_HEAP.size],
  fraction: [JOB_MANAGER.overhead.fraction],
  number: [LEGACY_JOB_MANAGER_HEAP.mebibytes],
  boolean: [DIRECT_MEMORY_LIMIT],
});

function sizesOf({process, flink, fineGrained, metaspace, overhead}: ProcessOptions): readonly Option[] {
  return [process, flink, ...fineGrained, metaspace, overhead.min, overhead.max];
}

function kindsOf(options: Readonly<Record<OptionKind, readonly Option[]>>): ReadonlyMap<string, OptionKind> {
  const kinds = Object.entries(options) as readonly [OptionKind, readonly Option[]][];
  return new Map(
    kinds.flatMap(([kind, list]) =>
      list.flatMap(({key, deprecated}) =>
        [key, ...(deprecated === undefined ? [] : [deprecated])].map((one) => [one, kind] as const),
      ),
    ),
  );
}
