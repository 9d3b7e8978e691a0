/** Flink's arithmetic of sizes: whole bytes in 64 bits, with decimal fractions that are exact. */
import {formatJavaDouble} from '../javaDouble.ts';
import {toDecimal} from '../javaNumber.ts';
import {formatMemorySize, LARGEST_SIZE} from '../memorySize.ts';
import {FlinkException, ILLEGAL_ARGUMENT, illegalConfiguration} from './flinkException.ts';
import type {MemoryConfiguration} from './memoryConfiguration.ts';
import {describeOption, type FractionOption, type RangeOptions} from './memoryOptions.ts';

/** A fraction from 0 to below 1 and the sizes that its result is kept between. */
export interface RangeFraction {
  readonly fraction: number;
  readonly min: bigint;
  readonly max: bigint;
}

/** A sum of sizes, which must be countable in 64 bits. */
export function sum(...sizes: readonly bigint[]): bigint {
  const total = sizes.reduce((left, right) => left + right, 0n);
  if (total > LARGEST_SIZE) throw new FlinkException('java.lang.ArithmeticException', 'long overflow');
  return total;
}

/** A size by a factor, cut to whole bytes. The factor counts by its shortest decimal text, not its binary value. */
export function multiply(bytes: bigint, factor: number): bigint {
  const {unscaled, scale} = toDecimal(factor);
  const divisor = 10n ** BigInt(scale);
  const product = bytes * unscaled;
  if (product > LARGEST_SIZE * divisor) throw new FlinkException('java.lang.ArithmeticException', 'long overflow');
  return product / divisor;
}

export function readRange(options: RangeOptions, configuration: MemoryConfiguration): RangeFraction {
  const min = configuration.size(options.min);
  const max = configuration.size(options.max);
  return rangeFraction(min, max, options.fraction, configuration);
}

export function rangeFraction(
  min: bigint,
  max: bigint,
  option: FractionOption,
  configuration: MemoryConfiguration,
): RangeFraction {
  const fraction = configuration.fraction(option);
  const problem = rangeProblem(min, max, fraction);
  if (problem === undefined) return {fraction, min, max};
  throw illegalConfiguration(
    `Inconsistently configured ${describeOption(option, String(option.standard))} (${formatJavaDouble(fraction)})` +
      ` and its min (${formatMemorySize(min)}), max (${formatMemorySize(max)}) value`,
    new FlinkException(ILLEGAL_ARGUMENT, problem),
  );
}

function rangeProblem(min: bigint, max: bigint, fraction: number): string | undefined {
  if (min > max) return 'min value must be less or equal to max value';
  return fraction >= 0 && fraction < 1 ? undefined : 'fraction must be in range [0, 1)';
}

/** A fraction of the base, kept in its range. */
export function fractionOf(
  name: string,
  base: bigint,
  range: RangeFraction,
  configuration: MemoryConfiguration,
): bigint {
  return keepInRange(name, multiply(base, range.fraction), range, configuration);
}

/** What must be added to the base to be a fraction of the sum, kept in its range. */
export function fractionBeside(
  name: string,
  base: bigint,
  range: RangeFraction,
  configuration: MemoryConfiguration,
): bigint {
  return keepInRange(name, multiply(base, range.fraction / (1 - range.fraction)), range, configuration);
}

function keepInRange(
  name: string,
  bytes: bigint,
  {min, max}: RangeFraction,
  configuration: MemoryConfiguration,
): bigint {
  const said = `The derived from fraction ${name} (${formatMemorySize(bytes)})`;
  if (bytes > max) {
    configuration.info(
      `${said} is greater than its max value ${formatMemorySize(max)}, max value will be used instead`,
    );
    return max;
  }
  if (bytes < min) {
    configuration.info(`${said} is less than its min value ${formatMemorySize(min)}, min value will be used instead`);
    return min;
  }
  return bytes;
}
