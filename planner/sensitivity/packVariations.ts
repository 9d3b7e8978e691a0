import {type OptimiseOptions, optimisePacking} from '../optimise.ts';
import type {PackingProblem} from '../packingProblem.ts';
import {costOf, type PackingSolution} from '../packingSolution.ts';
import {type Loss, lossInPacking} from './lossOfNode.ts';
import type {Variation} from './variation.ts';

/** What a variation comes to. Money is in the problem's units. */
export interface VariedPacking extends Variation {
  /** null where nothing holds it: a pod fits no machine any more, or no packing was found. */
  readonly solution: PackingSolution | null;
  readonly cost: number | null;
  /** No packing on these bin types costs less; null where there is none. */
  readonly lowerBound: number | null;
  /** What the packing of the plan costs then; null where it does not hold. */
  readonly keptCost: number | null;
  /** null where there is no packing. */
  readonly loss: Loss | null;
  readonly isStopped: boolean;
}

export interface VariationOptions extends Pick<OptimiseOptions, 'solver' | 'seed' | 'nodes'> {
  /** Asked before each packing, with how many are still to come: what says when it has to end. */
  shouldStopOf(left: number): () => boolean;
  onStep?(done: number, all: number): void;
}

/** Packs every variation anew, one after the other. */
export function packVariations(
  variations: readonly Variation[],
  {shouldStopOf, onStep, ...search}: VariationOptions,
): readonly VariedPacking[] {
  return variations.map((variation, index) => {
    onStep?.(index, variations.length);
    const {problem, known} = variation;
    const outcome = optimisePacking(problem, {...search, shouldStop: shouldStopOf(variations.length - index)});
    const keptCost = known === null ? null : costOf(problem, known);
    const best = cheapest(problem, outcome.kind === 'packed' ? outcome.solution : null, known);
    return {
      ...variation,
      solution: best,
      cost: best === null ? null : costOf(problem, best),
      lowerBound: outcome.kind === 'packed' ? outcome.lowerBound : null,
      keptCost,
      loss: best === null ? null : lossInPacking(problem, best),
      isStopped: outcome.kind !== 'impossible' && outcome.notes.isStopped,
    };
  });
}

function cheapest(
  problem: PackingProblem,
  found: PackingSolution | null,
  known: PackingSolution | null,
): PackingSolution | null {
  if (found === null || known === null) return found ?? known;
  return costOf(problem, known) < costOf(problem, found) ? known : found;
}
