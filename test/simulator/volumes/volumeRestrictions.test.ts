import {describe, expect, test} from 'vitest';
import {attempt} from '../../../simulator/scheduler.ts';
import {node} from '../builders.ts';
import {claim, podWith, Run, storageClass} from './storage.ts';

const NODES = [node('a')];
const DISK_CONFLICT = '1 node(s) had no available disk';

describe('two pods of one node', () => {
  const rbd = (monitors: readonly string[], rest: object = {}) => ({rbd: {monitors, image: 'i', ...rest}});
  test.each<readonly [string, object, object, string]>([
    ['cannot share a GCE disk', {gcePersistentDisk: {pdName: 'd'}}, {gcePersistentDisk: {pdName: 'd'}}, DISK_CONFLICT],
    [
      'cannot share a GCE disk that one of them writes',
      {gcePersistentDisk: {pdName: 'd', readOnly: true}},
      {gcePersistentDisk: {pdName: 'd'}},
      DISK_CONFLICT,
    ],
    [
      'can both read a GCE disk',
      {gcePersistentDisk: {pdName: 'd', readOnly: true}},
      {gcePersistentDisk: {pdName: 'd', readOnly: true}},
      'a',
    ],
    ['can use two GCE disks', {gcePersistentDisk: {pdName: 'd'}}, {gcePersistentDisk: {pdName: 'e'}}, 'a'],
    [
      'cannot even both read an EBS volume',
      {awsElasticBlockStore: {volumeID: 'v', readOnly: true}},
      {awsElasticBlockStore: {volumeID: 'v', readOnly: true}},
      DISK_CONFLICT,
    ],
    ['cannot share an iSCSI target', {iscsi: {iqn: 'q', lun: 0}}, {iscsi: {iqn: 'q', lun: 1}}, DISK_CONFLICT],
    ['can both read an iSCSI target', {iscsi: {iqn: 'q', readOnly: true}}, {iscsi: {iqn: 'q', readOnly: true}}, 'a'],
    ['cannot share a Ceph image of a monitor', rbd(['m', 'n']), rbd(['n'], {pool: 'rbd'}), DISK_CONFLICT],
    ['can use Ceph images of different monitors', rbd(['m']), rbd(['n']), 'a'],
    ['can use Ceph images of different pools', rbd(['m']), rbd(['m'], {pool: 'p'}), 'a'],
    ['can both read a Ceph image', rbd(['m'], {readOnly: true}), rbd(['m'], {readOnly: true}), 'a'],
    ['do not conflict over an empty directory', {emptyDir: {}}, {emptyDir: {}}, 'a'],
  ])('%s', (_rule, mounted, wanted, expected) => {
    const pods = [podWith('running', [mounted], {nodeName: 'a'}), podWith('pod', [wanted])];
    expect(new Run(NODES, [], pods).schedule('pod')).toBe(expected);
  });
});

describe('a ReadWriteOncePod claim', () => {
  const objects = [storageClass('fast'), claim('data', {accessMode: 'ReadWriteOncePod'})];

  test.each([
    [
      '1.36',
      '2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
    ],
    ['1.33', '2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'],
  ] as const)('is for one pod on all nodes together: %s', (version, message) => {
    const pods = [podWith('running', ['data'], {nodeName: 'b'}), podWith('pod', ['data'])];
    const run = new Run([node('a'), node('b')], objects, pods, version);
    expect(run.schedule('pod')).toBe(message);
    run.evict('running');
    expect(run.schedule('pod')).toBe('a');
  });

  test('is taken from a pod of lower priority', () => {
    const pods = [podWith('running', ['data'], {nodeName: 'b'}), podWith('pod', ['data'], {spec: {priority: 10}})];
    const run = new Run([node('a'), node('b')], objects, pods);
    const {scheduler} = run;
    const {preemption} = attempt(scheduler, scheduler.state.pods.at(1));
    expect(preemption?.victims.map(({name}) => name)).toEqual(['running']);
    expect(preemption?.acceptable).toEqual([1]);
  });
});
