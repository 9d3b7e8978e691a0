/**
 * Writes the JSON Schemas under schemas/ from the zod schemas, and docs/errors.md from the table of diagnostics.
 * With --verify it writes nothing and fails when one of them is out of date.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {z} from 'zod';
import {allocatableSchema, catalogFindingsSchema, instanceTypeListSchema} from '../cli/output/catalogSchema.ts';
import {explanationSchema} from '../cli/output/explanationSchema.ts';
import {flinkMemorySchema} from '../cli/output/flinkMemorySchema.ts';
import {flinkObjectsSchema} from '../cli/output/flinkObjectsSchema.ts';
import {DIAGNOSTIC_CODES} from '../model/diagnosticCodes.ts';
import {planSchema} from '../results/planResult.ts';
import {simulationResultSchema} from '../results/simulationResult.ts';
import {nodeCatalogSchema} from '../sources/nodeCatalogSchema.ts';
import {scenarioSchema} from '../sources/scenarioSchema.ts';
import {customResourceRulesSchema} from '../workloads/customResources/rule.ts';

const verify = process.argv.includes('--verify');

/** Draft 7 is what editors understand (yaml-language-server); `input` leaves fields with a default optional. */
const schemas: readonly (readonly [file: string, schema: z.ZodType, io: 'input' | 'output'])[] = [
  ['allocatable.v1alpha1.json', allocatableSchema, 'output'],
  ['catalog-findings.v1alpha1.json', catalogFindingsSchema, 'output'],
  ['instance-type-list.v1alpha1.json', instanceTypeListSchema, 'output'],
  ['explanation.v1alpha1.json', explanationSchema, 'output'],
  ['flink-memory.v1alpha1.json', flinkMemorySchema, 'output'],
  ['flink-objects.v1alpha1.json', flinkObjectsSchema, 'output'],
  ['custom-resource-rules.v1alpha1.json', customResourceRulesSchema, 'input'],
  ['node-catalog.v1alpha1.json', nodeCatalogSchema, 'input'],
  ['plan.v1alpha1.json', planSchema, 'output'],
  ['scenario.v1alpha1.json', scenarioSchema, 'input'],
  ['simulation-result.v1alpha1.json', simulationResultSchema, 'output'],
];

const files = new Map<string, string>();
for (const [file, schema, io] of schemas) {
  const json = z.toJSONSchema(schema, {target: 'draft-7', io, unrepresentable: 'any'});
  files.set(`schemas/${file}`, `${JSON.stringify(json, null, 2)}\n`);
}
files.set('docs/errors.md', errorsPage());

let stale = 0;
for (const [path, text] of files) {
  const url = new URL(`../${path}`, import.meta.url);
  if (existsSync(url) && readFileSync(url, 'utf8') === text) continue;
  stale += 1;
  if (verify) process.stderr.write(`${path} is out of date: run npm run schema:update\n`);
  else {
    writeFileSync(url, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
process.exitCode = verify && stale > 0 ? 1 : 0;

function errorsPage(): string {
  const entries = Object.entries(DIAGNOSTIC_CODES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, {title, explanation, remedy}]) => `## ${code}: ${title}\n\n${explanation}\n\n**What to do.** ${remedy}\n`,
    );
  const head =
    '# Errors and warnings\n\nEvery diagnostic has a code that stays the same. `stowage explain CODE` prints its entry of this page, which is made from `model/diagnosticCodes.ts` by `npm run schema:update`.\n\n1xxx: the input cannot be used. 2xxx: the input is used, with a remark. 3xxx: a limit of the model. 4xxx: a finding of `stowage lint`.\n';
  return `${head}\n${entries.join('\n')}`;
}
