/** Where each size of an answer comes from: an option that is set, a default, or a rule. */
import {type Component, type ComponentMemory, optionsOf} from './component.ts';
import {isFlinkAtLeast} from './flinkVersion.ts';
import type {MemoryQuestion} from './memoryAnswer.ts';
import {MemoryConfiguration} from './memoryConfiguration.ts';
import {
  FRAMEWORK_HEAP,
  FRAMEWORK_OFF_HEAP,
  JOB_MANAGER_HEAP,
  JOB_MANAGER_OFF_HEAP,
  legacyHeapOptions,
  MANAGED_FRACTION,
  MANAGED_SIZE,
  NETWORK_BUFFERS,
  networkRange,
  type Option,
  type RangeOptions,
  SEGMENT_SIZE,
  TASK_HEAP,
  TASK_OFF_HEAP,
} from './memoryOptions.ts';
import {multiply} from './sizeArithmetic.ts';

export interface MemoryOrigin {
  readonly from: 'configured' | 'default' | 'derived';
  /** The option with its value, the option whose default it is, or the rule in words. */
  readonly by: string;
}

export type MemoryOrigins = Readonly<Record<string, MemoryOrigin>>;

/** The origins of an answer's sizes, by the names of its fields. */
export function memoryOrigins(
  component: Component,
  memory: ComponentMemory,
  values: ReadonlyMap<string, string>,
  question: MemoryQuestion,
): MemoryOrigins {
  const teller = new OriginTeller(component, values, question);
  if (!('process' in memory)) return {heap: teller.legacyHeap() ?? derived('the default of 1024 MiB')};
  const {process, flink, fineGrained, metaspace, overhead} = optionsOf(component);
  const fine = fineGrained.every((option) => teller.has(option));
  const fromFlink = fine || teller.has(flink);
  const common = {
    process: teller.option(process) ?? derived('total Flink memory + metaspace + overhead'),
    flink:
      teller.option(flink) ?? derived(fine ? 'the sum of its parts' : 'total process memory - metaspace - overhead'),
    metaspace: teller.optionOrDefault(metaspace),
    overhead:
      fromFlink && teller.has(process)
        ? derived('what total process memory leaves')
        : teller.fraction(
            overhead,
            fromFlink ? memory.flink + memory.metaspace : memory.process,
            fromFlink ? 'itself + metaspace + total Flink memory' : 'total process memory',
            fromFlink,
          ),
  };
  if (!('managed' in memory)) {
    const heap = teller.option(JOB_MANAGER_HEAP) ?? derived('what total Flink memory leaves');
    const rest = fine && teller.has(flink) && !teller.has(JOB_MANAGER_OFF_HEAP);
    return {
      ...common,
      heap,
      offHeap: rest ? derived('what total Flink memory leaves') : teller.optionOrDefault(JOB_MANAGER_OFF_HEAP),
    };
  }
  const networkIsRest = teller.has(TASK_HEAP) && (!fine || teller.has(flink));
  return {
    ...common,
    frameworkHeap: teller.optionOrDefault(FRAMEWORK_HEAP),
    taskHeap: teller.option(TASK_HEAP) ?? derived('what total Flink memory leaves'),
    frameworkOffHeap: teller.optionOrDefault(FRAMEWORK_OFF_HEAP),
    taskOffHeap: teller.optionOrDefault(TASK_OFF_HEAP),
    managed: teller.option(MANAGED_SIZE) ?? derived(`${teller.fractionText(MANAGED_FRACTION)} of total Flink memory`),
    network: networkIsRest
      ? derived('what total Flink memory leaves')
      : (teller.buffers() ??
        teller.fraction(
          networkRange(question.version),
          fine ? memory.flink - memory.network : memory.flink,
          'total Flink memory',
          fine,
        )),
  };
}

class OriginTeller {
  readonly #component: Component;
  readonly #values: ReadonlyMap<string, string>;
  readonly #question: MemoryQuestion;
  readonly #configuration: MemoryConfiguration;

  constructor(component: Component, values: ReadonlyMap<string, string>, question: MemoryQuestion) {
    this.#component = component;
    this.#values = values;
    this.#question = question;
    this.#configuration = new MemoryConfiguration(values);
  }

  has(option: Option): boolean {
    return this.option(option) !== undefined;
  }

  /** The option, if it is set by its key, its deprecated key or a legacy key that stands for it. */
  option({key, deprecated}: Option): MemoryOrigin | undefined {
    const name = [key, deprecated].find((one) => one !== undefined && this.#values.has(one));
    if (name !== undefined) return configured(name, this.#values.get(name)!);
    return key === this.#legacyMeaning() ? this.legacyHeap() : undefined;
  }

  optionOrDefault(option: Option): MemoryOrigin {
    return this.option(option) ?? {from: 'default', by: option.key};
  }

  legacyHeap(): MemoryOrigin | undefined {
    if (isFlinkAtLeast(this.#question.version, 2, 0)) return undefined;
    const {size, mebibytes} = legacyHeapOptions(this.#component);
    const key = [size.key, mebibytes.key].find((one) => this.#values.has(one));
    return key === undefined ? undefined : configured(key, this.#values.get(key)!);
  }

  #legacyMeaning(): string {
    const {process, flink, fineGrained} = optionsOf(this.#component);
    if (this.#question.environment === 'active') return process.key;
    return (this.#component === 'taskmanager' ? flink : fineGrained[0]!).key;
  }

  /** A number of network buffers, which counts only where no size is set. */
  buffers(): MemoryOrigin | undefined {
    const text = this.#values.get(NETWORK_BUFFERS.key);
    const {min, max, fraction} = networkRange(this.#question.version);
    const replaced = [min, max, fraction].some((option) => this.has(option));
    if (text === undefined || replaced || isFlinkAtLeast(this.#question.version, 2, 0)) return undefined;
    const segment = this.#values.get(SEGMENT_SIZE.key) ?? '32kb';
    return configured(NETWORK_BUFFERS.key, `${text} of ${segment}`);
  }

  /** As it is written, or the default. */
  fractionText(option: RangeOptions['fraction']): string {
    const key = [option.key, option.deprecated].find((one) => one !== undefined && this.#values.has(one));
    return key === undefined ? String(option.standard) : this.#values.get(key)!.trim();
  }

  /** A fraction of the base, or beside it, with the end of its range where that decided. */
  fraction(options: RangeOptions, base: bigint, whole: string, beside: boolean): MemoryOrigin {
    const fraction = this.#configuration.fraction(options.fraction);
    const bytes = multiply(base, beside ? fraction / (1 - fraction) : fraction);
    const rule = `${this.fractionText(options.fraction)} of ${whole}`;
    const min = this.#configuration.size(options.min);
    const max = this.#configuration.size(options.max);
    if (bytes < min) return derived(`${rule} (${mebibytes(bytes)}) is below ${options.min.key}`);
    if (bytes > max) return derived(`${rule} (${mebibytes(bytes)}) is above ${options.max.key}`);
    return derived(rule);
  }
}

function configured(key: string, text: string): MemoryOrigin {
  return {from: 'configured', by: `${key}=${text}`};
}

function derived(by: string): MemoryOrigin {
  return {from: 'derived', by};
}

/** Binary, with two decimals, rounded half up. */
export function mebibytes(bytes: bigint): string {
  const hundredths = (bytes * 100n + 2n ** 19n) >> 20n;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} MiB`;
}
