import {existsSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import type {NodeObject} from '../../model/kubernetes.ts';
import type {SourceFile} from '../../sources/documents.ts';

/** A line of a golden file. */
export interface Row {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: rows of many shapes, compared as text
  readonly [field: string]: any;
}

/** One input and what a real cluster made of it. */
export interface GoldenCase {
  readonly name: string;
  readonly nodes: readonly NodeObject[];
  /** Objects that were put there before, as `KIND/NAME` or `KIND/NAMESPACE/NAME`. */
  readonly installed: readonly string[];
  readonly custom: readonly Row[];
  readonly hasScheduler: boolean;
  readonly files: readonly SourceFile[];
  readonly rows: readonly Row[];
}

/** Reads a golden file; inputs lie beside it or, those of real data, below `dataFolder`. */
export function readGoldenCase(path: string, dataFolder: string): GoldenCase {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [first, ...rows] = text
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line));
  const folder = join(path, '..');
  return {
    name: first!.name ?? basename(path).replace(/\.golden\..*$/, ''),
    nodes: first!.nodes ?? [],
    installed: (first!.installed ?? []).map(String),
    custom: first!.custom ?? [],
    hasScheduler: first!.scheduler === true,
    files: ((first!.files ?? []) as string[]).map((name) => {
      const beside = join(folder, name);
      return {name, text: readFileSync(existsSync(beside) ? beside : join(dataFolder, name), 'utf8')};
    }),
    rows,
  };
}
