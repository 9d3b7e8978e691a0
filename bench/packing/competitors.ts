/**
 * What plans cost beside what others buy for the same demand, over seeded instances: `npm run bench:competitors`. Without
 * arguments it writes docs/benchmarks/competitors.json and the table of docs/planning-competitors.md; with
 * `--seeds FROM-TO` it prints alone.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {loadHighsSolver} from '../../planner/node/highsSolver.ts';
import {type ComparedInstance, compareWithCompetitors} from './compareWithCompetitors.ts';

const {values} = parseArgs({options: {seeds: {type: 'string'}}});
const [from, to] = (values.seeds ?? '1-200').split('-').map(Number) as [number, number];
const solver = await loadHighsSolver();
const instances: ComparedInstance[] = [];
for (let seed = from; seed <= to; seed++) {
  const start = performance.now();
  const instance = compareWithCompetitors(seed, solver);
  instances.push(instance);
  const {plan, lowerBound, shapes, pods, types, competitors} = instance;
  const cheaper = Object.entries(competitors).filter(([, cost]) => cost !== null && cost < plan);
  const beaten = cheaper.map(([name, cost]) => `  BEATEN by ${name}: ${cost}`).join('');
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `seed ${seed}  ${shapes} shapes, ${pods} pods, ${types} types: ${plan.toFixed(3)}, ${percent(plan / lowerBound - 1)} above the bound, ${seconds} s${beaten}`,
  );
}
const table = toTable(instances);
console.log(table);
if (values.seeds === undefined) {
  const docs = fileURLToPath(new URL('../../docs', import.meta.url));
  writeFileSync(join(docs, 'benchmarks/competitors.json'), `${JSON.stringify({instances}, null, 1)}\n`);
  const page = join(docs, 'planning-competitors.md');
  writeFileSync(page, replaced(readFileSync(page, 'utf8'), table));
}

function toTable(compared: readonly ComparedInstance[]): string {
  const gaps = compared.map(({plan, lowerBound}) => plan / lowerBound - 1);
  const names = Object.keys(compared[0]!.competitors);
  const rows = names.map((name) => {
    const more = compared.flatMap(({plan, competitors}) => {
      const cost = competitors[name] ?? null;
      return cost === null ? [] : [cost / plan - 1];
    });
    const below = more.filter((share) => share < 0).length;
    const equal = more.filter((share) => share === 0).length;
    return `| ${name} | ${percent(median(more))} | ${percent(Math.max(...more))} | ${equal} | ${below} | ${compared.length - more.length} |`;
  });
  return [
    `Seeds ${compared[0]!.seed} to ${compared.at(-1)!.seed}; plans are ${percent(median(gaps))} above their bound at the median and ${percent(Math.max(...gaps))} at worst.`,
    '',
    '| instead of the plan | more, median | more, at most | as cheap | cheaper | no plan |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function replaced(page: string, text: string): string {
  const [begin, end] = ['<!-- figures: competitors -->', '<!-- end -->'];
  const at = page.indexOf(begin);
  const until = page.indexOf(end, at);
  if (at < 0 || until < 0) throw new Error(`the page has no place for figures between ${begin} and ${end}`);
  return `${page.slice(0, at + begin.length)}\n${text}\n${page.slice(until)}`;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
