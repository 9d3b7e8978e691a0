import type {Pod} from '../../model/pod.ts';

/**
 * Pods in the order they are scheduled when all of them wait at the same moment: by the profile's QueueSort, then as
 * the model has them. Every profile has the same QueueSort, so any one's will do.
 */
export function arrivalOrder(pods: readonly Pod[], compare: (a: Pod, b: Pod) => number): readonly Pod[] {
  const inOrder = (a: Pod, b: Pod): number => compare(a, b) || a.index - b.index;
  // Most often they are in order as they come, which is quicker to see than to sort.
  for (let i = 1; i < pods.length; i++) if (inOrder(pods[i - 1]!, pods[i]!) > 0) return pods.toSorted(inOrder);
  return pods;
}
