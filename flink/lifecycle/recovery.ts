/** Steps by which a job comes back after a loss; the same with every operator. */
import {type AssumedDurations, assumed, type Duration} from './durations.ts';
import type {LifecycleStep, PodCounts} from './lifecycleEvent.ts';

/** A TaskManager is missed after a while, replaced, and the job restored. */
export function replaceTaskManager(
  held: PodCounts,
  detection: Duration,
  durations: AssumedDurations,
): readonly LifecycleStep[] {
  return [
    {what: 'the loss is noticed', duration: detection, held, isRunning: false},
    {what: 'the pod in its place starts', duration: assumed(durations, 'start'), held, isRunning: false},
    {
      what: 'the job is restored from its last checkpoint',
      duration: assumed(durations, 'restore'),
      held,
      isRunning: false,
    },
  ];
}

export function startJobManager(held: PodCounts, durations: AssumedDurations): LifecycleStep {
  return {what: 'the JobManager starts again', duration: assumed(durations, 'start'), held, isRunning: false};
}

export function restoreJob(held: PodCounts, durations: AssumedDurations): LifecycleStep {
  return {what: 'the job is restored', duration: assumed(durations, 'restore'), held, isRunning: false};
}
