import type {Pod} from '../../model/pod.ts';
import type {ClusterEvent} from './clusterEvent.ts';
import type {QueuedPod} from './queuedPod.ts';

/** The pods that are being scheduled and what happens meanwhile, to be looked at should they be rejected. */
export class InFlight {
  /** In the order they were popped: there are never many. */
  readonly #pods: Pod[] = [];
  /** What the queue knows of each; null of one whose first attempt this is. */
  readonly #infos: (QueuedPod | null)[] = [];
  /** The number of events that there were, of all, before each was popped. */
  readonly #since: number[] = [];
  #events: ClusterEvent[] = [];
  /** Number of events that are forgotten. */
  #forgotten = 0;

  add(pod: Pod, info: QueuedPod | null): void {
    this.#pods.push(pod);
    this.#infos.push(info);
    this.#since.push(this.#forgotten + this.#events.length);
  }

  get isEmpty(): boolean {
    return this.#pods.length === 0;
  }

  has(pod: Pod): boolean {
    return this.#indexOf(pod) >= 0;
  }

  /** The pod must be in flight. */
  infoOf(pod: Pod): QueuedPod | null {
    return this.#infos[this.#indexOf(pod)]!;
  }

  record(event: ClusterEvent): void {
    if (this.#pods.length > 0) this.#events.push(event);
  }

  /** What has happened since a pod in flight was popped. */
  eventsSince(pod: Pod): readonly ClusterEvent[] {
    return this.#events.slice(this.#since[this.#indexOf(pod)]! - this.#forgotten);
  }

  /** Forgets a pod, and the events that no other pod in flight will ask for. */
  done(pod: Pod): void {
    const index = this.#indexOf(pod);
    if (index < 0) return;
    if (index === this.#pods.length - 1) {
      this.#pods.pop();
      this.#infos.pop();
      this.#since.pop();
    } else {
      this.#pods.splice(index, 1);
      this.#infos.splice(index, 1);
      this.#since.splice(index, 1);
    }
    if (this.#events.length === 0) return;
    const needed = this.#since[0] ?? this.#forgotten + this.#events.length;
    this.#events = this.#events.slice(needed - this.#forgotten);
    this.#forgotten = needed;
  }

  list(): readonly Pod[] {
    return this.#pods;
  }

  #indexOf(pod: Pod): number {
    for (let i = this.#pods.length - 1; i >= 0; i--) if (this.#pods[i]!.index === pod.index) return i;
    return -1;
  }
}
