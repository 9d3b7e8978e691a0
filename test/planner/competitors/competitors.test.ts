import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {LEAST_WASTE, PRICE} from '../../../planner/competitors/clusterAutoscaler.ts';
import {COMPETITORS} from '../../../planner/competitors/competitors.ts';
import {KARPENTER} from '../../../planner/competitors/karpenter.ts';
import {SINGLE_TYPE} from '../../../planner/competitors/singleType.ts';
import {audit, bin, bins, contents, item, price, problem} from './packingBuilders.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

describe('Karpenter', () => {
  test('gives a pod to the NodeClaim with the fewest pods, and launches the cheapest type that holds all', () => {
    const given = problem(
      [item('large', [3, 6, 1]), item('small', [3, 2, 1])],
      [bin('m8', [8, 8, 5]), bin('m10', [10, 10, 10])],
    );
    expect(contents(given, KARPENTER.pack(given))).toEqual(['3 x m8: large=1 small=1']);
  });

  test('goes on filling a NodeClaim while any type holds it, whatever that costs', () => {
    const given = problem([item('pod', [4, 4, 1])], [bin('m4', [4, 8, 1]), bin('m16', [16, 32, 100])]);
    expect(contents(given, KARPENTER.pack(given))).toEqual(['1 x m16: pod=4']);
  });

  test('takes pods by CPU, and by memory only where CPU is equal', () => {
    const given = problem(
      [item('memory', [1, 1, 9]), item('both', [1, 2, 5]), item('cpu', [1, 2, 1])],
      [bin('m', [4, 10, 1])],
    );
    // both and cpu come first and share a node, on which memory no longer fits.
    expect(contents(given, KARPENTER.pack(given))).toEqual(['1 x m: both=1 cpu=1', '1 x m: memory=1']);
  });

  test('keeps pods apart that may not meet', () => {
    const given = problem(
      [item('a', [2, 1, 1], {maxPerBin: 1}), item('b', [1, 1, 1])],
      [bin('m', [8, 8, 1])],
      [[0, 1]],
    );
    expect(contents(given, KARPENTER.pack(given))).toEqual(['1 x m: b=1', '2 x m: a=1']);
  });
});

describe('Cluster Autoscaler', () => {
  test('buys one group in each loop: the one that wastes the smallest share of CPU and memory', () => {
    const given = problem(
      [item('flat', [4, 4, 4]), item('high', [1, 1, 8])],
      [bin('square', [8, 8, 9]), bin('tall', [2, 8, 1]), bin('wide', [8, 4, 1])],
    );
    // square holds everything and wastes (24 - 17) / 24 + (24 - 24) / 24; tall holds only high and wastes 1/2 + 0.
    expect(contents(given, LEAST_WASTE.pack(given))).toEqual(['1 x square: high=1', '2 x square: flat=2']);
  });

  test('goes on with what the first group could not take', () => {
    const given = problem(
      [item('plain', [4, 4, 4]), item('huge', [1, 16, 2])],
      [bin('m8', [8, 8, 1]), bin('m16', [16, 4, 1])],
    );
    expect(contents(given, LEAST_WASTE.pack(given))).toEqual(['1 x m16: huge=1', '2 x m8: plain=2']);
  });

  test('looks at shares of the group when it sorts pods', () => {
    // On a machine with much memory CPU counts for more: c=2 and then m=1 fill one node, in the other order there are two.
    const given = problem([item('m', [2, 1, 8]), item('c', [2, 3, 2])], [bin('r', [4, 100, 1])]);
    expect(contents(given, LEAST_WASTE.pack(given))).toEqual(['2 x r: m=1 c=1']);
  });

  test('with prices, takes the group whose nodes cost least for what the pods are worth', () => {
    const given = problem(
      [item('pod', [40, 1000, 4 * GIB])],
      [bin('dear', [4000, 16 * GIB, 0.3]), bin('cheap', [4000, 16 * GIB, 0.2])],
    );
    expect(contents(given, PRICE.pack(given))).toEqual(['10 x cheap: pod=4']);
  });

  test('with prices, shies away from machines too large for a small cluster', () => {
    const given = problem(
      [item('pod', [1, 1000, 4 * GIB])],
      [bin('m64', [64_000, 256 * GIB, 0.05]), bin('m1', [1000, 4 * GIB, 0.06])],
    );
    expect(contents(given, PRICE.pack(given))).toEqual(['1 x m1: pod=1']);
  });

  test('buys at most 1,000 nodes in a loop, and the rest in the next', () => {
    const given = problem([item('pod', [1001, 4, 4])], [bin('m', [4, 4, 1])]);
    const solution = LEAST_WASTE.pack(given);
    expect(solution!.map(({times}) => times)).toEqual([1000, 1]);
  });
});

