import type {Demand} from '../demand/demand.ts';
import {COST_UNITS, type PackingProblem} from '../packingProblem.ts';

/** An offering worth trying, with how well its price is used. */
export interface Swatch {
  readonly offering: number;
  readonly pricePerHour: number;
  /**
   * Its price and fee over the worth of what it can hold; 1 for those of an optimal packing in fractions, more for others.
   */
  readonly ratio: number;
}

/** Offerings of one pool and zone that are tried. */
const SIZE = 24;

/**
 * The offerings whose price is best used, some of each pool and zone, the best first; of those that hold the same the
 * cheapest. `prices`: what an item is worth, by item, in the catalogue's currency in an hour; `nodeFee`: what a node costs
 * beside its price, where their number is limited.
 */
export function paletteOf({problem, offerings}: Demand, prices: readonly number[], nodeFee: number): readonly Swatch[] {
  const swatches = problem.binTypes.flatMap(({cost}, offering): Swatch[] => {
    if (cost === null) return [];
    const worth = worthOf(problem, offering, prices);
    const pricePerHour = cost / COST_UNITS;
    return worth > 0 ? [{offering, pricePerHour, ratio: (pricePerHour + nodeFee) / worth}] : [];
  });
  swatches.sort((a, b) => a.ratio - b.ratio || a.offering - b.offering);
  const seen = new Set<string>();
  const places = new Map<string, number>();
  return swatches.filter(({offering}) => {
    const {pool, zone} = offerings[offering]!;
    const place = `${pool.name}@${zone}`;
    const key = `${place} ${problem.binTypes[offering]!.capacity.join()}`;
    const inPlace = places.get(place) ?? 0;
    if (seen.has(key) || inPlace >= SIZE) return false;
    seen.add(key);
    places.set(place, inPlace + 1);
    return true;
  });
}

/** What a bin can hold, filled with the items that are worth most for their share of it. */
function worthOf({items, binTypes}: PackingProblem, bin: number, prices: readonly number[]): number {
  const left = [...binTypes[bin]!.capacity];
  const order = items
    .flatMap(({size, binTypes: own}, item) => {
      const share = Math.max(...size.map((amount, d) => (amount === 0 ? 0 : amount / left[d]!)));
      const isHeld = share <= 1 && (own === null || own.includes(bin));
      return isHeld ? [{item, density: prices[item]! / share}] : [];
    })
    .sort((a, b) => b.density - a.density || a.item - b.item);
  let worth = 0;
  for (const {item} of order) {
    const {size, count, maxPerBin} = items[item]!;
    let room = Math.min(count, maxPerBin ?? count);
    for (const [d, amount] of size.entries()) if (amount > 0) room = Math.min(room, Math.floor(left[d]! / amount));
    if (room <= 0) continue;
    worth += room * prices[item]!;
    for (const [d, amount] of size.entries()) left[d] = left[d]! - room * amount;
  }
  return worth;
}
