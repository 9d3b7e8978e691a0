import type {PackingProblem} from '../packingProblem.ts';
import type {PackingSolution} from '../packingSolution.ts';

/** What a variation changes. */
export const VARIATION_KINDS = ['price', 'growth', 'taskManagers', 'largestMachine'] as const;
export type VariationKind = (typeof VARIATION_KINDS)[number];

/** The question of a plan with one thing changed. */
export interface Variation {
  readonly kind: VariationKind;
  /** What is changed, such as a family of machines; null where the kind says it all. */
  readonly subject: string | null;
  /** By how much, as a factor: of the price, the demand, the size of a TaskManager, the capacity of the largest machine. */
  readonly factor: number;
  readonly problem: PackingProblem;
  /** A packing that holds as well, so that what is found costs at most as much; null where none is known. */
  readonly known: PackingSolution | null;
}
