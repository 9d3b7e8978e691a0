import type {Pod} from '../../model/pod.ts';
import type {ClusterEvent} from './clusterEvent.ts';
import type {QueuedPod} from './queuedPod.ts';

/** The pods that are being scheduled and what happens meanwhile, to be looked at should they be rejected. */
export class InFlight {
  /** In the order they were popped: there are never many. */
  readonly #infos: QueuedPod[] = [];
  /** Beside each pod, the number of events that there were, of all, before it was popped. */
  readonly #since: number[] = [];
  #events: ClusterEvent[] = [];
  /** Number of events that are forgotten. */
  #forgotten = 0;

  add(info: QueuedPod): void {
    this.#infos.push(info);
    this.#since.push(this.#forgotten + this.#events.length);
  }

  get(pod: Pod): QueuedPod | undefined {
    return this.#infos[this.#indexOf(pod)];
  }

  record(event: ClusterEvent): void {
    if (this.#infos.length > 0) this.#events.push(event);
  }

  /** What has happened since a pod in flight was popped. */
  eventsSince(pod: Pod): readonly ClusterEvent[] {
    return this.#events.slice(this.#since[this.#indexOf(pod)]! - this.#forgotten);
  }

  /** Forgets a pod, and the events that no other pod in flight will ask for. */
  done(pod: Pod): void {
    const index = this.#indexOf(pod);
    if (index < 0) return;
    if (index === this.#infos.length - 1) {
      this.#infos.pop();
      this.#since.pop();
    } else {
      this.#infos.splice(index, 1);
      this.#since.splice(index, 1);
    }
    if (this.#events.length === 0) return;
    const needed = this.#since[0] ?? this.#forgotten + this.#events.length;
    this.#events = this.#events.slice(needed - this.#forgotten);
    this.#forgotten = needed;
  }

  list(): readonly QueuedPod[] {
    return this.#infos;
  }

  #indexOf(pod: Pod): number {
    for (let i = this.#infos.length - 1; i >= 0; i--) if (this.#infos[i]!.pod.index === pod.index) return i;
    return -1;
  }
}
