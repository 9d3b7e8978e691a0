import {formatJavaDouble} from '../javaDouble.ts';
import {divideDecimal, formatDecimal, toDecimal, truncateDecimal} from '../javaNumber.ts';
import {formatMemorySize, LARGEST_SIZE} from '../memorySize.ts';
import {FlinkException, ILLEGAL_ARGUMENT, illegalConfiguration, misfit, wrapping} from './flinkException.ts';
import {type FlinkVersion, isFlinkAtLeast} from './flinkVersion.ts';
import {answer, type MemoryAnswer, type MemoryQuestion} from './memoryAnswer.ts';
import type {MemoryConfiguration} from './memoryConfiguration.ts';
import {
  CPU_CORES,
  FRAMEWORK_HEAP,
  FRAMEWORK_OFF_HEAP,
  LEGACY_TASK_MANAGER_HEAP,
  MANAGED_FRACTION,
  MANAGED_SIZE,
  NETWORK_BUFFERS,
  networkRange,
  SEGMENT_SIZE,
  TASK_HEAP,
  TASK_MANAGER,
  TASK_OFF_HEAP,
  TASK_SLOTS,
  taskManagerOptions,
} from './memoryOptions.ts';
import {
  adoptLegacyHeap,
  type FlinkMemoryRules,
  type MemoryContext,
  notInRange,
  processMemory,
} from './processMemory.ts';
import {fractionBeside, fractionOf, multiply, rangeFraction, readRange, sum} from './sizeArithmetic.ts';

/** What one of the equal slots of a TaskManager has; bytes, and cores as decimal text. */
export interface SlotProfile {
  readonly cpu: string;
  readonly taskHeap: bigint;
  readonly taskOffHeap: bigint;
  readonly managed: bigint;
  readonly network: bigint;
}

/** All sizes in bytes. */
export interface TaskManagerMemory {
  readonly process: bigint;
  readonly flink: bigint;
  readonly frameworkHeap: bigint;
  readonly taskHeap: bigint;
  readonly frameworkOffHeap: bigint;
  readonly taskOffHeap: bigint;
  readonly managed: bigint;
  readonly network: bigint;
  readonly metaspace: bigint;
  readonly overhead: bigint;
  /** The heap of the JVM, `-Xmx`. */
  readonly heap: bigint;
  /** The direct memory of the JVM, `-XX:MaxDirectMemorySize`; managed memory is not in it. */
  readonly direct: bigint;
  /** Cores, as decimal text. */
  readonly cpu: string;
  /** The arguments of the JVM. */
  readonly jvm: string;
  readonly slots: number;
  readonly slot: SlotProfile;
}

/** What a TaskManager makes of its flat configuration. */
export function taskManagerMemory(
  values: ReadonlyMap<string, string>,
  {version, environment}: MemoryQuestion,
): MemoryAnswer<TaskManagerMemory> {
  return answer(values, version, (context) => {
    const meaning = environment === 'standalone' ? TASK_MANAGER.flink : TASK_MANAGER.process;
    const adopt = () => adoptLegacyHeap(LEGACY_TASK_MANAGER_HEAP, meaning, context);
    if (!isFlinkAtLeast(version, 1, 11, 3)) {
      adopt();
      return derive(context);
    }
    wrapping((inner) => `TaskManager failed to map legacy JVM heap option to the new one: ${inner}`, adopt);
    return wrapping(
      (inner) => `TaskManager memory configuration failed: ${inner}`,
      () => derive(context),
    );
  });
}

type TaskManagerFlinkMemory = Pick<
  TaskManagerMemory,
  'flink' | 'frameworkHeap' | 'taskHeap' | 'frameworkOffHeap' | 'taskOffHeap' | 'managed' | 'network'
>;

function derive(context: MemoryContext): TaskManagerMemory {
  const {memory, process, metaspace, overhead} = processMemory(taskManagerOptions(context.version), RULES, context);
  const {flink, frameworkHeap, taskHeap, frameworkOffHeap, taskOffHeap, managed, network} = memory;
  const cores = cpuCores(context);
  const slots = context.configuration.integer(TASK_SLOTS) ?? 1;
  const heap = frameworkHeap + taskHeap;
  const direct = frameworkOffHeap + taskOffHeap + network;
  return {
    process,
    flink,
    frameworkHeap,
    taskHeap,
    frameworkOffHeap,
    taskOffHeap,
    managed,
    network,
    metaspace,
    overhead,
    heap,
    direct,
    cpu: formatDecimal(cores),
    jvm: `-Xmx${heap} -Xms${heap} -XX:MaxDirectMemorySize=${direct} -XX:MaxMetaspaceSize=${metaspace}`,
    slots,
    slot: slotProfile(memory, cores, slots, context.version),
  };
}

