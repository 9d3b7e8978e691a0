import type {PackingProblem} from '../packingProblem.ts';
import type {PackingSolution} from '../packingSolution.ts';

/** What another way of buying machines makes of the same demand. */
export interface Competitor {
  /** Such as `karpenter`. */
  readonly name: string;
  /** null where it does not find a place for everything. */
  readonly pack: (problem: PackingProblem) => PackingSolution | null;
}

/** Position of a dimension, -1 where the problem has none of the name. */
export function dimension({dimensions}: PackingProblem, name: string): number {
  return dimensions.indexOf(name);
}
