import {expect, test} from 'vitest';
import {
  divideDecimal,
  formatDecimal,
  formatJavaFixed,
  readJavaDouble,
  readJavaFloat,
  readJavaInteger,
  toDecimal,
} from '../../flink/javaNumber.ts';

const {fround} = Math;

test.each([
  ['0.1', fround(0.1)],
  [' .5f ', 0.5],
  ['5e-1D', 0.5],
  ['-0', -0],
  ['NaN', Number.NaN],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['1e400', Number.POSITIVE_INFINITY],
  ['0x1.8p-2f', 0.375],
  ['0x1p-150', 0],
  ['0x1.8p-150', 2 ** -149],
  ['0x1.ffffffp127', Number.POSITIVE_INFINITY],
  // In the middle of two floats, a digit far behind decides; the nearest double no longer has it.
  ['0.09999999776482582092285156250', 0.09999999403953552],
  ['0.099999997764825820922851562500000000001', fround(0.1)],
  ['0.099999997764825820922851562499999999999', 0.09999999403953552],
])('Java reads the float "%s" as %d', (text, value) => {
  expect(readJavaFloat(text)).toEqual({value});
});

test.each([
  ['', 'empty String'],
  ['  ', 'empty String'],
  ['x', 'For input string: "x"'],
  [' 0,1 ', 'For input string: "0,1"'],
  ['50%', 'For input string: "50%"'],
  ['nan', 'For input string: "nan"'],
  ['0x1', 'For input string: "0x1"'],
  ['.', 'For input string: "."'],
  ['0.1.2', 'multiple points'],
])('Java refuses the float "%s"', (text, error) => {
  expect(readJavaFloat(text)).toEqual({error});
});

test.each([
  ['2.25', 2.25],
  ['0x1p2', 4],
  ['0x1p-1074', Number.MIN_VALUE],
  ['0x1.fffffffffffff8p0', 2],
])('Java reads the double "%s" as %d', (text, value) => {
  expect(readJavaDouble(text)).toEqual({value});
});

test.each([
  ['+4', 4],
  ['-0', 0],
  ['2147483647', 2147483647],
  ['007', 7],
])('Java reads the integer "%s" as %d', (text, value) => {
  expect(readJavaInteger(text)).toEqual({value});
});

test.each(['', ' 4', '1.5', '2147483648', '-2147483649', '1e1', '0x4'])('Java refuses the integer "%s"', (text) => {
  expect(readJavaInteger(text)).toEqual({error: `For input string: "${text}"`});
});

test.each([
  [1.0005, '1.001'],
  [0.0625, '0.063'],
  [2, '2.000'],
  [1e21, '1000000000000000000000.000'],
])('Java prints %d to three decimals as %s', (value, text) => {
  expect(formatJavaFixed(value, 3)).toBe(text);
});

test.each([
  [3.4, 11n, 16, '0.309090909090909'],
  [3.4, 11n, 8, '0.3090909'],
  [1e-7, 1n, 8, '0.0000001'],
  [1e-9, 1n, 8, '0'],
  [1e25, 2n, 8, '5000000000000000000000000'],
])('%d divided by %d to %d decimals is %s', (value, by, decimals, text) => {
  expect(formatDecimal(divideDecimal(toDecimal(value), by, decimals))).toBe(text);
});
