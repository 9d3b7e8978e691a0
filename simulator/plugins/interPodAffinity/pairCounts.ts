import type {Domains} from '../../state/topology.ts';

/** A number by domain of each topology; domains that are absent have none. */
export class PairCounts {
  readonly #byKey: Map<Domains, Map<number, number>>;

  constructor(byKey: ReadonlyMap<Domains, ReadonlyMap<number, number>> = new Map()) {
    this.#byKey = new Map([...byKey].map(([domains, counts]) => [domains, new Map(counts)]));
  }

  /** Adds to the domain of a node, unless the node has none. A count that comes to zero is forgotten. */
  add(domains: Domains, node: number, amount: number): void {
    const domain = domains.ofNode[node]!;
    if (domain < 0) return;
    const counts = this.#byKey.get(domains) ?? new Map<number, number>();
    const count = (counts.get(domain) ?? 0) + amount;
    if (count === 0) counts.delete(domain);
    else counts.set(domain, count);
    if (counts.size === 0) this.#byKey.delete(domains);
    else this.#byKey.set(domains, counts);
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  at(domains: Domains, node: number): number {
    return this.#byKey.get(domains)?.get(domains.ofNode[node]!) ?? 0;
  }

  /** Whether any topology has pods in the domain of the node. */
  hasAny(node: number): boolean {
    for (const [domains, counts] of this.#byKey) if ((counts.get(domains.ofNode[node]!) ?? 0) > 0) return true;
    return false;
  }

  clone(): PairCounts {
    return new PairCounts(this.#byKey);
  }
}
