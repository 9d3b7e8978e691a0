import type {Pod} from '../../model/pod.ts';
import {QueuedPod} from './queuedPod.ts';

/** Many pods that came at once, in the order they leave: the next one costs no more than a look. */
export class Batch {
  readonly #pods: readonly Pod[];
  readonly #compare: (a: Pod, b: Pod) => number;
  readonly #timestamp: number;
  readonly #firstSequence: number;
  /** Positions of pods that have left out of turn. */
  readonly #taken = new Set<number>();
  /** Made when it is first asked for. */
  #positionOf: ReadonlyMap<number, number> | null = null;
  #next = 0;

  constructor(pods: readonly Pod[], compare: (a: Pod, b: Pod) => number, timestamp: number, firstSequence: number) {
    this.#pods = pods;
    this.#compare = compare;
    this.#timestamp = timestamp;
    this.#firstSequence = firstSequence;
  }

  /** Takes the next pod unless `other` goes first. */
  takeBefore(other: QueuedPod | undefined): Pod | undefined {
    if (this.#taken.size > 0) while (this.#taken.has(this.#next)) this.#next++;
    const pod = this.#pods[this.#next];
    if (pod === undefined || (other !== undefined && !this.#isBefore(pod, other))) return undefined;
    this.#next++;
    return pod;
  }

  /** Takes all that are left. */
  takeAll(): readonly QueuedPod[] {
    const all: QueuedPod[] = [];
    for (; this.#next < this.#pods.length; this.#next++) {
      if (!this.#taken.has(this.#next)) all.push(this.#at(this.#next));
    }
    return all;
  }

  /** Takes a pod out of turn; undefined when it is not, or no longer, in the batch. */
  take({index}: Pod): QueuedPod | undefined {
    this.#positionOf ??= new Map(this.#pods.map((pod, position) => [pod.index, position]));
    const position = this.#positionOf.get(index);
    if (position === undefined || position < this.#next || this.#taken.has(position)) return undefined;
    this.#taken.add(position);
    return this.#at(position);
  }

  #isBefore(pod: Pod, other: QueuedPod): boolean {
    const order = this.#compare(pod, other.pod) || this.#timestamp - other.timestamp;
    return order < 0 || (order === 0 && this.#firstSequence + this.#next < other.sequence);
  }

  #at(position: number): QueuedPod {
    return new QueuedPod(this.#pods[position]!, this.#timestamp, this.#firstSequence + position);
  }
}
