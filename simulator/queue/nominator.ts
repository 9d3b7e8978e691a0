import type {Pod} from '../../model/pod.ts';

const NONE: readonly Pod[] = [];

/** Pending pods that wait for room on a node they have preempted others from. */
export class Nominator {
  readonly #nodeOf = new Map<Pod, number>();
  readonly #podsOn = new Map<number, readonly Pod[]>();

  nominate(pod: Pod, node: number): void {
    this.remove(pod);
    this.#nodeOf.set(pod, node);
    this.#podsOn.set(node, [...(this.#podsOn.get(node) ?? NONE), pod]);
  }

  remove(pod: Pod): void {
    const node = this.#nodeOf.get(pod);
    if (node === undefined) return;
    this.#nodeOf.delete(pod);
    const rest = this.#podsOn.get(node)!.filter((other) => other !== pod);
    if (rest.length === 0) this.#podsOn.delete(node);
    else this.#podsOn.set(node, rest);
  }

  /** Ends the nominations to a node of pods of lower priority, which must look elsewhere. */
  dropLower(pod: Pod, node: number): void {
    for (const other of this.#podsOn.get(node) ?? NONE) {
      if (other.class.priority < pod.class.priority) this.remove(other);
    }
  }

  get isEmpty(): boolean {
    return this.#nodeOf.size === 0;
  }

  /** The node a pod is nominated to, -1 for none. */
  nodeOf(pod: Pod): number {
    return this.#nodeOf.get(pod) ?? -1;
  }

  /** The pods nominated to a node that a pod has to leave room for: those of its priority or above. */
  rivalsOf(pod: Pod, node: number): readonly Pod[] {
    const nominated = this.#podsOn.get(node);
    if (nominated === undefined) return NONE;
    return nominated.filter((other) => other !== pod && other.class.priority >= pod.class.priority);
  }
}
