/** Measures everything that docs/performance.md shows: `npm run bench:record`, which takes an hour. */
import {execFileSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

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

mkdirSync(FOLDER, {recursive: true});
for (const [name, options] of Object.entries(RUNS)) {
  const command = [join(ROOT, 'bench/main.ts'), ...options, '--out', join(FOLDER, `${name}.json`)];
  execFileSync(process.execPath, [...command, ...process.argv.slice(2)], {stdio: 'inherit'});
}