const RULES: FlinkMemoryRules<TaskManagerFlinkMemory> = {
  fromFineGrained(context) {
    const {configuration} = context;
    const taskHeap = configuration.setSize(TASK_HEAP);
    const managed = explicitManaged(configuration);
    const fixed = {taskHeap, managed, ...fixedSizes(configuration)};
    const others = sum(fixed.frameworkHeap, fixed.frameworkOffHeap, taskHeap, fixed.taskOffHeap, managed);
    if (configuration.has(TASK_MANAGER.flink)) {
      const flink = configuration.setSize(TASK_MANAGER.flink);
      return withNetworkRest(flink, others, fixed, context);
    }
    const network =
      legacyNetwork(context) ??
      fractionBeside('network memory', others, readRange(networkRange(context.version), configuration), configuration);
    return {...fixed, network, flink: sum(others, network)};
  },

  fromTotal(flink, context) {
    const {configuration} = context;
    const sizes = fixedSizes(configuration);
    const {frameworkHeap, frameworkOffHeap, taskOffHeap} = sizes;
    if (configuration.has(TASK_HEAP)) {
      const taskHeap = configuration.setSize(TASK_HEAP);
      const managed = managedOf(flink, configuration);
      const others = sum(frameworkHeap, frameworkOffHeap, taskHeap, taskOffHeap, managed);
      return withNetworkRest(flink, others, {...sizes, taskHeap, managed}, context);
    }
    const managed = managedOf(flink, configuration);
    const network =
      legacyNetwork(context) ??
      fractionOf('network memory', flink, readRange(networkRange(context.version), configuration), configuration);
    const others = sum(frameworkHeap, frameworkOffHeap, taskOffHeap, managed, network);
    if (others > flink) {
      throw exceeded(flink, [
        ['Framework Heap Memory', frameworkHeap],
        ['Framework Off-Heap Memory', frameworkOffHeap],
        ['Task Off-Heap Memory', taskOffHeap],
        ['Managed Memory', managed],
        ['Network Memory', network],
      ]);
    }
    return {...sizes, taskHeap: flink - others, managed, network, flink};
  },
};

function fixedSizes(
  configuration: MemoryConfiguration,
): Pick<TaskManagerFlinkMemory, 'frameworkHeap' | 'frameworkOffHeap' | 'taskOffHeap'> {
  return {
    frameworkHeap: configuration.size(FRAMEWORK_HEAP),
    frameworkOffHeap: configuration.size(FRAMEWORK_OFF_HEAP),
    taskOffHeap: configuration.size(TASK_OFF_HEAP),
  };
}

/** Flink asks once more whether the size is set before it reads it, and says so once more when by its old key. */
function explicitManaged(configuration: MemoryConfiguration): bigint {
  configuration.has(MANAGED_SIZE);
  return configuration.setSize(MANAGED_SIZE);
}

function managedOf(flink: bigint, configuration: MemoryConfiguration): bigint {
  if (configuration.has(MANAGED_SIZE)) return explicitManaged(configuration);
  const range = rangeFraction(0n, LARGEST_SIZE, MANAGED_FRACTION, configuration);
  return fractionOf('managed memory', flink, range, configuration);
}

/** The network gets what the others leave of a total that is set, if that is a size it may have. */
function withNetworkRest(
  flink: bigint,
  others: bigint,
  sizes: Omit<TaskManagerFlinkMemory, 'flink' | 'network'>,
  context: MemoryContext,
): TaskManagerFlinkMemory {
  if (others > flink) {
    throw exceeded(flink, [
      ['Framework Heap Memory', sizes.frameworkHeap],
      ['Framework Off-Heap Memory', sizes.frameworkOffHeap],
      ['Task Heap Memory', sizes.taskHeap],
      ['Task Off-Heap Memory', sizes.taskOffHeap],
      ['Managed Memory', sizes.managed],
    ]);
  }
  const network = flink - others;
  wrapping(
    () =>
      'If Total Flink, Task Heap and (or) Managed Memory sizes are explicitly configured then the Network Memory size' +
      ' is the rest of the Total Flink memory after subtracting all other configured types of memory, but the derived' +
      ' Network Memory is inconsistent with its configuration.',
    () => checkNetwork(network, flink, context),
  );
  return {...sizes, network, flink};
}

function checkNetwork(network: bigint, flink: bigint, context: MemoryContext): void {
  const {configuration, version} = context;
  const legacy = legacyNetwork(context);
  if (legacy !== undefined) {
    if (legacy === network) return;
    throw misfit(
      'flink',
      network > legacy ? 'too much' : 'too little',
      `Derived Network Memory size (${formatMemorySize(network)}) does not match configured Network Memory size` +
        ` (${formatMemorySize(legacy)}).`,
    );
  }
  const options = networkRange(version);
  const range = readRange(options, configuration);
  if (network < range.min || network > range.max) throw notInRange('flink', 'Network Memory', network, range);
  if (!configuration.has(options.fraction) || network === multiply(flink, range.fraction)) return;
  configuration.info(
    `The derived Network Memory size (${formatMemorySize(network)}) does not match the configured Network Memory` +
      ` fraction (${formatJavaDouble(range.fraction)}) from the configured Total Flink Memory size` +
      ` (${formatMemorySize(flink)}). The derived Network Memory size will be used.`,
  );
}

