import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {defaultMultiPoint} from '../../simulator/framework/defaultPlugins.ts';
import {DEFAULT_KUBERNETES_VERSION} from '../../simulator/simulation.ts';
import type {Difference} from './compare.ts';
import type {Count, Summary} from './summary.ts';

/** A comparison with the side-car as `npm run parity -- --out FILE` writes it. */
export interface RecordedRun extends Summary {
  /** `v1.36.3`. */
  readonly kubernetes: string;
  readonly evaluator: string;
  readonly seed: number;
  readonly scenarios: number;
  /** The first difference of each scenario that has one. */
  readonly differing: readonly Pick<Difference, 'scenario' | 'pod' | 'field'>[];
  /** Scenarios that the real plugins answer by chance: the simulator differed first, and agreed with a repeat. */
  readonly repeated: readonly RepeatedScenario[];
  /** Scenarios that the real plugins ended with an error. */
  readonly failed: readonly {readonly scenario: string; readonly error: string}[];
}

export type RepeatedScenario = Pick<Difference, 'scenario' | 'pod' | 'field'> & {readonly repeat: number};

export const FIDELITY_PAGE = fileURLToPath(new URL('../../docs/fidelity.md', import.meta.url));
const RECORDS = new URL('../../docs/parity/', import.meta.url);

/** In the order of their versions. */
export function recordedRuns(): readonly RecordedRun[] {
  return readdirSync(RECORDS)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, RECORDS), 'utf8')) as RecordedRun);
}

const BEGIN = '<!-- the tables below come from docs/parity/ by npm run fidelity -->';
const END = '<!-- end of the tables -->';

/** The page with its tables written anew. */
export function withTables(page: string, runs: readonly RecordedRun[]): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('docs/fidelity.md has no place for its tables');
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables(runs)}\n\n${page.slice(end)}`;
}

function tables(runs: readonly RecordedRun[]): string {
  const families = [...new Set(runs.flatMap((run) => Object.keys(run.families)))].sort();
  return [
    table(
      ['kubernetes', 'evaluator', 'seeds', 'decisions', 'asked again', 'different'],
      runs.map(({kubernetes, evaluator, seed, scenarios, decisions, equal, repeated}) => [
        kubernetes,
        evaluator,
        `${seed} … ${seed + scenarios - 1}`,
        grouped(decisions),
        grouped(repeated.length),
        grouped(decisions - equal),
      ]),
    ),
    counts('plugin', plugins(runs), runs, (run) => run.plugins),
    counts('family', families, runs, (run) => run.families),
  ].join('\n\n');
}

/** Those of the default profile in its order, then others that had a say. */
function plugins(runs: readonly RecordedRun[]): readonly string[] {
  const involved = new Set(runs.flatMap((run) => Object.keys(run.plugins)));
  const known = defaultMultiPoint(DEFAULT_KUBERNETES_VERSION).map(({name}) => name);
  const others = [...involved].filter((name) => !known.includes(name)).sort();
  return [...known.filter((name) => involved.has(name)), ...others];
}

function counts(
  what: string,
  names: readonly string[],
  runs: readonly RecordedRun[],
  countsOf: (run: RecordedRun) => Readonly<Record<string, Count>>,
): string {
  const rows = names.map((name) => [
    name,
    ...runs.flatMap((run) => {
      const count = countsOf(run)[name];
      return count === undefined ? ['', ''] : [grouped(count.decisions), grouped(count.different)];
    }),
  ]);
  return table([what, ...runs.flatMap(({kubernetes}) => [`decisions, ${kubernetes}`, 'different'])], rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map((_cell, i) => (i === 0 ? '---' : '---:')).join('|')}|`, ...rows.map(line)].join(
    '\n',
  );
}

/** `1,234,567`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
