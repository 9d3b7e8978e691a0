import {formatQuantity, parseQuantity} from '../../model/quantity.ts';
import {isRecord} from '../field.ts';
import type {Schema} from './schemaTable.ts';

/**
 * A value as an operator written in Go passes it on: read into its types and printed again. Fields come in the order of
 * the types and keys of maps in that of the alphabet, empty values are left out where the types say so, absent ones
 * written out where they must be, and quantities are in canonical form. The value must be one that the schema accepts.
 */
export function encodeAsGo(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined || value === null) return value;
  const {node} = schema;
  if (Array.isArray(value)) return value.map((element) => encodeAsGo(element, schema.items));
  if (isRecord(value)) {
    if (node.properties !== undefined) return encodeStruct(value, schema);
    return node.additionalProperties === undefined ? value : encodeMap(value, schema);
  }
  return isQuantity(schema) ? canonical(value) : value;
}

function encodeStruct(value: Readonly<Record<string, unknown>>, schema: Schema): Record<string, unknown> {
  const encoded: Record<string, unknown> = {};
  for (const [name, field] of schema.fields()) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const how = schema.node.encoding?.[name];
    if (given === undefined || given === null) {
      if (how === 'nullable') encoded[name] = null;
      if (how === 'value') encoded[name] = zeroValue(field);
      continue;
    }
    const child = encodeAsGo(given, field);
    if ((how === 'omitEmpty' || how === 'omitZero') && isEmpty(child)) continue;
    encoded[name] = child;
  }
  return encoded;
}

function encodeMap(value: Readonly<Record<string, unknown>>, schema: Schema): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, encodeAsGo(value[name], schema.field(name))]),
  );
}

function zeroValue(schema: Schema): unknown {
  const {type, format, properties} = schema.node;
  if (isQuantity(schema)) return '0';
  if (properties !== undefined) return encodeStruct({}, schema);
  if (format === 'date-time' || type === 'array') return null;
  if (type === 'object') return schema.node.additionalProperties === undefined ? {} : null;
  if (type === 'string') return '';
  return type === 'boolean' ? false : 0;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false || value === null;
}

/** Of integers or texts only quantities have a pattern. */
function isQuantity({node}: Schema): boolean {
  return node.intOrString === true && node.pattern !== undefined;
}

function canonical(value: unknown): unknown {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
  return quantity === undefined ? value : formatQuantity(quantity);
}
