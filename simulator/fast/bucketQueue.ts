/** Where every node of a view stands; shared by the queues of its cells. */
export interface NodeTable {
  /** Score of the node by itself, -1 when the pod cannot run there. */
  readonly local: Int32Array;
  /** Cell by node. */
  readonly cellOf: Int32Array;
  /** Links of the lists that the view was filled with. */
  readonly next: Int32Array;
  /** 1 while a node has not changed since the view was filled, so that its place in a list is true. */
  readonly isListed: Uint8Array;
}

/**
 * The nodes of one cell by score, to find the first node of those with the highest. A node that was there when the view
 * was filled is in a list, which takes one write; one that came later is in a heap. Nodes that have left are skipped
 * when they come up.
 */
export class BucketQueue {
  #cell: number;
  #table: NodeTable;
  readonly #counts: Int32Array;
  readonly #heads: Int32Array;
  readonly #heaps: (number[] | undefined)[] = [];
  #top = -1;

  /** Scores are 0 … `maxScore`. */
  constructor(cell: number, maxScore: number, table: NodeTable) {
    this.#cell = cell;
    this.#table = table;
    this.#counts = new Int32Array(maxScore + 1);
    this.#heads = new Int32Array(maxScore + 1).fill(-1);
  }

  /** Empties the queue for the nodes of another cell. */
  reset(cell: number, table: NodeTable): void {
    this.#cell = cell;
    this.#table = table;
    this.#counts.fill(0);
    this.#heads.fill(-1);
    this.#heaps.length = 0;
    this.#top = -1;
  }

  /** Adds a node while the view is filled, the last node first. */
  fill(node: number, score: number): void {
    this.#table.next[node] = this.#heads[score]!;
    this.#heads[score] = node;
    this.#count(score);
  }

  /** Adds all nodes that are marked with 1, by their local scores; the number of them. */
  fillMarked(marks: Uint8Array): number {
    const {local, next} = this.#table;
    const counts = this.#counts;
    const heads = this.#heads;
    let size = 0;
    for (let node = marks.length - 1; node >= 0; node--) {
      if (marks[node] === 0) continue;
      const score = local[node]!;
      next[node] = heads[score]!;
      heads[score] = node;
      counts[score]!++;
      size++;
    }
    this.#top = counts.length - 1;
    return size;
  }

  insert(node: number, score: number): void {
    const heap = this.#heaps[score];
    if (heap === undefined) this.#heaps[score] = [node];
    else pushHeap(heap, node);
    this.#count(score);
  }

  remove(score: number): void {
    this.#counts[score]!--;
  }

  /** The highest score; the queue must not be empty. */
  topScore(): number {
    while (this.#counts[this.#top] === 0) this.#top--;
    return this.#top;
  }

  /** The first node with the highest score. */
  topNode(): number {
    const score = this.topScore();
    const {isListed, next, cellOf, local} = this.#table;
    let listed = this.#heads[score]!;
    while (listed >= 0 && isListed[listed] === 0) listed = next[listed]!;
    this.#heads[score] = listed;
    const heap = this.#heaps[score];
    if (heap === undefined) return listed;
    while (heap.length > 0) {
      const node = heap[0]!;
      if (cellOf[node] === this.#cell && local[node] === score && isListed[node] === 0) {
        return listed >= 0 && listed < node ? listed : node;
      }
      popHeap(heap);
    }
    return listed;
  }

  /** Number of nodes with a score. */
  countAt(score: number): number {
    return this.#counts[score]!;
  }

  #count(score: number): void {
    this.#counts[score]!++;
    if (score > this.#top) this.#top = score;
  }
}

function pushHeap(heap: number[], value: number): void {
  let at = heap.length;
  heap.push(value);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! <= value) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = value;
}

function popHeap(heap: number[]): void {
  const value = heap.pop()!;
  const {length} = heap;
  if (length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= length) break;
    if (child + 1 < length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
