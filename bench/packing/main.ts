/**
 * How good plans are on published instances of vector bin packing: `npm run bench:packing -- DIR [--seconds 30] [--per-class 20]`.
 *
 * DIR holds the archives of the benchmark (unpacked into a temporary folder), tables of best known bins beside them, and
 * loose `.vbp` and `.mvp` files. Instances that docs/benchmarks/packing.json has already are not run again, so two
 * processes may share the work: `--part 1/2` and `--part 2/2`. Seconds are of processor time.
 */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, extname, join} from 'node:path';
import {parseArgs} from 'node:util';
import {loadHighsSolver} from '../../planner/node/highsSolver.ts';
import {optimisePacking} from '../../planner/optimise.ts';
import type {PackingProblem} from '../../planner/packingProblem.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {type Measured, summary} from './summary.ts';
import {readMvp, readVbp} from './vectorPacking.ts';

interface Instance {
  readonly set: string;
  readonly class: string;
  readonly name: string;
  readonly path: string;
  /** The optimum, or the best lower bound that is published; null: none is. */
  readonly known: number | null;
  /** Of the best published heuristic. */
  readonly heuristic: number | null;
}

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    seconds: {type: 'string', default: '30'},
    'per-class': {type: 'string', default: '20'},
    part: {type: 'string', default: '1/1'},
  },
});
const [directory] = positionals;
if (directory === undefined) throw new Error('usage: npm run bench:packing -- DIR [--seconds 30] [--per-class 20]');
const [part, parts] = values.part.split('/').map(Number) as [number, number];
const record = new URL('../../docs/benchmarks/packing.json', import.meta.url);
const solver = await loadHighsSolver();
const temporary = mkdtempSync(join(tmpdir(), 'packing-'));
try {
  const instances = interleaved(instancesIn(directory), Number(values['per-class']));
  for (const [index, instance] of instances.entries()) {
    if (index % parts !== part - 1) continue;
    if (recorded().some(({set, name}) => set === instance.set && name === instance.name)) continue;
    const own = measure(instance);
    writeFileSync(record, `${JSON.stringify([...recorded(), own], null, 1)}\n`);
    const {set, name, cost, lowerBound, known, heuristic, seconds} = own;
    console.log(set, name, `${cost} bins, bound ${lowerBound}, known ${known}, heuristics ${heuristic}, ${seconds} s`);
  }
  console.log(`\n${summary(recorded())}`);
} finally {
  rmSync(temporary, {recursive: true});
}

function recorded(): readonly Measured[] {
  return existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : [];
}

function measure({path, ...instance}: Instance): Measured {
  const text = readFileSync(path, 'utf8');
  const problem: PackingProblem = extname(path) === '.mvp' ? readMvp(text) : readVbp(text);
  const start = process.cpuUsage();
  const taken = () => {
    const {user, system} = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  const shouldStop = () => taken() >= Number(values.seconds);
  const outcome = optimisePacking(problem, {solver, seed: 1, nodes: Number.POSITIVE_INFINITY, shouldStop});
  if (outcome.kind !== 'packed') throw new Error(`${instance.name}: ${outcome.kind}`);
  const seconds = Math.round(taken() * 10) / 10;
  const faults = verifyPlan(problem, outcome.solution, outcome.cost);
  if (faults.length > 0) throw new Error(`${instance.name}: ${faults.join(', ')}`);
  return {...instance, cost: outcome.cost, lowerBound: outcome.lowerBound, seconds};
}

function instancesIn(root: string): readonly Instance[] {
  const archives = files(root, '.tar.gz').flatMap((archive) => {
    const set = basename(archive).split('_')[0]!;
    const table = join(archive, '..', `${set}_summary_known.tsv`);
    const target = join(temporary, set);
    execFileSync('mkdir', [target]);
    execFileSync('tar', ['-xzf', archive, '-C', target]);
    const known = knownIn(table);
    return files(target, '.vbp').map((path): Instance => {
      const name = basename(path, '.vbp');
      const figures = known.get(name);
      const [group = name] = name.split('_');
      return {set, class: group, name, path, known: figures?.known ?? null, heuristic: figures?.heuristic ?? null};
    });
  });
  const loose = [...files(root, '.vbp'), ...files(root, '.mvp')].map(
    (path): Instance => ({
      set: 'examples',
      class: 'examples',
      name: basename(path),
      path,
      known: null,
      heuristic: null,
    }),
  );
  return [...loose, ...archives];
}

function files(root: string, ending: string): readonly string[] {
  return readdirSync(root, {recursive: true, encoding: 'utf8'})
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => join(root, path));
}

/** Columns: instance, lower bound, optimum or -1, best of all heuristics. */
function knownIn(table: string): ReadonlyMap<string, {known: number; heuristic: number}> {
  if (!existsSync(table)) return new Map();
  const lines = readFileSync(table, 'utf8').trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const [name, bound, optimum, heuristic] = line.split('\t');
      return [name!, {known: Number(optimum) > 0 ? Number(optimum) : Number(bound), heuristic: Number(heuristic)}];
    }),
  );
}

/**
 * Instances from all over each class, so that every number of items and of dimensions is there: one of each class, then a
 * second of each, so that a part of a run says something about all.
 */
function interleaved(instances: readonly Instance[], most: number): readonly Instance[] {
  const classes = [...Map.groupBy(instances, (instance) => `${instance.set} ${instance.class}`).values()];
  const chosen = classes.map((members) => spread(members, Math.min(most, members.length)));
  return Array.from({length: most}, (_, index) => chosen.flatMap((members) => members[index] ?? [])).flat();
}

/** So many of them, in equal steps. */
function spread<T>(members: readonly T[], count: number): readonly T[] {
  return Array.from({length: count}, (_, index) => members[Math.floor((index * members.length) / count)]!);
}
