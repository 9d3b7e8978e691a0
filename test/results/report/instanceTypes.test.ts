import {expect, test} from 'vitest';
import {instanceTypeRows} from '../../../results/instanceTypes.ts';
import {instanceTypesTable} from '../../../results/reportTables.ts';
import {buildResult, exampleResult} from '../exampleResult.ts';

const GIBIBYTE = 2 ** 30;

function machine(instanceType: string, pricePerHour: number | null) {
  return {instanceType, cpu: 4, memory: 16 * GIBIBYTE, pricePerHour};
}

function rowsOf(...machines: ReturnType<typeof machine>[]) {
  return instanceTypeRows(buildResult({machines, workloads: []}));
}

test('rows are in the order of names with numbers by value', () => {
  const rows = rowsOf(machine('m6i.16xlarge', 1), machine('m6i.2xlarge', 1), machine('c6i.large', 1));
  expect(rows.map(({name}) => name)).toEqual(['c6i.large', 'm6i.2xlarge', 'm6i.16xlarge']);
});

test('a row adds up all nodes of the type', () => {
  const [row] = rowsOf(machine('a', 0.5), machine('a', 0.25));
  expect(row).toMatchObject({nodes: 2, allocatable: {cpu: 8, memory: 32 * GIBIBYTE}, costPerHour: 0.75});
  expect(row!.pricePerHour).toEqual({lowest: 0.25, highest: 0.5});
});

test('one unknown price makes those of the type unknown, and of no other', () => {
  const rows = rowsOf(machine('a', 0.5), machine('a', null), machine('b', 0));
  expect(rows.map(({costPerHour, pricePerHour}) => [costPerHour, pricePerHour])).toEqual([
    [null, null],
    [0, {lowest: 0, highest: 0}],
  ]);
});

test('nodes without a type are one row that says so', () => {
  const {nodes, ...rest} = exampleResult();
  const [row] = instanceTypeRows({...rest, nodes: nodes.map((node) => ({...node, instanceType: null}))});
  expect(row).toMatchObject({name: '(unknown)', nodes: 12});
});

test('the table shows prices that differ as a range, and unknown ones as unknown', () => {
  const machines = [machine('a', 0.5), machine('a', 0.2525), machine('b', 0.1), machine('c', null)];
  const {rows} = instanceTypesTable(buildResult({machines, workloads: []}));
  expect(rows.map((row) => row.slice(-2))).toEqual([
    ['$0.2525 to $0.50', '$0.75'],
    ['$0.10', '$0.10'],
    ['unknown', 'unknown'],
  ]);
});
