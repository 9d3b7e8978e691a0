/**
 * Checks an object against the fields of the Kubernetes API, as the API server does when it decodes a request with
 * `fieldValidation`: field names, types, quantities, times and the range of integers. Values that are only wrong in
 * meaning (a request above its limit, a name too long) pass.
 */
import {distance} from 'fastest-levenshtein';
import {type Diagnostic, type Diagnostics, escapePointer, fieldOf, placeOf} from '../../model/diagnostic.ts';
import type {DiagnosticCode} from '../../model/diagnosticCodes.ts';
import {type KubernetesObject, objectReference} from '../../model/kubernetes.ts';
import {isQuantity} from '../../model/quantity.ts';
import type {InputObject} from '../inputObject.ts';
import {FIELDS_RELEASE, type FieldType, kindType, objectMetaType, type ScalarType} from './fieldTypes.ts';
import {quantityHint} from './quantityHint.ts';

/** What becomes of unknown fields: errors, warnings, or nothing. They are left out of the object in any case. */
export type FieldValidation = 'strict' | 'warn' | 'ignore';

/**
 * The object without its nulls, which Kubernetes takes as absent, and without fields the API does not have; the very
 * same object when there was nothing to leave out. `undefined` when errors were found; all of them are in
 * `diagnostics`, each with its place.
 *
 * A kind in an apiVersion that Kubernetes has ceased to serve is read as its successor, under its apiVersion, with
 * warnings in place of errors; what does not fit there is left out. Of custom resources only `metadata` is checked.
 */
export function decodeStrict(
  input: InputObject,
  diagnostics: Diagnostics,
  validate: FieldValidation,
): KubernetesObject | undefined {
  const {object} = input;
  const found = kindType(object.apiVersion, object.kind);
  if (found === undefined) return decodeCustomResource(input, diagnostics, validate);
  const {type, apiVersion, removed} = found;
  if (!removed && conforms(type, object, 0)) return object;

  const decoding = new Decoding(input, diagnostics, validate, removed ? 'warning' : 'error');
  if (removed) {
    const message = `${object.apiVersion} is no longer served by Kubernetes ${FIELDS_RELEASE}; read as ${apiVersion}`;
    decoding.report('warning', 'STW-2011', '/apiVersion', message, `write apiVersion: ${apiVersion}`);
  }
  const decoded = decoding.decode(type, object, '', 0) as KubernetesObject;
  if (decoding.failed) return undefined;
  return removed ? {...decoded, apiVersion} : decoded;
}

function decodeCustomResource(
  input: InputObject,
  diagnostics: Diagnostics,
  validate: FieldValidation,
): KubernetesObject | undefined {
  const {object} = input;
  const type = objectMetaType();
  if (conforms(type, object.metadata, 0)) return object;
  const decoding = new Decoding(input, diagnostics, validate, 'error');
  const metadata = decoding.decode(type, object.metadata, '/metadata', 0) as KubernetesObject['metadata'];
  return decoding.failed ? undefined : {...object, metadata};
}

/** apimachinery gives up at 10,000 levels; no object of the built-in kinds comes near this. */
const DEEPEST = 500;
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const INT64_LIMIT = 2 ** 63;
/** Almost every quantity in the world, cheaper to test than the whole grammar. */
const USUAL_QUANTITY = /^\d{1,15}(?:[KMGT]i|[mkMGT])?$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether the value can stay as it is. Says not why not, so that it need not know where it is. */
function conforms(type: FieldType, value: unknown, depth: number): boolean {
  switch (type.kind) {
    case 'struct':
      if (!isRecord(value) || depth > DEEPEST) return false;
      for (const field in value) {
        const fieldValue = value[field];
        if (fieldValue === undefined) continue;
        const fieldType = type.fields.get(field);
        if (fieldType === undefined || !conforms(fieldType, fieldValue, depth + 1)) return false;
      }
      return true;
    case 'list':
      if (!Array.isArray(value)) return false;
      for (const item of value) if (!conforms(type.item, item, depth + 1)) return false;
      return true;
    case 'map':
      if (!isRecord(value)) return false;
      for (const key in value) if (!conforms(type.value, value[key], depth + 1)) return false;
      return true;
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'int32':
      return Number.isInteger(value) && (value as number) >= INT32_MIN && (value as number) <= INT32_MAX;
    case 'int64':
      return isInteger(value) && value >= -INT64_LIMIT && value <= INT64_LIMIT;
    case 'number':
      return Number.isFinite(value) || typeof value === 'bigint';
    case 'quantity':
      if (typeof value === 'string') return USUAL_QUANTITY.test(value) || isQuantity(value);
      return typeof value === 'number' && isQuantity(value);
    case 'intOrString':
      return typeof value === 'string' || conforms(INT32, value, depth);
    case 'time':
      return typeof value === 'string' && RFC3339.test(value);
    case 'any':
      return value !== null;
  }
}

