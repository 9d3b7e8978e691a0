import {escapePointer, fieldOf} from '../model/diagnostic.ts';

/** A resource that its operator, or the API server before it, refuses; the message is theirs where it is known. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** JSON pointer to the field at fault. */
  readonly pointer: string;

  constructor(message: string, pointer: string) {
    super(message);
    this.pointer = pointer;
  }
}

type TypeName = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/**
 * A value inside a custom resource and its place. Null counts as absent, as it does for the API server; a value of
 * another type than the one asked for is refused in the API server's words.
 */
export class Field {
  readonly pointer: string;
  readonly #value: unknown;

  constructor(value: unknown, pointer = '') {
    this.#value = value ?? undefined;
    this.pointer = pointer;
  }

  get isPresent(): boolean {
    return this.#value !== undefined;
  }

  /** The field's value, unchecked; undefined when it is absent. */
  get value(): unknown {
    return this.#value;
  }

  /** `spec.taskManager.replicas`, as the API server names the field. */
  get path(): string {
    return fieldOf(this.pointer);
  }

  get(key: string): Field {
    const record = this.record() ?? {};
    return new Field(Object.hasOwn(record, key) ? record[key] : undefined, `${this.pointer}/${escapePointer(key)}`);
  }

  record(): Readonly<Record<string, unknown>> | undefined {
    return isRecord(this.#value) ? this.#value : this.#absentOr('object');
  }

  entries(): readonly [key: string, value: Field][] {
    return Object.keys(this.record() ?? {}).map((key) => [key, this.get(key)]);
  }

  items(): readonly Field[] {
    if (!Array.isArray(this.#value)) return this.#absentOr('array') ?? [];
    return this.#value.map((item, index) => new Field(item, `${this.pointer}/${index}`));
  }

  string(): string | undefined {
    return typeof this.#value === 'string' ? this.#value : this.#absentOr('string');
  }

  integer(): number | undefined {
    return Number.isSafeInteger(this.#value) ? (this.#value as number) : this.#absentOr('integer');
  }

  number(): number | undefined {
    return Number.isFinite(this.#value) ? (this.#value as number) : this.#absentOr('number');
  }

  boolean(): boolean | undefined {
    return typeof this.#value === 'boolean' ? this.#value : this.#absentOr('boolean');
  }

  /** One of a fixed set of texts. */
  oneOf<T extends string>(values: readonly T[]): T | undefined {
    const text = this.string();
    const found = values.find((value) => value === text);
    if (text === undefined || found !== undefined) return found;
    const supported = values.map((value) => JSON.stringify(value)).join(', ');
    return this.refuse(`${this.path}: Unsupported value: ${JSON.stringify(text)}: supported values: ${supported}`);
  }

  /** An integer that the schema bounds below. */
  atLeast(minimum: number): number | undefined {
    const value = this.integer();
    if (value === undefined || value >= minimum) return value;
    const {path} = this;
    return this.refuse(
      `${path}: Invalid value: ${value}: ${path} in body should be greater than or equal to ${minimum}`,
    );
  }

  refuse(message: string): never {
    throw new Refusal(message, this.pointer);
  }

  #absentOr(type: TypeName): undefined {
    if (this.#value === undefined) return undefined;
    const found = typeName(this.#value);
    const {path} = this;
    return this.refuse(`${path}: Invalid value: "${found}": ${path} in body must be of type ${type}: "${found}"`);
  }
}

function typeName(value: unknown): TypeName {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as TypeName;
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'integer';
  return typeof value === 'number' ? 'number' : 'object';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
