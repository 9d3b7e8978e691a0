/**
 * Checks cases that a real API server and its controllers answered: `node scripts/expansion.ts DIR [--data FOLDER]`
 * looks for files `*.golden.ndjson.gz` below DIR; the inputs of a case lie beside it or below FOLDER.
 */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {compareCase} from './expansion/compareCase.ts';
import {readGoldenCase} from './expansion/goldenCase.ts';

/** Differences printed of one case, and characters of each. */
const SHOWN = 20;
const WIDTH = 4000;

const {positionals, values} = parseArgs({allowPositionals: true, options: {data: {type: 'string'}}});
const [folder] = positionals;
if (folder === undefined) {
  console.error('usage: npm run expansion -- DIR [--data FOLDER]');
  process.exit(2);
}
const data = values.data ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const paths = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  .filter((path) => /\.golden\.ndjson(\.gz)?$/.test(path))
  .sort();
let equal = 0;
for (const path of paths) {
  const differences = differencesOf(join(folder, path));
  if (differences.length === 0) {
    equal += 1;
    continue;
  }
  console.log(`${path}: ${differences.length} differences`);
  for (const difference of differences.slice(0, SHOWN)) console.log(`  ${difference.slice(0, WIDTH)}`);
  if (differences.length > SHOWN) console.log(`  … and ${differences.length - SHOWN} more`);
}
console.log(`${paths.length} cases, ${equal} equal`);
process.exitCode = equal === paths.length ? 0 : 1;

function differencesOf(path: string): string[] {
  try {
    return compareCase(readGoldenCase(path, data));
  } catch (error) {
    return [`! ${error instanceof Error ? error.stack : String(error)}`];
  }
}
