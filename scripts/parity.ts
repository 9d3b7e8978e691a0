/**
 * Compares the simulator's decisions with those of the real scheduler plugins, field by field:
 *
 *   npm run parity -- DIR          with those recorded in a folder (see test/golden/scheduler/parity/README.md)
 *   npm run parity                 with those of the side-car, for scenarios made from seeds
 *   npm run parity -- --slice DIR COUNT   only writes the side-car's decisions for so many scenarios into a folder
 *
 * Every difference is printed, and every scenario that either side fails at; the last line is `D decisions, E equal`, and
 * the exit code 0 if all are equal and nothing failed.
 *
 *   --evaluator reference|fast   which evaluator decides
 *   --only FAMILY                leaves the other families of scenarios out
 *   --scenarios N, --seed S      so many seeds, beginning with S
 *   --kubernetes-version 1.33|1.34|1.35|1.36   the scheduler that is compared with
 *   --out FILE                   writes the counts and the seeds that differ as JSON
 *   --keep DIR                   writes each scenario that differs into a folder
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {DEFAULT_KUBERNETES_VERSION, KUBERNETES_VERSIONS, type KubernetesVersion} from '../simulator/simulation.ts';
import {compareLines, type Difference} from './parity/compare.ts';
import type {RecordedRun} from './parity/fidelityPage.ts';
import {type RecordedScenario, readScenario, scenarioNames, writeScenario} from './parity/folder.ts';
import {familyOf, type ScenarioDocument} from './parity/format.ts';
import {generate} from './parity/generate.ts';
import {ingest} from './parity/ingest.ts';
import {type ReplayOptions, replay} from './parity/replay.ts';
import {decisions, sidecarVersion} from './parity/sidecar.ts';
import {differenceText, summaryLines, Tally} from './parity/summary.ts';
import {ensureSidecar} from './sidecar.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    evaluator: {type: 'string', default: 'fast'},
    only: {type: 'string'},
    scenarios: {type: 'string', default: '1000'},
    seed: {type: 'string', default: '1'},
    'kubernetes-version': {type: 'string', default: DEFAULT_KUBERNETES_VERSION},
    out: {type: 'string'},
    keep: {type: 'string'},
    slice: {type: 'string'},
  },
});
const evaluator = values.evaluator;
if (evaluator !== 'reference' && evaluator !== 'fast') throw new Error(`there is no evaluator "${evaluator}"`);

const version = KUBERNETES_VERSIONS.find((known) => known === values['kubernetes-version']);
if (version === undefined) throw new Error(`Kubernetes ${values['kubernetes-version']} is not simulated`);

if (values.slice !== undefined) await writeSlice(version, values.slice, Number(positionals[0] ?? '20'));
else if (positionals[0] !== undefined) compareFolder(positionals[0], {kubernetesVersion: version, evaluator});
else await compareStream({kubernetesVersion: version, evaluator});

function isWanted(family: string): boolean {
  return values.only === undefined || family === values.only;
}

function compareFolder(folder: string, options: ReplayOptions): void {
  const tally = new Tally();
  for (const name of scenarioNames(folder)) {
    const family = familyOf(name.slice(name.lastIndexOf('/') + 1));
    if (!isWanted(family)) continue;
    const {document, expected} = readScenario(folder, name);
    tally.add(family, expected, compareScenario(name, {document, expected}, options));
  }
  finish(tally);
}

/** Goes on after every difference. */
async function compareStream(options: ReplayOptions): Promise<void> {
  const path = ensureSidecar(options.kubernetesVersion);
  const tally = new Tally();
  const differing: Pick<Difference, 'scenario' | 'pod' | 'field'>[] = [];
  const failed: {readonly scenario: string; readonly error: string}[] = [];
  for await (const {document, answer} of decisions(path, scenarios(options.kubernetesVersion))) {
    const {name} = document;
    const recorded = {document, expected: answer.lines};
    const differences = answer.error === null ? tryScenario(name, recorded, options) : answer.error;
    if (typeof differences === 'string') {
      failed.push({scenario: name, error: differences});
      console.log(`${name}: ${differences}`);
      continue;
    }
    tally.add(familyOf(name), answer.lines, differences);
    const [first] = differences;
    if (first === undefined) continue;
    differing.push({scenario: name, pod: first.pod, field: first.field});
    if (values.keep !== undefined) keep(values.keep, recorded);
  }
  const summary = finish(tally);
  if (failed.length > 0) process.exitCode = 1;
  if (values.out === undefined) return;
  const {seed, scenarios: count} = values;
  const kubernetes = sidecarVersion(path);
  const {evaluator} = options;
  const run: RecordedRun = {
    kubernetes,
    evaluator,
    seed: Number(seed),
    scenarios: Number(count),
    ...summary,
    differing,
    failed,
  };
  writeFileSync(values.out, `${JSON.stringify(run, null, 2)}\n`);
}

async function writeSlice(version: KubernetesVersion, folder: string, count: number): Promise<void> {
  const path = ensureSidecar(version);
  let written = 0;
  for await (const {document, answer} of decisions(path, scenarios(version))) {
    if (answer.error !== null) continue;
    keep(folder, {document, expected: answer.lines});
    written++;
    if (written === count) break;
  }
  console.log(`${written} scenarios written`);
}

function* scenarios(version: KubernetesVersion): Generator<ScenarioDocument> {
  const first = Number(values.seed);
  for (let seed = first; seed < first + Number(values.scenarios); seed++) {
    const document = generate(seed, version);
    if (isWanted(familyOf(document.name))) yield document;
  }
}

/** The differences, or what ended the simulator. */
function tryScenario(name: string, recorded: RecordedScenario, options: ReplayOptions): readonly Difference[] | string {
  try {
    return compareScenario(name, recorded, options);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function compareScenario(name: string, recorded: RecordedScenario, options: ReplayOptions): readonly Difference[] {
  const {document, expected} = recorded;
  const differences = compareLines(
    name,
    expected,
    replay(ingest(document, options.kubernetesVersion), expected, options),
  );
  for (const difference of differences) console.log(differenceText(difference));
  return differences;
}

function keep(folder: string, recorded: RecordedScenario): void {
  mkdirSync(folder, {recursive: true});
  writeScenario(join(folder, recorded.document.name), recorded);
}

function finish(tally: Tally) {
  const summary = tally.summary();
  for (const line of summaryLines(summary)) console.log(line);
  process.exitCode = summary.equal === summary.decisions ? 0 : 1;
  return summary;
}
