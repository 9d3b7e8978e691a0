/**
 * Compares the simulator's decisions with those of the real scheduler plugins, field by field: `npm run parity`. Prints
 * every difference, and every scenario that either side fails at; the last line is `D decisions, E equal`, and the exit
 * code is 0 if all are equal and nothing failed, 2 if it was called wrongly.
 */
import {mkdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Argument, InvalidArgumentError, Option, program} from 'commander';
import {DEFAULT_KUBERNETES_VERSION, KUBERNETES_VERSIONS, type KubernetesVersion} from '../simulator/simulation.ts';
import {compareLines, type Difference} from './parity/compare.ts';
import type {RecordedRun, RepeatedScenario} from './parity/fidelityPage.ts';
import {type RecordedScenario, readScenario, scenarioNames, writeScenario} from './parity/folder.ts';
import {type DecisionLine, familyOf, type ScenarioDocument} from './parity/format.ts';
import {generate} from './parity/generate.ts';
import {ingest} from './parity/ingest.ts';
import {type ReplayOptions, replay} from './parity/replay.ts';
import {decisions, sidecarVersion} from './parity/sidecar.ts';
import {differenceText, summaryLines, Tally} from './parity/summary.ts';
import {ensureSidecar} from './sidecar.ts';

interface Options {
  readonly evaluator: ReplayOptions['evaluator'];
  readonly only?: string;
  readonly scenarios: number;
  readonly seed: number;
  readonly kubernetesVersion: KubernetesVersion;
  readonly out?: string;
  readonly keep?: string;
  readonly slice?: string;
}

/** So often a scenario that differs is put to the real plugins again: in some they answer by chance. */
const MOST_REPEATS = 30;

program
  .name('npm run parity --')
  .description(
    "Compares decisions with those of kube-scheduler's own plugins. Without DIR they come from a side-car in Go.",
  )
  .addArgument(new Argument('[DIR]', 'decisions recorded in a folder').argParser(toFolder))
  .addOption(new Option('--evaluator <name>', 'which one decides').choices(['fast', 'reference']).default('fast'))
  .option('--only <family>', 'leave the other families of scenarios out')
  .option('--scenarios <n>', 'so many seeds', toCount, 1000)
  .option('--seed <s>', 'the first of them', toCount, 1)
  .addOption(
    new Option('--kubernetes-version <v>', 'the scheduler that is compared with')
      .choices(KUBERNETES_VERSIONS)
      .default(DEFAULT_KUBERNETES_VERSION),
  )
  .option('--out <file>', 'write the counts, and the seeds that differ, as JSON')
  .option('--keep <dir>', 'write each scenario that differs into a folder')
  .option('--slice <dir>', "compare nothing; write the side-car's decisions into a folder")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const values = program.opts<Options>();
const [folder] = program.processedArgs as [string | undefined];
const {kubernetesVersion: version, evaluator} = values;
if (values.slice !== undefined) await writeSlice(version, values.slice);
else if (folder !== undefined) compareFolder(folder, {kubernetesVersion: version, evaluator});
else await compareStream({kubernetesVersion: version, evaluator});

function toFolder(path: string): string {
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory() !== true) {
    throw new InvalidArgumentError('There is no such folder.');
  }
  return path;
}

function toCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count)) throw new InvalidArgumentError('It takes a whole number.');
  return count;
}

function isWanted(family: string): boolean {
  return values.only === undefined || family === values.only;
}

function compareFolder(folder: string, options: ReplayOptions): void {
  const names = scenarioNames(folder);
  if (names.length === 0) program.error(`error: ${folder} holds no NAME.json beside a NAME.expected.ndjson`);
  const tally = new Tally();
  for (const name of names) {
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
  const repeated: RepeatedScenario[] = [];
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
    const [first] = differences;
    const repeat = first === undefined ? null : await equalRepeat(path, document, options);
    if (first !== undefined && repeat !== null) {
      const {pod, field} = first;
      console.log(`${name}: the real plugins answer by chance, and as the simulator does in repeat ${repeat.number}`);
      repeated.push({scenario: name, pod, field, repeat: repeat.number});
      tally.add(familyOf(name), repeat.lines, []);
      continue;
    }
    tally.add(familyOf(name), answer.lines, differences);
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
    seed,
    scenarios: count,
    ...summary,
    differing,
    repeated,
    failed,
  };
  writeFileSync(values.out, `${JSON.stringify(run, null, 2)}\n`);
}

/** The first of some repeats in which the real plugins decide everything as the simulator does; null for none. */
async function equalRepeat(
  path: string,
  document: ScenarioDocument,
  options: ReplayOptions,
): Promise<{readonly number: number; readonly lines: readonly DecisionLine[]} | null> {
  let number = 0;
  for await (const {answer} of decisions(path, Array<ScenarioDocument>(MOST_REPEATS).fill(document))) {
    number++;
    if (answer.error !== null) continue;
    const own = replay(ingest(document, options.kubernetesVersion), answer.lines, options);
    if (compareLines(document.name, answer.lines, own).length === 0) return {number, lines: answer.lines};
  }
  return null;
}

async function writeSlice(version: KubernetesVersion, folder: string): Promise<void> {
  const path = ensureSidecar(version);
  let written = 0;
  for await (const {document, answer} of decisions(path, scenarios(version))) {
    if (answer.error !== null) continue;
    keep(folder, {document, expected: answer.lines});
    written++;
  }
  console.log(`${written} scenarios written`);
}

function* scenarios(version: KubernetesVersion): Generator<ScenarioDocument> {
  for (let {seed} = values; seed < values.seed + values.scenarios; seed++) {
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
