import type {KubernetesVersion} from '../simulation.ts';
import {defaultProfile, type Profile} from './profile.ts';

/** A KubeSchedulerConfiguration, as far as it bears on decisions, with the defaults of a version worked in. */
export interface SchedulerConfiguration {
  readonly profiles: readonly Profile[];
  /** The global value, null when it is not given; see SimulationOptions.percentageOfNodesToScore. */
  readonly percentageOfNodesToScore: number | null;
  /** How long a pod waits after its first failed attempt; doubled at each further one up to the maximum. */
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
}

export const DEFAULT_BACKOFF = {podInitialBackoffSeconds: 1, podMaxBackoffSeconds: 10} as const;

/** What kube-scheduler runs with when it is given no configuration. */
export function defaultSchedulerConfiguration(version: KubernetesVersion): SchedulerConfiguration {
  return {profiles: [defaultProfile(version)], percentageOfNodesToScore: null, ...DEFAULT_BACKOFF};
}
