import {closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import type {Diagnostics} from '../../model/diagnostic.ts';
import type {InputFile} from '../formats.ts';
import {isPackedTrace, unpackTrace} from '../simkubeTrace.ts';
import {streamedDocuments} from '../streamedList.ts';

/** The extensions that kubectl reads in a directory. */
const MANIFEST = /\.(?:ya?ml|json)$/;

/** A directory with one of these is that scenario, which includes the manifests it means. */
const SCENARIO_FILES = ['scenario.yaml', 'scenario.yml'];

/** JSON objects of this many bytes and more are read item by item. */
const LONG = 16 * 2 ** 20;
/** Longer texts than this do not fit into a string. */
const TOO_LONG = 500 * 2 ** 20;
/** So much of a long pipe is kept to find places in it; beyond it, diagnostics name the beginning of the item. */
const KEPT_OF_PIPE = 256 * 2 ** 20;
const CHUNK = 4 * 2 ** 20;

export interface ReadOptions {
  /** Whether to descend into subdirectories. */
  readonly recursive: boolean;
  /** Standard input to its end, piece by piece, for `-`. */
  readonly readStdin: () => Iterable<Uint8Array>;
  /** A scenario that is not to be taken for its directory: the one whose includes are being read. */
  readonly within?: string;
}

/**
 * The files behind one `-f`: a file, the scenario of a directory, or else its manifests in code point order of their
 * paths, or `-`.
 */
export function readSource(path: string, options: ReadOptions, diagnostics: Diagnostics): InputFile[] {
  if (/^https?:\/\//.test(path)) {
    fail(path, 'URLs are not fetched', 'download the file and give its path', diagnostics);
    return [];
  }
  if (path.includes('\0')) {
    fail(path, 'the path holds a null character', 'remove it', diagnostics);
    return [];
  }
  if (path === '-') return readPipe(options.readStdin(), diagnostics);
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? 'there is no such file or directory' : `the path cannot be read (${code})`;
    fail(path, message, undefined, diagnostics);
    return [];
  }
  if (!isDirectory) return readFile(path, diagnostics);
  const scenario = SCENARIO_FILES.map((name) => join(path, name)).find((file) => existsSync(file));
  if (scenario !== undefined && scenario !== options.within) return readFile(scenario, diagnostics);
  const paths = manifestsBelow(path, options.recursive, diagnostics).filter((file) => file !== options.within);
  if (paths.length === 0) {
    const deeper = !options.recursive && manifestsBelow(path, true, diagnostics).length > 0;
    const hint = deeper ? 'its subdirectories have some: add -R' : 'manifests end in .yaml, .yml or .json';
    fail(path, 'the directory holds no manifests', hint, diagnostics);
  }
  return paths.flatMap((file) => readFile(file, diagnostics));
}

/** The name of a file without its directory, which `--namespace-from-file` is matched against. */
export function fileName(source: InputFile): string {
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

function readFile(path: string, diagnostics: Diagnostics): InputFile[] {
  try {
    if (statSync(path).size < LONG) return decode(path, readFileSync(path), diagnostics);
    const first = chunksOf(path).next().value ?? new Uint8Array();
    if (isJsonObject(first)) return [streamedFile(path)];
    if (statSync(path).size > TOO_LONG) {
      failLong(path, statSync(path).size, diagnostics);
      return [];
    }
    return decode(path, readFileSync(path), diagnostics);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    fail(path, `the file cannot be read (${code})`, 'check the permissions of the file', diagnostics);
    return [];
  }
}

function streamedFile(path: string): InputFile {
  const read = (offset: number, length: number) => {
    const bytes = new Uint8Array(length);
    const file = openSync(path, 'r');
    try {
      readSync(file, bytes, 0, length, offset);
    } finally {
      closeSync(file);
    }
    return bytes;
  };
  return {
    name: path,
    documents: (diagnostics) => streamedDocuments({name: path, chunks: chunksOf(path), read}, diagnostics),
  };
}

/** The pieces of a file, in a buffer that each overwrites. */
function* chunksOf(path: string): Generator<Uint8Array, undefined> {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(Math.min(CHUNK, Math.max(1, fstatSync(file).size)));
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** Reads a pipe as a text if it is short, and else item by item; whether it is shows only while it is read. */
function readPipe(chunks: Iterable<Uint8Array>, diagnostics: Diagnostics): InputFile[] {
  const kept: Uint8Array[] = [];
  let length = 0;
  const iterator = chunks[Symbol.iterator]();
  for (let piece = iterator.next(); piece.done !== true; piece = iterator.next()) {
    kept.push(piece.value.slice());
    length += piece.value.length;
    if (length > TOO_LONG) {
      failLong('-', length, diagnostics);
      return [];
    }
    if (length >= LONG && isJsonObject(kept[0]!)) {
      const pipe = {name: '-', chunks: restOfPipe(kept, iterator), read: readFrom(kept)};
      return [{name: '-', documents: (problems) => streamedDocuments(pipe, problems)}];
    }
  }
  return decode('-', Buffer.concat(kept), diagnostics);
}

/** What is kept of a pipe, then what is still to come, of which a part is kept, too. */
function* restOfPipe(kept: Uint8Array[], iterator: Iterator<Uint8Array>): Iterable<Uint8Array> {
  let length = 0;
  for (const piece of [...kept]) {
    yield piece;
    length += piece.length;
  }
  for (let piece = iterator.next(); piece.done !== true; piece = iterator.next()) {
    if (length < KEPT_OF_PIPE) kept.push(piece.value.slice());
    length += piece.value.length;
    yield piece.value;
  }
}

function readFrom(chunks: readonly Uint8Array[]): (offset: number, length: number) => Uint8Array | null {
  return (offset, length) => {
    const parts: Uint8Array[] = [];
    let start = offset;
    let end = offset + length;
    for (const chunk of chunks) {
      if (end <= 0) break;
      if (start < chunk.length) parts.push(chunk.subarray(Math.max(0, start), end));
      start -= chunk.length;
      end -= chunk.length;
    }
    return end > 0 ? null : Buffer.concat(parts);
  };
}

function isJsonObject(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096));
  return start.trimStart().startsWith('{') && !bytes.subarray(0, 8000).includes(0);
}

function decode(name: string, bytes: Uint8Array, diagnostics: Diagnostics): InputFile[] {
  if (extname(name) === '.sktrace' || isPackedTrace(bytes)) {
    return [{name, documents: (problems) => unpackTrace(name, bytes, problems)}];
  }
  if (bytes.subarray(0, 8000).includes(0)) {
    fail(name, 'the file is binary, not text', 'give manifests as YAML or JSON; unpack archives first', diagnostics);
    return [];
  }
  try {
    return [{name, text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)}];
  } catch {
    fail(name, 'the file is not valid UTF-8', 'save it in UTF-8; unpack archives first', diagnostics);
    return [];
  }
}

function failLong(name: string, length: number, diagnostics: Diagnostics): void {
  const hint = 'split it, or give it as one JSON List ("kubectl get -o json"), which has no limit';
  fail(name, `the file has ${Math.round(length / 2 ** 20)} MiB, too many for a text`, hint, diagnostics);
}

function fail(file: string, message: string, hint: string | undefined, diagnostics: Diagnostics): void {
  diagnostics.error('STW-1007', message, {place: {file, line: 1, column: 1}, ...(hint === undefined ? {} : {hint})});
}