function exceeded(flink: bigint, parts: readonly (readonly [string, bigint])[]): FlinkException {
  const texts = parts.map(([name, bytes]) => `${name} (${formatMemorySize(bytes)})`);
  return misfit(
    'flink',
    'too little',
    `Sum of configured ${texts.slice(0, -1).join(', ')} and ${texts.at(-1)} exceed configured Total Flink Memory` +
      ` (${formatMemorySize(flink)}).`,
  );
}

/** A number of buffers instead of a size, where no option of the network memory is set; 2.0 forgot it. */
function legacyNetwork({configuration, version}: MemoryContext): bigint | undefined {
  if (isFlinkAtLeast(version, 2, 0)) return undefined;
  if (!countsBuffers(configuration, version)) return undefined;
  const buffers = BigInt(configuration.integer(NETWORK_BUFFERS) ?? 0);
  const bytes = buffers * BigInt(segmentSize(configuration));
  if (bytes < 0n) throw new FlinkException(ILLEGAL_ARGUMENT, 'bytes must be >= 0');
  return bytes;
}

function countsBuffers(configuration: MemoryConfiguration, version: FlinkVersion): boolean {
  const {min, max, fraction} = networkRange(version);
  return ![min, max, fraction].some((option) => configuration.has(option)) && configuration.has(NETWORK_BUFFERS);
}

const SMALLEST_SEGMENT = 4096;

function segmentSize(configuration: MemoryConfiguration): number {
  const bytes = configuration.plainSize(SEGMENT_SIZE) ?? SEGMENT_SIZE.standard;
  if (bytes >= 2n ** 31n) {
    throw new FlinkException(ILLEGAL_ARGUMENT, `Cannot downcast long value ${bytes} to integer.`);
  }
  const size = Number(bytes);
  const invalid = `Invalid configuration value for ${SEGMENT_SIZE.key} : ${size} - `;
  if (size < SMALLEST_SEGMENT)
    throw illegalConfiguration(`${invalid}Minimum memory segment size is ${SMALLEST_SEGMENT}`);
  if ((size & (size - 1)) !== 0) throw illegalConfiguration(`${invalid}Memory segment size must be a power of 2.`);
  return size;
}

type Cores = ReturnType<typeof toDecimal>;

/** From 1.14 on, cores and shares of them have at most 8 decimals; before, shares had 16. */
function coreDecimals(version: FlinkVersion): number {
  return isFlinkAtLeast(version, 1, 14) ? 8 : 16;
}

function cpuCores({configuration, version}: MemoryContext): Cores {
  const cores = configuration.double(CPU_CORES) ?? configuration.integer(TASK_SLOTS) ?? 1;
  if (cores <= 0) {
    throw illegalConfiguration(
      'TaskExecutors need to be started with a positive number of CPU cores.' +
        ` Please configure ${CPU_CORES.key} accordingly.`,
    );
  }
  if (!Number.isFinite(cores)) {
    throw new FlinkException(
      'java.lang.NumberFormatException',
      `Character ${String(cores)[0]} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`,
    );
  }
  return isFlinkAtLeast(version, 1, 14) ? truncateDecimal(toDecimal(cores), coreDecimals(version)) : toDecimal(cores);
}

function slotProfile(memory: TaskManagerFlinkMemory, cores: Cores, slots: number, version: FlinkVersion): SlotProfile {
  const decimals = coreDecimals(version);
  if (slots === 0) throw new FlinkException('java.lang.ArithmeticException', divisionByZero(cores, decimals));
  const share = BigInt(slots);
  const cpu = divideDecimal(cores, share, decimals);
  if (cpu.unscaled < 0n) throw new FlinkException(ILLEGAL_ARGUMENT, 'Resource value must be no less than 0');
  if (slots < 0) {
    const expected = isFlinkAtLeast(version, 1, 20) ? '!= 0' : '>= 0';
    throw new FlinkException(ILLEGAL_ARGUMENT, `divisor must be ${expected}`);
  }
  return {
    cpu: formatDecimal(cpu),
    taskHeap: memory.taskHeap / share,
    taskOffHeap: memory.taskOffHeap / share,
    managed: memory.managed / share,
    network: memory.network / share,
  };
}

/** Java says it of a dividend that 64 bits do not hold, with its decimals, in other words. */
function divisionByZero({unscaled, scale}: Cores, decimals: number): string {
  const shift = decimals - scale;
  const isWide = shift > 0 ? unscaled * 10n ** BigInt(shift) > LARGEST_SIZE : -shift >= 19;
  return isWide ? 'BigInteger divide by zero' : '/ by zero';
}
