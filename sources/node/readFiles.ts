import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import type {Diagnostics} from '../../model/diagnostic.ts';
import type {SourceFile} from '../documents.ts';

/** The extensions that kubectl reads in a directory. */
const MANIFEST = /\.(?:ya?ml|json)$/;

/** A directory with one of these is that scenario, which includes the manifests it means. */
const SCENARIO_FILES = ['scenario.yaml', 'scenario.yml'];

export interface ReadOptions {
  /** Whether to descend into subdirectories. */
  readonly recursive: boolean;
  /** Reads standard input to its end, for `-`. */
  readonly readStdin: () => Uint8Array;
}

/**
 * The texts behind one `-f`: a file, the scenario of a directory, or else its manifests in code point order of their
 * paths, or `-`.
 */
export function readSource(path: string, options: ReadOptions, diagnostics: Diagnostics): SourceFile[] {
  if (/^https?:\/\//.test(path)) {
    fail(path, 'URLs are not fetched', 'download the file and give its path', diagnostics);
    return [];
  }
  if (path === '-') return decode('-', options.readStdin(), diagnostics);
  const stat = statSync(path, {throwIfNoEntry: false});
  if (stat === undefined) {
    fail(path, 'there is no such file or directory', undefined, diagnostics);
    return [];
  }
  if (!stat.isDirectory()) return readFile(path, diagnostics);
  const scenario = SCENARIO_FILES.map((name) => join(path, name)).find((file) => existsSync(file));
  if (scenario !== undefined) return readFile(scenario, diagnostics);
  const paths = manifestsBelow(path, options.recursive, diagnostics);
  if (paths.length === 0) {
    const deeper = !options.recursive && manifestsBelow(path, true, diagnostics).length > 0;
    const hint = deeper ? 'its subdirectories have some: add -R' : 'manifests end in .yaml, .yml or .json';
    fail(path, 'the directory holds no manifests', hint, diagnostics);
  }
  return paths.flatMap((file) => readFile(file, diagnostics));
}

/** The name of a file without its directory, which `--namespace-from-file` is matched against. */
export function fileName(source: SourceFile): string {
  return basename(source.name);
}

function manifestsBelow(directory: string, recursive: boolean, diagnostics: Diagnostics): string[] {
  try {
    return readdirSync(directory, {recursive, withFileTypes: true})
      .filter((entry) => !entry.isDirectory() && MANIFEST.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  } catch (error) {
    fail(directory, `the directory cannot be read (${(error as NodeJS.ErrnoException).code})`, undefined, diagnostics);
    return [];
  }
}

function readFile(path: string, diagnostics: Diagnostics): SourceFile[] {
  try {
    return decode(path, readFileSync(path), diagnostics);
  } catch (error) {
    fail(path, `the file cannot be read (${(error as NodeJS.ErrnoException).code})`, undefined, diagnostics);
    return [];
  }
}

function decode(name: string, bytes: Uint8Array, diagnostics: Diagnostics): SourceFile[] {
  if (bytes.subarray(0, 8000).includes(0)) {
    fail(name, 'the file is binary, not text', undefined, diagnostics);
    return [];
  }
  try {
    return [{name, text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)}];
  } catch {
    fail(name, 'the file is not valid UTF-8', 'save it in UTF-8', diagnostics);
    return [];
  }
}

function fail(file: string, message: string, hint: string | undefined, diagnostics: Diagnostics): void {
  diagnostics.error('STW-1007', message, {place: {file, line: 1, column: 1}, ...(hint === undefined ? {} : {hint})});
}
