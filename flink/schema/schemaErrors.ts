import {escapePointer} from '../../model/diagnostic.ts';
import {isRecord} from '../field.ts';
import type {Schema, SchemaNode} from './schemaTable.ts';

/** One thing that the API server finds wrong, in its own words. */
export interface SchemaError {
  readonly message: string;
  /** JSON pointer to the value; to its parent where it is missing. */
  readonly pointer: string;
}

interface Place {
  /** As messages spell it: `spec.taskManager.sidecars[0].name`. */
  readonly path: string;
  readonly pointer: string;
}

const INT32_MAX = 2 ** 31 - 1;
/** RFC 3339, with the liberties the API server takes. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:?\d{2})?$/;

/**
 * Everything that a structural schema refuses about a resource, in the order of the messages; the API server walks
 * fields in no order of its own. The resource must have been pruned and defaulted.
 */
export function schemaErrors(resource: unknown, schema: Schema): readonly SchemaError[] {
  const found = new Map<string, SchemaError>();
  const root: Place = {path: '', pointer: ''};
  for (const error of [...valueErrors(resource, schema, root), ...duplicateErrors(resource, schema, root)]) {
    if (!found.has(error.message)) found.set(error.message, error);
  }
  return [...found.values()].sort((a, b) => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0));
}

function* valueErrors(value: unknown, schema: Schema, place: Place): Generator<SchemaError> {
  const {node} = schema;
  yield* typeErrors(value, node, place);
  if (value !== null) {
    if (typeof value === 'string') yield* textErrors(value, node, place);
    if (typeof value === 'number' || typeof value === 'bigint') yield* numberErrors(value, node, place);
  }
  if (node.enum !== undefined && !node.enum.some((allowed) => allowed === value)) {
    const supported = node.enum.map((allowed) => JSON.stringify(String(allowed))).join(', ');
    yield at(place, `Unsupported value: ${shown(value)}: supported values: ${supported}`);
  }
  if (Array.isArray(value)) yield* arrayErrors(value, schema, place);
  if (isRecord(value)) yield* objectErrors(value, schema, place);
}

function* typeErrors(value: unknown, node: SchemaNode, place: Place): Generator<SchemaError> {
  if (value === null && node.nullable === true) return;
  const found = typeName(value);
  if (node.intOrString === true) {
    if (found === 'integer' || found === 'string') return;
    yield wrongType(place, 'integer,string', found);
    yield nowhere(`${JSON.stringify(place.path)} must validate at least one schema (anyOf)`, place);
    yield wrongType(place, 'integer', found);
    if (found === 'number') yield outOfRange(place, 'integer (default format)');
    return;
  }
  const {type, format} = node;
  if (type === undefined || type === found || (type === 'number' && found === 'integer')) return;
  const isText = found === 'string' || found === 'array';
  if (format !== undefined && found !== 'null' && !isText) yield wrongType(place, format, GO_FORMATS[found] ?? '');
  else if (format === undefined || !isText || isNumeric(type)) yield wrongType(place, type, found);
}

/** What the API server takes a number for where a format is asked for. */
const GO_FORMATS: Readonly<Record<string, string>> = {integer: 'int64', number: 'float64'};

function isNumeric(type: string): boolean {
  return type === 'integer' || type === 'number';
}

/** Some of the API server's messages have lost their place. */
function nowhere(rule: string, {pointer}: Place): SchemaError {
  return {message: `<nil>: Invalid value: "": ${rule}`, pointer};
}

function outOfRange(place: Place, type: string): SchemaError {
  return nowhere(`Checked value must be of type ${type} in ${place.path}`, place);
}

function wrongType(place: Place, expected: string, found: string): SchemaError {
  return at(place, `Invalid value: "${found}": ${place.path} in body must be of type ${expected}: "${found}"`);
}

function* textErrors(value: string, node: SchemaNode, place: Place): Generator<SchemaError> {
  const length = [...value].length;
  const {minLength, maxLength, pattern} = node;
  if (maxLength !== undefined && length > maxLength) {
    yield at(place, `Too long: may not be more than ${maxLength} bytes`);
  } else if (minLength !== undefined && length < minLength) {
    yield invalid(place, value, `should be at least ${minLength} chars long`);
  } else if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    yield invalid(place, value, `should match '${pattern}'`);
  }
  if (node.format === 'date-time' && !DATE_TIME.test(value)) {
    yield at(place, `Invalid value: ${shown(value)}: ${place.path} in body must be of type date-time: ${shown(value)}`);
  }
}

