import {readSync} from 'node:fs';

/** One output stream as a command sees it. */
export interface OutputStream {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** Width of the terminal; help is wrapped to it. */
  readonly columns: number | undefined;
}

/** Everything a command may touch outside its arguments and files; tests inject their own. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Standard input to its end; each piece is good until the next. */
  readonly readStdin: () => Iterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The process' own streams. Colour follows NO_COLOR, FORCE_COLOR and TERM; each stream is looked at on its own. */
export function processIo(): Io {
  return {
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    readStdin,
    env: process.env,
  };
}

const CHUNK = 1 << 20;
const PAUSE_MILLISECONDS = 10;

function* readStdin(): Iterable<Uint8Array> {
  const buffer = new Uint8Array(CHUNK);
  for (;;) {
    let length = 0;
    try {
      length = readSync(0, buffer);
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (code === 'EOF') return;
      if (code !== 'EAGAIN') throw error;
      // The other end of the pipe has opened it for reading without waiting.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
      continue;
    }
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  const {env} = process;
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const refused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb' || env.FORCE_COLOR === '0';
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    hasColor: !refused && (forced || stream.isTTY === true),
    columns: stream.columns,
  };
}
