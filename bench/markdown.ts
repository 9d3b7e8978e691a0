/** The tables of docs/performance.md, made from recorded benchmarks. */
import {type BenchmarkRecord, medianOf, type Result} from './record.ts';
import {BARS} from './shapes/bars.ts';
import {SCHEDULER_PERF} from './shapes/schedulerPerf.ts';
import type {Bar, Shape} from './shapes/shape.ts';
import {count, mebibytes, rate, seconds, spread} from './table.ts';

/** What `stowage simulate` may take from the file to the report, and the simulation alone. */
const PROCESS_SECONDS = 4;
const SIMULATE_SECONDS = 0.5;

export function barsTable(record: BenchmarkRecord): string {
  const rows = BARS.flatMap((shape) =>
    sizesOf(record, shape).map((nodes) => {
      const fast = find(record, shape, nodes, 'fast')!;
      const real = find(record, shape, nodes, 'real');
      return [
        `${shape.title} (\`${shape.name}\`)`,
        count(nodes),
        count(fast.pods),
        barText(shape.bar),
        shape.bar !== null && 'seconds' in shape.bar ? tookText(fast) : spread(fast.podsPerSecond),
        cpuText(fast),
        shape.bar === null ? '' : verdict(isReached(shape.bar, fast)),
        real === undefined ? '' : rate(real.podsPerSecond.median),
        ratioText(fast, real),
      ];
    }),
  );
  return table(
    ['pods', 'nodes', 'number', 'bar', 'pods/s', 'per CPU second', 'reached', 'real plugins', 'ratio'],
    rows,
  );
}

export function fileTable({file}: BenchmarkRecord): string {
  if (file.length === 0) return '';
  const {nodes, pods, placed} = file[0]!;
  const row = (stage: string, bar: string, values: readonly number[], limit: number): readonly string[] => [
    stage,
    bar,
    `${seconds(medianOf(values))} (${seconds(Math.min(...values))}…${seconds(Math.max(...values))})`,
    limit === Number.POSITIVE_INFINITY ? '' : verdict(medianOf(values) <= limit),
  ];
  const processes = file.map((run) => run.process);
  const cpu = processes.flatMap(({cpuSeconds}) => (cpuSeconds === null ? [] : [cpuSeconds]));
  const peaks = processes.flatMap(({peakBytes}) => (peakBytes === null ? [] : [peakBytes]));
  const rows = [
    row(
      'expand',
      '',
      file.map(({expandSeconds}) => expandSeconds),
      Number.POSITIVE_INFINITY,
    ),
    row(
      'simulate',
      `${SIMULATE_SECONDS} s`,
      file.map(({simulateSeconds}) => simulateSeconds),
      SIMULATE_SECONDS,
    ),
    row(
      '`stowage simulate -f FILE`',
      `${PROCESS_SECONDS} s`,
      processes.map(({wallSeconds}) => wallSeconds),
      PROCESS_SECONDS,
    ),
    ...(cpu.length === 0 ? [] : [row('its CPU time', '', cpu, Number.POSITIVE_INFINITY)]),
  ];
  const peak = peaks.length === 0 ? '' : ` The command's memory peaks at ${mebibytes(Math.max(...peaks))}.`;
  return (
    `60 Deployments, ${count(pods)} pods on ${count(nodes)} nodes, ${count(placed)} placed; each stage runs for the first ` +
    `time in its process.${peak}\n\n${table(['stage', 'bar', 'median (min…max)', 'reached'], rows)}`
  );
}

export function schedulerPerfTable(record: BenchmarkRecord): string {
  const sizes = [...new Set(record.results.map(({nodes}) => nodes))].toSorted((a, b) => a - b);
  const main = sizes.includes(5000) ? 5000 : sizes.at(-1)!;
  const rows = SCHEDULER_PERF.map((shape) => {
    const reference = find(record, shape, main, 'reference');
    const {published} = shape;
    return [
      `${shape.schedulerPerf}: ${shape.title}`,
      ...sizes.map((nodes) => rateOf(find(record, shape, nodes, 'fast'), nodes === main)),
      rateOf(reference, false),
      ...sizes.map((nodes) => besideReal(record, shape, nodes)),
      published === null ? '' : `${count(published.podsPerSecond)} (${published.version}, ${count(published.nodes)})`,
    ];
  });
  return table(
    [
      'test case',
      ...sizes.map((nodes) => `${count(nodes)} nodes`),
      `node by node, ${count(main)}`,
      ...sizes.map((nodes) => `real plugins, ${count(nodes)}`),
      'published gate (version, nodes)',
    ],
    rows,
  );
}

