import type {Pod} from '../../model/pod.ts';
import type {Candidate} from '../framework/postFilter.ts';
import type {PodLists} from '../state/podLists.ts';

/** Makes every priority positive, so that one pod of negative priority costs less than two. */
const PRIORITY_OFFSET = 2 ** 31;

/**
 * What a preemption costs by the criteria of preemption.pickOneNodeForPreemption, the weightiest first: violated
 * budgets, priority of the most important victim, sum of priorities, number of victims, and how long ago the oldest
 * of the most important victims has started.
 */
export function costOf(victims: readonly Pod[], numPDBViolations: number, pods: PodLists): readonly number[] {
  let sum = 0;
  let earliest = Number.POSITIVE_INFINITY;
  const highest = victims[0]!.class.priority;
  for (const victim of victims) {
    sum += victim.class.priority + PRIORITY_OFFSET;
    if (victim.class.priority === highest) earliest = Math.min(earliest, pods.startOf(victim));
  }
  return [numPDBViolations, highest, sum, victims.length, -earliest];
}

/** The candidates that cost least, by node; upstream takes any one of them. */
export function bestCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  let best: Candidate[] = [];
  for (const candidate of candidates) {
    const order = best.length === 0 ? -1 : compareCosts(candidate.cost, best[0]!.cost);
    if (order < 0) best = [candidate];
    else if (order === 0) best.push(candidate);
  }
  return best.sort((a, b) => a.node - b.node);
}

function compareCosts(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
