/** Stands for no pod: something else about the node has changed. */
const NO_POD = -(2 ** 31);

/**
 * What happened to nodes, in order: pods that came and left. Whoever keeps something by node remembers how far it has
 * read and catches up before its next decision.
 */
export class ChangeLog {
  /** By node: the length of the log after the last change of the node; 0 when nothing has happened to it. */
  readonly lastOfNode: Int32Array;
  #nodes = new Int32Array(1024);
  #pods = new Int32Array(1024);
  #length = 0;

  constructor(nodeCount: number) {
    this.lastOfNode = new Int32Array(nodeCount);
  }

  get length(): number {
    return this.#length;
  }

  /** `sign` is 1 for a pod that came to the node and -1 for one that left it. */
  push(node: number, pod: number, sign: 1 | -1): void {
    this.#append(node, sign > 0 ? pod : ~pod);
  }

  /** Notes that pods are nominated to the node, or no longer. */
  touch(node: number): void {
    this.#append(node, NO_POD);
  }

  nodeAt(position: number): number {
    return this.#nodes[position]!;
  }

  /** Meaningless where the sign is 0. */
  podAt(position: number): number {
    const pod = this.#pods[position]!;
    return pod < 0 ? ~pod : pod;
  }

  /** 1 for a pod that came, -1 for one that left, 0 for something else. */
  signAt(position: number): 1 | 0 | -1 {
    const pod = this.#pods[position]!;
    if (pod === NO_POD) return 0;
    return pod < 0 ? -1 : 1;
  }

  #append(node: number, entry: number): void {
    if (this.#length === this.#nodes.length) {
      this.#nodes = grown(this.#nodes);
      this.#pods = grown(this.#pods);
    }
    this.#nodes[this.#length] = node;
    this.#pods[this.#length] = entry;
    this.#length++;
    this.lastOfNode[node] = this.#length;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
