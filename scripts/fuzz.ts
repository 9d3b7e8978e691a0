/**
 * Throws input at the loaders that nobody would write: `node scripts/fuzz.ts [RUNS] [SEED]`, 100,000 and a new seed by
 * default. Half are bytes, half are lists of objects: manifests of the scenarios with values replaced, removed and
 * added. Fails with the smallest input that crashes them or gets lost.
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import {Diagnostics} from '../model/diagnostic.ts';
import {parseDocuments} from '../sources/documents.ts';
import {EXAMPLES} from '../test/sources/fuzzExamples.ts';
import {bytesProperty, itemsProperty} from '../test/sources/fuzzing.ts';

const [runs = '100000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const parameters = {numRuns: Math.ceil(Number(runs) / 2), seed: Number(seed)};
console.log(`${runs} inputs, seed ${seed}`);
fc.assert(bytesProperty(), parameters);
fc.assert(itemsProperty([...EXAMPLES, ...manifestsOfScenarios()]), parameters);
console.log('nothing crashed, nothing was lost');

/** Small objects, as replacing values in long ones seldom matters. */
function manifestsOfScenarios(): typeof EXAMPLES {
  const folder = fileURLToPath(new URL('../scenarios', import.meta.url));
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => parseDocuments({name, text: readFileSync(join(folder, name), 'utf8')}, new Diagnostics()))
    .map(({value}) => value as (typeof EXAMPLES)[number])
    .filter((value) => !JSON.stringify(value).includes('stowage.dev/') && JSON.stringify(value).length < 3000);
}
