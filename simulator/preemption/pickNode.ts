import type {Candidate} from '../framework/postFilter.ts';
import type {PodLists} from '../state/podLists.ts';

/** Makes every priority positive, so that one pod of negative priority costs less than two. */
const PRIORITY_OFFSET = 2 ** 31;

/**
 * The nodes that cost least (preemption.pickOneNodeForPreemption), ascending: fewest violated budgets, then lowest
 * priority of the most important victim, smallest sum of priorities, fewest victims, and the latest start of the
 * oldest among the most important victims. Upstream takes any one of them.
 */
export function bestCandidates(candidates: readonly Candidate[], pods: PodLists): readonly Candidate[] {
  const criteria: readonly ((candidate: Candidate) => number)[] = [
    ({numPDBViolations}) => numPDBViolations,
    ({victims}) => victims[0]!.class.priority,
    ({victims}) => victims.reduce((sum, victim) => sum + victim.class.priority + PRIORITY_OFFSET, 0),
    ({victims}) => victims.length,
    ({victims}) => -earliestStart(victims, pods),
  ];
  let best = candidates;
  for (const costOf of criteria) {
    if (best.length < 2) break;
    const costs = best.map(costOf);
    const least = costs.reduce((a, b) => Math.min(a, b));
    best = best.filter((_candidate, i) => costs[i] === least);
  }
  return best.toSorted((a, b) => a.node - b.node);
}

/** Of the most important victims. */
function earliestStart(victims: Candidate['victims'], pods: PodLists): number {
  const {priority} = victims[0]!.class;
  return victims
    .filter((victim) => victim.class.priority === priority)
    .reduce((earliest, victim) => Math.min(earliest, pods.startOf(victim)), Number.POSITIVE_INFINITY);
}
