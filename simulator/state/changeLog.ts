/**
 * The pods that came to nodes and left them, in order. Whoever keeps something by node remembers how far it has read
 * and catches up before its next decision.
 */
export class ChangeLog {
  #nodes = new Int32Array(1024);
  #pods = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(node: number, pod: number, sign: 1 | -1): void {
    if (this.#length === this.#nodes.length) {
      this.#nodes = grown(this.#nodes);
      this.#pods = grown(this.#pods);
    }
    this.#nodes[this.#length] = node;
    this.#pods[this.#length] = sign > 0 ? pod : ~pod;
    this.#length++;
  }

  nodeAt(position: number): number {
    return this.#nodes[position]!;
  }

  podAt(position: number): number {
    const pod = this.#pods[position]!;
    return pod < 0 ? ~pod : pod;
  }

  /** 1 for a pod that came, -1 for one that left. */
  signAt(position: number): 1 | -1 {
    return this.#pods[position]! < 0 ? -1 : 1;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
