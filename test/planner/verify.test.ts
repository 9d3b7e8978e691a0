import {describe, expect, test} from 'vitest';
import {mixedFleet} from '../../bench/packing/mixedFleet.ts';
import {optimisePacking} from '../../planner/optimise.ts';
import type {
  CertificateLeaf,
  CertificateNode,
  CertificateSum,
  PackingCertificate,
} from '../../planner/packingCertificate.ts';
import {NO_LIMITS, type PackingProblem} from '../../planner/packingProblem.ts';
import type {PackedBins, PackingSolution} from '../../planner/packingSolution.ts';
import {verifyBound} from '../../planner/verify/verifyBound.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {binType, item, problem} from './builders.ts';

const given = problem(
  [
    item('shy', [2, 3], 5, {maxPerBin: 1}),
    item('picky', [4, 1], 4, {binTypes: [0]}),
    item('cat', [1, 2], 3),
    item('dog', [1, 1], 3),
  ],
  [
    binType('small', [9, 8], 70),
    binType('large', [18, 16], 130, {available: 2}),
    binType('dear', [9, 8], 90),
    binType('huge', [40, 40], 100),
  ],
  {
    exclusions: [[2, 3]],
    limits: {
      ...NO_LIMITS,
      bins: 9,
      largestBin: [30, null],
      budgets: [{name: 'pool', weights: [1, 2, 1, 1], atMost: 20}],
    },
  },
);

function planned(of: PackingProblem) {
  const outcome = optimisePacking(of, {solver: null, seed: 1, nodes: 100, shouldStop: () => false});
  if (outcome.kind !== 'packed' || outcome.certificate === null) throw new Error(outcome.kind);
  return {...outcome, certificate: outcome.certificate};
}

const {solution, cost, lowerBound, certificate} = planned(given);

describe('a plan', () => {
  test('that was made is right', () => {
    expect(verifyPlan(given, solution, cost)).toEqual([]);
  });

  const first = solution[0]!;
  const withFirst = (change: Partial<PackedBins>): PackingSolution => [{...first, ...change}, ...solution.slice(1)];
  const holding = (which: number, count: number) => [{item: which, count}];
  test.each<[string, PackingSolution, number, RegExp]>([
    ['a bin left out', solution.slice(1), cost, /packed of/],
    ['a bin too many', withFirst({times: first.times + 1}), cost + 70, /packed of/],
    ['a wrong cost', solution, cost - 1, /the bins cost/],
    ['a bin type that does not exist', withFirst({binType: 9}), cost, /no bin type 9/],
    ['half a bin', withFirst({times: 0.5}), cost, /0.5 times/],
    ['no copies', withFirst({items: holding(0, 0)}), cost, /0 copies/],
    ['an item that does not exist', withFirst({items: holding(7, 1)}), cost, /no item 7/],
    ['an item twice', withFirst({items: [...first.items, first.items[0]!]}), cost, /listed twice/],
    ['a bin too full', withFirst({items: holding(1, 3)}), cost, /12 of dimension-0 in 9/],
    ['more of an item than may share a bin', withFirst({items: holding(0, 2)}), cost, /at most 1/],
    ['an item in a type it may not use', withFirst({binType: 2, items: holding(1, 1)}), cost, /may not be in dear/],
    ['items that exclude each other', withFirst({items: [...holding(2, 1), ...holding(3, 1)]}), cost, /beside/],
    ['more bins than available', withFirst({binType: 1, times: 3}), cost, /3 of large, at most 2/],
    ['more bins than allowed', withFirst({times: 20}), cost, /bins, at most 9/],
    ['a budget overspent', withFirst({times: 30}), cost, /pool/],
    ['a bin that is too large', withFirst({binType: 3}), cost, /huge is larger/],
  ])('with %s is wrong', (_, tampered, claimed, fault) => {
    expect(verifyPlan(given, tampered, claimed).join('\n')).toMatch(fault);
  });
});

describe('a bound', () => {
  test('that was found is right', () => {
    expect(verifyBound(given, certificate, lowerBound)).toEqual([]);
  });

  test('from a tree of cases is right, and wrong without one of them', () => {
    const fleet = mixedFleet(2, 12);
    const found = planned(fleet);
    expect(verifyBound(fleet, found.certificate, found.lowerBound)).toEqual([]);
    const {proof} = found.certificate;
    if (!('below' in proof)) throw new Error('this fleet was to need a tree');
    for (const half of [proof.below, proof.above]) {
      expect(verifyBound(fleet, {...found.certificate, proof: half}, found.lowerBound)).not.toEqual([]);
    }
  });

  const withPrices = (change: (prices: readonly number[]) => readonly number[]): PackingCertificate => ({
    ...certificate,
    valuations: certificate.valuations.map((valuation) => ({...valuation, prices: change(valuation.prices)})),
    proof: eachLeaf(certificate.proof, (leaf) => ('prices' in leaf ? {...leaf, prices: change(leaf.prices)} : leaf)),
  });
  const withFees = (change: (fees: readonly number[]) => readonly number[]): PackingCertificate => ({
    ...certificate,
    proof: eachLeaf(certificate.proof, (leaf) => ({...leaf, fees: change(leaf.fees)})),
  });
  test.each<[string, PackingCertificate, number]>([
    ['a higher claim', certificate, lowerBound + 1],
    ['higher prices', withPrices((prices) => prices.map((price) => price * 2)), lowerBound],
    ['one price that is higher', withPrices(raised), lowerBound],
    ['a negative price', withPrices((prices) => [-1, ...prices.slice(1)]), lowerBound],
    ['a price in fractions', withPrices((prices) => [prices[0]! + 0.5, ...prices.slice(1)]), lowerBound],
    ['a price missing', withPrices((prices) => prices.slice(1)), lowerBound],
    ['a fee missing', withFees((fees) => fees.slice(1)), lowerBound],
    ['a fee that pays', withFees((fees) => [1000, ...fees.slice(1)]), lowerBound],
    ['other units', {...certificate, perCost: certificate.perCost / 2}, lowerBound],
    ['a replacement that is dearer', {...certificate, replaced: [{binType: 0, by: 2}]}, lowerBound],
    ['a replacement that does not exist', {...certificate, replaced: [{binType: 0, by: 12}]}, lowerBound],
  ])('with %s is wrong', (_, tampered, claimed) => {
    expect(verifyBound(given, tampered, claimed)).not.toEqual([]);
  });
});

function raised(prices: readonly number[]): readonly number[] {
  const dearest = Math.max(...prices);
  return prices.map((price) => (price === dearest ? price * 3 : price));
}

type Leaf = CertificateLeaf | CertificateSum;

function eachLeaf(node: CertificateNode, change: (leaf: Leaf) => Leaf): CertificateNode {
  if ('refutation' in node) return node;
  if (!('below' in node)) return change(node);
  return {...node, below: eachLeaf(node.below, change), above: eachLeaf(node.above, change)};
}
