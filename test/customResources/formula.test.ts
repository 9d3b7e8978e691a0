import {describe, expect, test} from 'vitest';
import {
  evaluate,
  evaluateCount,
  evaluateQuantity,
  FormulaError,
  type Scope,
} from '../../workloads/customResources/formula.ts';
import {findAll, parsePath} from '../../workloads/customResources/path.ts';
import type {Formula} from '../../workloads/customResources/rule.ts';

const OBJECT = {
  spec: {
    replicas: 3,
    list: [{name: 'a'}, {name: 'b'}],
    map: {z: {size: 1}, a: {size: 2}},
    'odd.key/1': 'yes',
    type: 'Python',
    heap: '2g',
    cpu: '1500m',
    nothing: null,
  },
};
const ROOT = {value: OBJECT, pointer: '', key: null};

function at(pointerScope: string | null): Scope {
  const path = pointerScope === null ? undefined : parsePath(pointerScope);
  return {root: ROOT, here: path === undefined ? ROOT : findAll(path, ROOT)[0]!};
}

describe('a path', () => {
  test.each<[rule: string, path: string, found: readonly [pointer: string, key: string | null][]]>([
    ['goes down by fields', '.spec.replicas', [['/spec/replicas', null]]],
    ['takes any key in quotes', ".spec['odd.key/1']", [['/spec/odd.key~11', null]]],
    ['takes an index', '.spec.list[1].name', [['/spec/list/1/name', null]]],
    [
      'goes over a list in its order',
      '.spec.list[*].name',
      [
        ['/spec/list/0/name', '0'],
        ['/spec/list/1/name', '1'],
      ],
    ],
    [
      'goes over a map by key',
      '.spec.map[*]',
      [
        ['/spec/map/a', 'a'],
        ['/spec/map/z', 'z'],
      ],
    ],
    ['finds nothing where a field is missing', '.spec.no.such', []],
    ['finds nothing where a value is null', '.spec.nothing', []],
    ['finds no inherited property', '.spec.constructor', []],
  ])('%s: %s', (_rule, text, expected) => {
    expect(findAll(parsePath(text)!, ROOT).map(({pointer, key}) => [pointer, key])).toEqual(expected);
  });

  test.each(['', '$', 'spec', '.spec.', '.a..b', '.a[b]', ".a['']", '.a b', '.[*'])('%j is none', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});

describe('a formula', () => {
  test.each<[rule: string, formula: Formula, value: unknown]>([
    ['a number is itself', 4, 4],
    ['a text is itself', '250m', '250m'],
    ['a path is its value', '.spec.replicas', 3],
    ['a missing value is none', '.spec.missing', undefined],
    ['the first path with a value counts', {path: ['.spec.missing', '.spec.replicas']}, 3],
    ['a default stands in', {path: '.spec.missing', default: {path: '.spec.absent', default: 7}}, 7],
    ['texts stand for values', {path: '.spec.type', values: {Python: 0.4}, default: 0.1}, 0.4],
    ['a text without a value takes the default', {path: '.spec.type', values: {Java: 1}, default: 0.1}, 0.1],
    ['memory of the JVM is binary', {path: '.spec.heap', unit: 'JavaMemory'}, 2 ** 31],
    ['a bare number of JVM memory is MiB', {path: '.spec.replicas', unit: 'JavaMemory'}, 3 * 2 ** 20],
    ['a sum leaves out what is missing', {sum: [1, '.spec.missing', '.spec.replicas']}, 4],
    ['the largest', {max: ['1Gi', '.spec.replicas']}, 2 ** 30],
    ['a product of quantities', {product: ['.spec.cpu', 2]}, 3],
    ['a product with a missing factor is none', {product: ['.spec.missing', 2]}, undefined],
    ['a quotient is rounded up', {quotient: [7, 2]}, 4],
    ['a quotient by zero is zero', {quotient: [7, 0]}, 0],
    ['a step rounds down', {product: [0.1, '1Gi'], step: '1Mi'}, 102 * 2 ** 20],
  ])('%s', (_rule, formula, expected) => {
    expect(evaluate(formula, at(null))?.value).toEqual(expected);
  });

  test('starts at the part at hand, and with $ at the object', () => {
    const scope = at('.spec.list[*]');
    expect(evaluate('.name', scope)?.value).toBe('a');
    expect(evaluate('$.spec.replicas', scope)?.value).toBe(3);
  });

  test.each<[rule: string, run: (formula: Formula) => unknown, formula: Formula, message: string]>([
    [
      'a count is an integer',
      (formula) => evaluateCount(formula, at(null)),
      '.spec.cpu',
      '"1500m" is not a number of replicas',
    ],
    ['a count is not negative', (formula) => evaluateCount(formula, at(null)), -1, '-1 is not a number of replicas'],
    ['a count is a number', (formula) => evaluateCount(formula, at(null)), '.spec.type', '"Python" is not a quantity'],
    [
      'a list is no quantity',
      (formula) => evaluateQuantity(formula, at(null)),
      '.spec.list',
      'a list is not a quantity',
    ],
    [
      'a text is no quantity',
      (formula) => evaluateQuantity(formula, at(null)),
      '.spec.type',
      '"Python" is not a quantity',
    ],
    [
      'memory of the JVM has a unit of its own',
      (formula) => evaluate(formula, at(null)),
      {path: '.spec.type', unit: 'JavaMemory'},
      '"Python" is not a memory size such as 512m or 2g',
    ],
    [
      'a map stands for nothing',
      (formula) => evaluate(formula, at(null)),
      {path: '.spec.map', values: {a: 1}},
      'a map is not a text',
    ],
  ])('%s', (_rule, run, formula, message) => {
    expect(() => run(formula)).toThrow(FormulaError);
    expect(() => run(formula)).toThrow(message);
  });

  test('a quantity that was worked out is written in thousandths where it is no integer', () => {
    expect(evaluateQuantity({product: ['.spec.cpu', 0.5]}, at(null))).toBe('750m');
    expect(evaluateQuantity('.spec.cpu', at(null))).toBe('1500m');
  });
});
