import {LeastCount} from './leastCount.ts';

/** With no domain at all any skew will do: upstream starts from the largest number of 32 bits. */
const NO_DOMAIN = 2 ** 31 - 1;

/** The matching pods in the domains of one hard constraint. A clone takes only what is changed in it. */
export class DomainCounts {
  readonly #pods: Float64Array;
  readonly #changes: Map<number, number>;
  /** Over the domains that take part: those with a node that the constraint looks at. */
  readonly #least: LeastCount;

  private constructor(pods: Float64Array, changes: ReadonlyMap<number, number>, least: LeastCount) {
    this.#pods = pods;
    this.#changes = new Map(changes);
    this.#least = least;
  }

  /** By domain: the pods, and 1 for those that take part. */
  static of(pods: Float64Array, isKnown: Uint8Array): DomainCounts {
    const least = new LeastCount();
    for (let domain = 0; domain < pods.length; domain++) if (isKnown[domain] === 1) least.add(pods[domain]!);
    return new DomainCounts(pods, new Map(), least);
  }

  at(domain: number): number {
    return this.#pods[domain]! + (this.#changes.get(domain) ?? 0);
  }

  /** Changes the number of pods in a domain that takes part. */
  add(domain: number, delta: 1 | -1): void {
    const before = this.at(domain);
    this.#changes.set(domain, (this.#changes.get(domain) ?? 0) + delta);
    this.#least.move(before, before + delta);
  }

  /** Whether no domain takes part. */
  get isEmpty(): boolean {
    return this.#least.counters === 0;
  }

  /** The smallest number of pods in a domain; 0 where there are fewer domains than there should be. */
  least(minDomains: number): number {
    if (this.#least.counters < minDomains) return 0;
    return this.#least.counters === 0 ? NO_DOMAIN : this.#least.least;
  }

  clone(): DomainCounts {
    return new DomainCounts(this.#pods, this.#changes, this.#least.clone());
  }
}
