import type {Pod} from '../model/pod.ts';
import {arrivalOrder} from './queue/arrivalOrder.ts';
import {type Attempt, assume, attempt, evict, type Scheduler} from './scheduler.ts';

export interface RunOptions {
  /** Whether an attempt at this pod fills in everything that can be told of it. */
  readonly explains: (pod: Pod) => boolean;
  /** Called after every attempt, in order, once its effects are in place. A `true` ends the run. */
  readonly onAttempt: (pod: Pod, attempt: Attempt) => boolean | undefined;
}

/**
 * Schedules pods until nothing is left to try. Victims of a preemption are gone at once, and the pod that preempted
 * them tries again before any other. A victim that has a controller comes back as that controller's new pod, behind all
 * pods that wait already; a bare pod is gone for good.
 */
export function run(scheduler: Scheduler, pods: readonly Pod[], options: RunOptions): void {
  let waiting = pods;
  while (waiting.length > 0) {
    const victims: Pod[] = [];
    for (const pod of waiting) if (tryPod(scheduler, pod, victims, options)) return;
    const [framework] = scheduler.frameworks.values();
    waiting = framework === undefined ? [] : arrivalOrder(victims, (a, b) => framework.compare(a, b));
  }
}

/** Whether the run is over. Victims that will come back are added to `victims`. */
function tryPod(scheduler: Scheduler, pod: Pod, victims: Pod[], options: RunOptions): boolean {
  const {explains, onAttempt} = options;
  const result = attempt(scheduler, pod, {explain: explains(pod)});
  if (result.outcome.node >= 0) assume(scheduler, pod, result.outcome.node);
  if (result.preemption !== null) {
    for (const victim of result.preemption.victims) {
      evict(scheduler, victim);
      if (isReplaced(victim)) victims.push(victim);
    }
  }
  if (onAttempt(pod, result) === true) return true;
  return result.preemption !== null && tryPod(scheduler, pod, victims, options);
}

/** Whether a controller makes a new pod in place of one that is deleted; a pod on its way out has been replaced already. */
export function isReplaced({class: {owner}, terminating}: Pod): boolean {
  return owner !== null && !terminating;
}
