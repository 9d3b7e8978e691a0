import type {Pattern} from './pattern.ts';
import {canHold, type PreparedProblem} from './preparedProblem.ts';

/** By dimension. */
export function contentOf({variants, problem}: PreparedProblem, {variants: held, counts}: Pattern): readonly number[] {
  const content = problem.dimensions.map(() => 0);
  for (const [index, variant] of held.entries()) {
    for (const [dimension, amount] of variants[variant]!.size.entries()) content[dimension]! += amount * counts[index]!;
  }
  return content;
}

/** The cheapest type that may hold what the pattern holds; null: none. */
export function cheapestTypeFor(prepared: PreparedProblem, pattern: Pattern): number | null {
  const content = contentOf(prepared, pattern);
  let best: number | null = null;
  for (const [type, {capacity, cost, index}] of prepared.types.entries()) {
    if (best !== null && cost >= prepared.types[best]!.cost) continue;
    if (!content.every((amount, dimension) => amount <= capacity[dimension]!)) continue;
    if (!pattern.variants.every((variant) => canHold(prepared.problem, index, prepared.variants[variant]!))) continue;
    best = type;
  }
  return best;
}
