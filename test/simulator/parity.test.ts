import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {compareLines} from '../../scripts/parity/compare.ts';
import {readScenario, scenarioNames} from '../../scripts/parity/folder.ts';
import {ingest} from '../../scripts/parity/ingest.ts';
import {replay} from '../../scripts/parity/replay.ts';
import {differenceText} from '../../scripts/parity/summary.ts';
import {DEFAULT_KUBERNETES_VERSION as VERSION} from '../../simulator/simulation.ts';

const GOLDEN = new URL('../golden/scheduler/', import.meta.url);

/**
 * `parity` are scenarios made for a rule each; `stream` is a slice of those that are made from seeds, with every one that
 * showed a difference once.
 */
describe.each([
  ['parity', 'reference'],
  ['stream', 'fast'],
] as const)('decisions of %s agree with those of the real plugins (%s evaluator)', (name, evaluator) => {
  const folder = fileURLToPath(new URL(name, GOLDEN));
  test.each(scenarioNames(folder))('%s', (scenario) => {
    const {document, expected} = readScenario(folder, scenario);
    const got = replay(ingest(document, VERSION), expected, {kubernetesVersion: VERSION, evaluator});
    expect(expected.length).toBe(document.pending.length);
    expect(compareLines(scenario, expected, got).map(differenceText)).toEqual([]);
  });
});
