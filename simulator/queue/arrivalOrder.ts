import type {Pod} from '../../model/pod.ts';

/**
 * Pods in the order they are scheduled when all of them wait at the same moment: by the profile's QueueSort, then as
 * the model has them. Every profile has the same QueueSort, so any one's will do.
 */
export function arrivalOrder(pods: readonly Pod[], compare: (a: Pod, b: Pod) => number): readonly Pod[] {
  return pods.toSorted((a, b) => compare(a, b) || a.index - b.index);
}
