import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';

/** `sha256:…` over values as canonical JSON: keys sorted, so that their order in the input does not matter. */
export function digestOf(values: Iterable<unknown>): string {
  const hash = sha256.create();
  for (const value of values) hash.update(utf8ToBytes(`${canonicalJson(value)}\n`));
  return `sha256:${bytesToHex(hash.digest())}`;
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
