import type {Pod} from '../../model/pod.ts';

/** Later than any time in a dump (2^52 milliseconds are beyond the year 140,000). */
const AFTER_ALL_DUMPS = 2 ** 52;

/**
 * The pods on each node, as doubly linked lists over pod indices. A pod that leaves is replaced by the last one of its
 * node, as upstream's NodeInfo does: preemption sees pods of equal importance in that order.
 */
export class PodLists {
  /** Node by pod, -1 where the pod has none. */
  readonly nodeOfPod: Int32Array;
  readonly #pods: readonly Pod[];
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** By pod: how many pods had come to a node before it did. */
  readonly #arrival: Float64Array;
  #arrivals: number;

  private constructor(
    pods: readonly Pod[],
    arrays: readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Float64Array],
    arrivals: number,
  ) {
    this.#pods = pods;
    [this.nodeOfPod, this.#first, this.#last, this.#next, this.#previous, this.#arrival] = arrays;
    this.#arrivals = arrivals;
  }

  static empty(nodeCount: number, pods: readonly Pod[]): PodLists {
    const none = (length: number): Int32Array => new Int32Array(length).fill(-1);
    const {length} = pods;
    return new PodLists(
      pods,
      [none(length), none(nodeCount), none(nodeCount), none(length), none(length), new Float64Array(length).fill(-1)],
      0,
    );
  }

  add(pod: Pod, node: number): void {
    const {index} = pod;
    const last = this.#last[node]!;
    this.nodeOfPod[index] = node;
    this.#previous[index] = last;
    this.#next[index] = -1;
    if (last < 0) this.#first[node] = index;
    else this.#next[last] = index;
    this.#last[node] = index;
    if (this.#arrival[index]! < 0) this.#arrival[index] = this.#arrivals++;
  }

  /** The pod must be on a node. */
  remove(pod: Pod): void {
    const {index} = pod;
    const node = this.nodeOfPod[index]!;
    const last = this.#last[node]!;
    const before = this.#previous[last]!;
    this.#last[node] = before;
    if (before < 0) this.#first[node] = -1;
    else this.#next[before] = -1;
    if (last !== index) this.#replace(index, last, node);
    this.nodeOfPod[index] = -1;
  }

  /** Ends the life of a pod: should its like come again, it has started anew. */
  forget(pod: Pod): void {
    this.#arrival[pod.index] = -1;
  }

  #replace(index: number, other: number, node: number): void {
    const previous = this.#previous[index]!;
    const next = this.#next[index]!;
    this.#previous[other] = previous;
    this.#next[other] = next;
    if (previous < 0) this.#first[node] = other;
    else this.#next[previous] = other;
    if (next < 0) this.#last[node] = other;
    else this.#previous[next] = other;
  }

  /** The pods on a node now. */
  on(node: number): readonly Pod[] {
    const pods: Pod[] = [];
    for (let index = this.#first[node]!; index >= 0; index = this.#next[index]!) pods.push(this.#pods[index]!);
    return pods;
  }

  /** Index of the first pod on a node, -1 when there is none; `next` goes on from there. */
  first(node: number): number {
    return this.#first[node]!;
  }

  next(pod: number): number {
    return this.#next[pod]!;
  }

  at(index: number): Pod {
    return this.#pods[index]!;
  }

  /**
   * When a pod started, in milliseconds since the epoch; for a pod that came to its node without saying, a number
   * later than all of these, in the order of arrival.
   */
  startOf(pod: Pod): number {
    return pod.startTime ?? AFTER_ALL_DUMPS + this.#arrival[pod.index]!;
  }

  snapshot(): PodLists {
    return new PodLists(
      this.#pods,
      [
        this.nodeOfPod.slice(),
        this.#first.slice(),
        this.#last.slice(),
        this.#next.slice(),
        this.#previous.slice(),
        this.#arrival.slice(),
      ],
      this.#arrivals,
    );
  }
}
