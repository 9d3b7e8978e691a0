import {expect, test} from 'vitest';
import {machineMemory, machineMemoryTable} from '../../../results/charts/machineMemory.ts';
import type {PlanResult} from '../../../results/planResult.ts';
import {exampleResult} from '../exampleResult.ts';

const GIB = 2 ** 30;
type Machine = PlanResult['nodes'][number];

/** What the plan says of the machines of the example: allocatable is what its nodes have. */
function machine(instanceType: string, allocatable: number, reserved: Machine['memory']['reserved']) {
  return {
    instanceType,
    capacity: {cpu: 8, memory: 31 * GIB},
    allocatable: {cpu: 7.9, memory: allocatable * GIB, pods: 58},
    memory: {nominal: 32 * GIB, reserved},
  };
}

const PLAN = {
  nodes: [
    machine('m6i.2xlarge', 29.2, [
      {name: 'kube-reserved', memory: GIB},
      {name: 'system-reserved', memory: 0.7 * GIB},
      {name: 'eviction-hard', memory: 0.1 * GIB},
    ]),
    machine('r6i.xlarge', 29.6, []),
  ],
};

interface Segment {
  readonly machine: string;
  readonly part: string;
  readonly start: number;
  readonly end: number;
}

function segments(): readonly Segment[] {
  const {data} = machineMemory(PLAN, exampleResult()) as unknown as {readonly data: {readonly values: Segment[]}};
  return data.values;
}

test('the parts follow each other without a gap, from nothing to all that is advertised', () => {
  for (const [, parts] of Map.groupBy(segments(), (segment) => segment.machine)) {
    expect(parts[0]!.start).toBe(0);
    for (const [index, {start}] of parts.slice(1).entries()) expect(start).toBeCloseTo(parts[index]!.end, 12);
    expect(parts.at(-1)!.end).toBeCloseTo(1, 9);
  }
});

test('what is kept from pods is told apart by purpose where the purposes are known', () => {
  const shares = (name: string) =>
    segments()
      .filter(({machine: own}) => own.startsWith(name))
      .map(({part, start, end}) => [part, Math.round((end - start) * 32 * 100) / 100] as const)
      .filter(([part]) => !['pods', 'DaemonSets', 'free', 'stranded'].includes(part));
  expect(shares('m6i')).toEqual([
    ['eviction threshold', 0.1],
    ['system-reserved', 0.7],
    ['kube-reserved', 1],
    ['machine and kernel', 1],
  ]);
  expect(shares('r6i')).toEqual([
    ['kept from pods', 1.4],
    ['machine and kernel', 1],
  ]);
});

test('has a table of the same figures', () => {
  const {columns, rows} = machineMemoryTable(PLAN, exampleResult());
  expect(rows.map(([name]) => name)).toEqual(['m6i.2xlarge', 'r6i.xlarge']);
  for (const row of rows) {
    expect(row).toHaveLength(columns.length);
    const [advertised, ...parts] = row.slice(2).map(Number);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(advertised!, 0);
  }
});
