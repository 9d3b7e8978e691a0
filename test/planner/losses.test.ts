import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Node} from '../../model/node.ts';
import {onNodes} from '../../planner/demand/daemons.ts';
import {makePlan, type Plan, type PlanOptions} from '../../planner/makePlan.ts';
import {NO_LOSSES} from '../../planner/verified/replay.ts';
import {simulate} from '../../simulator/simulate.ts';
import {OPTIONS, replicated} from '../simulator/builders.ts';
import {catalog, machine, pod} from './builders/catalogs.ts';

const TYPES = catalog(machine('m.2', [2, 8, 0.52]), machine('m.4', [4, 16, 1.02]), machine('m.8', [8, 32, 2]));

const shapes = fc.array(
  fc.record({
    replicas: fc.integer({min: 1, max: 12}),
    cpu: fc.integer({min: 1, max: 6}),
    memory: fc.integer({min: 1, max: 8}),
  }),
  {minLength: 1, maxLength: 3},
);
type Shapes = typeof shapes extends fc.Arbitrary<infer Made> ? Made : never;

function planFor(groups: Shapes, options: Partial<PlanOptions>): Plan {
  const model = replicated(
    [],
    groups.map(({replicas, cpu, memory}, index) => [
      pod(`shape-${index}`, {}, [`${cpu * 250}m`, `${memory * 512}Mi`]),
      replicas,
    ]),
  );
  const plan = makePlan(
    {model, objects: [], nodes: [], catalog: TYPES},
    {
      instanceTypes: [],
      architectures: ['amd64'],
      surges: [],
      losses: NO_LOSSES,
      pinTypes: false,
      simulation: OPTIONS,
      configuration: undefined,
      solver: null,
      shouldStopPacking: () => false,
      shouldTrim: () => false,
      shouldStopVerifying: () => false,
      ...options,
    },
  );
  if ('kind' in plan) throw new Error('nothing to plan');
  return plan;
}

/** Pods without a node, when only these nodes are there. */
function pendingOn({fleet, demand}: Plan, nodes: readonly Node[]): number {
  return simulate({...onNodes(fleet.model, demand.daemons, nodes), gangs: []}, OPTIONS).pending.length;
}

const RUNS = {numRuns: 5, seed: 7};

describe('a plan that survives', () => {
  test('the loss of a node holds without any one of them', () => {
    fc.assert(
      fc.property(shapes, (groups) => {
        const plan = planFor(groups, {losses: {node: true, zone: false}});
        const {nodes} = plan.fleet;
        expect(
          nodes.map((lost) =>
            pendingOn(
              plan,
              nodes.filter((node) => node !== lost),
            ),
          ),
        ).toEqual(nodes.map(() => 0));
        expect(plan.fleet.pending).toEqual([]);
        expect(plan.fleet.pricePerHour).toBeGreaterThan(plan.lowerBound);
      }),
      RUNS,
    );
  });

  test('the loss of a zone holds without any one of them', () => {
    fc.assert(
      fc.property(shapes, (groups) => {
        const plan = planFor(groups, {losses: {node: false, zone: true}});
        const {nodes} = plan.fleet;
        const zones = [...new Set(nodes.map(({zone}) => zone))];
        expect(zones.length).toBeGreaterThan(1);
        expect(
          zones.map((lost) =>
            pendingOn(
              plan,
              nodes.filter(({zone}) => zone !== lost),
            ),
          ),
        ).toEqual(zones.map(() => 0));
        expect(plan.fleet.pending).toEqual([]);
      }),
      RUNS,
    );
  });

  test('a loss costs more than a plan that survives nothing', () => {
    const groups = [{replicas: 8, cpu: 4, memory: 4}];
    const calm = planFor(groups, {}).fleet.pricePerHour;
    expect(planFor(groups, {losses: {node: true, zone: false}}).fleet.pricePerHour).toBeGreaterThan(calm);
    expect(planFor(groups, {losses: {node: false, zone: true}}).fleet.pricePerHour).toBeGreaterThan(calm);
  });
});
