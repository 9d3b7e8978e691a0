import type {Duration} from './durations.ts';

/** Pods by component. */
export interface PodCounts {
  readonly jobManagers: number;
  readonly taskManagers: number;
  readonly submitters: number;
}

/** A stretch of time in which the same pods hold their requests. */
export interface LifecycleStep {
  /** What happens, in a few words. */
  readonly what: string;
  /** null where it lasts until something else happens. */
  readonly duration: Duration | null;
  /** Pods that exist, whether or not they have started: their requests are taken. */
  readonly held: PodCounts;
  /** Whether the job processes its input. */
  readonly isRunning: boolean;
}

/** What can happen to a job, by what it does to the capacity of the cluster. */
export const LIFECYCLE_EVENT_KINDS = [
  'FirstDeploy',
  'Upgrade',
  'Rescale',
  'BlueGreen',
  'TaskManagerFailover',
  'JobManagerLoss',
  'JobSucceeds',
  'JobFails',
  'JobCancelled',
] as const;
export type LifecycleEventKind = (typeof LIFECYCLE_EVENT_KINDS)[number];

/** An event in the life of a job, as a sequence of steps from before it to after it. */
export interface LifecycleEvent {
  readonly kind: LifecycleEventKind;
  /** How it goes with this resource, such as `savepoint, then recreated`. */
  readonly mode: string;
  readonly steps: readonly LifecycleStep[];
  /** What a planner should know beside the figures. */
  readonly notes: readonly string[];
}

/** The most pods of each component that exist at one time during an event. */
export function peakOf({steps}: LifecycleEvent): PodCounts {
  const most = (count: (held: PodCounts) => number): number => Math.max(0, ...steps.map(({held}) => count(held)));
  return {
    jobManagers: most(({jobManagers}) => jobManagers),
    taskManagers: most(({taskManagers}) => taskManagers),
    submitters: most(({submitters}) => submitters),
  };
}

/** Seconds without progress during an event; null where it does not end by itself. */
export function downtimeOf({steps}: LifecycleEvent): number | null {
  let seconds = 0;
  for (const {duration, isRunning} of steps) {
    if (isRunning) continue;
    if (duration === null) return null;
    seconds += duration.seconds;
  }
  return seconds;
}

export function counts(jobManagers: number, taskManagers: number, submitters = 0): PodCounts {
  return {jobManagers, taskManagers, submitters};
}
