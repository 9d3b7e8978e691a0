/** What a benchmark leaves behind: the figures of all rounds, and the machine that they are of. */
import type {FileRun} from './deployments.ts';
import type {Variant} from './job.ts';

export interface BenchmarkRecord {
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly rounds: number;
  /** Version of Kubernetes whose plugins were measured beside; null where none were. */
  readonly realPlugins: string | null;
  readonly results: readonly Result[];
  /** One a round, none where it was not asked for. */
  readonly file: readonly FileRun[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  /** Load of the last minute as the benchmark began and ended; what is above zero and one took time from it. */
  readonly load: readonly [number, number];
}

export interface Result {
  readonly shape: string;
  readonly nodes: number;
  readonly variant: Variant | 'against';
  readonly running: number;
  readonly pods: number;
  /** null where the time was up before. */
  readonly placed: number | null;
  /** Pods tried at least, in a round. */
  readonly tried: number;
  /** All of a simulation counts: the making of the cluster's state, and the running pods. */
  readonly podsPerSecond: Spread;
  readonly podsPerCpuSecond: Spread | null;
  readonly wallSeconds: Spread;
  /** The same in a process that has done nothing yet. */
  readonly firstPodsPerSecond: Spread;
  readonly setUpSeconds: Spread;
  readonly peakBytes: number | null;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {median: medianOf(values), min: sorted[0]!, max: sorted.at(-1)!};
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** As a file: a line for each result, figures to four digits. */
export function recordText(record: BenchmarkRecord): string {
  const lines = (values: readonly unknown[]): string =>
    values.length === 0
      ? '[]'
      : `[\n${values.map((value) => `    ${JSON.stringify(value, rounded)}`).join(',\n')}\n  ]`;
  const {results, file, ...rest} = record;
  const fields = Object.entries(rest).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n${[...fields, `  "results": ${lines(results)}`, `  "file": ${lines(file)}`].join(',\n')}\n}\n`;
}

function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
