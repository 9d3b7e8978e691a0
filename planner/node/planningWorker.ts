import {parentPort, workerData} from 'node:worker_threads';
import {type OptimiseOptions, optimisePacking} from '../optimise.ts';
import type {PackingProblem} from '../packingProblem.ts';
import {loadHighsSolver} from './highsSolver.ts';

/** What the worker starts with. */
export interface PlanningTask {
  readonly problem: PackingProblem;
  readonly options: Pick<OptimiseOptions, 'seed' | 'nodes'>;
  /** Milliseconds; null: until it is done. */
  readonly timeLimit: number | null;
  /** One number; 1: stop. */
  readonly stop: Int32Array;
}

const {problem, options, timeLimit, stop} = workerData as PlanningTask;
const end = performance.now() + (timeLimit ?? Number.POSITIVE_INFINITY);
const outcome = optimisePacking(problem, {
  ...options,
  solver: await loadHighsSolver(),
  shouldStop: () => performance.now() > end || Atomics.load(stop, 0) === 1,
  onProgress: (progress) => parentPort?.postMessage({progress}),
});
parentPort?.postMessage({outcome});
