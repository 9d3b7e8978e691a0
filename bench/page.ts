import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {barsTable, fileTable, machineText, schedulerPerfTable, twinsText} from './markdown.ts';
import type {BenchmarkRecord} from './record.ts';

export function readRecord(folder: string, name: string): BenchmarkRecord {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as BenchmarkRecord;
}

/** The page with what stands between its marks made anew from the records in the folder. */
export function withFigures(page: string, folder: string): string {
  const bars = readRecord(folder, 'bars');
  const schedulerPerf = readRecord(folder, 'scheduler-perf');
  const growth = readRecord(folder, 'growth');
  const sections: Readonly<Record<string, string>> = {
    bars: `${barsTable(bars)}\n\n${machineText(bars)}`,
    file: fileTable(bars),
    'scheduler-perf': `${schedulerPerfTable(schedulerPerf)}\n\n${machineText(schedulerPerf)}`,
    twins: `${twinsText([schedulerPerf, growth])}\n\n${machineText(growth)}`,
  };
  return Object.entries(sections).reduce((text, [name, section]) => replaceSection(text, name, section), page);
}

function replaceSection(page: string, name: string, section: string): string {
  const [begin, end] = [`<!-- figures: ${name} -->`, `<!-- end of ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`there is no place for ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n${section}\n${page.slice(to)}`;
}
