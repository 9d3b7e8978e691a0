import type {PackingProblem} from './packingProblem.ts';
import type {PackingSolution} from './packingSolution.ts';

/** Whether so many bins of each type, whatever they hold, are no more than may be, and of no more kinds. */
export function keepsToLimits(
  {binTypes, limits}: Pick<PackingProblem, 'binTypes' | 'limits'>,
  counts: Iterable<readonly [binType: number, count: number]>,
): boolean {
  const {bins, kinds} = limits;
  if (bins === null && kinds === null) return true;
  let sum = 0;
  const used = new Set<string>();
  for (const [binType, count] of counts) {
    sum += count;
    used.add(binTypes[binType]!.kind);
  }
  return sum <= (bins ?? sum) && used.size <= (kinds ?? used.size);
}

/** Whether the bins of a packing are within the limits. */
export function isWithinLimits(
  problem: Pick<PackingProblem, 'binTypes' | 'limits'>,
  solution: PackingSolution,
): boolean {
  return keepsToLimits(
    problem,
    solution.map(({binType, times}) => [binType, times] as const),
  );
}
