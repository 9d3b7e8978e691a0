import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {QueuedPod} from './queuedPod.ts';

/** Backoffs end with whole seconds, so that pods of one second can leave by priority. */
export const BACKOFF_WINDOW = 1000;

/** The backoff of a pod that has none: it is over at any time. */
const NEVER = Number.NEGATIVE_INFINITY;

/** How long pods wait after a failed attempt: doubled at each further one up to a maximum. In milliseconds. */
export class Backoff {
  readonly #initial: number;
  readonly #max: number;
  /** 1.33 doubles with each attempt, whether it ended with an error or not. */
  readonly #countsAttempts: boolean;

  constructor(initialSeconds: number, maxSeconds: number, version: KubernetesVersion) {
    this.#initial = initialSeconds * 1000;
    this.#max = maxSeconds * 1000;
    this.#countsAttempts = !isAtLeast(version, '1.34');
  }

  /** The start of the second in which the pod's backoff ends. */
  endOf(info: QueuedPod): number {
    const duration = this.#countsAttempts ? this.#byAttempts(info.attempts) : this.#byFailures(info);
    return duration === null ? NEVER : startOfWindow(info.timestamp + duration);
  }

  /** Still true in the second in which the backoff ends. */
  isBackingOff(info: QueuedPod, now: number): boolean {
    return this.endOf(info) >= startOfWindow(now);
  }

  #byFailures({unschedulableCount, consecutiveErrorsCount}: QueuedPod): number | null {
    const count = consecutiveErrorsCount > 0 ? consecutiveErrorsCount : unschedulableCount;
    if (this.#max === 0 || count === 0) return null;
    return Math.min(this.#initial * 2 ** (count - 1), this.#max);
  }

  /** The first is not held to the maximum. */
  #byAttempts(attempts: number): number | null {
    if (attempts === 0) return null;
    if (attempts === 1) return this.#initial;
    return Math.min(this.#initial * 2 ** (attempts - 1), this.#max);
  }
}

function startOfWindow(time: number): number {
  return Math.floor(time / BACKOFF_WINDOW) * BACKOFF_WINDOW;
}
