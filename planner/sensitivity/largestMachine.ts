import {CPU, MEMORY} from '../../model/resources.ts';
import type {PackingProblem} from '../packingProblem.ts';
import type {PackingSolution} from '../packingSolution.ts';
import type {Variation} from './variation.ts';

const FACTORS = [0.5, 0.25, 0.125] as const;
/** Half a machine has a little more than half of what pods can use, or a little less. */
const TOLERANCE = 1.03;

/** Machines of at most a part of the CPU and memory that the largest machines of a packing have. */
export function largestMachineVariations(problem: PackingProblem, solution: PackingSolution): readonly Variation[] {
  const {binTypes, dimensions, limits} = problem;
  const largest = dimensions.map((_, d) => Math.max(...solution.map(({binType}) => binTypes[binType]!.capacity[d]!)));
  return FACTORS.map((factor) => ({
    kind: 'largestMachine',
    subject: null,
    factor,
    problem: {
      ...problem,
      limits: {
        ...limits,
        largestBin: dimensions.map((name, d) =>
          name === CPU || name === MEMORY ? Math.floor(largest[d]! * factor * TOLERANCE) : null,
        ),
      },
    },
    known: null,
  }));
}
