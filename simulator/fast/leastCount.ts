/** The smallest of many counters that go up and down by one. */
export class LeastCount {
  /** How many counters stand at each value. */
  readonly #at: number[] = [];
  #counters = 0;
  #least = 0;

  get counters(): number {
    return this.#counters;
  }

  /** Takes a counter on. */
  add(count: number): void {
    if (this.#counters === 0 || count < this.#least) this.#least = count;
    this.#at[count] = (this.#at[count] ?? 0) + 1;
    this.#counters++;
  }

  /** Follows a counter from one value to another. */
  move(from: number, to: number): void {
    this.#at[from]!--;
    this.#at[to] = (this.#at[to] ?? 0) + 1;
    if (to < this.#least) this.#least = to;
    while ((this.#at[this.#least] ?? 0) === 0) this.#least++;
  }

  /** There must be a counter. */
  get least(): number {
    return this.#least;
  }
}
