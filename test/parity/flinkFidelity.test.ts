import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {
  type Answer,
  flinkTables,
  memoryRows,
  type OperatorCase,
  operatorRows,
  recordedMemory,
  withFlinkTables,
} from '../../scripts/flinkFidelity.ts';
import {FIDELITY_PAGE} from '../../scripts/parity/fidelityPage.ts';
import {operatorCases} from '../helpers/flinkGolden.ts';

test('docs/fidelity.md shows how the recorded answers of Flink and its operators compare', () => {
  const page = readFileSync(FIDELITY_PAGE, 'utf8');
  expect(page).toBe(withFlinkTables(page, flinkTables()));
});

test('one wrong byte, exception or line of a log is a difference', () => {
  const [sized] = recordedMemory().filter(
    ({target, results}) => target === 'tm' && results[0]?.out.error === undefined,
  );
  const [failing] = recordedMemory().filter(({results}) => results[0]?.out.error !== undefined);
  const [logging] = recordedMemory().filter(({results}) => results[0]?.out.log !== undefined);
  const changed = ([one, change]: readonly [typeof sized, Answer]) => {
    const {out} = one!.results[0]!;
    return {...one!, results: [{flink: ['1.20.5'], out: {...out, ...change}}]};
  };
  const [row] = memoryRows(
    (
      [
        [sized, {heap: 1}],
        [failing, {error: [['java.lang.Exception', 'no']]}],
        [logging, {log: ['WARN no']}],
      ] as const
    ).map(changed),
  );
  expect(row).toMatchObject({answers: {count: 3, different: 3}, logLines: {different: 1}});
  expect(row!.errors.different).toBeGreaterThan(0);
});

test('one wrong word or field of an operator is a difference', () => {
  const recorded = operatorCases('spotify').map(({resource, old, results: [result]}) => ({
    release: 'spotify-v0.6.0',
    question: {resource, old},
    out: result!.out,
  })) as unknown as readonly OperatorCase[];
  const made = recorded.find(({out}) => out.objects !== undefined)!;
  const refused = recorded.find(({out}) => typeof out.validation === 'string')!;
  const objects = {...(made.out.objects as Answer), configMap: {}};
  const [row] = operatorRows(
    [made, {...made, out: {...made.out, objects}}, refused, {...refused, out: {validation: 'no'}}],
    null,
  );
  expect(row).toMatchObject({
    answers: {count: 4, different: 2},
    refusals: {count: 2, different: 1},
    objects: {count: Object.keys(objects).length * 2, different: 1},
  });
});
