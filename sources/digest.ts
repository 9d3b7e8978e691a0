import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';

/**
 * `sha256:…` over values as canonical JSON: keys sorted, so that their order in the input does not matter. The lists and
 * maps in a spec count by digests of their own, worked out once where objects share them: a dump has thousands of pods of
 * one template, which differ in their node and their name.
 */
export function digestOf(values: Iterable<unknown>): string {
  const known = new Map<object, string>();
  const hash = sha256.create();
  for (const value of values) hash.update(utf8ToBytes(`${canonicalJson(withDigests(value, known))}\n`));
  return `sha256:${bytesToHex(hash.digest())}`;
}

function withDigests(value: unknown, known: Map<object, string>): unknown {
  const spec = isObject(value) && 'spec' in value ? value.spec : undefined;
  if (!isObject(value) || !isObject(spec) || Array.isArray(spec)) return value;
  const members: Record<string, unknown> = Object.create(null);
  for (const [key, member] of Object.entries(spec))
    members[key] = isObject(member) ? digestOfPart(member, known) : member;
  return {...value, spec: members};
}

function digestOfPart(part: object, known: Map<object, string>): string {
  let digest = known.get(part);
  if (digest === undefined) {
    digest = bytesToHex(sha256(utf8ToBytes(canonicalJson(part))));
    known.set(part, digest);
  }
  return digest;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** JSON with the keys of every object in code point order. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Readonly<Record<string, unknown>>;
  const members: string[] = [];
  for (const key of Object.keys(record).sort(byCodeUnit)) {
    if (record[key] !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  }
  return `{${members.join(',')}}`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
