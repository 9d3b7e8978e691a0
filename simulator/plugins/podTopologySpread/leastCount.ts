/** The smallest of many counters that go up and down by one. */
export class LeastCount {
  /** How many counters stand at each value. */
  readonly #at: Map<number, number>;
  #counters: number;
  #least: number;

  constructor(at: ReadonlyMap<number, number> = new Map(), counters = 0, least = 0) {
    this.#at = new Map(at);
    this.#counters = counters;
    this.#least = least;
  }

  get counters(): number {
    return this.#counters;
  }

  /** Takes a counter on. */
  add(count: number): void {
    if (this.#counters === 0 || count < this.#least) this.#least = count;
    this.#at.set(count, (this.#at.get(count) ?? 0) + 1);
    this.#counters++;
  }

  /** Follows a counter from one value to another. */
  move(from: number, to: number): void {
    const left = this.#at.get(from)! - 1;
    if (left === 0) this.#at.delete(from);
    else this.#at.set(from, left);
    this.#at.set(to, (this.#at.get(to) ?? 0) + 1);
    if (to < this.#least) this.#least = to;
    while (!this.#at.has(this.#least)) this.#least++;
  }

  /** There must be a counter. */
  get least(): number {
    return this.#least;
  }

  clone(): LeastCount {
    return new LeastCount(this.#at, this.#counters, this.#least);
  }
}
