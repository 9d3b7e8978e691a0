import {closeSync, openSync, readSync} from 'node:fs';
import {UsageError} from './failure.ts';
import type {Io} from './io.ts';

const CHUNK = 1 << 20;

/** The lines of a file, or of standard input for `-`, read piece by piece; the line ends are cut off. */
export function* linesOf(path: string, io: Io): Iterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for (const piece of path === '-' ? io.readStdin() : piecesOf(path)) {
    const lines = (rest + decoder.decode(piece, {stream: true})).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

function* piecesOf(path: string): Iterable<Uint8Array> {
  const file = open(path);
  try {
    const buffer = new Uint8Array(CHUNK);
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${path}: ${code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`}`,
    );
  }
}
