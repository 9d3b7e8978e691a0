/**
 * Records what kube-scheduler makes of the configurations in test/golden/scheduler/configuration: every line there is a
 * case with a name (`id`) and a text (`config`); its answer is written anew. A new case is a line without an answer.
 *
 *     node scripts/configurationGolden.ts PATH/OF/stowage-kube-scheduler
 *
 * The program is built from validator/kube-scheduler.
 */
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const FOLDER = join(import.meta.dirname, '../test/golden/scheduler/configuration');
const program = process.argv[2];
if (program === undefined) throw new Error('usage: node scripts/configurationGolden.ts PATH/OF/stowage-kube-scheduler');

for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.ndjson'))) {
  const path = join(FOLDER, name);
  const cases = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as {readonly id: string; readonly config: string});
  const input = cases.map(({id, config}) => JSON.stringify({id, config})).join('\n');
  const {status, stdout, stderr} = spawnSync(program, ['configuration'], {input, encoding: 'utf8', maxBuffer: 2 ** 28});
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  const answers = stdout.trimEnd().split('\n');
  if (answers.length !== cases.length) throw new Error(`${answers.length} answers to ${cases.length} cases`);
  const recorded = cases.map(({id, config}, i) => {
    const {id: _id, ...answer} = JSON.parse(answers[i]!) as {readonly id: string};
    return `${JSON.stringify({id, config, ...answer})}\n`;
  });
  writeFileSync(path, recorded.join(''));
  console.log(`${name}: ${cases.length} cases`);
}
