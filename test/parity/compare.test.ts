import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {compareLines} from '../../scripts/parity/compare.ts';
import {readScenario} from '../../scripts/parity/folder.ts';
import type {DecisionLine} from '../../scripts/parity/format.ts';
import {pluginsOf, summaryLines, Tally} from '../../scripts/parity/summary.ts';

const FOLDER = fileURLToPath(new URL('../golden/scheduler/parity', import.meta.url));
const {expected} = readScenario(FOLDER, 'preempt-01');
const scored = expected.findIndex(({scores}) => scores !== undefined);
const preempted = expected.findIndex(({result}) => result === 'preempted');

/** The expected lines with one of them changed. */
function changed(at: number, change: Partial<DecisionLine>): readonly DecisionLine[] {
  return expected.map((line, i) => (i === at ? {...line, ...change} : line));
}

describe('the comparison of decisions', () => {
  test('finds equal lines equal', () => {
    expect(compareLines('s', expected, structuredClone(expected))).toEqual([]);
  });

  const [node] = Object.keys(expected[scored]!.scores!);
  const {preemption, retry} = expected[preempted]!;
  test.each<[field: string, at: number, change: Partial<DecisionLine>]>([
    ['result', scored, {result: 'unschedulable'}],
    ['preFilter', scored, {preFilter: {code: 'Success', nodes: []}}],
    ['feasible', scored, {feasible: 1}],
    ['infeasible', preempted, {infeasible: expected[preempted]!.infeasible!.slice(1)}],
    ['absent', scored, {absent: {plugin: 'NodeAffinity', code: 'Unschedulable', count: 1}}],
    ['scorePlugins', scored, {scorePlugins: []}],
    ['scores', scored, {scores: {...expected[scored]!.scores, [node!]: [0]}}],
    ['maxTotal', scored, {maxTotal: 1}],
    ['tie', scored, {tie: [...expected[scored]!.tie!, 'other']}],
    ['node', scored, {node: 'other'}],
    ['viaNominated', scored, {viaNominated: 'other'}],
    ['message', preempted, {message: 'other'}],
    ['preemption.code', preempted, {preemption: {...preemption!, code: 'Error'}}],
    ['preemption.message', preempted, {preemption: {...preemption!, message: 'other'}}],
    ['preemption.nominated', preempted, {preemption: {...preemption!, nominated: 'other'}}],
    ['preemption.victims', preempted, {preemption: {...preemption!, victims: []}}],
    ['preemption.pdbViolations', preempted, {preemption: {...preemption!, pdbViolations: 7}}],
    ['preemption.acceptable', preempted, {preemption: {...preemption!, acceptable: []}}],
    ['preemption.candidates', preempted, {preemption: {...preemption!, candidates: []}}],
    ['retry.feasible', preempted, {retry: {...retry!, feasible: 2}}],
  ])('sees another %s', (field, at, change) => {
    expect(compareLines('s', expected, changed(at, change))).toMatchObject([{i: at, field}]);
  });

  test('sees lines that are missing', () => {
    expect(compareLines('s', expected, expected.slice(1)).length).toBeGreaterThan(0);
    expect(compareLines('s', expected, expected.slice(0, -1))).toMatchObject([{i: expected.length - 1, field: 'line'}]);
  });

  test('leaves out what compact lines do not have', () => {
    const compact = readScenario(FOLDER, 'compact/preempt-01').expected;
    expect(compareLines('s', compact, expected)).toEqual([]);
    const [difference] = compareLines('s', compact, changed(preempted, {infeasible: []}));
    expect(difference).toMatchObject({i: preempted, field: 'infeasible'});
  });
});

test('a summary counts each decision once, under its first difference', () => {
  const tally = new Tally();
  const differences = compareLines('s', expected, changed(scored, {feasible: 1, maxTotal: 1}));
  tally.add('preempt', expected, differences);
  tally.add('fit', expected.slice(0, 10), []);
  expect(summaryLines(tally.summary())).toEqual([
    'fit      10 decisions, 10 equal',
    'preempt  30 decisions, 29 equal',
    'feasible: 1 decisions differ here first',
    '40 decisions, 39 equal',
  ]);
});

test('a plugin had a say where it turned something down, told nodes apart or looked for a remedy', () => {
  const line: DecisionLine = {
    i: 0,
    pod: 'a/b',
    result: 'scheduled',
    feasible: 2,
    infeasible: [{plugin: 'NodePorts', code: 'Unschedulable', nodes: ['c']}],
    scorePlugins: ['ImageLocality', 'NodeAffinity'],
    scores: {a: [150, 50, 100], b: [100, 50, 50]},
  };
  expect([...pluginsOf(line)]).toEqual(['NodePorts', 'NodeAffinity']);
  expect([...pluginsOf(expected[preempted]!)]).toContain('DefaultPreemption');
});
