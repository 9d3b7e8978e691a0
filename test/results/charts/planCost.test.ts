import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {Ajv} from 'ajv';
import {expect, test} from 'vitest';
import {type PlanCosts, planCost, planCostTable} from '../../../results/charts/planCost.ts';
import {renderSvg} from '../../../results/node/renderSvg.ts';

const schemaFile = createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json');
const isVegaLite = new Ajv({strict: false, formats: {'color-hex': true, uri: true, 'uri-reference': true}}).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);

const COSTS: PlanCosts = {
  currency: 'USD',
  plan: 101,
  bound: 100,
  alternatives: [
    {name: 'best single type', costPerHour: 120},
    {name: "today's fleet", costPerHour: null},
    {name: 'Karpenter-style', costPerHour: 112.5},
  ],
};

test('is a Vega-Lite specification that renders without a browser', async () => {
  const spec = planCost(COSTS);
  isVegaLite(spec);
  expect(isVegaLite.errors).toBeNull();
  const svg = await renderSvg(spec);
  expect(svg).toMatch(/^<svg/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('says the plan first, then the others from the cheapest on, and what is not possible', () => {
  const {caption, rows} = planCostTable(COSTS);
  expect(caption).toBe('No fleet that holds these pods costs less than $100.00 an hour; the plan is 1.0% above it.');
  expect(rows).toEqual([
    ['lower bound', '$100.00', '', ''],
    ['this plan', '$101.00', '1.0%', ''],
    ['Karpenter-style', '$112.50', '12.5%', '11.4%'],
    ['best single type', '$120.00', '20.0%', '18.8%'],
    ["today's fleet", 'not possible', '', ''],
  ]);
});

test.each([
  [101, '1.0% above the bound', '11.4% more than this plan'],
  [112.5, '12.5% above the bound', 'as much as this plan'],
  [150, null, '25.0% less than this plan'],
])(
  'a plan of %d says how far it is from the bound, unless that is too far, and others from the plan',
  (plan, own, other) => {
    const {description} = planCost({...COSTS, plan});
    if (own === null) expect(description).not.toContain('above the bound');
    else expect(description).toContain(own);
    expect(description).toContain(`Karpenter-style $112.50, ${other}`);
  },
);

test('a demand that costs nothing has no gap', () => {
  const {caption} = planCostTable({...COSTS, plan: 0, bound: 0, alternatives: []});
  expect(caption).toBe('No fleet that holds these pods costs less than $0.00 an hour.');
});
