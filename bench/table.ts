import type {BenchmarkRecord, Result, Spread} from './record.ts';

const COLUMNS = ['shape', 'nodes', 'pods', 'placed', 'how', 'pods/s (min…max)', 'per CPU s', 'first', 'set-up', 'peak'];

/** For the terminal: one line a result. */
export function consoleTable({results, file}: BenchmarkRecord): string {
  const rows = [COLUMNS, ...results.map(toRow)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  for (const {nodes, pods, placed, expandSeconds, simulateSeconds, process: whole} of file) {
    lines.push(
      `from a file: ${count(placed)} of ${count(pods)} pods on ${count(nodes)} nodes: expand ${seconds(expandSeconds)}, ` +
        `simulate ${seconds(simulateSeconds)}; whole command ${seconds(whole.wallSeconds)}` +
        (whole.cpuSeconds === null ? '' : `, CPU ${seconds(whole.cpuSeconds)}, peak ${mebibytes(whole.peakBytes)}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

function toRow(result: Result): readonly string[] {
  const {podsPerSecond, podsPerCpuSecond, firstPodsPerSecond, setUpSeconds} = result;
  return [
    result.shape,
    count(result.nodes),
    result.placed === null ? `${count(result.tried)} of ${count(result.pods)}` : count(result.pods),
    result.placed === null ? '' : count(result.placed),
    result.variant,
    spread(podsPerSecond),
    podsPerCpuSecond === null ? '' : rate(podsPerCpuSecond.median),
    rate(firstPodsPerSecond.median),
    seconds(setUpSeconds.median),
    mebibytes(result.peakBytes),
  ];
}

export function spread({median, min, max}: Spread): string {
  return `${rate(median)} (${rate(min)}…${rate(max)})`;
}

/** Pods per second, or how many times as many: no more than three digits mean anything. */
export function rate(value: number): string {
  return Number(value.toPrecision(value < 10 ? 2 : 3)).toLocaleString('en');
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(2)} s`;
}

export function mebibytes(bytes: number | null): string {
  return bytes === null ? '' : `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}
