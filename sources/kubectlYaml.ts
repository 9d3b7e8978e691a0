/**
 * YAML as kubectl reads it (sigs.k8s.io/yaml): neither YAML 1.1 nor 1.2. `yes` and `off` are booleans and `0644` is
 * octal as in 1.1, `<<` merges, but `22:22` and dates stay strings, `0o17` is a number, and of duplicate keys the last
 * one counts. test/golden/yaml holds the answers of the Go library.
 */
import {
  defineScalarTag,
  FAILSAFE_SCHEMA,
  load,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  setTag,
  YAMLException,
} from 'js-yaml';
import {type Document, parseDocument, type ScalarTag, type Tags} from 'yaml';

/** A problem at an offset of the text. */
export interface TextProblem {
  readonly offset: number;
  readonly message: string;
}

export type YamlOutcome =
  | {readonly kind: 'value'; readonly value: unknown; readonly irregularities: readonly TextProblem[]}
  | {readonly kind: 'errors'; readonly errors: readonly TextProblem[]};

/** Aliases one document may use; a document of ten lines can otherwise grow to gigabytes. */
const MAX_ALIASES = 1000;
const MAX_EXPANDED_NODES = 1_000_000;
const MAX_DEPTH = 100;
/** Deeper than any parent that MAX_DEPTH allows in practice. */
const INDENTATION = ' '.repeat(256);
const MAX_INDENTED_LINES = 1000;

/** Reads one document. What a strict parser refuses and kubectl accepts is read all the same and reported. */
export function parseKubectlYaml(text: string): YamlOutcome {
  const irregularities: TextProblem[] = [];
  let current = text;
  let inserted = 0;
  for (;;) {
    try {
      const value = load(current, {schema: SCHEMA, maxAliases: MAX_ALIASES, maxDepth: MAX_DEPTH});
      return {kind: 'value', value: toTree(value, text), irregularities};
    } catch (error) {
      if (error instanceof AliasError) return {kind: 'errors', errors: [{offset: 0, message: error.message}]};
      if (!(error instanceof YAMLException)) throw error;
      const offset = error.mark?.position ?? 0;
      const problem = {offset: Math.max(0, offset - inserted), message: error.reason ?? error.message};
      // Only flow collections and quoted texts complain of this, and to them kubectl's parser takes any indentation.
      if (problem.message !== 'deficient indentation' || irregularities.length >= MAX_INDENTED_LINES) {
        return parseLeniently(current, irregularities, problem, inserted);
      }
      const lineStart = current.lastIndexOf('\n', offset - 1) + 1;
      current = current.slice(0, lineStart) + INDENTATION + current.slice(lineStart);
      irregularities.push(problem);
      inserted += INDENTATION.length;
    }
  }
}

/** Reads what the fast parser cannot: duplicate keys and unknown tags; finds every error where it can read nothing. */
function parseLeniently(
  text: string,
  known: readonly TextProblem[],
  refusal: TextProblem,
  inserted: number,
): YamlOutcome {
  // The lenient parser has no limit of its own until the value is built.
  if (/exceed|alias|nesting|depth/i.test(refusal.message)) return {kind: 'errors', errors: [refusal]};
  const document = parseDocument(text, {...LENIENT, uniqueKeys: true});
  const duplicates = document.errors.filter(({code}) => code === 'DUPLICATE_KEY');
  const errors = document.errors.filter(({code}) => code !== 'DUPLICATE_KEY');
  if (errors.length > 0) {
    return {
      kind: 'errors',
      errors: errors.map(({pos, message}) => ({offset: Math.max(0, pos[0] - inserted), message: firstLine(message)})),
    };
  }
  try {
    const value = toTree(document.toJS({maxAliasCount: MAX_ALIASES}), text);
    const found = duplicates.map(({pos}) => ({
      offset: Math.max(0, pos[0] - inserted),
      message: `duplicate key "${keyAt(text, pos[0])}"; the last one counts`,
    }));
    return {kind: 'value', value, irregularities: [...known, ...(found.length > 0 ? found : [refusal])]};
  } catch (error) {
    return {kind: 'errors', errors: [{offset: refusal.offset, message: firstLine((error as Error).message)}]};
  }
}

/** The offset of the value at each step of a path, for places in messages; the nearest parent where it ends early. */
export function locateInYaml(text: string, path: readonly string[]): number {
  const document: Document = parseDocument(text, {...LENIENT, uniqueKeys: false});
  let offset = startOf(document.contents) ?? 0;
  let node: unknown = document.contents;
  for (const segment of path) {
    node = resolveAlias(node, document);
    const items = (node as {items?: unknown[]} | null)?.items;
    if (!Array.isArray(items)) break;
    const pair = items.find((item) => isPairOf(item, segment)) as {key: unknown; value: unknown} | undefined;
    const child = pair === undefined ? items[/^\d+$/.test(segment) ? Number(segment) : -1] : pair.value;
    const place = startOf(child) ?? startOf(pair?.key);
    if (place === undefined) break;
    offset = startOf(pair?.key) ?? place;
    node = child;
  }
  return offset;
}

