import {expect, test} from 'vitest';
import type {PlanOutlook} from '../../../results/planOutlook.ts';
import {changes} from '../../../results/planReport/changes.ts';

type Variation = PlanOutlook['variations'][number];

const RISKS: PlanOutlook['risks'] = [
  {name: 'packing', costPerHour: 100, nodes: 4, loss: {pods: 0.3, memory: 0.4, jobs: null}},
];

/** The packing to compare with costs 100. */
function varied(kind: Variation['kind'], factor: number, own: Partial<Variation>): Variation {
  return {
    kind,
    factor,
    subject: kind === 'price' ? 'm6i' : null,
    costPerHour: 100,
    lowerBoundPerHour: 100,
    keptCostPerHour: null,
    machines: [{instanceType: 'r6i.large', count: 2}],
    loss: {pods: 0.1, memory: 0.2},
    isStopped: false,
    ...own,
  };
}

test.each<[string, readonly Variation[], string]>([
  [
    'a price that makes other machines better says from where on',
    [
      varied('price', 0.9, {costPerHour: 90, keptCostPerHour: 90}),
      varied('price', 1.1, {costPerHour: 104, keptCostPerHour: 110}),
      varied('price', 1.2, {costPerHour: 105, keptCostPerHour: 120}),
    ],
    'At +10%, other machines are better than those of now, and most of the money goes to r6i.large: the bill changes by +4.0%; with the machines of now it would by +10.0%.',
  ],
  [
    'the nearest fall of a price counts, too',
    [
      varied('price', 0.9, {costPerHour: 80, keptCostPerHour: 90}),
      varied('price', 0.8, {costPerHour: 70, keptCostPerHour: 80}),
    ],
    'At −10%, other machines are better than those of now, and most of the money goes to r6i.large: the bill changes by −20.0%; with the machines of now it would by −10.0%.',
  ],
  [
    'a price that changes no machine changes the bill alone',
    [
      varied('price', 0.8, {costPerHour: 92, keptCostPerHour: 92}),
      varied('price', 1.2, {costPerHour: 108, keptCostPerHour: 108}),
    ],
    'From −20% to +20%, no better machines were found than those of now; the bill goes with it, from −8.0% to +8.0%.',
  ],
  [
    'growth is told by its first and last step',
    [
      varied('growth', 1.1, {costPerHour: 112}),
      varied('growth', 1.5, {costPerHour: 149}),
      varied('growth', 2, {costPerHour: 201}),
    ],
    '10% more pods, and the bill changes by +12.0%; most of the money then goes to r6i.large. 100% more pods, and the bill changes by +101.0%; most of the money then goes to r6i.large.',
  ],
  [
    'growth for which nothing was found says nothing of it',
    [varied('growth', 2, {costPerHour: null, lowerBoundPerHour: null, machines: []})],
    '',
  ],
  [
    'TaskManagers are dearer only if the bound says so',
    [
      varied('taskManagers', 2, {costPerHour: 110, lowerBoundPerHour: 105}),
      varied('taskManagers', 0.5, {costPerHour: 110, lowerBoundPerHour: 95}),
    ],
    'Half as many, twice the size: 10.0% more. Twice as many, half the size: 10.0% more as they were packed, but that this is the least is not proved.',
  ],
  [
    'TaskManagers can be cheaper, or too large',
    [
      varied('taskManagers', 2, {costPerHour: null, lowerBoundPerHour: null, machines: [], loss: null}),
      varied('taskManagers', 0.5, {costPerHour: 90, lowerBoundPerHour: 85}),
    ],
    'Half as many, twice the size: no plan was found for them. Twice as many, half the size: 10.0% less.',
  ],
  [
    'smaller machines cost more and risk less',
    [varied('largestMachine', 0.5, {costPerHour: 107})],
    'With none larger than 1/2 of the largest of now, the bill changes by +7.0%; one node then takes 20.0% of the requested memory with it, now 40.0%.',
  ],
])('%s', (_rule, variations, text) => {
  const facts = changes({packingCostPerHour: 100, variations: [...variations], risks: RISKS});
  expect(facts.map(([, own]) => own)).toEqual(text === '' ? [] : [text]);
});
