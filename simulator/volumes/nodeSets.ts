import type {Node} from '../../model/node.ts';

/** The nodes that something holds for, by index; worked out once for each thing. */
export class NodeSets<Key extends object> {
  readonly #nodes: readonly Node[];
  readonly #holds: (key: Key, node: Node) => boolean;
  readonly #byKey = new WeakMap<Key, ReadonlySet<number>>();
  /** Equal things share a set: thousands of volumes may lie in three zones. */
  readonly #byText = new Map<string, ReadonlySet<number>>();
  readonly #byNode = new Map<number, ReadonlySet<number>[]>();

  constructor(nodes: readonly Node[], holds: (key: Key, node: Node) => boolean) {
    this.#nodes = nodes;
    this.#holds = holds;
  }

  get(key: Key): ReadonlySet<number> {
    let set = this.#byKey.get(key);
    if (set === undefined) {
      set = this.#shared(key);
      this.#byKey.set(key, set);
    }
    return set;
  }

  has(key: Key, node: number): boolean {
    return this.get(key).has(node);
  }

  /** The sets handed out so far that a node is in. */
  at(node: number): readonly ReadonlySet<number>[] {
    return this.#byNode.get(node) ?? NONE;
  }

  #shared(key: Key): ReadonlySet<number> {
    const text = JSON.stringify(key);
    let set = this.#byText.get(text);
    if (set === undefined) {
      set = new Set([...this.#nodes.keys()].filter((node) => this.#holds(key, this.#nodes[node]!)));
      this.#byText.set(text, set);
      for (const node of set) {
        const sets = this.#byNode.get(node);
        if (sets === undefined) this.#byNode.set(node, [set]);
        else sets.push(set);
      }
    }
    return set;
  }
}

const NONE: readonly ReadonlySet<number>[] = [];
