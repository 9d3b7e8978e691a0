/** What one process of a benchmark does and what it answers; see worker.ts. */
import {type ExecFileSyncOptions, execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {FileRun} from './deployments.ts';
import type {Run} from './measure.ts';

/** How pods are scheduled: by either evaluator, or by the plugins of kube-scheduler itself. */
export type Variant = 'fast' | 'reference' | 'real';

export interface SchedulingJob {
  readonly kind: 'scheduling';
  readonly shape: string;
  readonly nodes: number;
  readonly variant: Variant;
  /** The folder of the code that is measured. */
  readonly checkout: string;
  /** After which a run is ended. */
  readonly seconds: number;
  /** The side-car; needed for `real` alone. */
  readonly sidecar: string | null;
}

export interface SchedulingAnswer {
  readonly running: number;
  readonly pods: number;
  /** Seconds that a run needs before it comes to the first pod; 0 for the real plugins, whose clock starts there. */
  readonly setUpSeconds: number;
  /** In a process that has done nothing yet. */
  readonly first: Run;
  /** Once the code is compiled; only the first where that took long enough. */
  readonly runs: readonly Run[];
  /** Of the process, with the making of the cluster; null for the real plugins. */
  readonly peakBytes: number | null;
}

export interface FileJob {
  readonly kind: 'file';
  readonly nodes: number;
  readonly replicas: number;
  readonly checkout: string;
}

export type Job = SchedulingJob | FileJob;
type AnswerTo<J extends Job> = J extends FileJob ? FileRun : SchedulingAnswer;

/** Each job has a process of its own: its memory is its own, and no other shape has taught its compiler anything. */
export function runJob<J extends Job>(job: J): AnswerTo<J> {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
  const options: ExecFileSyncOptions = {stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26};
  const output = execFileSync(process.execPath, [worker, JSON.stringify(job)], options);
  return JSON.parse(output.toString()) as AnswerTo<J>;
}
