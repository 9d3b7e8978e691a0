import {expect, test} from 'vitest';
import {compareWithCompetitors} from '../../../bench/packing/compareWithCompetitors.ts';
import {variedProblem} from '../../../bench/packing/variedProblem.ts';
import {loadHighsSolver} from '../../../planner/node/highsSolver.ts';

/** Of those of `npm run bench:competitors`, the ones that take little time. */
const SEEDS = [1, 4, 5, 7, 10, 13, 14, 15, 18, 20, 21, 25, 29, 33, 36];

test.each(SEEDS)('no competitor is cheaper than the plan of seed %i', async (seed) => {
  const {plan, lowerBound, competitors} = compareWithCompetitors(seed, await loadHighsSolver());
  expect(plan).toBeGreaterThanOrEqual(lowerBound);
  const cheaper = Object.entries(competitors).filter(([, cost]) => cost !== null && cost < plan);
  expect(cheaper).toEqual([]);
});

test('the seeds make problems of many kinds', () => {
  const problems = Array.from({length: 60}, (_, seed) => variedProblem(seed + 1));
  const having = (what: (problem: (typeof problems)[number]) => boolean): number => problems.filter(what).length;
  const podsOf = ({items}: (typeof problems)[number]): number => items.reduce((sum, {count}) => sum + count, 0);
  expect(having(({items}) => items.length === 1)).toBeGreaterThan(3);
  expect(having(({items}) => items.length > 20)).toBeGreaterThan(10);
  expect(having((problem) => podsOf(problem) < 60)).toBeGreaterThan(5);
  expect(having((problem) => podsOf(problem) > 1200)).toBeGreaterThan(5);
  expect(having(({exclusions}) => exclusions.length > 0)).toBeGreaterThan(3);
  expect(having(({items}) => items.some(({maxPerBin}) => maxPerBin !== null))).toBeGreaterThan(10);
  expect(having(({items}) => items.some(({binTypes}) => binTypes !== null))).toBeGreaterThan(10);
});
