import {expect, test} from 'vitest';
import {readOperatorMemory} from '../../flink/flinkDeployment/operatorMemory.ts';
import {formatJavaDouble} from '../../flink/javaDouble.ts';
import {formatMemorySize, parseMemorySize} from '../../flink/memorySize.ts';

const MIB = 2n ** 20n;
const GIB = 2n ** 30n;

test.each([
  ['1024', 1024n],
  ['1b', 1n],
  [' 2 gb ', 2n * GIB],
  ['2048m', 2048n * MIB],
  ['2048M', 2048n * MIB],
  ['2G', 2n * GIB],
  ['1 tebibytes', 2n ** 40n],
  ['9223372036854775807', 2n ** 63n - 1n],
])('Flink reads the size "%s"', (text, bytes) => {
  expect(parseMemorySize(text)).toEqual({bytes});
});

test.each(['', '2Gi', '2GiB', '1.5g', '+2g', '-2g', '2e9', 'p', '9223372036854775808', 'constructor', '1constructor'])(
  'Flink refuses the size "%s"',
  (text) => {
    expect(parseMemorySize(text)).toHaveProperty('error');
  },
);

test.each([
  ['2048m', 2048n * MIB],
  ['3Gb', 3n * GIB],
  ['2Gi', 2n * GIB],
  ['2GiB', 2n * GIB],
  ['2048 mib', 2048n * MIB],
  ['2097152Ki', 2n * GIB],
  ['2e9', 2_000_000_000n],
  ['1P', 10n ** 15n],
])('Apache\'s operator reads the memory "%s"', (text, bytes) => {
  expect(readOperatorMemory(text)).toEqual({bytes});
});

test.each([
  ['1.5g', "Memory size unit '.0' does not match any of the recognized units"],
  ['2.5Gi', "Memory size unit '.0' does not match any of the recognized units"],
  ['1,5g', 'Character , is neither a decimal digit number, decimal point, nor "e" notation exponential mark.'],
  ['x', 'Character X is neither a decimal digit number, decimal point, nor "e" notation exponential mark.'],
])('Apache\'s operator refuses the memory "%s"', (text, message) => {
  expect(readOperatorMemory(text)).toMatchObject({error: expect.stringContaining(message)});
});

test.each([
  [2, '2.0'],
  [0.1, '0.1'],
  [0.7 * 1.7, '1.19'],
  [-1, '-1.0'],
  [1e7, '1.0E7'],
  [1.5e-4, '1.5E-4'],
  [9999999, '9999999.0'],
])('Java prints the double %d as %s', (value, text) => {
  expect(formatJavaDouble(value)).toBe(text);
});

test.each([
  [
    '99999999999999999999g',
    "The value '99999999999999999999' cannot be re represented as 64bit number (numeric overflow).",
  ],
  [' 9000000 tb', "The value ' 9000000 tb' cannot be re represented as 64bit number of bytes (numeric overflow)."],
  [
    '99999999999999999999x',
    "The value '99999999999999999999' cannot be re represented as 64bit number (numeric overflow).",
  ],
  ['\u00a02g', 'text does not start with a number'],
])('Flink says why it refuses the size "%s"', (text, error) => {
  expect(parseMemorySize(text)).toMatchObject({error});
});

test.each([
  [0n, '0 bytes'],
  [1024n, '1024 bytes'],
  [1025n, '1.001kb (1025 bytes)'],
  [2n ** 20n, '1024.000kb (1048576 bytes)'],
  [2n ** 30n + 1n, '1.000gb (1073741825 bytes)'],
  // An exact tie goes up.
  [65_600n * 2n ** 10n, '64.063mb (67174400 bytes)'],
  [2n ** 63n - 1n, '8388608.000tb (9223372036854775807 bytes)'],
])('Flink prints %d bytes as %s', (bytes, text) => {
  expect(formatMemorySize(bytes)).toBe(text);
});
