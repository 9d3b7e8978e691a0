import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {FIDELITY_PAGE, type RecordedRun, recordedRuns, withTables} from '../../scripts/parity/fidelityPage.ts';

test('docs/fidelity.md shows what is recorded', () => {
  const page = readFileSync(FIDELITY_PAGE, 'utf8');
  expect(page).toBe(withTables(page, recordedRuns()));
});

test('the tables hold every plugin and family of a run, and keep the text around them', () => {
  const run: RecordedRun = {
    kubernetes: 'v1.36.3',
    evaluator: 'fast',
    seed: 11,
    scenarios: 10,
    decisions: 12_345,
    equal: 12_344,
    families: {ports: {decisions: 12_345, different: 1}},
    plugins: {NodePorts: {decisions: 2000, different: 1}, Other: {decisions: 1, different: 0}},
    fields: {tie: 1},
    repeated: [{scenario: 'ports-12', pod: 'a/b', field: 'tie', repeat: 2}],
    differing: [],
    failed: [],
  };
  const page = readFileSync(FIDELITY_PAGE, 'utf8');
  const lines = withTables(page, [run]).split('\n');
  expect(lines).toContain('| v1.36.3 | fast | 11 … 20 | 12,345 | 1 | 1 |');
  expect(lines).toContain('| NodePorts | 2,000 | 1 |');
  expect(lines).toContain('| Other | 1 | 0 |');
  expect(lines).toContain('| ports | 12,345 | 1 |');
  expect(lines[0]).toBe(page.split('\n')[0]);
  expect(lines.at(-2)).toBe(page.split('\n').at(-2));
});