// y and n, which YAML 1.1 takes as booleans, stay text: they are container names far more often than answers.
const YES = new Set(['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const NO = new Set(['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const INTEGER = /^[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)$/;
// Without a point an exponent is part of a quantity (1e6, 100e-3), whose text is to be kept.
const FLOAT = /^[-+]?(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|[0-9]+)$/;
const SPECIAL = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

function resolveBoolean(source: string): boolean | undefined {
  if (YES.has(source)) return true;
  return NO.has(source) ? false : undefined;
}

/**
 * Numbers as Go's ParseInt with base 0 and then ParseFloat take them, underscores removed. An integer that a double
 * cannot hold stays text, so that a quantity keeps every digit.
 */
function resolveNumber(source: string): number | string | undefined {
  if (source.startsWith('_')) return undefined;
  const digits = source.replaceAll('_', '');
  if (INTEGER.test(digits)) return integer(digits) ?? digits;
  if (!FLOAT.test(digits)) return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  // 08 is no octal number, so Go reads it as a float; so is every integer beyond 64 bits.
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(digits) ? digits : value + 0;
}

function integer(text: string): number | undefined {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  if (!Number.isSafeInteger(value)) return undefined;
  return negative && value !== 0 ? -value : value;
}

const booleanTag = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  resolve: (source) => resolveBoolean(source) ?? NOT_RESOLVED,
  identify: (value) => typeof value === 'boolean',
});
const integerTag = defineScalarTag<number | string>('tag:yaml.org,2002:int', {
  implicit: true,
  resolve: (source) => (SPECIAL.test(source) ? NOT_RESOLVED : (resolveNumber(source) ?? NOT_RESOLVED)),
  identify: (value) => Number.isInteger(value),
});
const floatTag = defineScalarTag<number | string>('tag:yaml.org,2002:float', {
  implicit: true,
  // JSON, and so the API, has no infinity and no NaN: the text stays, and the type check names it.
  resolve: (source) => (SPECIAL.test(source) ? source : (resolveNumber(source) ?? NOT_RESOLVED)),
  identify: (value) => typeof value === 'number',
});
const binaryTag = defineScalarTag<string>('tag:yaml.org,2002:binary', {
  resolve: (source) => decodeBase64(source) ?? NOT_RESOLVED,
  identify: () => false,
});
const timestampTag = defineScalarTag<string>('tag:yaml.org,2002:timestamp', {
  resolve: (source) => source,
  identify: () => false,
});

const SCHEMA = FAILSAFE_SCHEMA.withTags(
  nullYaml11Tag,
  booleanTag,
  integerTag,
  floatTag,
  mergeTag,
  binaryTag,
  timestampTag,
  mapTag,
  setTag,
);

function lenientScalar(
  tag: string,
  resolve: (source: string) => unknown,
  test: (source: string) => boolean,
): ScalarTag {
  return {tag, default: true, test: {test} as RegExp, resolve};
}

const LENIENT = {
  version: '1.1',
  merge: true,
  schema: 'failsafe',
  logLevel: 'silent',
  prettyErrors: false,
  customTags: [
    lenientScalar(
      'tag:yaml.org,2002:null',
      () => null,
      (source) => /^(?:~|null|Null|NULL|)$/.test(source),
    ),
    lenientScalar('tag:yaml.org,2002:bool', resolveBoolean, (source) => resolveBoolean(source) !== undefined),
    lenientScalar(
      'tag:yaml.org,2002:float',
      (source) => resolveNumber(source) ?? source,
      (source) => resolveNumber(source) !== undefined,
    ),
    'merge',
  ] as Tags,
} as const;

class AliasError extends Error {}

/**
 * The value as a tree of its own: what aliases share is copied, so that walking it is as cheap as it looks, and a
 * document that would grow beyond all bounds or contains itself is refused.
 */
function toTree(value: unknown, text: string): unknown {
  if (/(?:^|[\s,:[{-])\*\S/m.test(text) && expandedSize(value, new Map()) > 0) return plain(structuredTree(value));
  return plain(value);
}

function structuredTree(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredTree);
  if (value instanceof Map || value instanceof Set || !isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, structuredTree(item)]));
}

/** Nodes of the tree that the value's aliases make of it; worked out once for each shared part. */
function expandedSize(value: unknown, known: Map<unknown, number | undefined>): number {
  if (!isContainer(value)) return 1;
  if (known.has(value)) {
    const size = known.get(value);
    if (size === undefined) throw new AliasError('an anchor contains itself');
    return size;
  }
  known.set(value, undefined);
  let size = 1;
  for (const item of Object.values(value as object)) size += expandedSize(item, known);
  if (size > MAX_EXPANDED_NODES) throw new AliasError(`aliases expand to more than ${MAX_EXPANDED_NODES} nodes`);
  known.set(value, size);
  return size;
}

/** Maps and sets, as the two parsers make them of unusual input, as the plain objects JSON would hold. */
function plain(value: unknown): unknown {
  if (value instanceof Set) return Object.fromEntries([...value].map((key) => [String(key), null]));
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  if (value === undefined) return null;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (isContainer(item)) value[index] = plain(item);
  } else if (isContainer(value)) {
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      const item = record[key];
      if (isContainer(item)) record[key] = plain(item);
    }
  }
  return value;
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function decodeBase64(source: string): string | undefined {
  const text = source.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

function startOf(node: unknown): number | undefined {
  const range = (node as {range?: readonly number[]} | null | undefined)?.range;
  return range?.[0];
}

function isPairOf(item: unknown, key: string): boolean {
  const pair = item as {key?: {value?: unknown}} | null;
  return pair?.key !== undefined && pair.key !== null && String(pair.key.value) === key;
}

function resolveAlias(node: unknown, document: Document): unknown {
  const alias = node as {resolve?: (document: Document) => unknown} | null;
  return typeof alias?.resolve === 'function' ? alias.resolve(document) : node;
}

function keyAt(text: string, offset: number): string {
  return /^["']?([^\s"':]*)/.exec(text.slice(offset, offset + 200))?.[1] ?? '';
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
