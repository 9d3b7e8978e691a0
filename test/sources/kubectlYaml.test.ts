import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {locateInYaml, parseKubectlYaml} from '../../sources/kubectlYaml.ts';

interface GoldenCase {
  readonly yaml: string;
  readonly json?: unknown;
  readonly error?: string;
}

const GOLDEN: readonly GoldenCase[] = readFileSync(
  new URL('../golden/yaml/sigs-k8s-io-yaml-v1.6.0.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line, keepWideIntegers));

/** Integers that a double cannot hold are kept as text by the reader; the golden file has them as JSON numbers. */
function keepWideIntegers(_key: string, value: unknown, context?: {source?: string}): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value;
}

/** Where this reader differs from kubectl on purpose. */
const MORE_LENIENT: ReadonlyMap<string, string> = new Map([
  ['a:\n  b:\n  {\n    c: 1\n  }\n', 'a flow mapping may stand at the indentation of its key'],
  ['v: .inf', 'JSON has no infinity: kept as text, refused where a number is wanted'],
  ['v: .Inf', 'as above'],
  ['v: -.inf', 'as above'],
  ['v: .nan', 'as above'],
  ['v: .NaN', 'as above'],
  ['v: 18446744073709551616', 'Go rounds it to a double; every digit is kept here'],
  ['v: 1.0e+21', 'the same number, written by JSON.parse as a double'],
  ...['y', 'Y', 'n', 'N'].map((text) => [`v: ${text}`, 'stays text, as a name would be'] as const),
  ['{a: 1, b: [x, y], }\n', 'the same'],
  ...['1e3', '1E3', '1e+3', '1e-7'].map(
    (text) => [`v: ${text}`, 'stays text, so that a quantity keeps its form'] as const,
  ),
  ["'1': a\n2: b\ntrue: c\nnull: d\n1.5: e\n", 'a null key is the text "null"'],
]);

describe('YAML as kubectl reads it', () => {
  test.each(GOLDEN.filter(({yaml, json}) => json !== undefined && !MORE_LENIENT.has(yaml)))('$yaml', ({yaml, json}) => {
    expect(parseKubectlYaml(yaml)).toMatchObject({kind: 'value', value: json});
  });

  test.each(GOLDEN.filter(({yaml, error}) => error !== undefined && !MORE_LENIENT.has(yaml)))(
    'refuses $yaml ($error)',
    ({yaml}) => {
      expect(parseKubectlYaml(yaml)).toMatchObject({kind: 'errors'});
    },
  );
});

test('a place is found through nested maps, lists and aliases', () => {
  const text = 'spec:\n  a: &x\n    - name: one\n    - name: two\n  b: *x\n';
  expect(text.slice(locateInYaml(text, ['spec', 'a', '1', 'name']))).toMatch(/^name: two/);
  expect(text.slice(locateInYaml(text, ['spec', 'b', '0', 'name']))).toMatch(/^name: one/);
  expect(text.slice(locateInYaml(text, ['spec', 'missing']))).toMatch(/^spec:/);
});
