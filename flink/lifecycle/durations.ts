/** How long the steps of a job's life take: what Flink and its operators fix, and what nobody but the user can know. */
import {parseFlinkDuration} from './flinkDuration.ts';

export interface Duration {
  readonly seconds: number;
  /**
   * `Fixed` by the operator's code, `Configured` by an option of Flink or the operator (its default, or the value that
   * the resource gives), or `Assumed`: it depends on images, state and network, and has to be measured.
   */
  readonly basis: 'Fixed' | 'Configured' | 'Assumed';
  /** The option, or what the figure rests on. */
  readonly source: string;
}

/** Those that depend on the user's own jobs; every one may be replaced by a measured one, in seconds. */
export interface AssumedDurations {
  /** From the creation of a pod to a registered process: scheduling, image, JVM. 20 to 60 s with a warm image. */
  readonly start: number;
  /** Writing a savepoint. */
  readonly savepoint: number;
  /** Reading the state back. */
  readonly restore: number;
  /** A pod that is asked to stop and has no hook of its own. */
  readonly stop: number;
}

export const ASSUMED_DURATIONS: AssumedDurations = {start: 40, savepoint: 60, restore: 60, stop: 10};

const MEASURE = 'depends on image, state and network; measure it';

export function assumed(durations: AssumedDurations, name: keyof AssumedDurations): Duration {
  return {seconds: durations[name], basis: 'Assumed', source: MEASURE};
}

export function fixed(seconds: number, source: string): Duration {
  return {seconds, basis: 'Fixed', source};
}

/**
 * How long the JobManager takes to miss a TaskManager that says nothing: from 1.15 on two calls that fail, one at each
 * heartbeat, before that the whole timeout (FLINK-21884).
 */
export function heartbeatLoss(configuration: Readonly<Record<string, string>>, countsFailedCalls: boolean): Duration {
  if (!countsFailedCalls) return configured(configuration, ['heartbeat.timeout'], 50);
  const interval = configured(configuration, ['heartbeat.interval'], 10);
  const calls = Number(configuration['heartbeat.rpc-failure-threshold'] ?? 2);
  // Below zero the calls are not counted at all.
  if (!(calls >= 0)) return configured(configuration, ['heartbeat.timeout'], 50);
  return {
    seconds: interval.seconds * calls,
    basis: 'Configured',
    source: `${interval.source} × heartbeat.rpc-failure-threshold`,
  };
}

/** The value of the first of the keys that is set and can be read, else the default of the first. */
export function configured(
  configuration: Readonly<Record<string, string>>,
  keys: readonly [string, ...string[]],
  standard: number,
): Duration {
  for (const key of keys) {
    const text = Object.hasOwn(configuration, key) ? configuration[key]! : undefined;
    const seconds = text === undefined ? undefined : parseFlinkDuration(text);
    if (seconds !== undefined) return {seconds, basis: 'Configured', source: key};
  }
  return {seconds: standard, basis: 'Configured', source: `${keys[0]} (default)`};
}
