/** The recorded answers of Flink and its operators; see test/golden/flink/README.md. */
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';

export interface OperatorCase {
  readonly id: number;
  readonly name: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly operator?: unknown;
  readonly session?: unknown;
  readonly old?: unknown;
  readonly results: readonly {readonly operator: readonly string[]; readonly out: Readonly<Record<string, unknown>>}[];
}

export function goldenLines(file: string): readonly string[] {
  const url = new URL(`../golden/flink/${file}.ndjson.gz`, import.meta.url);
  return gunzipSync(readFileSync(url)).toString().trim().split('\n');
}

export function operatorCases(file: string): readonly OperatorCase[] {
  return goldenLines(file).map((line) => parseWhole(line) as OperatorCase);
}

/** JSON with integers beyond what a double can count. */
export function parseWhole(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: {readonly source?: string}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? '')
      : value,
  );
}

/**
 * An answer without what has no meaning: the order of properties on a command line and of names in a set, and what the
 * old Kubernetes types of GCP's operator print of nothing.
 */
export function withoutNoise(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'string') {
    return value
      .replace(/(?:-D \S+ )+/g, (properties) =>
        properties
          .split(/(?<= )(?=-D )/)
          .sort()
          .join(''),
      )
      .replace(/Allowed keys are \[(.*?)]/, (_text, keys: string) => `Allowed keys are [${keys.split(', ').sort()}]`);
  }
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, child]) => key !== 'creationTimestamp' || child !== null)
      .filter(([key, child]) => key !== 'status' || JSON.stringify(child) !== '{}')
      .map(([key, child]) => [key, withoutNoise(child)]),
  );
}
