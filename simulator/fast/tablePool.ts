import {BucketQueue, type NodeTable} from './bucketQueue.ts';

/** Tables of views that are gone, for views to come: most of what a view takes is the table. */
export class TablePool {
  readonly #nodeCount: number;
  readonly #free: NodeTable[] = [];
  /** By the highest score they are made for. */
  readonly #queues = new Map<number, BucketQueue[]>();
  /** Room for marks by node, all 0 unless somebody is at work with them. */
  readonly marks: Uint8Array;

  constructor(nodeCount: number) {
    this.#nodeCount = nodeCount;
    this.marks = new Uint8Array(nodeCount);
  }

  /** A table with anything in it. */
  take(): NodeTable {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    return {
      local: new Int32Array(this.#nodeCount),
      cellOf: new Int32Array(this.#nodeCount),
      next: new Int32Array(this.#nodeCount),
      isListed: new Uint8Array(this.#nodeCount),
    };
  }

  give(table: NodeTable): void {
    this.#free.push(table);
  }

  /** An empty queue for the nodes of a cell. */
  takeQueue(cell: number, maxScore: number, table: NodeTable): BucketQueue {
    const free = this.#queues.get(maxScore)?.pop();
    if (free === undefined) return new BucketQueue(cell, maxScore, table);
    free.reset(cell, table);
    return free;
  }

  giveQueue(queue: BucketQueue, maxScore: number): void {
    const known = this.#queues.get(maxScore);
    if (known === undefined) this.#queues.set(maxScore, [queue]);
    else known.push(queue);
  }
}
