import {Worker} from 'node:worker_threads';
import type {OptimiseOptions, PackingOutcome, PackingProgress} from '../optimise.ts';
import type {PackingProblem} from '../packingProblem.ts';
import type {PlanningTask} from './planningWorker.ts';

export interface PlanInWorkerOptions extends Pick<OptimiseOptions, 'seed' | 'nodes'> {
  /** Milliseconds; null: until it is done. */
  readonly timeLimit: number | null;
  /** Once it is aborted the best so far is given back. */
  readonly signal?: AbortSignal;
  onProgress?(progress: PackingProgress): void;
}

/** Plans in a thread of its own, so that the caller's stays free while the solver blocks. */
export function planInWorker(
  problem: PackingProblem,
  {seed, nodes, timeLimit, signal, onProgress}: PlanInWorkerOptions,
): Promise<PackingOutcome> {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const halt = () => Atomics.store(stop, 0, 1);
  if (signal?.aborted) halt();
  signal?.addEventListener('abort', halt, {once: true});
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const task: PlanningTask = {problem, options: {seed, nodes}, timeLimit, stop};
  const worker = new Worker(new URL(`planningWorker.${extension}`, import.meta.url), {workerData: task});
  return new Promise<PackingOutcome>((resolve, reject) => {
    worker.on('message', (message: {progress?: PackingProgress; outcome?: PackingOutcome}) => {
      if (message.progress !== undefined) onProgress?.(message.progress);
      if (message.outcome !== undefined) resolve(message.outcome);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the planner's thread ended with ${code} and no plan`)));
  }).finally(() => signal?.removeEventListener('abort', halt));
}
