import {isRecord} from '../field.ts';
import type {Schema} from './schemaTable.ts';

const METADATA_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * What the API server stores of a custom resource: unknown fields are gone, a null that is not allowed counts as absent,
 * and defaults are filled in. Values of a wrong type stay as they are, for the validation to find.
 */
export function pruneAndDefault(resource: unknown, schema: Schema): unknown {
  return withDefaults(withoutNulls(prune(resource, schema, true), schema), schema);
}

function prune(value: unknown, schema: Schema | undefined, isResource: boolean): unknown {
  if (Array.isArray(value)) {
    const item = schema?.node.preserveUnknownFields === true ? schema : schema?.items;
    return value.map((element) => prune(element, item, false));
  }
  if (!isRecord(value)) return value;
  const keepsAll = schema?.node.preserveUnknownFields === true;
  const keepsMetadata = isResource || schema?.node.embeddedResource === true;
  const kept = Object.entries(value).flatMap(([name, child]): readonly [string, unknown][] => {
    const field = schema?.field(name);
    if (keepsMetadata && METADATA_FIELDS.has(name)) return [[name, child]];
    if (field !== undefined) return [[name, prune(child, field, false)]];
    return keepsAll ? [[name, child]] : [];
  });
  return Object.fromEntries(kept);
}

function withoutNulls(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((element) => withoutNulls(element, schema.items));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).flatMap(([name, child]): readonly [string, unknown][] => {
    const field = schema.field(name);
    const isGone = isForbiddenNull(child, field) && field?.node.default === undefined;
    return isGone ? [] : [[name, withoutNulls(child, field)]];
  });
  return Object.fromEntries(kept);
}

function withDefaults(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const {items} = schema;
    return value.map((item) =>
      withDefaults(isForbiddenNull(item, items) ? (items?.node.default ?? null) : item, items),
    );
  }
  if (!isRecord(value)) return value;
  const filled: Record<string, unknown> = {...value};
  for (const [name, field] of schema.fields()) {
    const {default: fallback} = field.node;
    if (fallback === undefined) continue;
    if (!Object.hasOwn(filled, name) || isForbiddenNull(filled[name], field)) filled[name] = fallback;
  }
  return Object.fromEntries(
    Object.entries(filled).map(([name, child]) => [name, withDefaults(child, schema.field(name))]),
  );
}

function isForbiddenNull(value: unknown, schema: Schema | undefined): boolean {
  return (value === null || value === undefined) && schema !== undefined && schema.node.nullable !== true;
}
