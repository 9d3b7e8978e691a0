import type {Domains} from '../../state/topology.ts';

/** A number by domain of each topology; most have none. A clone takes only what is changed in it. */
export class PairCounts {
  readonly #base: PairCounts | null;
  readonly #byKey = new Map<Domains, Map<number, number>>();
  /** Number of pairs of a topology and a domain that are not zero. */
  #pairs: number;

  constructor(base: PairCounts | null = null) {
    this.#base = base;
    this.#pairs = base === null ? 0 : base.#pairs;
  }

  /** Adds to the domain of a node, unless the node has none. */
  add(domains: Domains, node: number, amount: number): void {
    const domain = domains.ofNode[node]!;
    if (domain < 0) return;
    const before = this.#inDomain(domains, domain);
    if (before === 0) this.#pairs++;
    if (before + amount === 0) this.#pairs--;
    const counts = this.#byKey.get(domains) ?? new Map<number, number>();
    counts.set(domain, (counts.get(domain) ?? 0) + amount);
    this.#byKey.set(domains, counts);
  }

  get isEmpty(): boolean {
    return this.#pairs === 0;
  }

  at(domains: Domains, node: number): number {
    return this.#inDomain(domains, domains.ofNode[node]!);
  }

  /** Whether any topology has a number above zero in the domain of the node. */
  hasAny(node: number): boolean {
    for (const domains of this.#topologies()) if (this.at(domains, node) > 0) return true;
    return false;
  }

  clone(): PairCounts {
    return new PairCounts(this);
  }

  /** Those with numbers of any clone or original; some come more than once. */
  *#topologies(): Generator<Domains> {
    yield* this.#byKey.keys();
    if (this.#base !== null) yield* this.#base.#topologies();
  }

  #inDomain(domains: Domains, domain: number): number {
    return (
      (this.#byKey.get(domains)?.get(domain) ?? 0) + (this.#base === null ? 0 : this.#base.#inDomain(domains, domain))
    );
  }
}
