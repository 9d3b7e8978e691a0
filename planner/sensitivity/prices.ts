import type {PackingProblem} from '../packingProblem.ts';
import type {PackingSolution} from '../packingSolution.ts';
import type {Variation} from './variation.ts';

const FACTORS = [0.8, 0.9, 1.1, 1.2] as const;
/** Families that are varied, those with the largest share of the bill. */
const MOST_FAMILIES = 3;

/** Each family of a packing dearer and cheaper, all others as they are. */
export function priceVariations(
  problem: PackingProblem,
  solution: PackingSolution,
  familyOf: (kind: string) => string,
): readonly Variation[] {
  return familiesOf(problem, solution, familyOf)
    .slice(0, MOST_FAMILIES)
    .flatMap((family) =>
      FACTORS.map((factor) => ({
        kind: 'price' as const,
        subject: family,
        factor,
        problem: {
          ...problem,
          binTypes: problem.binTypes.map((binType) =>
            binType.cost !== null && familyOf(binType.kind) === family
              ? {...binType, cost: Math.round(binType.cost * factor)}
              : binType,
          ),
        },
        known: solution,
      })),
    );
}

/** The families of a packing, the one that costs most first. */
function familiesOf(
  {binTypes}: PackingProblem,
  solution: PackingSolution,
  familyOf: (kind: string) => string,
): readonly string[] {
  const costs = new Map<string, number>();
  for (const {binType, times} of solution) {
    const {cost, kind} = binTypes[binType]!;
    const family = familyOf(kind);
    costs.set(family, (costs.get(family) ?? 0) + (cost ?? 0) * times);
  }
  return [...costs].sort(([x, a], [y, b]) => b - a || (x < y ? -1 : 1)).map(([family]) => family);
}