function* numberErrors(value: number | bigint, node: SchemaNode, place: Place): Generator<SchemaError> {
  const {type, format, maximum, minimum} = node;
  if (type === 'integer') {
    const isWhole = typeName(value) === 'integer';
    const isInt32 = value <= INT32_MAX && value >= -INT32_MAX - 1;
    if (!isWhole || (format === 'int32' && !isInt32)) {
      yield outOfRange(place, format === undefined ? 'integer (default format)' : `integer with format ${format}`);
    }
  }
  if (maximum !== undefined && value > maximum) {
    yield invalid(place, value, `should be less than or equal to ${maximum}`);
  }
  if (minimum !== undefined && value < minimum) {
    yield invalid(place, value, `should be greater than or equal to ${minimum}`);
  }
}

function* arrayErrors(value: readonly unknown[], {node, items}: Schema, place: Place): Generator<SchemaError> {
  if (items !== undefined) {
    for (const [index, element] of value.entries()) yield* valueErrors(element, items, item(place, index));
  }
  const {minItems, maxItems} = node;
  if (minItems !== undefined && value.length < minItems) {
    yield invalid(place, value.length, `should have at least ${minItems} items`);
  }
  if (maxItems !== undefined && value.length > maxItems) {
    yield at(place, `Too many: ${value.length}: must have at most ${maxItems} items`);
  }
}

function* objectErrors(value: Readonly<Record<string, unknown>>, schema: Schema, place: Place): Generator<SchemaError> {
  for (const [name, element] of Object.entries(value)) {
    const field = schema.field(name);
    if (field !== undefined) yield* valueErrors(element, field, child(place, name));
  }
  for (const name of schema.node.required ?? []) {
    if (Object.hasOwn(value, name)) continue;
    yield {message: `${child(place, name).path}: Required value`, pointer: place.pointer};
  }
}

/** Lists that are sets, or maps by some of their fields, must not name the same thing twice. */
function* duplicateErrors(value: unknown, schema: Schema | undefined, place: Place): Generator<SchemaError> {
  if (schema === undefined) return;
  if (isRecord(value)) {
    for (const [name, element] of Object.entries(value)) {
      const next = schema.has(name) ? child(place, name) : mapEntry(place, name);
      yield* duplicateErrors(element, schema.field(name), next);
    }
    return;
  }
  if (!Array.isArray(value)) return;
  const {listType, listMapKeys = []} = schema.node;
  if (listType === 'set') yield* repeated(value, place);
  if (listType === 'map') yield* repeatedKeys(value, listMapKeys, place);
  for (const [index, element] of value.entries()) yield* duplicateErrors(element, schema.items, item(place, index));
}

function* repeatedKeys(value: readonly unknown[], names: readonly string[], place: Place): Generator<SchemaError> {
  const stray = value.findIndex((element) => element !== null && !isRecord(element));
  if (stray >= 0) {
    const rule = 'must be an object for an array of list-type map';
    yield at(item(place, stray), `Invalid value: ${shown(value[stray])}: ${rule}`);
    return;
  }
  const sorted = [...names].sort();
  const keys = value.map((element) => Object.fromEntries(sorted.flatMap((name) => entry(element, name))));
  yield* repeated(keys, place);
}

/** Only the first repetition of each is named. */
function* repeated(keys: readonly unknown[], place: Place): Generator<SchemaError> {
  const seen = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    const text = JSON.stringify(key);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1) yield at(item(place, index), `Duplicate value: ${shown(key)}`);
  }
}

function entry(value: unknown, key: string): readonly [string, unknown][] {
  return isRecord(value) && Object.hasOwn(value, key) ? [[key, value[key]]] : [];
}

function invalid(place: Place, value: unknown, rule: string): SchemaError {
  return at(place, `Invalid value: ${shown(value)}: ${place.path} in body ${rule}`);
}

function at({path, pointer}: Place, message: string): SchemaError {
  return {message: `${path === '' ? '<nil>' : path}: ${message}`, pointer};
}

function child({path, pointer}: Place, name: string): Place {
  return {path: path === '' ? name : `${path}.${name}`, pointer: `${pointer}/${escapePointer(name)}`};
}

function mapEntry({path, pointer}: Place, name: string): Place {
  return {path: `${path}[${name}]`, pointer: `${pointer}/${escapePointer(name)}`};
}

function item({path, pointer}: Place, index: number): Place {
  return {path: `${path}[${index}]`, pointer: `${pointer}/${index}`};
}

function shown(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value;
}
