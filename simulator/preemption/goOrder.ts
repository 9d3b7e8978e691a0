/**
 * Sorting as Go's sort.Slice does it: a quicksort that defeats patterns (pdqsort, by Orson Peters). It is not stable, so
 * that the order of equal elements is the algorithm's alone, and upstream's victims follow it where pods are equally
 * important.
 */

/** Up to this length elements are inserted one by one, which keeps equal ones in order. */
const MAX_INSERTION = 12;
/** From this length on a pivot is the median of medians, and slightly disordered ranges are mended. */
const LONG = 50;
/** Comparisons of a choice of pivot when all of them find a pair in descending order. */
const ALL_DESCENDING = 12;
/** Pairs out of order that are mended before a range counts as disordered. */
const MAX_MENDED = 5;

export function sortAsGo<Element>(
  elements: readonly Element[],
  compare: (a: Element, b: Element) => number,
): Element[] {
  const sorted = [...elements];
  new Sorter(sorted, compare).sort(0, sorted.length, bitLength(sorted.length));
  return sorted;
}

type Hint = 'ascending' | 'descending' | 'unknown';

class Sorter<Element> {
  readonly #elements: Element[];
  readonly #compare: (a: Element, b: Element) => number;

  constructor(elements: Element[], compare: (a: Element, b: Element) => number) {
    this.#elements = elements;
    this.#compare = compare;
  }

  /** Sorts `[from, to)`; after `limit` bad pivots by heap. */
  sort(from: number, to: number, limit: number): void {
    let [start, end, left] = [from, to, limit];
    let [wasBalanced, wasPartitioned] = [true, true];
    while (end - start > MAX_INSERTION) {
      if (left === 0) {
        this.#heapSort(start, end);
        return;
      }
      if (!wasBalanced) {
        this.#breakPatterns(start, end);
        left--;
      }
      let [pivot, hint] = this.#choosePivot(start, end);
      if (hint === 'descending') {
        this.#reverse(start, end);
        pivot = end - 1 - (pivot - start);
        hint = 'ascending';
      }
      if (wasBalanced && wasPartitioned && hint === 'ascending' && this.#mend(start, end)) return;
      if (start > 0 && !this.#isLess(start - 1, pivot)) {
        // The element before the range is no less than any in it, so that those equal to the pivot are its smallest.
        start = this.#partitionEqual(start, end, pivot);
        continue;
      }
      const [middle, isPartitioned] = this.#partition(start, end, pivot);
      wasPartitioned = isPartitioned;
      const least = Math.trunc((end - start) / 8);
      if (middle - start < end - middle) {
        wasBalanced = middle - start >= least;
        this.sort(start, middle, left);
        start = middle + 1;
      } else {
        wasBalanced = end - middle >= least;
        this.sort(middle + 1, end, left);
        end = middle;
      }
    }
    this.#insert(start, end);
  }

  #isLess(a: number, b: number): boolean {
    return this.#compare(this.#elements[a]!, this.#elements[b]!) < 0;
  }

