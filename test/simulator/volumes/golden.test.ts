import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {compareLines} from '../../../scripts/parity/compare.ts';
import type {DecisionLine, ScenarioDocument} from '../../../scripts/parity/format.ts';
import {ingest} from '../../../scripts/parity/ingest.ts';
import {replay} from '../../../scripts/parity/replay.ts';
import {differenceText} from '../../../scripts/parity/summary.ts';
import {DEFAULT_KUBERNETES_VERSION} from '../../../simulator/simulation.ts';

function readLines<Line>(name: string): readonly Line[] {
  const file = new URL(`../../golden/scheduler/volumes/${name}.ndjson.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

describe('decisions about volumes agree with those of the real plugins', () => {
  const expected = readLines<readonly DecisionLine[]>('expected');
  const cases = readLines<ScenarioDocument>('scenarios').map((document, i) => ({document, lines: expected[i]!}));
  test.each(cases)('$document.name', ({document, lines}) => {
    const scenario = ingest(document, DEFAULT_KUBERNETES_VERSION);
    const got = replay(scenario, lines, {kubernetesVersion: DEFAULT_KUBERNETES_VERSION, evaluator: 'reference'});
    expect(lines.length).toBe(document.pending.length);
    expect(compareLines(document.name, lines, got).map(differenceText)).toEqual([]);
  });
});
