import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import type {DecisionLine, ScenarioDocument} from './format.ts';

/** A scenario and what the real plugins decided. */
export interface RecordedScenario {
  readonly document: ScenarioDocument;
  readonly expected: readonly DecisionLine[];
}

const INPUT = /^(.+?)(?<!\.expected)\.json(\.gz)?$/;

/** Names of the scenarios in a folder and the folders in it, sorted; `compact/mixed-01` is in one of those. */
export function scenarioNames(folder: string): readonly string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .flatMap((file) => INPUT.exec(file)?.[1] ?? [])
    .filter((name) => findFile(folder, `${name}.expected.ndjson`) !== undefined)
    .sort();
}

export function readScenario(folder: string, name: string): RecordedScenario {
  const document = JSON.parse(readText(folder, `${name}.json`)) as ScenarioDocument;
  const lines = readText(folder, `${name}.expected.ndjson`).trim().split('\n');
  return {document, expected: lines.map((line) => JSON.parse(line) as DecisionLine)};
}

/** Writes `PATH.json.gz` and `PATH.expected.ndjson.gz`. */
export function writeScenario(path: string, {document, expected}: RecordedScenario): void {
  const write = (suffix: string, text: string): void => writeFileSync(`${path}${suffix}`, gzipSync(text, {level: 9}));
  write('.json.gz', `${JSON.stringify(document)}\n`);
  write('.expected.ndjson.gz', expected.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function readText(folder: string, file: string): string {
  const path = findFile(folder, file);
  if (path === undefined) throw new Error(`${file} is missing in ${folder}`);
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

function findFile(folder: string, file: string): string | undefined {
  return [`${file}.gz`, file].map((name) => join(folder, name)).find((path) => existsSync(path));
}
