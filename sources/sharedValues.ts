/** Characters of texts kept at a time; more would be held for values that never come again. */
const MAX_CHARACTERS = 64 * 2 ** 20;

/**
 * Keeps one copy of equal parts of objects. The pods of a dump are replicas of a few templates: without sharing a dump
 * of a gigabyte takes several in memory, with it each pod takes what it has of its own.
 */
export class SharedValues {
  readonly #byText = new Map<string, unknown>();
  #characters = 0;

  /** A value equal to the one given, the same for equal ones. */
  share<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    const text = JSON.stringify(value);
    const known = this.#byText.get(text);
    if (known !== undefined) return known as T;
    if (this.#characters > MAX_CHARACTERS) {
      this.#byText.clear();
      this.#characters = 0;
    }
    this.#byText.set(text, value);
    this.#characters += text.length;
    return value;
  }

  /**
   * An equal object whose members are shared, and of lists in it the members of the items: a pod has volumes and mounts
   * of its own names, but the environment of its containers is its template's.
   */
  shareMembers<T extends object>(object: T): T {
    return mapMembers(object, (value) =>
      Array.isArray(value) ? value.map((item) => this.#shareItem(item)) : this.share(value),
    );
  }

  #shareItem(item: unknown): unknown {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return this.share(item);
    return mapMembers(item, (member) => this.share(member));
  }
}

function mapMembers<T extends object>(object: T, map: (value: unknown) => unknown): T {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)])) as T;
}
