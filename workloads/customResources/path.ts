import {escapePointer} from '../../model/diagnostic.ts';

/**
 * A place in an object, written as CustomResourceDefinitions write theirs (`specReplicasPath: .spec.replicas`):
 * `.field`, `['any key']` and `[0]` one after the other, and `[*]` for every element of a list or value of a map. It
 * starts at the part at hand, or with `$` at the object.
 */
export interface Path {
  readonly fromRoot: boolean;
  readonly segments: readonly Segment[];
}

type Segment = {readonly kind: 'key'; readonly key: string} | {readonly kind: 'each'};

/** A value that a path leads to. */
export interface Found {
  readonly value: unknown;
  /** The JSON pointer of the value in the object. */
  readonly pointer: string;
  /** The key or index the last `[*]` went through, null without one. */
  readonly key: string | null;
}

const SEGMENT = /\.([A-Za-z_][\w-]*)|\['([^']+)'\]|\[(\d{1,9})\]|\[(\*)\]/y;

/** `undefined` when the text is no path. */
export function parsePath(text: string): Path | undefined {
  const fromRoot = text.startsWith('$');
  const segments: Segment[] = [];
  SEGMENT.lastIndex = fromRoot ? 1 : 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (match === null) return undefined;
    const [, field, quoted, index, each] = match;
    segments.push(each === undefined ? {kind: 'key', key: (field ?? quoted ?? index)!} : {kind: 'each'});
  }
  return segments.length === 0 ? undefined : {fromRoot, segments};
}

/** Everything at a path below a place, in the order of lists and, in maps, of the keys by code point. */
export function findAll({segments}: Path, from: Found): readonly Found[] {
  let found: readonly Found[] = [from];
  for (const segment of segments) found = found.flatMap((parent) => step(parent, segment));
  return found.filter(({value}) => value !== null && value !== undefined);
}

function step({value, pointer, key: parentKey}: Found, segment: Segment): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const children = value as Readonly<Record<string, unknown>>;
  const child = (key: string, eachKey: string | null): Found => ({
    value: children[key],
    pointer: `${pointer}/${escapePointer(key)}`,
    key: eachKey,
  });
  if (segment.kind === 'key') return Object.hasOwn(children, segment.key) ? [child(segment.key, parentKey)] : [];
  const keys = Array.isArray(value) ? value.map((_item, index) => String(index)) : Object.keys(value).sort(byCodeUnit);
  return keys.map((key) => child(key, key));
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
