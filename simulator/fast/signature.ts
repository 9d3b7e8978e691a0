import type {Domains} from '../state/topology.ts';
import type {Base} from './bases.ts';

/** Topologies of up to this many domains tell cells apart by the domain, others by what is counted in it. */
const MAX_WIDE_DOMAINS = 64;

/**
 * What tells the cells of a view apart. Nodes of one cell are in the same domain of every wide topology, and have the
 * same values in every slot: counts in a narrow topology, such as that of the hostname.
 */
export class Signature {
  readonly #wide: Domains[] = [];
  readonly #slots: ((node: number) => number)[] = [];

  /** The place of a topology's domain in `Base.domains`, for a topology that may be wide or has to be; else -1. */
  wide(domains: Domains, mustBe = false): number {
    const known = this.#wide.indexOf(domains);
    if (known >= 0) return known;
    if (!mustBe && domains.count > MAX_WIDE_DOMAINS) return -1;
    this.#wide.push(domains);
    return this.#wide.length - 1;
  }

  /** The place in `Cell.values` of what `value` says of a node. */
  slot(value: (node: number) => number): number {
    this.#slots.push(value);
    return this.#slots.length - 1;
  }

  get wideTopologies(): readonly Domains[] {
    return this.#wide;
  }

  get slots(): readonly ((node: number) => number)[] {
    return this.#slots;
  }
}

/** Nodes that are equally good for a pod but for their own score. */
export interface Place {
  readonly base: Base;
  /** By slot. */
  readonly values: readonly number[];
}
