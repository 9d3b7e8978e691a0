/** Sizes as Flink writes them (`org.apache.flink.configuration.MemorySize`): binary, whole numbers of bytes. */
import {formatJavaFixed, javaTrim} from './javaNumber.ts';

/** The most bytes that Flink can count. */
export const LARGEST_SIZE = 2n ** 63n - 1n;

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  bytes: 1n,
  k: 2n ** 10n,
  kb: 2n ** 10n,
  kibibytes: 2n ** 10n,
  m: 2n ** 20n,
  mb: 2n ** 20n,
  mebibytes: 2n ** 20n,
  g: 2n ** 30n,
  gb: 2n ** 30n,
  gibibytes: 2n ** 30n,
  t: 2n ** 40n,
  tb: 2n ** 40n,
  tebibytes: 2n ** 40n,
};

const RECOGNIZED_UNITS =
  '(b | bytes) / (k | kb | kibibytes) / (m | mb | mebibytes) / (g | gb | gibibytes) / (t | tb | tebibytes)';

export type MemorySizeResult =
  | {readonly bytes: bigint}
  | {
      readonly error: string;
      /** The class below `java.lang` with which Flink refuses the text. */
      readonly exception: 'NumberFormatException' | 'IllegalArgumentException';
    };

/** Reads a size in Flink's own syntax: digits, blanks, a unit in any case; `2Gi`, `1.5g` and `-2g` are not sizes. */
export function parseMemorySize(text: string): MemorySizeResult {
  const trimmed = javaTrim(text);
  if (trimmed === '') return refused('argument is an empty- or whitespace-only string');
  const [, digits = '', rest = ''] = /^(\d*)([\s\S]*)$/.exec(trimmed) ?? [];
  if (digits === '') return {error: 'text does not start with a number', exception: 'NumberFormatException'};
  const number = BigInt(digits);
  if (number > LARGEST_SIZE) {
    return refused(`The value '${digits}' cannot be re represented as 64bit number (numeric overflow).`);
  }
  const unit = javaTrim(rest).toLowerCase();
  if (!Object.hasOwn(UNITS, unit)) {
    return refused(`Memory size unit '${unit}' does not match any of the recognized units: ${RECOGNIZED_UNITS}`);
  }
  const bytes = number * UNITS[unit]!;
  if (bytes > LARGEST_SIZE) {
    return refused(`The value '${text}' cannot be re represented as 64bit number of bytes (numeric overflow).`);
  }
  return {bytes};
}

function refused(error: string): MemorySizeResult {
  return {error, exception: 'IllegalArgumentException'};
}

const FROM_LARGEST_UNIT: readonly (readonly [string, bigint])[] = [
  ['tb', 2n ** 40n],
  ['gb', 2n ** 30n],
  ['mb', 2n ** 20n],
  ['kb', 2n ** 10n],
];

/** A size as Flink's messages print it, in the largest unit that it exceeds: `128.000mb (134217728 bytes)`. */
export function formatMemorySize(bytes: bigint): string {
  const [unit, multiplier] = FROM_LARGEST_UNIT.find(([, size]) => bytes > size) ?? ['bytes', 1n];
  if (multiplier === 1n) return `${bytes} bytes`;
  return `${formatJavaFixed(Number(bytes) / Number(multiplier), 3)}${unit} (${bytes} bytes)`;
}
