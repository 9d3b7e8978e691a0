/**
 * Decoding a document into the structs of Kubernetes' Go types, with the messages that the decoder of its API machinery
 * gives: values of the wrong type, and fields that the struct does not have.
 */
import {escapePointer} from '../../model/diagnostic.ts';
import {parseDuration} from './duration.ts';

/** What a field of Go can hold and how it is read. */
export interface GoType<T> {
  /** As messages name it: `int32`, `[]v1.Plugin`. */
  readonly name: string;
  /** What the field holds when the document leaves it out or says null. */
  readonly zero: T;
  /** Of a field that Go embeds: the name of the struct it comes from. */
  readonly embeddedIn?: string;
  decode(value: unknown, at: DecodingPlace): T;
}

/** The value that a type is decoded to. */
export type Decoded<Type> = Type extends GoType<infer T> ? T : never;

export interface DecodingProblem {
  readonly pointer: string;
  readonly message: string;
}

/** What was wrong with a document. */
export class DecodingProblems {
  /** The decoder gives up at these, so that Kubernetes never reports more than the first. */
  readonly fatal: DecodingProblem[] = [];
  /** It goes on after these, but reports only the first. */
  readonly types: DecodingProblem[] = [];
  /** Fields that do not exist, of which it reports all. */
  readonly unknownFields: DecodingProblem[] = [];
}

/** Where the decoder is. */
export interface DecodingPlace {
  /** In the file. */
  readonly pointer: string;
  /** As messages about unknown fields name it: `profiles[0].plugins`. */
  readonly path: string;
  /** The innermost struct, and the fields on the way to it without indices, as messages about types name them. */
  readonly struct: string;
  readonly fields: string;
  readonly problems: DecodingProblems;
}

export function decode<T>(type: GoType<T>, value: unknown, pointer: string): [T, DecodingProblems] {
  const problems = new DecodingProblems();
  return [type.decode(value, {pointer, path: '', struct: '', fields: '', problems}), problems];
}

export const string = stringType('string');
export const bool: GoType<boolean> = scalar('bool', false, (value) => typeof value === 'boolean');
export const int32 = integer('int32', -(2 ** 31), 2 ** 31 - 1);
export const int64 = integer('int64', -(2 ** 63), 2 ** 63 - 1);
export const float32: GoType<number> = scalar('float32', 0, (value) => Number.isFinite(Math.fround(value as number)));

/** A string with a type of its own. */
export function stringType(name: string): GoType<string> {
  return scalar(name, '', (value) => typeof value === 'string');
}

/** Nanoseconds. */
export const duration: GoType<number> = {
  name: 'string',
  zero: 0,
  decode(value, at) {
    if (typeof value !== 'string') return mistyped(value, this, at, at.problems.fatal);
    const parsed = parseDuration(value);
    if (typeof parsed === 'number') return parsed;
    at.problems.fatal.push({pointer: at.pointer, message: parsed.error});
    return 0;
  },
};

/** Whatever the document says. */
export const raw: GoType<unknown> = {name: 'runtime.RawExtension', zero: null, decode: (value) => value};

/** A pointer, which tells an absent value from a zero. */
export function optional<T>(type: GoType<T>): GoType<T | null> {
  return {name: type.name, zero: null, decode: (value, at) => type.decode(value, at)};
}

export function embedded<T>(struct: string, type: GoType<T>): GoType<T> {
  return {...type, embeddedIn: struct};
}

/** A slice; null when absent, which Go tells from an empty one. */
export function list<T>(element: GoType<T>): GoType<readonly T[] | null> {
  return {
    name: `[]${element.name}`,
    zero: null,
    decode(value, at) {
      if (!Array.isArray(value)) return mistyped(value, this, at);
      return value.map((item, i) =>
        orZero(element, item, {...at, pointer: `${at.pointer}/${i}`, path: `${at.path}[${i}]`}),
      );
    },
  };
}

