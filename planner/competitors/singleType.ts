/**
 * The cheapest fleet of one instance type that keeps to the limits, in as many pools and zones as the demand needs: what
 * a platform runs that has settled on a machine. Each type is filled first fit by falling largest share of a machine,
 * which is within a few percent of what is possible with one type, but no bound.
 */
import {isWithinLimits} from '../keepsToLimits.ts';
import type {PackingProblem} from '../packingProblem.ts';
import {costOf, type PackingSolution} from '../packingSolution.ts';
import type {Competitor} from './competitor.ts';
import {eligibility, OpenBins} from './openBins.ts';

export const SINGLE_TYPE: Competitor = {name: 'best single type', pack: packOnOneType};

export function packOnOneType(problem: PackingProblem): PackingSolution | null {
  const {binTypes} = problem;
  const kinds = Map.groupBy(binTypes.keys(), (index) => binTypes[index]!.kind);
  const mayHold = eligibility(problem);
  let best: PackingSolution | null = null;
  for (const own of kinds.values()) {
    const solution = packOn(problem, own, mayHold);
    if (solution === null || !isWithinLimits(problem, solution)) continue;
    if (best === null || costOf(problem, solution) < costOf(problem, best)) best = solution;
  }
  return best;
}

function packOn(
  problem: PackingProblem,
  own: readonly number[],
  mayHold: (binType: number, item: number) => boolean,
): PackingSolution | null {
  const {capacity} = problem.binTypes[own[0]!]!;
  const share = ({size}: {readonly size: readonly number[]}): number =>
    Math.max(...size.map((amount, d) => (amount === 0 ? 0 : amount / capacity[d]!)));
  const order = problem.items
    .map((item, index) => ({index, share: share(item)}))
    .sort((a, b) => b.share - a.share || a.index - b.index);
  // A machine of the type takes no item that is larger than it, so that most types are ruled out at once.
  if ((order[0]?.share ?? 0) > 1) return null;
  const bins = new OpenBins(problem, mayHold);
  for (const {index} of order) {
    let left = bins.fill(index, problem.items[index]!.count);
    for (const binType of own) {
      if (left > 0 && mayHold(binType, index)) left = bins.open(binType, index, left, Number.POSITIVE_INFINITY);
    }
    if (left > 0) return null;
  }
  return bins.solution;
}