/** The rate of the real plugins, and how many times that of the fast evaluator is. */
function besideReal(record: BenchmarkRecord, shape: Shape, nodes: number): string {
  const fast = find(record, shape, nodes, 'fast');
  const real = find(record, shape, nodes, 'real');
  return fast === undefined || real === undefined ? '' : `${rateOf(real, false)} (${ratioText(fast, real)})`;
}

/** Where the fast evaluator is slower than the plain one: nowhere, it should say. */
export function twinsText(records: readonly BenchmarkRecord[]): string {
  const pairs = records.flatMap(({results}) =>
    results.flatMap((fast) => {
      if (fast.variant !== 'fast') return [];
      const plain = results.find(
        ({shape, nodes, variant}) => variant === 'reference' && shape === fast.shape && nodes === fast.nodes,
      );
      return plain === undefined ? [] : [{fast, ratio: fast.podsPerSecond.median / plain.podsPerSecond.median}];
    }),
  );
  const slower = pairs.filter(({ratio}) => ratio < 1);
  if (slower.length === 0)
    return `In none of ${pairs.length} pairs of shape and size is the fast evaluator the slower one.`;
  const named = slower.map(({fast, ratio}) => `\`${fast.shape}\` at ${count(fast.nodes)} nodes (${ratio.toFixed(2)})`);
  return `In ${slower.length} of ${pairs.length} pairs of shape and size the fast evaluator is the slower one: ${named.join(', ')}.`;
}

export function machineText({date, commit, machine, rounds, realPlugins}: BenchmarkRecord): string {
  const {cpu, cores, memoryBytes, platform, node, load} = machine;
  const real = realPlugins === null ? '' : `; real plugins of ${realPlugins}`;
  return (
    `${date}, commit ${commit}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}${real}. ${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ` +
    `${platform}, Node ${node}; load ${load.join(' before, ')} after.`
  );
}

function sizesOf({results}: BenchmarkRecord, {name}: Shape): readonly number[] {
  return results.filter(({shape, variant}) => shape === name && variant === 'fast').map(({nodes}) => nodes);
}

function find(
  {results}: BenchmarkRecord,
  {name}: Shape,
  nodeCount: number,
  way: Result['variant'],
): Result | undefined {
  return results.find(({shape, nodes, variant}) => shape === name && nodes === nodeCount && variant === way);
}

function barText(bar: Bar | null): string {
  if (bar === null) return '';
  if ('podsPerSecond' in bar) return `${count(bar.podsPerSecond)}/s`;
  return `${bar.seconds} s${bar.peakBytes === undefined ? '' : `, ${mebibytes(bar.peakBytes)}`}`;
}

function isReached(bar: Bar, {podsPerSecond, pods, peakBytes}: Result): boolean {
  if ('podsPerSecond' in bar) return podsPerSecond.median >= bar.podsPerSecond;
  return pods / podsPerSecond.median <= bar.seconds && (peakBytes ?? 0) <= (bar.peakBytes ?? Number.POSITIVE_INFINITY);
}

function tookText({podsPerSecond, pods, peakBytes}: Result): string {
  return `${spread(podsPerSecond)}: ${seconds(pods / podsPerSecond.median)}, ${mebibytes(peakBytes)}`;
}

function cpuText({podsPerCpuSecond}: Result): string {
  return podsPerCpuSecond === null ? '' : rate(podsPerCpuSecond.median);
}

function verdict(isGood: boolean): string {
  return isGood ? 'yes' : '**no**';
}

function rateOf(result: Result | undefined, withSpread: boolean): string {
  if (result === undefined) return '';
  const {podsPerSecond} = result;
  return withSpread ? spread(podsPerSecond) : rate(podsPerSecond.median);
}

function ratioText(fast: Result, real: Result | undefined): string {
  return real === undefined ? '' : `${rate(fast.podsPerSecond.median / real.podsPerSecond.median)}×`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, i) => (i === 0 ? '---' : '---:'));
  return [columns, rule, ...rows].map(line).join('\n');
}
