import type {Pod} from '../../model/pod.ts';

const NONE: readonly Pod[] = [];

/** Pending pods that wait for room on a node they have preempted others from. */
export class Nominator {
  readonly #nodeOf = new Map<Pod, number>();
  readonly #podsOn = new Map<number, readonly Pod[]>();
  readonly #onChange: (node: number) => void;

  /** `onChange` is told of every node that pods are nominated to, or no longer. */
  constructor(onChange: (node: number) => void = () => undefined) {
    this.#onChange = onChange;
  }

  nominate(pod: Pod, node: number): void {
    this.remove(pod);
    this.#nodeOf.set(pod, node);
    this.#podsOn.set(node, [...(this.#podsOn.get(node) ?? NONE), pod]);
    this.#onChange(node);
  }

  remove(pod: Pod): void {
    const node = this.#nodeOf.get(pod);
    if (node === undefined) return;
    this.#nodeOf.delete(pod);
    const rest = this.#podsOn.get(node)!.filter((other) => other !== pod);
    if (rest.length === 0) this.#podsOn.delete(node);
    else this.#podsOn.set(node, rest);
    this.#onChange(node);
  }

  /** Ends the nominations to a node of pods of lower priority, which must look elsewhere. */
  dropLower(pod: Pod, node: number): readonly Pod[] {
    const lower = (this.#podsOn.get(node) ?? NONE).filter((other) => other.class.priority < pod.class.priority);
    for (const other of lower) this.remove(other);
    return lower;
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
    const rivals = this.rivals(pod.class.priority, node);
    return rivals.includes(pod) ? rivals.filter((other) => other !== pod) : rivals;
  }

  /** The nodes that pods are nominated to. */
  nodes(): Iterable<number> {
    return this.#podsOn.keys();
  }

  /** Whether a pod has to leave room for others on any node. */
  hasRivals(pod: Pod): boolean {
    for (const other of this.#nodeOf.keys()) {
      if (other !== pod && other.class.priority >= pod.class.priority) return true;
    }
    return false;
  }

  /** The pods nominated to a node that are of this priority or above. */
  rivals(priority: number, node: number): readonly Pod[] {
    const nominated = this.#podsOn.get(node);
    return nominated === undefined ? NONE : nominated.filter((other) => other.class.priority >= priority);
  }
}
