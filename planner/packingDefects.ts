import type {PackingItem, PackingProblem} from './packingProblem.ts';

/** Why no plan can exist, whatever it costs. */
export type PackingDefect =
  | {readonly kind: 'noBinTypes'}
  /** None of the bin types has a price. */
  | {readonly kind: 'noPrices'; readonly binTypes: readonly string[]}
  | {
      readonly kind: 'fitsNowhere';
      readonly item: string;
      readonly count: number;
      /** The bin type that lacks the least, of those that it may use; null: it may use none that has a price. */
      readonly nearest: string | null;
      /** What the nearest lacks, by name of the dimension; empty where the item's own rules keep it out. */
      readonly lacking: Readonly<Record<string, number>>;
    };

/** Items that stand for another are no defect where they fit nowhere: the other may. */
export function packingDefects(problem: PackingProblem): readonly PackingDefect[] {
  const wanted = [...problem.items.keys()].filter((item) => problem.items[item]!.count > 0);
  if (wanted.length === 0) return [];
  if (problem.binTypes.length === 0) return [{kind: 'noBinTypes'}];
  if (problem.binTypes.every(({cost}) => cost === null)) {
    return [{kind: 'noPrices', binTypes: problem.binTypes.map(({name}) => name)}];
  }
  return wanted.flatMap((item) => {
    const forms = problem.items.filter((other, index) => index === item || other.standsFor === item);
    if (forms.some((form) => usable(problem, form).some((binType) => fits(problem, form, binType)))) return [];
    const {name, count} = problem.items[item]!;
    return [{kind: 'fitsNowhere', item: name, count, ...nearestTo(problem, problem.items[item]!)}];
  });
}

function usable({binTypes, limits}: PackingProblem, item: PackingItem): readonly number[] {
  if (item.maxPerBin !== null && item.maxPerBin < 1) return [];
  return (item.binTypes ?? [...binTypes.keys()]).filter((index) => {
    const {cost, capacity, available} = binTypes[index]!;
    const isTooLarge = capacity.some((amount, dimension) => amount > (limits.largestBin?.[dimension] ?? amount));
    return cost !== null && available !== 0 && !isTooLarge;
  });
}

function fits({binTypes}: PackingProblem, {size}: PackingItem, binType: number): boolean {
  return size.every((amount, dimension) => amount <= binTypes[binType]!.capacity[dimension]!);
}

function nearestTo(
  problem: PackingProblem,
  item: PackingItem,
): {readonly nearest: string | null; readonly lacking: Readonly<Record<string, number>>} {
  let best: {nearest: string; lacking: Record<string, number>; share: number} | null = null;
  for (const index of usable(problem, item)) {
    const {name, capacity} = problem.binTypes[index]!;
    const lacking: Record<string, number> = {};
    let share = 0;
    for (const [dimension, amount] of item.size.entries()) {
      const missing = amount - capacity[dimension]!;
      if (missing <= 0) continue;
      lacking[problem.dimensions[dimension]!] = missing;
      share += missing / amount;
    }
    if (best === null || share < best.share) best = {nearest: name, lacking, share};
  }
  return best === null ? {nearest: null, lacking: {}} : {nearest: best.nearest, lacking: best.lacking};
}
