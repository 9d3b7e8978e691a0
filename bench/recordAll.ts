/**
 * Measures everything that docs/performance.md shows and writes it there: `npm run bench:record`, which takes more than
 * an hour; `-- --rounds 1` is for those who cannot wait, `-- --only growth` makes one of the records anew.
 */
import {execFileSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'docs/benchmarks');

const RUNS: Readonly<Record<string, readonly string[]>> = {
  bars: ['--shapes', 'bars', '--with', 'fast,real', '--rounds', '5', '--seconds', '30', '--file'],
  'scheduler-perf': ['--shapes', 'scheduler_perf', '--nodes', '500,5000,50000', '--with', 'fast,reference,real'],
  growth: [
    '--shapes',
    'plain,zone-spread,preferred-host-anti-affinity',
    '--nodes',
    '100,300,1000,3000,10000,30000,100000',
    '--with',
    'fast,reference',
  ],
};

const {values} = parseArgs({options: {rounds: {type: 'string'}, only: {type: 'string'}}});
const rounds = values.rounds === undefined ? [] : ['--rounds', values.rounds];
mkdirSync(FOLDER, {recursive: true});
for (const [name, options] of Object.entries(RUNS)) {
  if (values.only === undefined || values.only === name) run('main.ts', ...options, ...rounds, '--out', fileOf(name));
}
run('docs.ts');

function fileOf(name: string): string {
  return join(FOLDER, `${name}.json`);
}

function run(script: string, ...options: readonly string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'bench', script), ...options], {stdio: 'inherit'});
}
