import {md5} from '@noble/hashes/legacy.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import {isRecord} from '../field.ts';
import {goJson} from '../schema/goText.ts';
import type {Cluster} from './clusterSpec.ts';
import type {Revision} from './objects.ts';

/** What Kubernetes builds random names from. */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
/** FNV-1, 32 bits. */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A revision by its name: jobs get ids that are made of it and of its number. */
export function revisionNamed(name: string, number: number): NonNullable<Revision> {
  return {name, jobId: bytesToHex(md5(utf8ToBytes(`${name}-${number}`)))};
}

/**
 * The first revision of a cluster as spotify's operator names it, by a hash of the specification without what does not
 * concern the running job. GCP's is not known.
 */
export function firstRevision({dialect, name, spec}: Cluster): Revision {
  if (dialect === 'gcp') return null;
  const {job} = spec;
  const hashed: Record<string, unknown> = {...spec, $patch: 'replace'};
  if (job !== undefined) {
    const {cleanupPolicy, restartPolicy, cancelRequested, savepointGeneration, savepointFormatType, ...rest} =
      job as typeof job & {readonly savepointFormatType?: string};
    hashed.job = {...rest, restartPolicy: null};
  }
  // The zero behind it counts how often the name was taken by another revision.
  const digits = String(fnv(utf8ToBytes(`${goJson(sorted({spec: hashed}))}0`)));
  const safe = [...digits].map((digit) => SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length]);
  return revisionNamed(`${name}-${safe.join('')}`, 1);
}

function fnv(bytes: Uint8Array): number {
  let hash = FNV_BASIS;
  for (const byte of bytes) hash = Math.imul(hash, FNV_PRIME) ^ byte;
  return hash >>> 0;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