/** A name of any type as text: String() would call what a hostile one has as `toString`. */
function nameText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

const INT32: FieldType = {kind: 'int32'};
const INTEGERS: ReadonlySet<string> = new Set<ScalarType>(['int32', 'int64', 'intOrString']);

const EXPECTED: Readonly<Record<FieldType['kind'], string>> = {
  struct: 'a map',
  list: 'a list',
  map: 'a map',
  string: 'a string',
  boolean: 'true or false',
  int32: 'an integer',
  int64: 'an integer',
  number: 'a number',
  quantity: 'a quantity',
  intOrString: 'an integer or a string',
  time: 'a time such as 2026-01-31T12:00:00Z',
  any: 'a value',
};

/** The slow way through an object that does not conform: reports each problem and builds what is left of the object. */
class Decoding {
  failed = false;
  readonly #input: InputObject;
  readonly #diagnostics: Diagnostics;
  readonly #severity: Diagnostic['severity'];
  readonly #unknownField: Diagnostic['severity'] | null;

  constructor(
    input: InputObject,
    diagnostics: Diagnostics,
    validate: FieldValidation,
    severity: Diagnostic['severity'],
  ) {
    this.#input = input;
    this.#diagnostics = diagnostics;
    this.#severity = severity;
    this.#unknownField = validate === 'ignore' ? null : validate === 'warn' ? 'warning' : severity;
  }

  /** The value as Kubernetes would hold it; `undefined` when it would hold none. */
  decode(type: FieldType, value: unknown, pointer: string, depth: number): unknown {
    if (conforms(type, value, depth)) return value;
    if (depth > DEEPEST) return this.#reject('STW-1003', pointer, `nested more than ${DEEPEST} levels deep`);
    switch (type.kind) {
      case 'struct':
        return isRecord(value)
          ? this.#struct(type.fields, value, pointer, depth)
          : this.#wrongType(type, value, pointer);
      case 'list':
        return Array.isArray(value)
          ? this.#list(type.item, value, pointer, depth)
          : this.#wrongType(type, value, pointer);
      case 'map':
        return isRecord(value) ? this.#map(type.value, value, pointer, depth) : this.#wrongType(type, value, pointer);
      case 'any':
        return value;
      default:
        return this.#scalar(type.kind, value, pointer);
    }
  }

