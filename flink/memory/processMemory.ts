/** What both processes share: the way from the sizes that are set to the whole process, and back. */
import {formatJavaDouble} from '../javaDouble.ts';
import {formatMemorySize} from '../memorySize.ts';
import {FlinkException, ILLEGAL_ARGUMENT, illegalConfiguration, type Misfit, misfit} from './flinkException.ts';
import {type FlinkVersion, isFlinkAtLeast} from './flinkVersion.ts';
import type {MemoryConfiguration} from './memoryConfiguration.ts';
import {describeOption, type LegacyHeapOptions, type Option, type ProcessOptions} from './memoryOptions.ts';
import {fractionBeside, fractionOf, multiply, type RangeFraction, readRange, sum} from './sizeArithmetic.ts';

/** How a process came up: by Flink's own scripts, or by a resource manager such as native Kubernetes or YARN. */
export type Environment = 'standalone' | 'active';

export interface MemoryContext {
  readonly configuration: MemoryConfiguration;
  readonly version: FlinkVersion;
}

/** What a component makes of its share of the process. */
export interface FlinkMemory {
  /** Total Flink memory, in bytes. */
  readonly flink: bigint;
}

export interface ProcessMemory<T extends FlinkMemory> {
  readonly memory: T;
  /** Bytes. */
  readonly process: bigint;
  readonly metaspace: bigint;
  readonly overhead: bigint;
}

export interface FlinkMemoryRules<T extends FlinkMemory> {
  fromFineGrained(context: MemoryContext): T;
  fromTotal(flink: bigint, context: MemoryContext): T;
}

/** Flink's three ways, first match: every fine-grained size, the total Flink memory, the total process memory. */
export function processMemory<T extends FlinkMemory>(
  options: ProcessOptions,
  rules: FlinkMemoryRules<T>,
  context: MemoryContext,
): ProcessMemory<T> {
  const {configuration, version} = context;
  if (options.fineGrained.every((option) => configuration.has(option))) {
    const memory = rules.fromFineGrained(context);
    return around(memory, memory.flink, options, context);
  }
  if (configuration.has(options.flink)) {
    const flink = configuration.setSize(options.flink);
    const memory = rules.fromTotal(flink, context);
    return around(memory, flink, options, context);
  }
  if (configuration.has(options.process)) {
    const process = configuration.setSize(options.process);
    const {metaspace, overhead} = within(process, options, configuration);
    const memory = rules.fromTotal(process - metaspace - overhead, context);
    return {memory, process, metaspace, overhead};
  }
  throw illegalConfiguration(nothingSet(options, version));
}

function nothingSet({fineGrained, flink, process}: ProcessOptions, version: FlinkVersion): string {
  const [first, second] = fineGrained.map(({key}) => key);
  if (!isFlinkAtLeast(version, 1, 11)) {
    return (
      `Either Task Heap Memory size (${first}) and Managed Memory size (${second}), or Total Flink Memory size` +
      ` (${flink.key}), or Total Process Memory size (${process.key}) need to be configured explicitly.`
    );
  }
  return (
    `Either required fine-grained memory (${fineGrained.map(({key}) => key).join(' and ')}), or Total Flink Memory size` +
    ` (${describeOption(flink, 'null')}), or Total Process Memory size (${describeOption(process, 'null')}) need to be` +
    ' configured explicitly.'
  );
}

/** Metaspace and overhead inside a process of a given size. */
function within(
  process: bigint,
  options: ProcessOptions,
  configuration: MemoryConfiguration,
): {metaspace: bigint; overhead: bigint} {
  const metaspace = configuration.size(options.metaspace);
  const overhead = fractionOf(
    'jvm overhead memory',
    process,
    readRange(options.overhead, configuration),
    configuration,
  );
  if (sum(metaspace, overhead) > process) {
    throw misfit(
      'process',
      'too little',
      `Sum of configured JVM Metaspace (${formatMemorySize(metaspace)}) and JVM Overhead` +
        ` (${formatMemorySize(overhead)}) exceed configured Total Process Memory (${formatMemorySize(process)}).`,
    );
  }
  return {metaspace, overhead};
}

