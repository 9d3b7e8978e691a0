import type {Pod} from '../../model/pod.ts';
import {type ActiveFilters, addToFilters, cloneFilters, type Framework} from '../framework/framework.ts';
import type {Handle} from '../framework/plugin.ts';
import type {Status} from '../framework/status.ts';

/** A node must do both with the pods that are nominated to it and without them. */
export function runFiltersWithNominatedPods(
  {nominator, state}: Handle,
  framework: Framework,
  filters: ActiveFilters,
  pod: Pod,
  node: number,
): Status | null {
  const rivals = nominator.isEmpty ? [] : nominator.rivalsOf(pod, node);
  if (rivals.length > 0) {
    const crowded = cloneFilters(filters);
    for (const rival of rivals) addToFilters(crowded, pod, rival, node);
    const status = state.withPods(rivals, node, () => framework.runFilters(crowded, node));
    if (status !== null) return status;
  }
  return framework.runFilters(filters, node);
}