export function stringMap(): GoType<Readonly<Record<string, string>> | null> {
  return {
    name: 'map[string]string',
    zero: null,
    decode(value, at) {
      if (!isRecord(value)) return mistyped(value, this, at);
      const entries = sortedEntries(value).map(([key, item]) => [key, orZero(string, item, below(at, key))]);
      return Object.fromEntries(entries) as Record<string, string>;
    },
  };
}

type Fields = Readonly<Record<string, GoType<unknown>>>;
type FieldValues<F extends Fields> = {readonly [Name in keyof F]: Decoded<F[Name]>};

export interface StructType<F extends Fields> extends GoType<FieldValues<F>> {
  readonly fields: F;
}

/** A struct of the package; `accepted` are the fields that it has in the version at hand. */
export function struct<F extends Fields>(
  name: string,
  fields: F,
  {packageName = 'v1', accepted = Object.keys(fields)}: {packageName?: string; accepted?: readonly string[]} = {},
): StructType<F> {
  const types: Fields = fields;
  const zeros = Object.fromEntries(Object.entries(types).map(([field, type]) => [field, type.zero]));
  return {
    name: `${packageName}.${name}`,
    fields,
    zero: zeros as FieldValues<F>,
    decode(value, at) {
      if (!isRecord(value)) return mistyped(value, this, at);
      const result = {...zeros};
      for (const [field, item] of sortedEntries(value)) {
        const type = accepted.includes(field) ? types[field] : undefined;
        const place = below(at, field);
        if (type === undefined) {
          at.problems.unknownFields.push({pointer: place.pointer, message: `unknown field "${place.path}"`});
          continue;
        }
        const own = type.embeddedIn === undefined ? field : `${type.embeddedIn}.${field}`;
        const fieldPath = at.fields === '' ? own : `${at.fields}.${own}`;
        result[field] = orZero(type, item, {...place, struct: name, fields: fieldPath});
      }
      return result as FieldValues<F>;
    },
  };
}

/** The same struct as older versions have it. */
export function withoutFields<F extends Fields>(type: StructType<F>, ...names: readonly string[]): StructType<F> {
  const [packageName, name] = type.name.split('.') as [string, string];
  return struct(name, type.fields, {
    packageName,
    accepted: Object.keys(type.fields).filter((field) => !names.includes(field)),
  });
}

/** How Go's decoder of JSON names the type of a value. */
export function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalar<T>(name: string, zero: T, accepts: (value: unknown) => boolean): GoType<T> {
  return {
    name,
    zero,
    decode(value, at) {
      return typeof value === typeof zero && accepts(value) ? (value as T) : mistyped(value, this, at);
    },
  };
}

function integer(name: string, least: number, greatest: number): GoType<number> {
  return scalar(name, 0, (value) => {
    const number = value as number;
    return Number.isInteger(number) && number >= least && number <= greatest;
  });
}

function orZero<T>(type: GoType<T>, value: unknown, at: DecodingPlace): T {
  return value === null || value === undefined ? type.zero : type.decode(value, at);
}

function mistyped<T>(value: unknown, type: GoType<T>, at: DecodingPlace, problems = at.problems.types): T {
  const isNumeric = typeof type.zero === 'number' && type.name !== 'string';
  const found = typeof value === 'number' && isNumeric ? `number ${value}` : jsonTypeOf(value);
  problems.push({
    pointer: at.pointer,
    message: `json: cannot unmarshal ${found} into Go struct field ${at.struct}.${at.fields} of type ${type.name}`,
  });
  return type.zero;
}

function below(at: DecodingPlace, field: string): DecodingPlace {
  return {
    ...at,
    pointer: `${at.pointer}/${escapePointer(field)}`,
    path: at.path === '' ? field : `${at.path}.${field}`,
  };
}

/** The order in which a document in YAML is decoded, since it becomes JSON with sorted keys first. */
function sortedEntries(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