/** Metaspace and overhead around Flink's memory; a process size that is set leaves the overhead the rest. */
function around<T extends FlinkMemory>(
  memory: T,
  flink: bigint,
  options: ProcessOptions,
  context: MemoryContext,
): ProcessMemory<T> {
  const {configuration} = context;
  const metaspace = configuration.size(options.metaspace);
  const base = sum(flink, metaspace);
  if (configuration.has(options.process)) {
    const process = configuration.setSize(options.process);
    if (process < base) throw processTooSmall(process, flink, metaspace, context.version);
    const overhead = process - base;
    checkOverhead(overhead, process, options, context);
    return {memory, process, metaspace, overhead};
  }
  const overhead = fractionBeside(
    'jvm overhead memory',
    base,
    readRange(options.overhead, configuration),
    configuration,
  );
  return {memory, process: sum(base, overhead), metaspace, overhead};
}

function processTooSmall(process: bigint, flink: bigint, metaspace: bigint, version: FlinkVersion): FlinkException {
  if (!isFlinkAtLeast(version, 1, 11)) {
    return new FlinkException(ILLEGAL_ARGUMENT, 'bytes must be >= 0', undefined, {
      total: 'process',
      leaves: 'too little',
    });
  }
  return misfit(
    'process',
    'too little',
    `The configured Total Process Memory size (${formatMemorySize(process)}) is less than the sum of the derived` +
      ` Total Flink Memory size (${formatMemorySize(flink)}) and the configured or default JVM Metaspace size ` +
      ` (${formatMemorySize(metaspace)}).`,
  );
}

function checkOverhead(
  overhead: bigint,
  process: bigint,
  options: ProcessOptions,
  {configuration, version}: MemoryContext,
): void {
  const range = readRange(options.overhead, configuration);
  if (overhead < range.min || overhead > range.max) throw notInRange('process', 'JVM Overhead', overhead, range);
  if (!configuration.has(options.overhead.fraction) || overhead === multiply(process, range.fraction)) return;
  const source = isFlinkAtLeast(version, 1, 11) ? 'configured or default' : 'configured';
  const name = isFlinkAtLeast(version, 1, 16) ? 'JVM Overhead' : 'JVM OVerhead';
  configuration.info(
    `The derived JVM Overhead size (${formatMemorySize(overhead)}) does not match the ${source} JVM Overhead fraction` +
      ` (${formatJavaDouble(range.fraction)}) from the configured Total Process Memory size` +
      ` (${formatMemorySize(process)}). The derived ${name} size will be used.`,
  );
}

export function notInRange(
  total: Misfit['total'],
  name: string,
  bytes: bigint,
  {min, max}: RangeFraction,
): FlinkException {
  return misfit(
    total,
    bytes > max ? 'too much' : 'too little',
    `Derived ${name} size (${formatMemorySize(bytes)}) is not in configured ${name} range` +
      ` [${formatMemorySize(min)}, ${formatMemorySize(max)}].`,
  );
}

/**
 * Reads a legacy heap key as the option that it stands for, where that is not set. Flink 2.0 and later ignore these
 * keys.
 */
export function adoptLegacyHeap(
  legacy: LegacyHeapOptions,
  meaning: Option,
  {configuration, version}: MemoryContext,
): void {
  if (isFlinkAtLeast(version, 2, 0) || configuration.has(meaning)) return;
  const bytes = legacyHeap(legacy, configuration);
  if (bytes === undefined) return;
  configuration.set(meaning, bytes);
  configuration.info(
    `'${meaning.key}' is not specified, use the configured deprecated task manager heap value` +
      ` (${formatMemorySize(bytes)}) for it.`,
  );
}

function legacyHeap({size, mebibytes}: LegacyHeapOptions, configuration: MemoryConfiguration): bigint | undefined {
  if (configuration.has(size)) return configuration.setSize(size);
  const count = configuration.integer(mebibytes);
  if (count === undefined) return undefined;
  if (count < 0) {
    throw illegalConfiguration(`Configured total process memory size (${count}MB) must not be less than 0.`);
  }
  return BigInt(count) * 2n ** 20n;
}
