import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import {mixedFleet} from '../../bench/packing/mixedFleet.ts';
import {loadHighsSolver} from '../../planner/node/highsSolver.ts';
import {type OptimiseOptions, optimisePacking, type PackingOutcome} from '../../planner/optimise.ts';
import {NO_LIMITS, type PackingProblem, toCost} from '../../planner/packingProblem.ts';
import {binsOf} from '../../planner/packingSolution.ts';
import type {Solver} from '../../planner/solver.ts';
import {verifyBound} from '../../planner/verify/verifyBound.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {binType, item, problem} from './builders.ts';

let highs: Solver;
beforeAll(async () => {
  highs = await loadHighsSolver();
});

function plan(given: PackingProblem, options: Partial<OptimiseOptions> = {}): PackingOutcome {
  return optimisePacking(given, {solver: highs, seed: 1, nodes: 300, shouldStop: () => false, ...options});
}

function packed(given: PackingProblem, options: Partial<OptimiseOptions> = {}) {
  const outcome = plan(given, options);
  if (outcome.kind !== 'packed') throw new Error(JSON.stringify(outcome));
  expect(verifyPlan(given, outcome.solution, outcome.cost)).toEqual([]);
  if (outcome.certificate !== null) {
    expect(verifyBound(given, outcome.certificate, outcome.lowerBound)).toEqual([]);
  } else expect(outcome.lowerBound).toBe(0);
  expect(outcome.lowerBound).toBeLessThanOrEqual(outcome.cost);
  return outcome;
}

/** Stops a search after so many questions: a time limit that is the same on every machine. */
function afterCalls(calls: number): () => boolean {
  let left = calls;
  return () => left-- <= 0;
}

/** The least cost by trying everything; for a handful of copies. */
function leastCost({items, binTypes}: PackingProblem): number {
  const copies = items.flatMap(({size, count}) => Array.from({length: count}, () => size));
  let best = Number.POSITIVE_INFINITY;
  const bins: {left: number[]; cost: number}[] = [];
  const place = (index: number, cost: number): void => {
    if (cost >= best) return;
    const size = copies[index];
    if (size === undefined) {
      best = cost;
      return;
    }
    for (const bin of bins) {
      if (!size.every((amount, dimension) => amount <= bin.left[dimension]!)) continue;
      for (const [dimension, amount] of size.entries()) bin.left[dimension]! -= amount;
      place(index + 1, cost);
      for (const [dimension, amount] of size.entries()) bin.left[dimension]! += amount;
    }
    for (const type of binTypes) {
      if (!size.every((amount, dimension) => amount <= type.capacity[dimension]!)) continue;
      bins.push({left: type.capacity.map((amount, dimension) => amount - size[dimension]!), cost: type.cost!});
      place(index + 1, cost + type.cost!);
      bins.pop();
    }
  };
  place(0, 0);
  return best;
}

