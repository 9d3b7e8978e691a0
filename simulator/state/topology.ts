import {labelValue} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';

/** The nodes by their value of one label. */
export class Domains {
  readonly key: string;
  /** Number of different values. */
  readonly count: number;
  /** Domain by node, numbered in the order of the first node of each; -1 where the node lacks the label. */
  readonly ofNode: Int32Array;
  /** The domain of the empty value, -1 when no node has it; some plugins take a missing label for it. */
  readonly ofEmptyValue: number;
  #members: readonly number[][] | undefined;

  constructor(key: string, nodes: readonly Node[]) {
    const indices = new Map<string, number>();
    this.key = key;
    this.ofNode = Int32Array.from(nodes, ({labels}) => {
      const value = labelValue(labels, key);
      if (value === undefined) return -1;
      const index = indices.get(value) ?? indices.size;
      indices.set(value, index);
      return index;
    });
    this.count = indices.size;
    this.ofEmptyValue = indices.get('') ?? -1;
  }

  /** The nodes of a domain, ascending. */
  members(domain: number): readonly number[] {
    if (this.#members === undefined) {
      const members = Array.from({length: this.count}, (): number[] => []);
      for (const [node, own] of this.ofNode.entries()) if (own >= 0) members[own]!.push(node);
      this.#members = members;
    }
    return this.#members[domain]!;
  }
}

/** The topologies of a cluster: for each label key its domains, interned once. Labels do not change in a run. */
export class Topology {
  readonly #nodes: readonly Node[];
  readonly #domains = new Map<string, Domains>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  domains(key: string): Domains {
    let domains = this.#domains.get(key);
    if (domains === undefined) {
      domains = new Domains(key, this.#nodes);
      this.#domains.set(key, domains);
    }
    return domains;
  }
}
