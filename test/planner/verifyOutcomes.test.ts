import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import {loadHighsSolver} from '../../planner/node/highsSolver.ts';
import {optimisePacking, type PackingOutcome} from '../../planner/optimise.ts';
import type {CertificateNode, PackingCertificate, RefutedCase} from '../../planner/packingCertificate.ts';
import {NO_LIMITS, type PackingProblem} from '../../planner/packingProblem.ts';
import type {Solver} from '../../planner/solver.ts';
import {verifyBound} from '../../planner/verify/verifyBound.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {binType, item, problem} from './builders.ts';

const SEED = {numRuns: 30, seed: 11};

/** Up to a dozen copies of up to four items on up to four types, under rules of every kind. */
const problems = fc
  .record({
    sizes: fc.array(
      fc.record({
        size: fc.tuple(fc.integer({min: 0, max: 9}), fc.integer({min: 1, max: 9})),
        count: fc.integer({min: 1, max: 4}),
        isShy: fc.boolean(),
        isPicky: fc.boolean(),
      }),
      {minLength: 2, maxLength: 4},
    ),
    types: fc.array(
      fc.record({
        capacity: fc.tuple(fc.integer({min: 9, max: 24}), fc.integer({min: 9, max: 24})),
        cost: fc.integer({min: 1, max: 30}),
        available: fc.option(fc.integer({min: 1, max: 3})),
      }),
      {minLength: 1, maxLength: 3},
    ),
    isEnemy: fc.boolean(),
    bins: fc.option(fc.integer({min: 6, max: 12})),
    budget: fc.option(fc.integer({min: 8, max: 20})),
  })
  .map(({sizes, types, isEnemy, bins, budget}) =>
    problem(
      [
        ...sizes.map(({size, count, isShy, isPicky}, index) =>
          item(`item-${index}`, size, count, {maxPerBin: isShy ? 1 : null, binTypes: isPicky ? [0] : null}),
        ),
        // The first may also be packed in another shape.
        item('stand-in', [sizes[0]!.size[1], Math.max(1, sizes[0]!.size[0])], 0, {standsFor: 0}),
      ],
      [
        binType('any', [9, 9], 17),
        ...types.map(({capacity, cost, available}, index) => binType(`type-${index}`, capacity, cost, {available})),
      ],
      {
        exclusions: isEnemy ? [[0, 1]] : [],
        limits: {
          ...NO_LIMITS,
          bins,
          budgets:
            budget === null
              ? []
              : [{name: 'pool', weights: [1, ...types.map((_, index) => index + 1)], atMost: budget}],
        },
      },
    ),
  );

type Packed = Extract<PackingOutcome, {kind: 'packed'}>;

let highs: Solver;
beforeAll(async () => {
  highs = await loadHighsSolver();
});

const known = new Map<string, PackingOutcome>();

/** All tests ask for the same plans. */
function planned(given: PackingProblem): PackingOutcome {
  const key = JSON.stringify(given);
  let outcome = known.get(key);
  if (outcome === undefined) {
    outcome = optimisePacking(given, {solver: highs, seed: 1, nodes: 100, shouldStop: () => false});
    known.set(key, outcome);
  }
  return outcome;
}

/** Whatever comes of a problem; those for which no packing was found prove nothing either way. */
function forEachPlan(check: (given: PackingProblem, outcome: Packed) => void): number {
  let plans = 0;
  fc.assert(
    fc.property(problems, (given) => {
      const outcome = planned(given);
      if (outcome.kind !== 'packed') return;
      plans++;
      check(given, outcome);
    }),
    SEED,
  );
  return plans;
}

describe('of every plan for a small problem', () => {
  test('the checker accepts packing and bound', () => {
    const plans = forEachPlan((given, {solution, cost, lowerBound, certificate}) => {
      expect(verifyPlan(given, solution, cost)).toEqual([]);
      expect(verifyBound(given, certificate!, lowerBound)).toEqual([]);
    });
    expect(plans).toBeGreaterThan(20);
  });

  test('a bound that is higher by the least is rejected', () => {
    forEachPlan((given, {lowerBound, certificate}) => {
      expect(verifyBound(given, certificate!, lowerBound + 1)).not.toEqual([]);
    });
  });

  test('a bound that is the price of the plan is rejected once any of its machines is cheaper', () => {
    let proved = 0;
    forEachPlan((given, {solution, cost, lowerBound, certificate}) => {
      for (const {binType: used} of solution) {
        const cheaper = withCost(given, used, given.binTypes[used]!.cost! - 1);
        expect(verifyPlan(cheaper, solution, cost)).not.toEqual([]);
        if (lowerBound < cost) continue;
        proved++;
        expect(verifyBound(cheaper, certificate!, lowerBound)).not.toEqual([]);
      }
    });
    expect(proved).toBeGreaterThan(20);
  });

  test('no certificate proves more than the plan costs, whatever its prices and fees', () => {
    const factors = fc.sample(fc.double({min: 0.5, max: 3, noNaN: true}), {numRuns: 200, seed: 12});
    let next = 0;
    const scaled = (value: number): number => Math.round(value * factors[next++ % factors.length]!);
    forEachPlan((given, {cost, certificate}) => {
      for (let change = 0; change < 10; change++) {
        expect(verifyBound(given, withValues(certificate!, scaled), cost + 1)).not.toEqual([]);
      }
    });
  });
});

function withCost(given: PackingProblem, index: number, cost: number): PackingProblem {
  return {...given, binTypes: given.binTypes.map((type, at) => (at === index ? {...type, cost} : type))};
}

function withValues(certificate: PackingCertificate, change: (value: number) => number): PackingCertificate {
  const caseWith = ({cuts, split}: RefutedCase): RefutedCase => ({
    cuts: cuts.map(({parts, over}) => ({parts: parts.map(({row, times}) => ({row, times: change(times)})), over})),
    split: split === null ? null : {...split, below: caseWith(split.below), above: caseWith(split.above)},
  });
  const nodeWith = (node: CertificateNode): CertificateNode => {
    if ('below' in node) return {...node, below: nodeWith(node.below), above: nodeWith(node.above)};
    if ('refutation' in node) return {...node, refutation: caseWith(node.refutation)};
    const fees = node.fees.map(change);
    return 'prices' in node
      ? {prices: node.prices.map(change), fees}
      : {parts: node.parts.map(({valuation, times}) => ({valuation, times: change(times)})), fees};
  };
  return {
    ...certificate,
    valuations: certificate.valuations.map(({prices, uppers}) => ({
      prices: prices.map(change),
      uppers: uppers.map(change),
    })),
    proof: nodeWith(certificate.proof),
  };
}
