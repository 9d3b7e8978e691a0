import {closest, distance} from 'fastest-levenshtein';
import type {z} from 'zod';
import {type Diagnostics, escapePointer, fieldOf, type Origin, placeOf} from '../model/diagnostic.ts';
import type {DiagnosticCode} from '../model/diagnosticCodes.ts';
import {quantityHint} from '../workloads/strict/quantityHint.ts';

type Issue = z.core.$ZodIssue;

/** A value checked against a schema: with its defaults, or undefined and every problem as a diagnostic with its place. */
export function parseWithSchema<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  origin: Origin,
  diagnostics: Diagnostics,
): z.infer<Schema> | undefined {
  const outcome = schema.safeParse(value, {reportInput: true});
  if (outcome.success) return outcome.data;
  for (const issue of outcome.error.issues) report(issue, [], schema, origin, diagnostics);
  return undefined;
}

function report(
  issue: Issue,
  parents: readonly PropertyKey[],
  schema: z.ZodType,
  origin: Origin,
  diagnostics: Diagnostics,
): void {
  const path = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const hint = suggestion(key, keysAt(schema, path));
      const place = placeOf(origin, pointerOf([...path, key]));
      diagnostics.error('STW-1002', `unknown field "${key}"`, {place, ...(hint === undefined ? {} : {hint})});
    }
    return;
  }
  if (issue.code === 'invalid_union') {
    // The alternative that came nearest tells most: the one whose own fields are there.
    const nearest = [...issue.errors].sort((a, b) => mistakes(a) - mistakes(b))[0] ?? [];
    if (nearest.length > 0) {
      for (const inner of nearest) report(inner, path, schema, origin, diagnostics);
      return;
    }
  }
  const place = placeOf(origin, pointerOf(path));
  const own = (issue as {params?: {code?: DiagnosticCode}}).params?.code;
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  if (missing) {
    diagnostics.error('STW-1008', `${fieldName(path)} is missing`, {place, hint: `add it: ${expected(issue)}`});
    return;
  }
  const code = own ?? (issue.code === 'too_small' || issue.code === 'too_big' ? 'STW-1006' : 'STW-1003');
  if (own === 'STW-1008') {
    diagnostics.error(own, `${fieldName(path)} needs ${issue.message}`, {place});
    return;
  }
  const hint = hintFor(issue);
  diagnostics.error(code, `${shown(issue.input)} is not ${expected(issue)}`, {
    place,
    ...(hint === undefined ? {} : {hint}),
  });
}

/** The nearest of some words, if it is near enough to be meant. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(word, known);
  if (distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3))) {
    return `did you mean "${nearest}"?`;
  }
  return known.length <= 12 ? `known here: ${[...known].sort().join(', ')}` : undefined;
}

/** How a value of the input is quoted in a message, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return withArticle((issue as {format?: string}).format === 'safeint' ? 'int' : issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map((value) => String(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `${withArticle(issue.origin)} of at least ${issue.minimum}`
        : `${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function withArticle(type: string): string {
  const names: Readonly<Record<string, string>> = {int: 'integer', record: 'map', array: 'list', object: 'map'};
  const name = names[type] ?? type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function hintFor(issue: Issue): string | undefined {
  const own = (issue as {params?: {code?: DiagnosticCode}}).params?.code;
  if (own === 'STW-1004') return quantityHint(String(issue.input));
  if (issue.code === 'invalid_value' && typeof issue.input === 'string') {
    const words = issue.values.map(String);
    return suggestion(issue.input, words);
  }
  return `write ${expected(issue)}`;
}

function mistakes(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 10 : issue.path.length === 0 ? 5 : 1),
    0,
  );
}

function fieldName(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  return last === undefined ? 'the document' : typeof last === 'string' ? last : fieldOf(pointerOf(path));
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${escapePointer(String(segment))}`).join('');
}

/** The fields that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: readonly z.ZodType[] = [schema];
  for (const segment of path) current = current.flatMap((one) => step(unwrap(one), segment));
  return [...new Set(current.flatMap((one) => unwrap(one)).flatMap((one) => Object.keys(shapeOf(one))))];
}

function step(schemas: readonly z.ZodType[], segment: PropertyKey): readonly z.ZodType[] {
  return schemas.flatMap((schema) => {
    const definition = schema.def as {type: string; element?: z.ZodType; valueType?: z.ZodType};
    const next =
      definition.type === 'array'
        ? definition.element
        : definition.type === 'record'
          ? definition.valueType
          : shapeOf(schema)[String(segment)];
    return next === undefined ? [] : [next];
  });
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  return (schema.def as {shape?: Readonly<Record<string, z.ZodType>>}).shape ?? {};
}

/** Without defaults and optionality, and with every alternative of a union. */
function unwrap(schema: z.ZodType): readonly z.ZodType[] {
  const definition = schema.def as {innerType?: z.ZodType; options?: readonly z.ZodType[]};
  if (definition.innerType !== undefined) return unwrap(definition.innerType);
  if (definition.options !== undefined) return definition.options.flatMap(unwrap);
  return [schema];
}
