import type {Node} from '../../model/node.ts';

/** The nodes that something holds for, by index; worked out once for each thing. */
export class NodeSets<Key extends object> {
  readonly #nodes: readonly Node[];
  readonly #holds: (key: Key, node: Node) => boolean;
  readonly #byKey = new WeakMap<Key, ReadonlySet<number>>();
  /** Equal things share a set: thousands of volumes may lie in three zones. */
  readonly #byText = new Map<string, ReadonlySet<number>>();

  constructor(nodes: readonly Node[], holds: (key: Key, node: Node) => boolean) {
    this.#nodes = nodes;
    this.#holds = holds;
  }

  has(key: Key, node: number): boolean {
    let set = this.#byKey.get(key);
    if (set === undefined) {
      set = this.#shared(key);
      this.#byKey.set(key, set);
    }
    return set.has(node);
  }

  #shared(key: Key): ReadonlySet<number> {
    const text = JSON.stringify(key);
    let set = this.#byText.get(text);
    if (set === undefined) {
      set = new Set([...this.#nodes.keys()].filter((node) => this.#holds(key, this.#nodes[node]!)));
      this.#byText.set(text, set);
    }
    return set;
  }
}
