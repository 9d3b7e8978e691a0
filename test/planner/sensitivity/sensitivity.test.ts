import {describe, expect, test} from 'vitest';
import type {PackingProblem} from '../../../planner/packingProblem.ts';
import {costOf, type PackingSolution} from '../../../planner/packingSolution.ts';
import {growthVariations} from '../../../planner/sensitivity/growth.ts';
import {largestMachineVariations} from '../../../planner/sensitivity/largestMachine.ts';
import {lossInPacking} from '../../../planner/sensitivity/lossOfNode.ts';
import {packVariations} from '../../../planner/sensitivity/packVariations.ts';
import {priceVariations} from '../../../planner/sensitivity/prices.ts';
import {onBinTypes, shortlist, solutionOn} from '../../../planner/sensitivity/shortlist.ts';
import {FIXED_MEMORY, taskManagerVariations} from '../../../planner/sensitivity/taskManagers.ts';
import {verifyPlan} from '../../../planner/verify/verifyPlan.ts';
import {binType, item, problem} from '../builders.ts';

const GIB = 2 ** 30;
const DIMENSIONS = ['cpu', 'memory', 'pods'];
const familyOf = (kind: string) => kind.split('.')[0]!;

/** 10 web pods and 5 TaskManagers; machines of two families, one dearer by a little. */
function example(): PackingProblem {
  const machine = (name: string, cores: number, cost: number) =>
    binType(name, [cores * 1000, cores * 8 * GIB, 110], cost * 1e9);
  return problem(
    [item('web', [1000, GIB, 1], 10), item('taskmanager', [2000, 12 * GIB, 1], 5)],
    [machine('r.4', 4, 0.25), machine('r.8', 8, 0.5), machine('q.4', 4, 0.26), machine('q.8', 8, 0.52)],
    {dimensions: DIMENSIONS},
  );
}
/** Two TaskManagers on each r.8 with four web pods, and what is left on one r.8. */
const SOLUTION: PackingSolution = [
  {
    binType: 1,
    items: [
      {item: 0, count: 4},
      {item: 1, count: 2},
    ],
    times: 2,
  },
  {
    binType: 1,
    items: [
      {item: 0, count: 2},
      {item: 1, count: 1},
    ],
    times: 1,
  },
];
const OPTIONS = {solver: null, seed: 0, nodes: 50, shouldStopOf: () => () => false};

describe('prices', () => {
  test('vary the families that are in use, each down and up by a tenth and a fifth, and no other', () => {
    const variations = priceVariations(example(), SOLUTION, familyOf);
    expect(variations.map(({subject, factor}) => [subject, factor])).toEqual([
      ['r', 0.8],
      ['r', 0.9],
      ['r', 1.1],
      ['r', 1.2],
    ]);
    expect(variations[3]!.problem.binTypes.map(({cost}) => cost)).toEqual([0.3e9, 0.6e9, 0.26e9, 0.52e9]);
  });

  test('a dearer family is left for the next, so that the bill rises less than with the machines as they are', () => {
    const [dearer] = packVariations(priceVariations(example(), SOLUTION, familyOf).slice(-1), OPTIONS);
    expect(dearer!.keptCost).toBeCloseTo(costOf(example(), SOLUTION) * 1.2, 0);
    expect(dearer!.cost).toBeLessThan(dearer!.keptCost!);
    expect(dearer!.cost).toBeGreaterThanOrEqual(dearer!.lowerBound!);
    expect(dearer!.solution!.every(({binType: type}) => type >= 2)).toBe(true);
  });
});

test('growth makes more pods of every shape, rounded up, and none where a product is whole', () => {
  const counts = growthVariations(example()).map(({problem: {items}}) => items.map(({count}) => count));
  expect(counts).toEqual([
    [11, 6],
    [13, 7],
    [15, 8],
    [20, 10],
  ]);
});

describe('TaskManagers', () => {
  const sizes = (slots: number | null) =>
    taskManagerVariations(example(), [null, {slots}]).map(({factor, problem: {items}}) => ({
      factor,
      count: items[1]!.count,
      size: items[1]!.size,
      web: items[0],
    }));

  test('of twice the size are half as many, rounded up, and have their fixed memory once', () => {
    expect(sizes(2)[0]).toEqual({
      factor: 2,
      count: 3,
      size: [4000, 24 * GIB - FIXED_MEMORY, 1],
      web: example().items[0],
    });
  });

  test('of half the size are twice as many, and each has its own fixed memory', () => {
    expect(sizes(2)[1]).toMatchObject({factor: 0.5, count: 10, size: [1000, 6 * GIB + FIXED_MEMORY / 2, 1]});
  });

  test.each([1, 3, null])('with %s slots are not halved', (slots) => {
    expect(sizes(slots).map(({factor}) => factor)).toEqual([2]);
  });

  test('are not there in a demand without Flink', () => {
    expect(taskManagerVariations(example(), [null, null])).toEqual([]);
  });
});

test('smaller machines are packed within the limit, or not at all', () => {
  const packed = packVariations(largestMachineVariations(example(), SOLUTION), OPTIONS);
  expect(packed.map(({factor, solution}) => [factor, solution?.every(({binType: type}) => type % 2 === 0)])).toEqual([
    [0.5, true],
    [0.25, undefined],
    [0.125, undefined],
  ]);
  expect(packed[1]).toMatchObject({cost: null, lowerBound: null, loss: null});
});

test('a packing of a variation holds every pod', () => {
  const variations = [...growthVariations(example()), ...taskManagerVariations(example(), [null, {slots: 2}])];
  for (const {problem: varied, solution, cost} of packVariations(variations, OPTIONS)) {
    expect(verifyPlan(varied, solution!, cost!)).toEqual([]);
  }
});

test('each packing is told how many are still to come', () => {
  const asked: number[] = [];
  packVariations(growthVariations(example()), {
    ...OPTIONS,
    shouldStopOf: (left) => {
      asked.push(left);
      return () => true;
    },
  });
  expect(asked).toEqual([4, 3, 2, 1]);
});

describe('a shortlist', () => {
  test('keeps what is in use, and another family for each item', () => {
    const indices = shortlist(example(), SOLUTION, familyOf);
    expect(indices).toContain(1);
    expect(indices.some((index) => index >= 2)).toBe(true);
  });

  test('leaves the packing as it is', () => {
    const indices = [1, 3];
    const short = onBinTypes(example(), indices);
    expect(costOf(short, solutionOn(SOLUTION, indices))).toBe(costOf(example(), SOLUTION));
    expect(verifyPlan(short, solutionOn(SOLUTION, indices), costOf(example(), SOLUTION))).toEqual([]);
  });

  test('translates the bin types that items may use', () => {
    const [web, taskManager] = example().items;
    const tied = {...example(), items: [web!, {...taskManager!, binTypes: [0, 3]}]};
    expect(onBinTypes(tied, [1, 3]).items.map(({binTypes}) => binTypes)).toEqual([null, [1]]);
  });
});

test('with the fullest node goes its share of the pods and of their memory', () => {
  expect(lossInPacking(example(), SOLUTION)).toEqual({pods: 6 / 15, memory: 28 / 70, jobs: null});
});
