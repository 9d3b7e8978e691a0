import type {Pod} from '../../model/pod.ts';
import type {QueueSortPlugin} from '../framework/plugin.ts';

/** Higher priority first. */
export class PrioritySort implements QueueSortPlugin {
  readonly name = 'PrioritySort';

  compare(a: Pod, b: Pod): number {
    return b.class.priority - a.class.priority;
  }
}
