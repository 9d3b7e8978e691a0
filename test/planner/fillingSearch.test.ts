import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {certify} from '../../planner/certify.ts';
import {type FillingOutcome, searchFilling} from '../../planner/fillingSearch.ts';
import {fleetCost, isComplete, toSolution} from '../../planner/fleet.ts';
import type {
  CertificateRefutation,
  PackingCertificate,
  RefutationCut,
  RefutedCase,
} from '../../planner/packingCertificate.ts';
import type {PackingProblem} from '../../planner/packingProblem.ts';
import {prepare} from '../../planner/preparedProblem.ts';
import {verifyBound} from '../../planner/verify/verifyBound.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {binType, item, problem} from './builders.ts';

/** More than any plan costs: only where there is none, this is a bound. */
const NO_PLAN = 1_000_000;

/** Whether all there is of bins can be filled with everything. */
function filledBins(given: PackingProblem): FillingOutcome {
  const prepared = prepare(given);
  const counts = prepared.types.map(({index}) => given.binTypes[index]!.available!);
  let seed = 1;
  const draw = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  return searchFilling(prepared, counts, 1000, {draw, shouldStop: () => false});
}

function certificateOf(given: PackingProblem, outcome: FillingOutcome): PackingCertificate {
  if (outcome.status !== 'refuted') throw new Error(outcome.status);
  return certify(prepare(given), {branch: null, bound: {cost: NO_PLAN, duals: outcome.refutation}})!;
}

/** By trying every bin for every copy. */
function canBeFilled({items, binTypes, exclusions}: PackingProblem): boolean {
  const bins = binTypes.flatMap(({capacity, available}) => Array.from({length: available!}, () => capacity));
  const copies = items.flatMap(({count, standsFor}, index) =>
    standsFor === null ? Array.from({length: count}, () => index) : [],
  );
  const failed = new Set<string>();
  const place = (copy: number, held: readonly (readonly number[])[]): boolean => {
    if (copy === copies.length) return true;
    const key = `${copy};${held.map((counts) => counts.join()).join(';')}`;
    if (failed.has(key)) return false;
    const isPlaced = bins.some((capacity, bin) =>
      items.some(({standsFor}, index) => {
        if ((standsFor ?? index) !== copies[copy]) return false;
        const counts = held[bin]!.with(index, held[bin]![index]! + 1);
        const isRoom = capacity.every(
          (amount, dimension) =>
            counts.reduce((sum, count, other) => sum + count * items[other]!.size[dimension]!, 0) <= amount,
        );
        const isAllowed =
          counts[index]! <= (items[index]!.maxPerBin ?? counts[index]!) &&
          exclusions.every(([a, b]) => counts[a] === 0 || counts[b] === 0);
        return isRoom && isAllowed && place(copy + 1, held.with(bin, counts));
      }),
    );
    if (!isPlaced) failed.add(key);
    return isPlaced;
  };
  return place(
    0,
    bins.map(() => items.map(() => 0)),
  );
}

