/** Measures the scheduler: `npm run bench`, see docs/performance.md. */
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {InvalidArgumentError, Option, program} from 'commander';
import {ensureSidecar} from '../scripts/sidecar.ts';
import type {FileRun} from './deployments.ts';
import {runJob, type SchedulingAnswer, type SchedulingJob, type Variant} from './job.ts';
import {commitOf, describeMachine, loadOfLastMinute} from './machine.ts';
import {realVersion} from './realPlugins.ts';
import {type BenchmarkRecord, medianOf, recordText} from './record.ts';
import {toResult} from './result.ts';
import {BARS} from './shapes/bars.ts';
import {SCHEDULER_PERF} from './shapes/schedulerPerf.ts';
import type {Shape} from './shapes/shape.ts';
import {SHAPES} from './shapes/shapes.ts';
import {consoleTable} from './table.ts';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_NODES = 5000;
const FILE = {nodes: 5000, replicas: 2500};
/** Slow ones show their rate in less. */
const SHORT_SECONDS = 2;
/** On more nodes the real plugins are not measured: they place a pod or two in a second, and take the cluster in for long. */
const MOST_REAL_NODES = 50_000;

interface Options {
  readonly shapes: readonly Shape[];
  readonly nodes?: readonly number[];
  readonly with: readonly Variant[];
  readonly rounds: number;
  readonly seconds: number;
  readonly against?: string;
  readonly file?: true;
  readonly out?: string;
}

program
  .name('npm run bench --')
  .description('Measures how fast pods are scheduled.')
  .addOption(
    new Option('--shapes <list>', 'names, or the groups scheduler_perf and bars')
      .argParser(toShapes)
      .default(SHAPES, 'all'),
  )
  .option('--nodes <list>', 'numbers of nodes (default: 5000, or what the bar of a shape is for)', toCounts)
  .addOption(
    new Option('--with <list>', "fast, reference, real; real are kube-scheduler's own plugins, which take Go")
      .argParser(toVariants)
      .default(['fast', 'real'], 'fast,real'),
  )
  .option('--rounds <n>', 'every shape is measured so often, by turns with all others', toCount, 3)
  .option('--seconds <n>', `after which a run is ended; at most ${SHORT_SECONDS} for reference and real`, toCount, 10)
  .option('--against <dir>', 'another checkout, measured by turns with this one; prints this / other')
  .option('--file', 'measure the whole command, too: 60 Deployments of 2,500 pods on 5,000 nodes')
  .option('--out <file>', 'write the figures as JSON')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const values = program.opts<Options>();

/** One shape at one size in one way; its answers come round by round. */
interface Entry {
  readonly shape: Shape;
  readonly nodes: number;
  readonly variant: Variant | 'against';
  readonly answers: SchedulingAnswer[];
}

const {rounds, with: wanted} = values;
const sidecar = wanted.includes('real') ? findSidecar() : null;
const variants = sidecar === null ? wanted.filter((variant) => variant !== 'real') : wanted;
const loadBefore = loadOfLastMinute();
const entries = plan();
const fileRuns: FileRun[] = [];
for (let round = 0; round < rounds; round++) {
  // Both ways round, so that neither always comes first.
  for (const entry of round % 2 === 0 ? entries : entries.toReversed()) measure(entry, round);
  if (values.file) fileRuns.push(runJob({kind: 'file', ...FILE, checkout: CHECKOUT}));
}

const record: BenchmarkRecord = {
  date: new Date().toISOString().slice(0, 10),
  commit: commitOf(CHECKOUT),
  machine: describeMachine(loadBefore),
  rounds,
  realPlugins: sidecar === null ? null : realVersion(sidecar),
  results: entries
    .filter(({answers}) => answers.length > 0)
    .map(({shape, nodes, variant, answers}) => toResult({shape: shape.name, nodes, variant}, answers)),
  file: fileRuns,
};
process.stdout.write(consoleTable(record));
if (values.against !== undefined) process.stdout.write(`\nthis / other, round by round:\n${comparison()}`);
if (values.out !== undefined) writeFileSync(values.out, recordText(record));

function plan(): readonly Entry[] {
  const asked: readonly (Variant | 'against')[] = values.against === undefined ? variants : [...variants, 'against'];
  return values.shapes.flatMap((shape) =>
    sizesOf(shape).flatMap((nodes) =>
      asked
        .filter((variant) => variant !== 'real' || nodes <= MOST_REAL_NODES)
        .map((variant) => ({shape, nodes, variant, answers: []})),
    ),
  );
}

function findSidecar(): string | null {
  try {
    return ensureSidecar('1.36');
  } catch (error) {
    process.stderr.write(`the real plugins are left out: ${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

function toShapes(list: string): readonly Shape[] {
  return list.split(',').flatMap((name) => {
    if (name === 'scheduler_perf') return SCHEDULER_PERF;
    if (name === 'bars') return BARS;
    const shape = SHAPES.find((known) => known.name === name);
    if (shape === undefined) {
      const names = ['scheduler_perf', 'bars', ...SHAPES.map((known) => known.name)].join(', ');
      throw new InvalidArgumentError(`There is no "${name}"; there are ${names}.`);
    }
    return [shape];
  });
}

function sizesOf({bar, mostNodes}: Shape): readonly number[] {
  if (values.nodes === undefined) return [bar?.nodes ?? DEFAULT_NODES];
  return values.nodes.filter((nodes) => nodes <= mostNodes);
}

function toVariants(list: string): readonly Variant[] {
  return list.split(',').map((name) => {
    if (name === 'fast' || name === 'reference' || name === 'real') return name;
    throw new InvalidArgumentError(`It takes fast, reference and real, not "${name}".`);
  });
}

function toCounts(list: string): readonly number[] {
  return list.split(',').map(toCount);
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(`It takes whole numbers from 1, not "${text}".`);
  return Number(text);
}

function measure({shape, nodes, variant, answers}: Entry, round: number): void {
  const limit = values.seconds;
  const start = performance.now();
  process.stderr.write(` • round ${round + 1} of ${rounds}: ${shape.name}, ${nodes} nodes, ${variant} `);
  const job: SchedulingJob = {
    kind: 'scheduling',
    shape: shape.name,
    nodes,
    variant: variant === 'against' ? 'fast' : variant,
    checkout: variant === 'against' ? values.against! : CHECKOUT,
    seconds: variant === 'reference' || variant === 'real' ? Math.min(SHORT_SECONDS, limit) : limit,
    sidecar,
  };
  try {
    answers.push(runJob(job));
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    // One shape that takes too much memory must not cost the others their figures.
    process.stderr.write(`failed: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** Ratios of CPU time, which a busy machine changes least. */
function comparison(): string {
  const rows = entries.filter(({variant, answers}) => variant === 'against' && answers.length > 0);
  const costs = ({answers}: Entry): readonly number[] =>
    answers.map(({runs}) => medianOf(runs.map(({cpuSeconds, pods}) => pods / cpuSeconds!)));
  return rows
    .map((other) => {
      const own = entries.find(
        ({shape, nodes, variant}) => shape === other.shape && nodes === other.nodes && variant === 'fast',
      )!;
      const theirs = costs(other);
      const ratios = costs(own).map((cost, round) => cost / theirs[round]!);
      const each = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
      return `  ${other.shape.name.padEnd(32)} ${String(other.nodes).padStart(7)}  ${medianOf(ratios).toFixed(2)}  (${each})\n`;
    })
    .join('');
}
