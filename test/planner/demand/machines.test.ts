import {describe, expect, test} from 'vitest';
import {plannableMachines} from '../../../planner/demand/machines.ts';
import {specialtyOf} from '../../../planner/demand/specialTypes.ts';
import {catalog, machine} from '../builders/catalogs.ts';

const TYPES = catalog(
  machine('m6i.large', [2, 8, 0.1]),
  machine('t3.large', [2, 8, 0.08]),
  machine('inf2.xlarge', [4, 16, 0.76]),
  machine('g5.xlarge', [4, 16, 1], {gpus: 1}),
);

function machinesFor(patterns: readonly string[], gpus = false) {
  const {machines, leftOut} = plannableMachines(TYPES, {patterns, gpus, storage: false, kubernetesVersion: '1.36'});
  return {names: machines.map(({instanceType}) => instanceType.name), ...leftOut};
}

describe('of a catalogue are considered', () => {
  test.each([
    [[], {names: ['m6i.large'], burstable: ['t3.large'], accelerated: ['inf2.xlarge', 'g5.xlarge']}],
    [['!m6i.*'], {names: [], burstable: ['t3.large'], accelerated: ['inf2.xlarge', 'g5.xlarge']}],
    [['t3.*'], {names: ['t3.large'], burstable: [], accelerated: []}],
    [['*'], {names: ['m6i.large', 't3.large', 'inf2.xlarge'], burstable: [], accelerated: ['g5.xlarge']}],
  ] as const)('for %j', (patterns, expected) => {
    expect(machinesFor(patterns)).toMatchObject(expected);
  });

  test('those with GPUs where a pod asks for one', () => {
    expect(machinesFor([], true).names).toEqual(['m6i.large', 'g5.xlarge']);
  });
});

test.each([
  ['aws', 't4g.small', 'burstable'],
  ['aws', 'trn1.2xlarge', 'accelerated'],
  ['aws', 'f1.2xlarge', 'accelerated'],
  ['aws', 'im4gn.large', null],
  ['gcp', 'e2-medium', 'burstable'],
  ['gcp', 'e2-standard-4', null],
  ['azure', 'B2ms', 'burstable'],
  ['tencent', 'S5.LARGE8', null],
])('%s %s is %s', (provider, type, expected) => {
  expect(specialtyOf(provider, type)).toBe(expected);
});