const amounts = (most: number) => fc.array(fc.integer({min: 1, max: most}), {minLength: 2, maxLength: 2});
const problems: fc.Arbitrary<PackingProblem> = fc
  .record({
    items: fc.array(
      fc.record({
        size: amounts(7),
        count: fc.integer({min: 1, max: 3}),
        maxPerBin: fc.option(fc.integer({min: 1, max: 2}), {freq: 3}),
      }),
      {minLength: 2, maxLength: 4},
    ),
    other: fc.option(amounts(7)),
    excludes: fc.boolean(),
    bins: fc.array(fc.record({capacity: amounts(16), available: fc.integer({min: 1, max: 2})}), {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({items, other, excludes, bins}) =>
    problem(
      [
        ...items.map(({size, count, maxPerBin}, index) => item(`item-${index}`, size, count, {maxPerBin})),
        ...(other === null ? [] : [item('other', other, 0, {standsFor: 0})]),
      ],
      bins.map(({capacity, available}, index) => binType(`type-${index}`, capacity, 10, {available})),
      {exclusions: excludes ? [[0, 1]] : []},
    ),
  );

test('bins are filled exactly where they can be, and refuted where they cannot', () => {
  const seen = {filled: 0, refuted: 0};
  fc.assert(
    fc.property(problems, (given) => {
      const prepared = prepare(given);
      if (prepared.types.length < given.binTypes.length) return;
      if (!prepared.demand.every((_, row) => prepared.variants.some((variant) => variant.row === row))) return;
      const outcome = filledBins(given);
      expect(outcome.status).toBe(canBeFilled(given) ? 'filled' : 'refuted');
      if (outcome.status === 'filled') {
        seen.filled++;
        expect(isComplete(prepared, outcome.fleet)).toBe(true);
        const cost = fleetCost(prepared, outcome.fleet);
        expect(verifyPlan(given, toSolution(prepared, outcome.fleet), cost)).toEqual([]);
      } else {
        seen.refuted++;
        expect(verifyBound(given, certificateOf(given, outcome), NO_PLAN)).toEqual([]);
      }
    }),
    {numRuns: 300, seed: 7},
  );
  expect(seen.filled).toBeGreaterThan(50);
  expect(seen.refuted).toBeGreaterThan(50);
});

describe('a refutation', () => {
  // Cats and dogs have room for each other; nothing but the exclusion is in the way.
  const given = problem(
    [item('cat', [2, 3], 2), item('dog', [3, 2], 2), item('fish', [1, 1], 3)],
    [binType('small', [2, 3], 10, {available: 1}), binType('large', [12, 12], 30, {available: 1})],
    {exclusions: [[0, 1]]},
  );
  const certificate = certificateOf(given, filledBins(given));
  const leaf = certificate.proof as CertificateRefutation;
  const split = leaf.refutation.split!;
  const withLeaf = (changed: CertificateRefutation): PackingCertificate => ({...certificate, proof: changed});
  const withCase = (refutation: RefutedCase): PackingCertificate => withLeaf({...leaf, refutation});
  const withSplit = (change: Partial<typeof split>) => withCase({...leaf.refutation, split: {...split, ...change}});
  const withCuts = (change: (cut: RefutationCut) => RefutationCut) => withCase(eachCut(leaf.refutation, change));
  const withParts = (change: (parts: RefutationCut['parts']) => RefutationCut['parts']) =>
    withCuts((cut) => ({...cut, parts: change(cut.parts)}));

  test('that was found is right', () => {
    expect(verifyBound(given, certificate, NO_PLAN)).toEqual([]);
  });

  test.each<[string, PackingCertificate]>([
    ['a bin left out', withLeaf({...leaf, bins: leaf.bins.slice(1)})],
    ['a bin type twice', withLeaf({...leaf, bins: [...leaf.bins, leaf.bins[0]!]})],
    ['a bin type that does not exist', withLeaf({...leaf, bins: [...leaf.bins, {...leaf.bins[0]!, binType: 9}]})],
    ['half a bin', withLeaf({...leaf, bins: leaf.bins.map((bins) => ({...bins, count: bins.count / 2}))})],
    ['an order by nothing', withLeaf({...leaf, bins: leaf.bins.map((bins) => ({...bins, orderedBy: 9}))})],
    ['its second case for both', withSplit({below: split.above})],
    ['its first case for both', withSplit({above: split.below})],
    ['another value to split at', withSplit({at: split.at + 3})],
    ['a split in a bin that does not exist', withSplit({bin: 9})],
    ['a split below nothing', withSplit({at: -1})],
    ['no split', withCase({...leaf.refutation, split: null})],
    ['no cuts', withSplit({below: {cuts: [], split: null}})],
    ['parts left out', withParts((parts) => parts.slice(1))],
    [
      'other multipliers',
      withParts((parts) => parts.map(({row, times}, index) => ({row, times: times * (index + 1)}))),
    ],
    ['negative multipliers', withParts((parts) => parts.map(({row, times}) => ({row, times: -times})))],
    ['multipliers in fractions', withParts((parts) => parts.map(({row, times}) => ({row, times: times + 0.5})))],
    ['a row that does not exist', withParts((parts) => parts.map(({times}) => ({row: 999, times})))],
    ['units of nothing', withCuts((cut) => ({...cut, over: 0}))],
    ['negative units', withCuts((cut) => ({...cut, over: -cut.over}))],
  ])('with %s is wrong', (_, tampered) => {
    expect(verifyBound(given, tampered, NO_PLAN)).not.toEqual([]);
  });

  test.each<[string, PackingProblem]>([
    ['one bin more', {...given, binTypes: given.binTypes.map((type) => ({...type, available: 2}))}],
    ['bins without number', {...given, binTypes: given.binTypes.map((type) => ({...type, available: null}))}],
    ['no exclusion', {...given, exclusions: []}],
  ])('says nothing of %s', (_, other) => {
    expect(verifyBound(other, certificate, NO_PLAN)).not.toEqual([]);
  });
});

function eachCut({cuts, split}: RefutedCase, change: (cut: RefutationCut) => RefutationCut): RefutedCase {
  return {
    cuts: cuts.map(change),
    split: split === null ? null : {...split, below: eachCut(split.below, change), above: eachCut(split.above, change)},
  };
}
