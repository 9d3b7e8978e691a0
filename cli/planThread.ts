import {Worker} from 'node:worker_threads';
import type {PlanFlags} from './commands/plan.ts';
import type {ExitCode} from './exitCode.ts';
import type {Io, OutputStream} from './io.ts';

export type StreamName = 'stdout' | 'stderr';

/** What the thread starts with. */
export interface PlanTask {
  readonly flags: PlanFlags;
  readonly streams: Readonly<Record<StreamName, Omit<OutputStream, 'write'>>>;
  /** null where it is not asked for. */
  readonly stdin: Uint8Array | null;
  readonly env: Io['env'];
  /** One number; 1: the best so far is wanted. */
  readonly interrupted: Int32Array;
}

export type PlanMessage =
  | {readonly stream: StreamName; readonly text: string}
  | {readonly stream: null; readonly exitCode: ExitCode};

/**
 * Plans in a thread of its own, since the search lets nothing else run: the first Ctrl-C asks it for the best plan so
 * far, the next ends everything.
 */
export async function planInThread(flags: PlanFlags, io: Io): Promise<ExitCode> {
  const interrupted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const task: PlanTask = {
    flags,
    streams: {stdout: factsOf(io.stdout), stderr: factsOf(io.stderr)},
    stdin: flags.filename.includes('-') ? Buffer.concat([...io.readStdin()].map((piece) => Buffer.from(piece))) : null,
    env: {...io.env},
    interrupted,
  };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`planWorker.${extension}`, import.meta.url), {workerData: task});
  const restore = onFirstInterrupt(() => {
    Atomics.store(interrupted, 0, 1);
    io.stderr.write(`${io.stderr.isTerminal ? '\n' : ''}stopping at the best plan so far; again to end at once\n`);
  });
  return new Promise<ExitCode>((resolve, reject) => {
    worker.on('message', (message: PlanMessage) => {
      if (message.stream === null) resolve(message.exitCode);
      else io[message.stream].write(message.text);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the planner's thread ended with ${code} and no answer`)));
  }).finally(restore);
}

function factsOf({isTerminal, hasColor, columns}: OutputStream): Omit<OutputStream, 'write'> {
  return {isTerminal, hasColor, columns};
}

/** In place of what an interrupt does otherwise, which is what the next one does. Gives back how to undo that. */
function onFirstInterrupt(act: () => void): () => void {
  const usual = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  const restore = (): void => {
    process.removeAllListeners('SIGINT');
    for (const listener of usual) process.on('SIGINT', listener);
  };
  process.once('SIGINT', () => {
    restore();
    act();
  });
  return restore;
}
