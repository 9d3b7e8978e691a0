import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {Ajv} from 'ajv';
import {expect, test} from 'vitest';
import {costAndRisk, costAndRiskTable, type RiskyFleet} from '../../../results/charts/costAndRisk.ts';

const schemaFile = createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json');
const isVegaLite = new Ajv({strict: false, formats: {'color-hex': true, uri: true, 'uri-reference': true}}).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);

function fleet(name: string, costPerHour: number, memory: number): RiskyFleet {
  return {name, series: name, costPerHour, nodes: 3, loss: {pods: 0.1, memory}};
}

interface Layer {
  readonly data: {readonly values: readonly {readonly name?: string; readonly isOnFront?: boolean}[]};
}

const FLEETS = [
  fleet('cheap', 100, 0.5),
  fleet('safe', 130, 0.1),
  fleet('between', 110, 0.3),
  fleet('beaten in both', 120, 0.4),
  fleet('as dear, riskier', 110, 0.35),
  fleet('as risky, dearer', 115, 0.3),
  fleet('the same as between', 110, 0.3),
  fleet('far too dear', 300, 0.05),
];

test('a fleet is on the front unless another is as good in both; of equal ones the first is', () => {
  const {rows} = costAndRiskTable(FLEETS.slice(0, -1), 'USD', 0);
  expect(rows.filter((row) => row.at(-1) === 'yes').map(([name]) => name)).toEqual(['cheap', 'between', 'safe']);
});

test('the chart joins the front alone, and shows the others apart from it', () => {
  const spec = costAndRisk(FLEETS, 'USD');
  isVegaLite(spec);
  expect(isVegaLite.errors).toBeNull();
  const [line, points] = (spec as unknown as {readonly layer: readonly Layer[]}).layer;
  expect(line!.data.values).toEqual([
    {cost: 130, memory: 0.1},
    {cost: 110, memory: 0.3},
    {cost: 100, memory: 0.5},
  ]);
  const onFront = points!.data.values.filter(({isOnFront}) => isOnFront).map(({name}) => name);
  expect(onFront).toEqual(['safe', 'between', 'cheap']);
  expect(points!.data.values).toHaveLength(7);
});

test('a fleet too dear to be shown is named', () => {
  expect(costAndRisk(FLEETS, 'USD').title.subtitle).toContain(
    'Too dear to be shown: far too dear; the table has them.',
  );
});

test('jobs that lose a pod are told where there are jobs', () => {
  const own = {...fleet('plan', 100, 0.5), loss: {pods: 0.1, memory: 0.5, jobs: 2}};
  expect(costAndRiskTable([own], 'USD', 3).rows[0]).toContain('2 of 3');
  expect(costAndRiskTable([own], 'USD', 0).columns.map(({title}) => title)).not.toContain('jobs hit');
});
