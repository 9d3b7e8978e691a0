import {formatMemorySize} from '../memorySize.ts';
import {FlinkException, ILLEGAL_ARGUMENT, misfit, wrapping} from './flinkException.ts';
import {isFlinkAtLeast} from './flinkVersion.ts';
import {answer, type MemoryAnswer, type MemoryQuestion} from './memoryAnswer.ts';
import type {MemoryConfiguration} from './memoryConfiguration.ts';
import {
  DIRECT_MEMORY_LIMIT,
  JOB_MANAGER,
  JOB_MANAGER_HEAP,
  JOB_MANAGER_OFF_HEAP,
  LEGACY_JOB_MANAGER_HEAP,
} from './memoryOptions.ts';
import {adoptLegacyHeap, type FlinkMemoryRules, type MemoryContext, processMemory} from './processMemory.ts';
import {sum} from './sizeArithmetic.ts';

const MIB = 2n ** 20n;

/** All sizes in bytes. */
export interface JobManagerMemory {
  readonly process: bigint;
  readonly flink: bigint;
  /** The heap of the JVM, `-Xmx`. */
  readonly heap: bigint;
  readonly offHeap: bigint;
  readonly metaspace: bigint;
  readonly overhead: bigint;
  /** The arguments of the JVM. */
  readonly jvm: string;
}

/** The JobManager of Flink 1.10 knows nothing but its heap. */
export type JobManagerHeap = Pick<JobManagerMemory, 'heap'>;

/** What a JobManager makes of its flat configuration. */
export function jobManagerMemory(
  values: ReadonlyMap<string, string>,
  {version, environment}: MemoryQuestion,
): MemoryAnswer<JobManagerMemory | JobManagerHeap> {
  return answer<JobManagerMemory | JobManagerHeap>(values, version, (context) => {
    if (!isFlinkAtLeast(version, 1, 11)) return {heap: oldestHeap(context.configuration)};
    const meaning = environment === 'standalone' ? JOB_MANAGER_HEAP : JOB_MANAGER.process;
    const derive = () => {
      adoptLegacyHeap(LEGACY_JOB_MANAGER_HEAP, meaning, context);
      return processMemory(JOB_MANAGER, RULES, context);
    };
    const isPrefixed = isFlinkAtLeast(version, 1, 11, 3) && !isFlinkAtLeast(version, 2, 0);
    const memory = isPrefixed
      ? wrapping((inner) => `JobManager memory configuration failed: ${inner}`, derive)
      : derive();
    return withArguments(memory, context);
  });
}

function oldestHeap(configuration: MemoryConfiguration): bigint {
  const {size, mebibytes} = LEGACY_JOB_MANAGER_HEAP;
  if (configuration.has(size)) return configuration.unnamedSize(size);
  const count = BigInt(configuration.integer(mebibytes) ?? 1024);
  if (count < 0n) throw new FlinkException(ILLEGAL_ARGUMENT, 'bytes must be >= 0');
  return count * MIB;
}

type JobManagerFlinkMemory = Pick<JobManagerMemory, 'flink' | 'heap' | 'offHeap'>;

function withArguments(
  {memory, process, metaspace, overhead}: ReturnType<typeof processMemory<JobManagerFlinkMemory>>,
  {configuration}: MemoryContext,
): JobManagerMemory {
  const {flink, heap, offHeap} = memory;
  const direct = configuration.boolean(DIRECT_MEMORY_LIMIT) === true ? ` -XX:MaxDirectMemorySize=${offHeap}` : '';
  const jvm = `-Xmx${heap} -Xms${heap}${direct} -XX:MaxMetaspaceSize=${metaspace}`;
  return {process, flink, heap, offHeap, metaspace, overhead, jvm};
}

const RULES: FlinkMemoryRules<JobManagerFlinkMemory> = {
  fromFineGrained({configuration, version}) {
    const heap = configuration.setSize(JOB_MANAGER_HEAP);
    const offHeap = configuration.size(JOB_MANAGER_OFF_HEAP);
    if (!configuration.has(JOB_MANAGER.flink)) return withHeap(heap, offHeap, configuration);
    const flink = configuration.setSize(JOB_MANAGER.flink);
    if (!configuration.has(JOB_MANAGER_OFF_HEAP)) {
      return withHeap(heap, offHeapRest(heap, flink, offHeap, configuration), configuration);
    }
    // Until 1.11.1 the total was taken for the off-heap memory, too, so that hardly anything matched.
    const compared = isFlinkAtLeast(version, 1, 11, 2) ? offHeap : flink;
    if (sum(heap, compared) !== flink) {
      throw misfit(
        'flink',
        heap + compared > flink ? 'too little' : 'too much',
        `Sum of the configured JVM Heap Memory (${formatMemorySize(heap)}) and the configured Off-heap Memory` +
          ` (${formatMemorySize(compared)}) does not match the configured Total Flink Memory` +
          ` (${formatMemorySize(flink)}). ${CONSISTENT}`,
      );
    }
    return withHeap(heap, offHeap, configuration);
  },

  fromTotal(flink, {configuration}) {
    const offHeap = configuration.size(JOB_MANAGER_OFF_HEAP);
    if (flink <= offHeap) {
      throw misfit(
        'flink',
        'too little',
        `The configured Total Flink Memory (${formatMemorySize(flink)}) is less than the configured Off-heap Memory` +
          ` (${formatMemorySize(offHeap)}).`,
      );
    }
    return withHeap(flink - offHeap, offHeap, configuration);
  },
};

const CONSISTENT =
  'Please, make the configuration consistent or configure only one option: either JVM Heap or Total Flink Memory.';

/** Without an off-heap size that is set, it is what the heap leaves. */
function offHeapRest(heap: bigint, flink: bigint, standard: bigint, configuration: MemoryConfiguration): bigint {
  if (flink < heap) {
    throw misfit(
      'flink',
      'too little',
      `The configured JVM Heap Memory (${formatMemorySize(heap)}) exceeds the configured Total Flink Memory` +
        ` (${formatMemorySize(flink)}). ${CONSISTENT}`,
    );
  }
  const offHeap = flink - heap;
  if (offHeap !== standard) {
    configuration.info(
      `The Off-Heap Memory size (${formatMemorySize(offHeap)}) is derived the configured Total Flink Memory size` +
        ` (${formatMemorySize(flink)}) minus the configured JVM Heap Memory size (${formatMemorySize(heap)}). The` +
        ` default Off-Heap Memory size (${formatMemorySize(standard)}) is ignored.`,
    );
  }
  return offHeap;
}

const RECOMMENDED_HEAP = 128n * MIB;

function withHeap(heap: bigint, offHeap: bigint, configuration: MemoryConfiguration): JobManagerFlinkMemory {
  if (heap < RECOMMENDED_HEAP) {
    configuration.warn(
      `The configured or derived JVM heap memory size (${formatMemorySize(heap)}) is less than its recommended minimum` +
        ` value (${formatMemorySize(RECOMMENDED_HEAP)})`,
    );
  }
  return {heap, offHeap, flink: sum(heap, offHeap)};
}
