import type {Pod} from '../../model/pod.ts';
import type {HeapItem} from './heap.ts';

/** The plugins that have turned a pod down (QueuedPodInfo.UnschedulablePlugins and PendingPlugins). */
export interface Rejectors {
  readonly plugins: ReadonlySet<string>;
  /** Those that only wait for something outside: when it happens the pod need not back off. */
  readonly pending: ReadonlySet<string>;
}

const NO_PLUGIN: ReadonlySet<string> = new Set();

/** What a pod comes back with that failed by an error. */
export const NO_REJECTORS: Rejectors = {plugins: NO_PLUGIN, pending: NO_PLUGIN};

/** Rejected for good, until something happens that helps. */
export function rejectedBy(plugins: Iterable<string>): Rejectors {
  return {plugins: new Set(plugins), pending: NO_PLUGIN};
}

export function hasRejectors({plugins, pending}: Rejectors): boolean {
  return plugins.size + pending.size > 0;
}

export type Place = 'activeQ' | 'backoffQ' | 'errorBackoffQ' | 'unschedulablePods' | 'inFlight';

/** A pod as the queue knows it (framework.QueuedPodInfo). Times are in milliseconds. */
export class QueuedPod implements HeapItem {
  /** As it was last updated; its index is what makes it the same pod. */
  pod: Pod;
  /** When it came, or came back from its last attempt. */
  timestamp: number;
  /** Puts pods of one timestamp in the order they came in. */
  sequence: number;
  place: Place = 'inFlight';
  position = -1;
  /** How often it was popped. */
  attempts = 0;
  /** How many attempts ended with a rejection. */
  unschedulableCount = 0;
  /** How many of the last attempts in a row ended with an error. */
  consecutiveErrorsCount = 0;
  rejectors: Rejectors = NO_REJECTORS;
  /** The plugin that keeps the pod from being queued at all; null for none. */
  gate: string | null = null;

  constructor(pod: Pod, timestamp: number, sequence: number) {
    this.pod = pod;
    this.timestamp = timestamp;
    this.sequence = sequence;
  }
}
