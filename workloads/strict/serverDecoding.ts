/**
 * What the API server answers to an object that it cannot decode, in the words of Go's JSON decoder: the first value of
 * a wrong type or, when all types are right, every unknown field. Values are visited in the order they are written.
 */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {isQuantity} from '../../model/quantity.ts';
import {type FieldType, kindType, structName} from './fieldTypes.ts';

export interface DecodingError {
  /** The message of the Status with code 400. */
  readonly message: string;
  /** Whether only strict validation minds. */
  readonly isStrict: boolean;
}

/** Null when the API server can decode the object, or does not know its kind. */
export function decodingError(object: KubernetesObject): DecodingError | null {
  const {apiVersion, kind} = object;
  const found = kindType(apiVersion, kind);
  if (found === undefined) return null;
  const walk = new Walk();
  walk.visit(found.type, object, {struct: '', go: [], field: ''});
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}: `;
  if (walk.wrongType !== null) return {message: prefix + walk.wrongType, isStrict: false};
  if (walk.unknown.length === 0) return null;
  const list = walk.unknown.map((field) => `unknown field "${field}"`).join(', ');
  return {message: `${prefix}strict decoding error: ${list}`, isStrict: true};
}

interface Place {
  /** The innermost struct and the names of fields that lead to a value, as Go's decoder knows them. */
  readonly struct: string;
  readonly go: readonly string[];
  /** The place as Kubernetes writes it. */
  readonly field: string;
}

const QUANTITY_MESSAGE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const INT32 = 2 ** 31;
/** Texts that have a type of their own in Go, by the name of their field. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  accessModes: 'v1.PersistentVolumeAccessMode',
  completionMode: 'v1.CompletionMode',
  concurrencyPolicy: 'v1.ConcurrencyPolicy',
  dnsPolicy: 'v1.DNSPolicy',
  effect: 'v1.TaintEffect',
  imagePullPolicy: 'v1.PullPolicy',
  podManagementPolicy: 'v1.PodManagementPolicyType',
  preemptionPolicy: 'v1.PreemptionPolicy',
  protocol: 'v1.Protocol',
  restartPolicy: 'v1.RestartPolicy',
  terminationMessagePolicy: 'v1.TerminationMessagePolicy',
  whenUnsatisfiable: 'v1.UnsatisfiableConstraintAction',
};

class Walk {
  wrongType: string | null = null;
  readonly unknown: string[] = [];

  visit(type: FieldType, value: unknown, place: Place): void {
    if (value === null || value === undefined || this.wrongType !== null) return;
    switch (type.kind) {
      case 'struct':
        if (!isRecord(value)) {
          this.#wrong(value, typeName(type, place), place);
          return;
        }
        for (const [field, child] of Object.entries(value)) {
          const childType = type.fields.get(field);
          const at = place.field === '' ? field : `${place.field}.${field}`;
          if (childType === undefined) this.unknown.push(at);
          else this.visit(childType, child, {struct: structName(type) ?? '', go: [...place.go, field], field: at});
        }
        return;
      case 'list':
        if (!Array.isArray(value)) {
          this.#wrong(value, typeName(type, place), place);
          return;
        }
        value.forEach((item, index) => {
          this.visit(type.item, item, {...place, field: `${place.field}[${index}]`});
        });
        return;
      case 'map':
        if (!isRecord(value)) {
          this.#wrong(value, typeName(type, place), place);
          return;
        }
        for (const [key, item] of Object.entries(value)) {
          this.visit(type.value, item, {...place, field: `${place.field}[${key}]`});
        }
        return;
      case 'string':
        if (typeof value !== 'string') this.#wrong(value, typeName(type, place), place);
        return;
      case 'boolean':
        if (typeof value !== 'boolean') this.#wrong(value, 'bool', place);
        return;
      case 'int32':
      case 'int64':
        if (typeof value !== 'number' && typeof value !== 'bigint') this.#wrong(value, type.kind, place);
        else if (!isInRange(value, type.kind)) this.#wrong(value, type.kind, place, ` ${value}`);
        return;
      case 'number':
        if (typeof value !== 'number' && typeof value !== 'bigint') this.#wrong(value, 'float64', place);
        return;
      case 'quantity': {
        const isText = typeof value === 'string' || typeof value === 'number';
        if (!isText || !isQuantity(value)) this.wrongType = QUANTITY_MESSAGE;
        return;
      }
      case 'intOrString':
        if (typeof value === 'string') return;
        if (typeof value !== 'number')
          this.wrongType = `json: cannot unmarshal ${jsonType(value)} into Go value of type int32`;
        else if (!isInRange(value, 'int32')) {
          this.wrongType = `json: cannot unmarshal number ${value} into Go value of type int32`;
        }
        return;
      case 'time':
        if (typeof value !== 'string') {
          this.wrongType = `json: cannot unmarshal ${jsonType(value)} into Go value of type string`;
        } else if (Number.isNaN(Date.parse(value)) || !/^\d{4}-/.test(value)) {
          const layout = '2006-01-02T15:04:05Z07:00';
          this.wrongType = `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(value)} as "2006"`;
        }
    }
  }

  #wrong(value: unknown, type: string, {struct, go}: Place, literal = ''): void {
    const field = `Go struct field ${struct}.${go.join('.')}`;
    this.wrongType ??= `json: cannot unmarshal ${jsonType(value)}${literal} into ${field} of type ${type}`;
  }
}

function isInRange(value: number | bigint, type: 'int32' | 'int64'): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  return type === 'int64' ? value >= -(2 ** 63) && value < 2 ** 63 : value >= -INT32 && value < INT32;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'number';
  return typeof value;
}

/** A type as Go prints it. */
function typeName(type: FieldType, place: Place): string {
  switch (type.kind) {
    case 'struct': {
      const name = structName(type, true);
      return name ?? 'object';
    }
    case 'list':
      return `[]${typeName(type.item, place)}`;
    case 'map':
      if (type.value.kind === 'quantity') return 'v1.ResourceList';
      return `map[string]${typeName(type.value, place)}`;
    case 'string':
      return TEXT_TYPES[place.go.at(-1) ?? ''] ?? 'string';
    case 'boolean':
      return 'bool';
    case 'quantity':
      return 'resource.Quantity';
    case 'intOrString':
      return 'intstr.IntOrString';
    case 'time':
      return 'v1.Time';
    default:
      return type.kind;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
