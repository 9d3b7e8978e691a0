import type {PackingProblem} from '../packingProblem.ts';
import type {Variation} from './variation.ts';

const FACTORS = [1.1, 1.25, 1.5, 2] as const;

/** More pods of every shape, rounded up; their sizes stay. */
export function growthVariations(problem: PackingProblem): readonly Variation[] {
  return FACTORS.map((factor) => ({
    kind: 'growth',
    subject: null,
    factor,
    problem: {
      ...problem,
      // Against the error of a product such as 10 × 1.1, which would round up to 12.
      items: problem.items.map((item) => ({...item, count: Math.ceil(item.count * factor - 1e-9)})),
    },
    known: null,
  }));
}
