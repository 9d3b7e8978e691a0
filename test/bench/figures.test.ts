import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, test} from 'vitest';
import {growthChart} from '../../bench/growthChart.ts';
import type {SchedulingAnswer} from '../../bench/job.ts';
import {barsTable, fileTable, schedulerPerfTable, twinsText} from '../../bench/markdown.ts';
import type {Run} from '../../bench/measure.ts';
import {withFigures} from '../../bench/page.ts';
import {type BenchmarkRecord, type Result, recordText} from '../../bench/record.ts';
import {toResult} from '../../bench/result.ts';
import {rate} from '../../bench/table.ts';
import {renderSvg} from '../../results/node/renderSvg.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

function run(pods: number, wallSeconds: number, placed: number | null = pods): Run {
  return {pods, isComplete: placed !== null, placed, wallSeconds, cpuSeconds: wallSeconds / 2};
}

function answer(runs: readonly Run[], rest: Partial<SchedulingAnswer> = {}): SchedulingAnswer {
  return {running: 0, pods: 1000, setUpSeconds: 0.5, first: runs[0]!, runs, peakBytes: 2 ** 20, ...rest};
}

function record(results: readonly Result[], file: BenchmarkRecord['file'] = []): BenchmarkRecord {
  return {
    date: '2026-01-01',
    commit: 'abc',
    machine: {cpu: 'CPU', cores: 2, memoryBytes: 2 ** 34, platform: 'linux/x64', node: 'v24', load: [0, 1]},
    rounds: 1,
    realPlugins: 'v1.36.3',
    results,
    file,
  };
}

function result(shape: string, nodes: number, variant: Result['variant'], podsPerSecond: number): Result {
  return toResult({shape, nodes, variant}, [answer([run(1000, 1000 / podsPerSecond)])]);
}

describe('the figure of a shape', () => {
  test('is the median of the rounds, each the median of its runs', () => {
    const rounds = [answer([run(1000, 1), run(1000, 2), run(1000, 9)]), answer([run(1000, 4)]), answer([run(1000, 1)])];
    const {podsPerSecond, podsPerCpuSecond} = toResult({shape: 'plain', nodes: 10, variant: 'fast'}, rounds);
    expect(podsPerSecond).toEqual({median: 500, min: 250, max: 1000});
    expect(podsPerCpuSecond).toEqual({median: 1000, min: 500, max: 2000});
  });

  test('of a run that was ended is what all pods would have taken', () => {
    const ended = toResult({shape: 'plain', nodes: 10, variant: 'reference'}, [answer([run(100, 1.5, null)])]);
    // Half a second to set up, and ten milliseconds for each of 1,000 pods.
    expect(ended.podsPerSecond.median).toBeCloseTo(1000 / 10.5);
    expect(ended).toMatchObject({placed: null, tried: 100});
  });
});

test('a bar is reached or not, and the real plugins stand beside it', () => {
  const text = barsTable(
    record([
      result('plain', 5000, 'fast', 1_200_000),
      result('plain', 5000, 'real', 120),
      result('service', 5000, 'fast', 499_000),
      result('many-classes', 100_000, 'fast', 200),
    ]),
  );
  expect(text.split('\n').slice(2)).toEqual([
    '| plain pods, 60 classes (`plain`) | 5,000 | 1,000 | 1,000,000/s | 1,200,000 (1,200,000…1,200,000) | 2,400,000 | yes | 120 | 10,000× |',
    '| replicas behind Services, default spreading (`service`) | 5,000 | 1,000 | 500,000/s | 499,000 (499,000…499,000) | 998,000 | **no** |  |  |',
    '| plain pods, 2,000 classes (`many-classes`) | 100,000 | 1,000 | 10 s, 2,048 MiB | 200 (200…200): 5.00 s, 1 MiB | 400 | yes |  |  |',
  ]);
});

test('the stages from a file have their bars', () => {
  const process = {wallSeconds: 5, cpuSeconds: 4, peakBytes: 2 ** 28};
  const stages = {nodes: 10, pods: 20, placed: 20, expandSeconds: 0.1, simulateSeconds: 0.4, process};
  const text = fileTable(record([], [stages]));
  expect(text).toContain('| simulate | 0.5 s | 400.0 ms (400.0 ms…400.0 ms) | yes |');
  expect(text).toContain('| `stowage simulate -f FILE` | 4 s | 5.00 s (5.00 s…5.00 s) | **no** |');
  expect(text).toContain('peaks at 256 MiB');
});

test('test cases of scheduler_perf have a column for each size', () => {
  const text = schedulerPerfTable(
    record([
      result('basic', 500, 'fast', 100_000),
      result('basic', 5000, 'fast', 200_000),
      result('basic', 5000, 'reference', 1000),
      result('basic', 5000, 'real', 100),
    ]),
  );
  expect(text).toContain(
    '| SchedulingBasic: plain pods | 100,000 | 200,000 (200,000…200,000) | 1,000 |  | 100 (2,000×) | 680 (1.35, 5,000) |',
  );
});

test.each([
  [2000, 'In none of 1 pairs of shape and size is the fast evaluator the slower one.'],
  [500, 'In 1 of 1 pairs of shape and size the fast evaluator is the slower one: `plain` at 100 nodes (0.50).'],
])('a fast evaluator of %d pods/s is held against the plain one of 1,000', (fast, text) => {
  const results = [result('plain', 100, 'fast', fast), result('plain', 100, 'reference', 1000)];
  expect(twinsText([record(results)])).toBe(text);
});

test.each([
  [1_234_567, '1,230,000'],
  [999.6, '1,000'],
  [45.67, '45.7'],
  [1.234, '1.2'],
])('%d pods/s are written %s', (value, text) => {
  expect(rate(value)).toBe(text);
});

test('the plot has a line for each shape and evaluator', async () => {
  const results = ['plain', 'zone-spread'].flatMap((shape) =>
    [100, 1000].flatMap((nodes) => [
      result(shape, nodes, 'fast', 100_000),
      result(shape, nodes, 'reference', 100_000 / nodes),
    ]),
  );
  const svg = await renderSvg(growthChart(record(results)));
  expect(svg.match(/mark-line/g)).toHaveLength(4);
  expect(svg).toContain('plain pods, 60 classes');
  expect(svg).not.toContain('NaN');
});

describe('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-bench-test-'));
  afterAll(() => rmSync(folder, {recursive: true}));
  const recorded = record([result('plain', 5000, 'fast', 1_200_000), result('basic', 5000, 'fast', 200_000)]);
  for (const name of ['bars', 'scheduler-perf', 'growth'])
    writeFileSync(join(folder, `${name}.json`), recordText(recorded));
  const marks = ['bars', 'file', 'scheduler-perf', 'twins'].map(
    (name) => `<!-- figures: ${name} -->\n<!-- end of ${name} -->`,
  );

  test('is filled from records, again and again', () => {
    const page = `# Title\n${marks.join('\nbetween\n')}\nend\n`;
    const filled = withFigures(page, folder);
    expect(filled).toContain('| plain pods, 60 classes (`plain`) | 5,000 |');
    expect(filled).toContain('2026-01-01, commit abc, 1 round; real plugins of v1.36.3.');
    expect(withFigures(filled, folder)).toBe(filled);
  });

  test('shows what was recorded last (npm run bench:docs)', () => {
    const page = readFileSync(join(DOCS, 'performance.md'), 'utf8');
    expect(withFigures(page, join(DOCS, 'benchmarks'))).toBe(page);
  });

  test('needs all of its marks', () => {
    expect(() => withFigures(marks[0]!, folder)).toThrow('there is no place for file');
  });
});
