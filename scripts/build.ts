/** Builds dist/, which npm packs: the sources as JavaScript, and the files that they read beside them. */
import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, globSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

rmSync(dist, {recursive: true, force: true});
const {status} = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {cwd: root, stdio: 'inherit'});
if (status !== 0) process.exit(status ?? 1);
// The compiler copies only the JSON files it sees imported; make sure of the data files.
for (const file of globSync(['catalog/data/*.json', 'workloads/strict/*.json'], {cwd: root})) {
  cpSync(join(root, file), join(dist, file));
}
chmodSync(join(dist, 'cli/main.js'), 0o755);
