/** What a heap keeps in an item, so that it can be taken out from the middle. */
export interface HeapItem {
  /** The place in the heap that the item is in. */
  position: number;
}

/** A priority queue that items can leave from anywhere in logarithmic time. An item is in one heap at most. */
export class Heap<Item extends HeapItem> {
  readonly #items: Item[] = [];
  readonly #compare: (a: Item, b: Item) => number;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    item.position = this.#items.length;
    this.#items.push(item);
    this.#up(item.position);
  }

  pop(): Item | undefined {
    const head = this.#items[0];
    if (head !== undefined) this.delete(head);
    return head;
  }

  /** The item must be in this heap. */
  delete({position}: Item): void {
    const last = this.#items.pop()!;
    if (position === this.#items.length) return;
    this.#put(last, position);
    this.#up(position);
    this.#down(last.position);
  }

  /** In order. */
  list(): readonly Item[] {
    return this.#items.toSorted(this.#compare);
  }

  #up(start: number): void {
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (this.#compare(this.#items[position]!, this.#items[parent]!) >= 0) return;
      this.#swap(position, parent);
      position = parent;
    }
  }

  #down(start: number): void {
    let position = start;
    for (;;) {
      let least = position;
      for (const child of [2 * position + 1, 2 * position + 2]) {
        if (child < this.#items.length && this.#compare(this.#items[child]!, this.#items[least]!) < 0) least = child;
      }
      if (least === position) return;
      this.#swap(position, least);
      position = least;
    }
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a]!;
    this.#put(this.#items[b]!, a);
    this.#put(item, b);
  }

  #put(item: Item, position: number): void {
    this.#items[position] = item;
    item.position = position;
  }
}
