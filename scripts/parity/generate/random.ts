import {uniformInt} from 'pure-rand/distribution/uniformInt';
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';

const WARM_UP = 64;

/** Choices that depend on a seed alone. */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
    // The first numbers of neighbouring seeds are alike.
    for (let i = 0; i < WARM_UP; i++) uniformInt(this.#generator, 0, 1);
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  chance(probability: number): boolean {
    return this.int(0, 999_999) < probability * 1_000_000;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)]!;
  }

  /** One of the values, each as often as its weight says. */
  weighted<const T>(choices: readonly (readonly [value: T, weight: number])[]): T {
    let left = this.int(
      1,
      choices.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [value, weight] of choices) {
      left -= weight;
      if (left <= 0) return value;
    }
    return choices[0]![0];
  }

  shuffled<T>(values: readonly T[]): T[] {
    const list = [...values];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }

  /** So many different values, or all there are. */
  sample<T>(values: readonly T[], count: number): T[] {
    return this.shuffled(values).slice(0, count);
  }

  /** So many results, the number between both ends. */
  several<T>(from: number, to: number, make: (index: number) => T): T[] {
    return Array.from({length: this.int(from, to)}, (_none, index) => make(index));
  }

  /** Fields that are there with a probability. */
  maybe<Fields extends object>(probability: number, make: () => Fields): Partial<Fields> {
    return this.chance(probability) ? make() : {};
  }
}
