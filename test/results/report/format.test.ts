import {describe, expect, test} from 'vitest';
import {compareNames} from '../../../results/compareNames.ts';
import {
  formatBytes,
  formatCores,
  formatCpuRequest,
  formatMoney,
  formatPercent,
  formatPrice,
  printable,
} from '../../../results/format.ts';
import {html} from '../../../results/html.ts';
import {pendingGroups} from '../../../results/pendingGroups.ts';
import {simulationResultSchema} from '../../../results/simulationResult.ts';
import {emptyResult, exampleResult, largeResult} from '../exampleResult.ts';

describe('format', () => {
  test.each([
    ['cores have one decimal', formatCores(1234.56), '1,234.6'],
    ['nothing is not below zero', formatCores(-0.01), '0.0'],
    ['a request below a core is in millicores', formatCpuRequest(0.25), '250m'],
    ['a request of cores is in cores', formatCpuRequest(1.5), '1.5'],
    ['bytes from a GiB on are in GiB', formatBytes(1.5 * 2 ** 40), '1,536.0 GiB'],
    ['bytes below a GiB are in MiB', formatBytes(512 * 2 ** 20), '512 MiB'],
    ['a single byte is one', formatBytes(1), '1 B'],
    ['no bytes are 0 GiB', formatBytes(0), '0.0 GiB'],
    ['a share is in percent', formatPercent(0.7126), '71.3%'],
    ['no share is a dash', formatPercent(null), '–'],
    ['money has two decimals', formatMoney(1234567.891, 'USD'), '$1,234,567.89'],
    ['a currency without a sign stands before', formatMoney(-5, 'CHF'), 'CHF -5.00'],
    ['a negative amount has its sign first', formatMoney(-5, 'EUR'), '-€5.00'],
    ['an unknown amount is unknown, not 0', formatMoney(null, 'USD'), 'unknown'],
    ['a price keeps its third decimal', formatPrice(0.384, 'USD'), '$0.384'],
    ['a price has at least two decimals', formatPrice(2, 'USD'), '$2.00'],
    [
      'control characters and bidi overrides are replaced',
      printable('a\u001b[31m\u202eb\ud800'),
      'a\ufffd[31m\ufffdb\ufffd',
    ],
  ])('%s', (_rule, text, expected) => expect(text).toBe(expected));
});

test('names sort with their numbers by value', () => {
  expect(['n-10', 'n-2', 'n-02', 'a', 'n-2b'].sort(compareNames)).toEqual(['a', 'n-02', 'n-2', 'n-2b', 'n-10']);
});

test('html escapes every text, in lists as well', () => {
  expect(html`<b title="${'"'}">${['<i>', html`<i>${'&'}</i>`]}</b>`.markup).toBe(
    '<b title="&quot;">&lt;i&gt;<i>&amp;</i></b>',
  );
});

test('pending pods are grouped by message, the largest group first, with the first three as examples', () => {
  const pods = ['a/1', 'a/2', 'a/3', 'a/4'].map((pod) => ({pod, message: 'no memory'}));
  expect(pendingGroups([{pod: 'b/1', message: 'taint'}, {pod: 'b/2', message: 'gate'}, ...pods])).toEqual([
    {message: 'no memory', count: 4, examples: ['a/1', 'a/2', 'a/3']},
    {message: 'gate', count: 1, examples: ['b/2']},
    {message: 'taint', count: 1, examples: ['b/1']},
  ]);
});

test.each([
  ['the small', exampleResult()],
  ['the large', largeResult()],
  ['the empty', emptyResult()],
])('%s example is a result as the schema has it', (_name, result) => {
  expect(simulationResultSchema.safeParse(result).error).toBeUndefined();
});
