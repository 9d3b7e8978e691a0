import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {Ajv} from 'ajv';
import {describe, expect, test} from 'vitest';
import {memoryBreakdown, memoryBreakdownTable} from '../../../results/charts/memoryBreakdown.ts';
import {nodeBars, nodeBarsTable} from '../../../results/charts/nodeBars.ts';
import {strandedScatter, strandedScatterTable} from '../../../results/charts/strandedScatter.ts';
import {renderSvg} from '../../../results/node/renderSvg.ts';
import {emptyResult, exampleResult, largeResult} from '../exampleResult.ts';

const schemaFile = createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json');
const isVegaLite = new Ajv({strict: false, formats: {'color-hex': true, uri: true, 'uri-reference': true}}).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);

const CHARTS = [
  ['nodeBars', nodeBars, nodeBarsTable],
  ['strandedScatter', strandedScatter, strandedScatterTable],
  ['memoryBreakdown', memoryBreakdown, memoryBreakdownTable],
] as const;
const RESULTS = [
  ['a small result', exampleResult()],
  ['a large one', largeResult()],
] as const;

describe.each(CHARTS)('%s', (_name, chart, table) => {
  test.each(RESULTS)('of %s is a Vega-Lite specification with a description', (_which, result) => {
    const spec = chart(result);
    isVegaLite(spec);
    expect(isVegaLite.errors).toBeNull();
    expect(spec.description).toMatch(/\w+ \w+/);
  });

  test.each(RESULTS)('of %s renders to SVG without a browser', async (_which, result) => {
    const svg = await renderSvg(chart(result));
    expect(svg).toMatch(/^<svg/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each(RESULTS)('of %s does not depend on the order of nodes', (_which, result) => {
    expect(JSON.stringify(chart({...result, nodes: result.nodes.toReversed()}))).toBe(JSON.stringify(chart(result)));
  });

  test('has a table of the same figures for those who cannot see it', () => {
    const {columns, rows} = table(exampleResult());
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });

  test('of an empty result is still a specification', () => {
    isVegaLite(chart(emptyResult()));
    expect(isVegaLite.errors).toBeNull();
  });
});