  #swap(a: number, b: number): void {
    const element = this.#elements[a]!;
    this.#elements[a] = this.#elements[b]!;
    this.#elements[b] = element;
  }

  #insert(start: number, end: number): void {
    for (let i = start + 1; i < end; i++) {
      for (let j = i; j > start && this.#isLess(j, j - 1); j--) this.#swap(j, j - 1);
    }
  }

  #heapSort(start: number, end: number): void {
    const length = end - start;
    for (let root = (length - 1) >> 1; root >= 0; root--) this.#siftDown(root, length, start);
    for (let last = length - 1; last >= 0; last--) {
      this.#swap(start, start + last);
      this.#siftDown(0, last, start);
    }
  }

  #siftDown(from: number, length: number, start: number): void {
    let root = from;
    for (let child = 2 * root + 1; child < length; child = 2 * root + 1) {
      if (child + 1 < length && this.#isLess(start + child, start + child + 1)) child++;
      if (!this.#isLess(start + root, start + child)) return;
      this.#swap(start + root, start + child);
      root = child;
    }
  }

  /** Puts what is less than the pivot before it and the rest behind; where it is then, and whether nothing moved. */
  #partition(start: number, end: number, pivot: number): [middle: number, isPartitioned: boolean] {
    this.#swap(start, pivot);
    let [i, j] = [start + 1, end - 1];
    for (let round = 0; ; round++) {
      while (i <= j && this.#isLess(i, start)) i++;
      while (i <= j && !this.#isLess(j, start)) j--;
      if (i > j) {
        this.#swap(j, start);
        return [j, round === 0];
      }
      this.#swap(i++, j--);
    }
  }

  /** Puts what equals the pivot, which is the least of all, first; where the rest begins. */
  #partitionEqual(start: number, end: number, pivot: number): number {
    this.#swap(start, pivot);
    let [i, j] = [start + 1, end - 1];
    for (;;) {
      while (i <= j && !this.#isLess(start, i)) i++;
      while (i <= j && this.#isLess(start, j)) j--;
      if (i > j) return i;
      this.#swap(i++, j--);
    }
  }

  /** Puts a few elements that are out of order where they belong; whether all is sorted then. */
  #mend(start: number, end: number): boolean {
    let i = start + 1;
    for (let step = 0; step < MAX_MENDED; step++) {
      while (i < end && !this.#isLess(i, i - 1)) i++;
      if (i === end) return true;
      if (end - start < LONG) return false;
      this.#swap(i, i - 1);
      if (i - start >= 2) {
        for (let j = i - 1; j >= 1 && this.#isLess(j, j - 1); j--) this.#swap(j, j - 1);
      }
      if (end - i >= 2) {
        for (let j = i + 1; j < end && this.#isLess(j, j - 1); j++) this.#swap(j, j - 1);
      }
    }
    return false;
  }

  /** Moves three elements of the middle to places that look drawn but follow from the length. */
  #breakPatterns(start: number, end: number): void {
    const length = end - start;
    if (length < 8) return;
    const mask = (1n << BigInt(bitLength(length))) - 1n;
    let random = BigInt(length);
    const middle = start + Math.trunc(length / 4) * 2;
    for (let i = middle - 1; i <= middle + 1; i++) {
      random ^= BigInt.asUintN(64, random << 13n);
      random ^= random >> 7n;
      random ^= BigInt.asUintN(64, random << 17n);
      const other = Number(random & mask);
      this.#swap(i, start + (other >= length ? other - length : other));
    }
  }

  #choosePivot(start: number, end: number): [pivot: number, hint: Hint] {
    const quarter = Math.trunc((end - start) / 4);
    const comparisons = {descending: 0};
    let [i, j, k] = [start + quarter, start + quarter * 2, start + quarter * 3];
    if (end - start >= LONG) {
      i = this.#median(i - 1, i, i + 1, comparisons);
      j = this.#median(j - 1, j, j + 1, comparisons);
      k = this.#median(k - 1, k, k + 1, comparisons);
    }
    j = this.#median(i, j, k, comparisons);
    if (comparisons.descending === 0) return [j, 'ascending'];
    return [j, comparisons.descending === ALL_DESCENDING ? 'descending' : 'unknown'];
  }

  #median(a: number, b: number, c: number, comparisons: {descending: number}): number {
    const order = (first: number, second: number): [number, number] => {
      if (!this.#isLess(second, first)) return [first, second];
      comparisons.descending++;
      return [second, first];
    };
    const [low, middle] = order(a, b);
    const [upper] = order(middle, c);
    return order(low, upper)[1];
  }

  #reverse(start: number, end: number): void {
    for (let i = start, j = end - 1; i < j; i++, j--) this.#swap(i, j);
  }
}

/** Number of bits of a positive integer, 0 of 0. */
function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