  report(
    severity: Diagnostic['severity'],
    code: DiagnosticCode,
    pointer: string,
    message: string,
    hint?: string,
  ): void {
    const {object, origin} = this.#input;
    const {name, namespace} = isRecord(object.metadata) ? object.metadata : {};
    if (severity === 'error') this.failed = true;
    this.#diagnostics.add({
      code,
      severity,
      message,
      ...(hint === undefined ? {} : {hint}),
      place: placeOf(origin, pointer),
      object: objectReference(object.kind, namespace === undefined ? undefined : nameText(namespace), nameText(name)),
    });
  }

  #struct(
    fields: ReadonlyMap<string, FieldType>,
    value: Record<string, unknown>,
    pointer: string,
    depth: number,
  ): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const [field, fieldValue] of Object.entries(value)) {
      const fieldPointer = `${pointer}/${escapePointer(field)}`;
      const type = fields.get(field);
      if (type === undefined) {
        this.#unknown(field, fields, fieldPointer);
      } else if (fieldValue !== null && fieldValue !== undefined) {
        const decoded = this.decode(type, fieldValue, fieldPointer, depth + 1);
        if (decoded !== undefined) entries.push([field, decoded]);
      }
    }
    return Object.fromEntries(entries);
  }

  #list(item: FieldType, value: readonly unknown[], pointer: string, depth: number): unknown[] {
    return value
      .map((element, index) =>
        element === null && item.kind !== 'any'
          ? this.#wrongType(item, element, `${pointer}/${index}`)
          : this.decode(item, element, `${pointer}/${index}`, depth + 1),
      )
      .filter((element) => element !== undefined);
  }

  #map(type: FieldType, value: Record<string, unknown>, pointer: string, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const [key, element] of Object.entries(value)) {
      const decoded =
        element === null ? zeroValue(type) : this.decode(type, element, `${pointer}/${escapePointer(key)}`, depth + 1);
      if (decoded !== undefined) entries.push([key, decoded]);
    }
    return Object.fromEntries(entries);
  }

  #scalar(kind: ScalarType, value: unknown, pointer: string): undefined {
    const text = describe(value);
    if (kind === 'quantity' && typeof value === 'string') {
      return this.#reject('STW-1004', pointer, `${text} is not a Kubernetes quantity`, quantityHint(value));
    }
    if (INTEGERS.has(kind) && isInteger(value)) {
      const bits = kind === 'int64' ? 64 : 32;
      const message = `${fieldOf(pointer)} is ${text}, outside the range of a ${bits}-bit integer`;
      return this.#reject('STW-1006', pointer, message);
    }
    return this.#wrongType({kind}, value, pointer);
  }

  #wrongType(type: FieldType, value: unknown, pointer: string): undefined {
    const message = `${fieldOf(pointer)} is ${describe(value)}, expected ${EXPECTED[type.kind]}`;
    return this.#reject('STW-1003', pointer, message, typeHint(type, value));
  }

  #unknown(field: string, fields: ReadonlyMap<string, FieldType>, pointer: string): void {
    if (this.#unknownField === null) return;
    const near = nearest(field, fields.keys());
    const hint = near === undefined ? undefined : `did you mean "${near}"?`;
    this.report(this.#unknownField, 'STW-1002', pointer, `unknown field "${fieldOf(pointer)}"`, hint);
  }

  #reject(code: DiagnosticCode, pointer: string, message: string, hint?: string): undefined {
    this.report(this.#severity, code, pointer, message, hint);
  }
}

/** What Go leaves in a map for a key whose value is null. */
function zeroValue(type: FieldType): unknown {
  switch (type.kind) {
    case 'string':
      return '';
    case 'quantity':
      return '0';
    case 'struct':
    case 'map':
      return {};
    case 'any':
      return null;
    default:
      return undefined;
  }
}

function typeHint(type: FieldType, value: unknown): string | undefined {
  if (type.kind === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `write it in quotes: "${value}"`;
  }
  if (typeof value !== 'string') return undefined;
  const unquoted =
    type.kind === 'boolean' ? /^(?:true|false)$/.test(value) : INTEGERS.has(type.kind) && /^-?\d+$/.test(value);
  return unquoted ? `write ${value} without quotes` : undefined;
}

const LONGEST_TEXT = 60;

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a map';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value);
}

/** The field a misspelt name was meant to be: the closest one, if at most a third of the letters are wrong. */
function nearest(name: string, fields: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(name.length, LONGEST_TEXT) / 3;
  for (const field of fields) {
    if (Math.abs(field.length - name.length) > fewest) continue;
    const edits = distance(name.toLowerCase(), field.toLowerCase());
    if (edits < fewest || (edits === fewest && best === undefined)) {
      best = field;
      fewest = edits;
    }
  }
  return best;
}

function isInteger(value: unknown): value is number | bigint {
  return Number.isInteger(value) || typeof value === 'bigint';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