const smallProblems = fc
  .record({
    sizes: fc.array(
      fc.tuple(fc.integer({min: 0, max: 9}), fc.integer({min: 1, max: 9}), fc.integer({min: 1, max: 3})),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    types: fc.array(
      fc.tuple(fc.integer({min: 9, max: 20}), fc.integer({min: 9, max: 20}), fc.integer({min: 1, max: 30})),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  })
  .map(({sizes, types}) =>
    problem(
      sizes.map(([a, b, count], index) => item(`item-${index}`, [a, b], count)),
      types.map(([a, b, cost], index) => binType(`type-${index}`, [a, b], cost)),
    ),
  );

describe('a plan', () => {
  test('of a handful of copies is the best there is, with proof', () => {
    fc.assert(
      fc.property(smallProblems, (given) => {
        const {cost, lowerBound} = packed(given);
        expect(cost).toBe(leastCost(given));
        expect(lowerBound).toBe(cost);
      }),
      {numRuns: 60, seed: 7},
    );
  });

  test('costs the same without the solver where both are proved', () => {
    fc.assert(
      fc.property(smallProblems, (given) => {
        expect(packed(given, {solver: null}).cost).toBe(packed(given).cost);
      }),
      {numRuns: 25, seed: 8},
    );
  });

  test('of 1,000 pods is within 1 % of the bound, with the solver and without', () => {
    for (const solver of [highs, null]) {
      const {cost, lowerBound} = packed(mixedFleet(1, 1000), {solver, nodes: 0, shouldStop: afterCalls(800)});
      expect(cost / lowerBound).toBeLessThan(1.01);
    }
  });

  test('is the same for the same seed', () => {
    const options = {nodes: 6};
    expect(plan(mixedFleet(2, 50), options)).toEqual(plan(mixedFleet(2, 50), options));
  });

  test('of Karpenter’s basic benchmark costs at most 74.10 $/h', () => {
    const types = [2, 4, 8].flatMap((perCore) =>
      [1, 2, 4, 8, 16].map((cores) =>
        binType(
          `${perCore}-${cores}`,
          [cores * 1000 - 100, cores * perCore * 1024 - 10, 110],
          toCost(0.025 * cores + 0.001 * ((cores * perCore * 2 ** 30) / 1e9)),
        ),
      ),
    );
    const given = problem([item('small', [900, 3100, 1], 500), item('large', [3500, 28 * 1024, 1], 500)], types);
    const {cost, lowerBound} = packed(given);
    expect(cost).toBeLessThanOrEqual(toCost(74.1));
    expect(lowerBound).toBeGreaterThanOrEqual(toCost(74.07));
  });
});

describe('a rule', () => {
  const one = binType('one', [10, 10], 5);

  test('most copies in one bin', () => {
    const given = problem([item('shy', [1, 1], 6, {maxPerBin: 2})], [one]);
    expect(packed(given).cost).toBe(15);
  });

  test('items kept to their bin types', () => {
    const given = problem([item('picky', [1, 1], 2, {binTypes: [1]})], [one, binType('two', [10, 10], 50)]);
    expect(packed(given).cost).toBe(50);
  });

  test('items that exclude each other', () => {
    const given = problem([item('cat', [1, 1], 3), item('dog', [1, 1], 3)], [one], {exclusions: [[0, 1]]});
    expect(packed(given)).toMatchObject({cost: 10, lowerBound: 10});
  });

  test('an item in another size', () => {
    const given = problem([item('wide', [10, 1], 4), item('tall', [1, 5], 0, {standsFor: 0})], [one]);
    expect(packed(given).cost).toBe(10);
  });

  test('bins of a type that are few', () => {
    const given = problem([item('any', [5, 5], 6)], [binType('free', [10, 10], 0, {available: 1}), one]);
    expect(packed(given)).toMatchObject({cost: 10, lowerBound: 10});
  });

  test('bins that are few in all', () => {
    const given = problem([item('any', [5, 5], 8)], [one, binType('large', [20, 20], 25)], {
      limits: {...NO_LIMITS, bins: 2},
    });
    const {solution} = packed(given);
    expect(binsOf(solution)).toBeLessThanOrEqual(2);
  });

  test('kinds that are few', () => {
    const given = problem(
      [item('a', [9, 1], 5), item('b', [1, 9], 5)],
      [binType('a', [9, 2], 2), binType('b', [2, 9], 2), binType('ab', [10, 10], 5)],
      {
        limits: {...NO_LIMITS, kinds: 1},
      },
    );
    expect(packed(given).cost).toBe(25);
  });

  test('bins that are too large to lose', () => {
    const given = problem([item('any', [5, 5], 4)], [one, binType('large', [20, 20], 6)], {
      limits: {...NO_LIMITS, largestBin: [null, 10]},
    });
    expect(packed(given).cost).toBe(10);
  });

  test('budgets', () => {
    const given = problem([item('any', [5, 5], 4)], [one, binType('other', [10, 10], 6)], {
      limits: {...NO_LIMITS, budgets: [{name: 'pool', weights: [1, 0], atMost: 1}]},
    });
    expect(packed(given)).toMatchObject({cost: 11, lowerBound: 11});
  });
});

describe('what cannot be packed is said', () => {
  const any = item('any', [5, 5], 2);

  test('no bin types', () => {
    expect(plan(problem([any], []))).toEqual({kind: 'impossible', defects: [{kind: 'noBinTypes'}]});
  });

  test('no prices', () => {
    const given = problem([any], [binType('unpriced', [10, 10], null)]);
    expect(plan(given)).toEqual({kind: 'impossible', defects: [{kind: 'noPrices', binTypes: ['unpriced']}]});
  });

  test('an item that fits nowhere, with what the nearest type lacks', () => {
    const given = problem(
      [item('giant', [50, 12], 3)],
      [binType('small', [10, 10], 1), binType('near', [45, 12], 9), binType('unpriced', [99, 99], null)],
    );
    expect(plan(given)).toEqual({
      kind: 'impossible',
      defects: [{kind: 'fitsNowhere', item: 'giant', count: 3, nearest: 'near', lacking: {'dimension-0': 5}}],
    });
  });

  test('limits that leave no plan', () => {
    const given = problem([any], [binType('one', [5, 5], 1)], {limits: {...NO_LIMITS, bins: 1}});
    expect(plan(given).kind).toBe('notFound');
  });

  test('types without a price beside others', () => {
    const {notes} = packed(problem([any], [binType('one', [5, 5], 1), binType('unpriced', [9, 9], null)]));
    expect(notes.unpriced).toEqual(['unpriced']);
  });

  test('nothing to pack is an empty plan', () => {
    expect(packed(problem([item('none', [5, 5], 0)], []))).toMatchObject({solution: [], cost: 0});
  });
});

describe('a solver', () => {
  test.each(['failed', 'throws'] as const)('that %s is replaced by the planner’s own', (how) => {
    const broken: Solver = {
      createLinearProgram: () => ({
        addColumns() {},
        solve() {
          if (how === 'throws') throw new Error('out of memory');
          return {status: 'failed'};
        },
        dispose() {},
      }),
    };
    const {cost, notes} = packed(mixedFleet(3, 40), {solver: broken, nodes: 0, shouldStop: afterCalls(60)});
    expect(notes.hasSolverFailed).toBe(true);
    expect(cost).toBe(packed(mixedFleet(3, 40), {solver: null, nodes: 0, shouldStop: afterCalls(60)}).cost);
  });

  test('that is stopped at once leaves a plan, and the bound of its room', () => {
    const outcome = plan(mixedFleet(3, 1000), {shouldStop: () => true});
    expect(outcome).toMatchObject({kind: 'packed', notes: {isStopped: true}});
    expect(outcome.kind === 'packed' && outcome.lowerBound).toBeGreaterThan(0);
  });
});
