import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {compareLines} from '../../scripts/parity/compare.ts';
import {readScenario, scenarioNames} from '../../scripts/parity/folder.ts';
import {ingest} from '../../scripts/parity/ingest.ts';
import {replay} from '../../scripts/parity/replay.ts';
import {differenceText} from '../../scripts/parity/summary.ts';
import {DEFAULT_KUBERNETES_VERSION as VERSION} from '../../simulator/simulation.ts';

const FOLDER = fileURLToPath(new URL('../golden/scheduler/parity', import.meta.url));

describe('decisions agree with those of the real plugins', () => {
  test.each(scenarioNames(FOLDER))('%s', (name) => {
    const {document, expected} = readScenario(FOLDER, name);
    const got = replay(ingest(document, VERSION), expected, {kubernetesVersion: VERSION, evaluator: 'reference'});
    expect(expected.length).toBe(document.pending.length);
    expect(compareLines(name, expected, got).map(differenceText)).toEqual([]);
  });
});