describe('the best single type', () => {
  test('is the type whose fleet is the cheapest', () => {
    const given = problem(
      [item('a', [4, 2, 8]), item('b', [4, 2, 2])],
      [bin('c', [4, 8, 1]), bin('m', [4, 16, 1.4]), bin('r', [8, 64, 2.5])],
    );
    // c: 4 bins of a and 2 of b = 6; m: a+a+b.. no: 4 CPUs hold two, so 4 bins = 5.6; r: 2 bins = 5.
    expect(price(given, SINGLE_TYPE.pack(given))).toBe(5);
  });

  test('may be in several pools', () => {
    const given = problem(
      [item('a', [1, 2, 2], {binTypes: [0]}), item('b', [1, 2, 2], {binTypes: [1]})],
      [bin('m/x', [4, 4, 1], {kind: 'm'}), bin('m/y', [4, 4, 1], {kind: 'm'}), bin('tiny', [1, 1, 0.1])],
    );
    expect(contents(given, SINGLE_TYPE.pack(given))).toEqual(['1 x m/x: a=1', '1 x m/y: b=1']);
  });

  test('is none where no type holds every pod', () => {
    const given = problem(
      [item('a', [1, 8, 1]), item('b', [1, 1, 8])],
      [bin('wide', [8, 2, 1]), bin('tall', [2, 8, 1])],
    );
    expect(SINGLE_TYPE.pack(given)).toBeNull();
  });
});

describe("Karpenter's basic workload on its KWOK types", () => {
  // 500 x (900m, 3100Mi) and 500 x (3500m, 28Gi); families of 2, 4 and 8 GiB per core below 32 cores.
  const given = problem(
    [item('small', [500, 900, 3100 * MIB]), item('large', [500, 3500, 28 * GIB])],
    [1, 2, 4, 8, 16].flatMap((cores) =>
      [2, 4, 8].map((ratio) =>
        bin(`${ratio}-${cores}x`, [
          cores * 1000 - 100,
          ratio * cores * GIB - 10 * MIB,
          0.025 * cores + (0.001 * ratio * cores * GIB) / 1e9,
        ]),
      ),
    ),
  );

  test('costs $74.211 an hour in one batch', () => {
    expect(price(given, KARPENTER.pack(given))).toBeCloseTo(74.211, 3);
  });

  test('costs more with one machine for all', () => {
    expect(contents(given, SINGLE_TYPE.pack(given))[0]).toMatch(/x 8-16x:/);
    expect(price(given, SINGLE_TYPE.pack(given))).toBeCloseTo(75.241, 3);
    expect(bins(SINGLE_TYPE.pack(given))).toBe(140);
  });
});

test('nobody loses a pod, overfills a bin or breaks a rule', () => {
  const items = fc.array(
    fc.record({
      count: fc.integer({min: 0, max: 40}),
      size: fc.tuple(fc.integer({min: 0, max: 8}), fc.integer({min: 0, max: 16})),
      maxPerBin: fc.option(fc.integer({min: 1, max: 3})),
      isPinned: fc.boolean(),
    }),
    {minLength: 1, maxLength: 6},
  );
  fc.assert(
    fc.property(items, fc.boolean(), (drawn, isApart) => {
      const given = problem(
        drawn.map(({count, size, maxPerBin, isPinned}, index) =>
          item(`i${index}`, [count, ...size], {maxPerBin, binTypes: isPinned ? [1, 2] : null}),
        ),
        [bin('a', [8, 16, 1]), bin('b', [16, 16, 1.7]), bin('c', [16, 64, 3])],
        isApart && drawn.length > 1 ? [[0, 1]] : [],
      );
      for (const {pack} of COMPETITORS) {
        const solution = pack(given);
        if (solution === null) continue;
        expect(audit(given, solution)).toEqual({packed: drawn.map(({count}) => count), broken: 0});
      }
    }),
    {numRuns: 200},
  );
});
