/** Values kept at a time; more would be held for texts that never come again. */
const MAX_VALUES = 500_000;

/**
 * Keeps one copy of equal parts of objects. The pods of a dump are replicas of a few templates: without sharing a dump
 * of a gigabyte takes several in memory, with it each pod takes what it has of its own.
 */
export class SharedValues {
  readonly #byKey = new Map<string, unknown>();
  readonly #ids = new Map<unknown, number>();
  #next = 0;

  /** A value equal to the one given, the same for equal ones. */
  share<T>(value: T): T {
    if (this.#byKey.size > MAX_VALUES) {
      this.#byKey.clear();
      this.#ids.clear();
    }
    return this.#share(value) as T;
  }

  #share(value: unknown): unknown {
    if (typeof value === 'string') return this.#keep(`"${value}`, value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#share(item));
      return this.#keep(`[${items.map((item) => this.#idOf(item)).join()}`, items);
    }
    let key = '{';
    const members: [string, unknown][] = [];
    for (const [name, member] of Object.entries(value)) {
      const shared = this.#share(member);
      members.push([name, shared]);
      key += `${JSON.stringify(name)}${this.#idOf(shared)}`;
    }
    return this.#byKey.get(key) ?? this.#keep(key, Object.fromEntries(members));
  }

  #keep(key: string, value: unknown): unknown {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, value);
    this.#ids.set(value, this.#next++);
    return value;
  }

  #idOf(value: unknown): string {
    const id = this.#ids.get(value);
    return id === undefined ? `=${String(value)}` : `#${id}`;
  }
}
