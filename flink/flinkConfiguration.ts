import {type Field, isRecord} from './field.ts';
import {parseJavaDouble} from './javaDouble.ts';

/** Java's `int`. */
const INTEGER = /^[+-]?\d{1,10}$/;
const INTEGER_LIMIT = 2 ** 31;
const DEEPEST = 100;

/** `spec.flinkConfiguration` as Flink sees it: flat keys, every value a text. */
export class FlinkConfiguration {
  readonly #values = new Map<string, string>();
  readonly #source: Field;

  /** Takes flat keys and nested maps alike; a key that is written twice keeps the last value. */
  constructor(source: Field) {
    this.#source = source;
    this.#collect('', source.record() ?? {});
  }

  /** The value of the first of the keys that is set. */
  get(...keys: readonly string[]): string | undefined {
    for (const key of keys) {
      const value = this.#values.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  integer(key: string): number | undefined {
    const text = this.get(key)?.trim();
    if (text === undefined) return undefined;
    const value = INTEGER.test(text) ? Number(text) : Number.NaN;
    return value >= -INTEGER_LIMIT && value < INTEGER_LIMIT ? value : this.#refuseValue(key, text);
  }

  double(...keys: readonly string[]): number | undefined {
    const text = this.get(...keys);
    if (text === undefined) return undefined;
    return parseJavaDouble(text) ?? this.#refuseValue(keys.find((key) => this.has(key)) ?? '', text);
  }

  boolean(key: string): boolean {
    return this.get(key)?.trim().toLowerCase() === 'true';
  }

  /** Flink's map syntax: `a:b,c:d`. */
  map(key: string): Record<string, string> {
    return parseMap(this.get(key) ?? '', ',');
  }

  /** Flink's syntax of a list of maps: `key:k,operator:Exists;key:l`. */
  maps(key: string): Record<string, string>[] {
    return (this.get(key) ?? '')
      .split(';')
      .filter((item) => item.trim() !== '')
      .map((item) => parseMap(item, ','));
  }

  refuse(key: string, message: string): never {
    return this.#source.get(key).refuse(message);
  }

  #refuseValue(key: string, text: string): never {
    return this.refuse(key, `Could not parse value '${text}' for key '${key}'.`);
  }

  #collect(prefix: string, record: Readonly<Record<string, unknown>>, depth = 0): void {
    if (depth > DEEPEST) this.#source.refuse(`nested more than ${DEEPEST} levels deep`);
    for (const [key, value] of Object.entries(record)) {
      const name = prefix === '' ? key : `${prefix}.${key}`;
      if (isRecord(value)) this.#collect(name, value, depth + 1);
      else if (Array.isArray(value)) this.#values.set(name, value.map(textOf).join(';'));
      else if (value !== null && value !== undefined) this.#values.set(name, String(value));
    }
  }
}

/** An item of a list as text; one that is no scalar is as good as any that Flink refuses. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function parseMap(text: string, separator: string): Record<string, string> {
  const entries = text
    .split(separator)
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const colon = entry.indexOf(':');
      return colon < 0 ? [entry.trim(), ''] : [entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()];
    });
  return Object.fromEntries(entries);
}
