import type {Style} from './style.ts';

/** The parts of JSON Schema that the schemas of this package use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** A field of a schema as `kubectl explain` shows fields: its type, what it means, and the fields below it. */
export function schemaText(root: JsonSchema, path: readonly string[], field: JsonSchema, style: Style): string {
  const alternatives = alternativesOf(root, field);
  const lines = [
    `${style.bold('KIND')}     ${root.$ref?.replace('#/definitions/', '') ?? resolve(root, root).title ?? ''}`,
    ...(path.length === 0 ? [] : [`${style.bold('FIELD')}    ${path.join('.')}  <${typeOf(root, field)}>`]),
    '',
  ];
  const resolved = resolve(root, field);
  const description = field.description ?? resolved.description ?? (path.length === 0 ? resolved.title : undefined);
  if (description !== undefined) lines.push(style.bold('DESCRIPTION'), `  ${description}`, '');
  const limits = limitsOf(field);
  if (limits.length > 0) lines.push(style.bold('VALUES'), ...limits.map((one) => `  ${one}`), '');
  for (const one of alternatives) {
    const {properties = {}, required = []} = one;
    if (Object.keys(properties).length === 0) continue;
    lines.push(style.bold(alternatives.length > 1 ? 'FIELDS OF ONE ALTERNATIVE' : 'FIELDS'));
    for (const [name, property] of Object.entries(properties)) {
      const mark = required.includes(name) && property.default === undefined ? ' -required-' : '';
      const text = property.description ?? resolve(root, property).description;
      const extra = [...(text === undefined ? [] : [text]), ...limitsOf(property)].join('; ');
      lines.push(`  ${name}  <${typeOf(root, property)}>${mark}${extra === '' ? '' : `\n      ${style.dim(extra)}`}`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** The field at a path below a schema; a list or map is entered without a step of its own. Undefined when there is none. */
export function findField(root: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let current: JsonSchema = resolve(root, root);
  for (const name of path) {
    const found: JsonSchema | undefined = alternativesOf(root, current)
      .map(({properties}) =>
        properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined,
      )
      .find((property) => property !== undefined);
    if (found === undefined) return undefined;
    current = found;
  }
  return current;
}

/** The names of the fields at a path, for suggestions. */
export function fieldNames(root: JsonSchema, path: readonly string[]): readonly string[] {
  const field = findField(root, path);
  return field === undefined ? [] : alternativesOf(root, field).flatMap(({properties = {}}) => Object.keys(properties));
}

/** What can stand at a place: alternatives opened, items in place of their list. */
function alternativesOf(root: JsonSchema, schema: JsonSchema): readonly JsonSchema[] {
  const resolved = resolve(root, schema);
  if (resolved.anyOf !== undefined) return resolved.anyOf.flatMap((one) => alternativesOf(root, one));
  if (resolved.items !== undefined) return alternativesOf(root, resolved.items);
  const {additionalProperties} = resolved;
  if (resolved.properties === undefined && typeof additionalProperties === 'object') {
    return alternativesOf(root, additionalProperties);
  }
  return [resolved];
}

function resolve(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/definitions/', '');
  const found = name === undefined ? undefined : root.definitions?.[name];
  return found ?? schema.allOf?.[0] ?? schema;
}

function typeOf(root: JsonSchema, schema: JsonSchema): string {
  const resolved = resolve(root, schema);
  if (resolved.anyOf !== undefined) {
    return [...new Set(resolved.anyOf.map((one) => typeOf(root, one)))].join(' | ');
  }
  if (resolved.items !== undefined) return `[]${typeOf(root, resolved.items)}`;
  if (resolved.const !== undefined) return JSON.stringify(resolved.const);
  if (typeof resolved.additionalProperties === 'object')
    return `map[string]${typeOf(root, resolved.additionalProperties)}`;
  return typeof resolved.type === 'string' ? resolved.type : (resolved.type ?? ['any']).join(' | ');
}

function limitsOf({enum: values, default: fallback, minimum, maximum, pattern}: JsonSchema): readonly string[] {
  const isBound = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < 2 ** 53 - 1;
  return [
    ...(values === undefined ? [] : [`one of ${values.join(', ')}`]),
    ...(isBound(minimum) ? [`at least ${minimum}`] : []),
    ...(isBound(maximum) ? [`at most ${maximum}`] : []),
    ...(pattern === undefined ? [] : [`matches ${pattern}`]),
    ...(fallback === undefined || typeof fallback === 'object' ? [] : [`default ${JSON.stringify(fallback)}`]),
  ];
}
