import {describe, expect, test} from 'vitest';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import {attempt} from '../../../simulator/scheduler.ts';
import {inTreeSourceOf, toCsiNodeAffinity, toCsiSource} from '../../../simulator/volumes/inTreeVolumes.ts';
import {node} from '../builders.ts';
import {claim, csiNode, podWith, Run, storageClass, volume, ZONE} from './storage.ts';

const DRIVER = 'csi.example.com';
const FULL = '1 node(s) exceed max volume count';
const FAST = storageClass('fast');

/** A claim and the CSI volume it is bound to. */
function bound(name: string, handle = name, driver = DRIVER): readonly KubernetesObject[] {
  const source = {csi: {driver, volumeHandle: handle}};
  return [claim(name, {volume: `pv-${name}`}), volume(`pv-${name}`, {phase: 'Bound', spec: source})];
}

function attachment(persistentVolumeName: string): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: {name: `of-${persistentVolumeName}`},
    spec: {attacher: DRIVER, nodeName: 'a', source: {persistentVolumeName}},
  };
}

/** Where a pod goes beside a running one. */
function outcome(
  objects: readonly KubernetesObject[],
  running: readonly (string | object)[],
  wanted: readonly (string | object)[],
): string {
  const pods = [podWith('running', running, {nodeName: 'a'}), podWith('pod', wanted)];
  return new Run([node('a')], [FAST, ...objects], pods).schedule('pod');
}

describe('a node takes as many volumes as its driver can attach', () => {
  test.each<readonly [string, readonly KubernetesObject[], readonly string[], readonly string[], string]>([
    ['and not one more', [csiNode('a', {[DRIVER]: 1}), ...bound('x'), ...bound('y')], ['x'], ['y'], FULL],
    ['and no fewer', [csiNode('a', {[DRIVER]: 2}), ...bound('x'), ...bound('y')], ['x'], ['y'], 'a'],
    ['without limit if it names none', [csiNode('a', {}), ...bound('x'), ...bound('y')], ['x'], ['y'], 'a'],
    ['without limit if there is no CSINode', [...bound('x'), ...bound('y')], ['x'], ['y'], 'a'],
    ['counting a volume once', [csiNode('a', {[DRIVER]: 1}), ...bound('x')], ['x'], ['x'], 'a'],
    [
      'counting a volume of two claims once',
      [csiNode('a', {[DRIVER]: 1}), ...bound('x', 'same'), ...bound('y', 'same')],
      ['x'],
      ['y'],
      'a',
    ],
    [
      'counting each driver by itself',
      [csiNode('a', {[DRIVER]: 1, other: 1}), ...bound('x'), ...bound('y', 'y', 'other')],
      ['x'],
      ['y'],
      'a',
    ],
    [
      'counting volumes that are still to be made',
      [csiNode('a', {[DRIVER]: 1}), claim('x'), claim('y')],
      ['x'],
      ['y'],
      FULL,
    ],
    [
      'counting what is attached without a pod',
      [csiNode('a', {[DRIVER]: 1}), ...bound('x'), ...bound('y'), attachment('pv-x')],
      [],
      ['y'],
      FULL,
    ],
    [
      'counting what is attached for a pod once',
      [csiNode('a', {[DRIVER]: 2}), ...bound('x'), ...bound('y'), attachment('pv-x')],
      ['x'],
      ['y'],
      'a',
    ],
    ['leaving out claims that are gone', [csiNode('a', {[DRIVER]: 1}), ...bound('y')], ['gone'], ['y'], 'a'],
  ])('%s', (_rule, objects, running, wanted, expected) => {
    expect(outcome(objects, running, wanted)).toBe(expected);
  });

  test('also as pods come and go', () => {
    const objects = [FAST, csiNode('a', {[DRIVER]: 1}), claim('x'), claim('y')];
    const pods = [podWith('first', ['x']), podWith('second', ['y'])];
    const run = new Run([node('a')], objects, pods);
    expect(run.outcomes()).toEqual({first: 'a', second: FULL});
    run.evict('first');
    expect(run.schedule('second')).toBe('a');
    expect(run.schedule('first')).toBe(FULL);
  });

  test('so that a pod of lower priority makes room for one of higher', () => {
    const objects = [FAST, csiNode('a', {[DRIVER]: 2}), ...bound('x'), ...bound('y'), ...bound('z')];
    const pods = [
      podWith('shares', ['x'], {nodeName: 'a'}),
      podWith('alone', ['y'], {nodeName: 'a'}),
      podWith('pod', ['x', 'z'], {spec: {priority: 10}}),
    ];
    const {scheduler} = new Run([node('a')], objects, pods);
    const {preemption} = attempt(scheduler, scheduler.state.pods.at(2));
    expect(preemption?.victims.map(({name}) => name)).toEqual(['alone']);
  });
});

describe('volumes of plugins that CSI drivers have replaced', () => {
  const EBS = 'ebs.csi.aws.com';
  const inPod = (volumeID: string) => ({awsElasticBlockStore: {volumeID}});

  test('count for the driver, in a pod or behind a claim', () => {
    const objects = [
      csiNode('a', {[EBS]: 1}),
      claim('y', {volume: 'pv-y'}),
      volume('pv-y', {phase: 'Bound', spec: inPod('aws://zone/vol-1')}),
    ];
    expect(outcome(objects, [inPod('vol-2')], ['y'])).toBe(FULL);
    expect(outcome(objects, [inPod('vol-1')], ['y'])).toBe('a');
  });

  test.each([
    ['1.36', '', FULL],
    ['1.35', '', 'a'],
    ['1.35', 'kubernetes.io/portworx-volume', FULL],
  ] as const)('of Portworx count in %s on a node that has migrated %j', (version, migrated, expected) => {
    const inPod = (volumeID: string) => ({portworxVolume: {volumeID}});
    const pods = [podWith('running', [inPod('p')], {nodeName: 'a'}), podWith('pod', [inPod('q')])];
    const objects = [csiNode('a', {'pxd.portworx.com': 1}, migrated)];
    expect(new Run([node('a')], objects, pods, version).schedule('pod')).toBe(expected);
  });

  test('fail the attempt where they make no sense', () => {
    expect(outcome([csiNode('a', {[EBS]: 1})], [], [inPod('aws://zone/disk')])).toBe(
      'running "NodeVolumeLimits" filter plugin: converting volume(v0) from inline to csi: failed to translate Kubernetes ID to EBS Volume ID Invalid format for AWS volume (aws://zone/disk)',
    );
  });

  test.each<readonly [string, Record<string, unknown>, Labels, string | null]>([
    ['a GCE disk', {gcePersistentDisk: {pdName: 'd'}}, {}, 'projects/UNSPECIFIED/zones/UNSPECIFIED/disks/d'],
    ['a GCE disk of a zone', {gcePersistentDisk: {pdName: 'd'}}, {[ZONE]: 'z'}, 'projects/UNSPECIFIED/zones/z/disks/d'],
    [
      'a GCE disk of a region',
      {gcePersistentDisk: {pdName: 'd'}},
      {[ZONE]: 'us-a-1__us-a-2'},
      'projects/UNSPECIFIED/regions/us-a/disks/d',
    ],
    ['an Azure disk', {azureDisk: {diskURI: '/d', kind: 'Managed'}}, {}, '/d'],
    ['a Cinder volume', {cinder: {volumeID: 'c'}}, {}, 'c'],
    ['a Portworx volume', {portworxVolume: {volumeID: 'p'}}, {}, 'p'],
    ['but not an Azure file share', {azureFile: {shareName: 's'}}, {}, null],
  ])('have the name that the driver gives to %s', (_what, fields, labels, handle) => {
    const found = inTreeSourceOf(fields);
    const source = toCsiSource(found!, labels);
    expect(source?.kind === 'Translated' ? source.value.volumeHandle : source).toBe(handle);
  });

  test('are reached by the labels of the driver', () => {
    const {plugin} = inTreeSourceOf(inPod('vol-1'))!;
    const inZone = (key: string) => ({
      nodeSelectorTerms: [{matchExpressions: [{key, operator: 'In', values: ['z1']}]}],
    });
    const driverLabel = 'topology.ebs.csi.aws.com/zone';
    expect(toCsiNodeAffinity(plugin, inZone(ZONE), {})).toEqual(inZone(driverLabel));
    expect(toCsiNodeAffinity(plugin, inZone('failure-domain.beta.kubernetes.io/zone'), {})).toEqual(
      inZone(driverLabel),
    );
    expect(toCsiNodeAffinity(plugin, null, {[ZONE]: 'z1'})).toEqual(inZone(driverLabel));
    expect(toCsiNodeAffinity(plugin, null, {})).toBeNull();
  });

  test('are looked for by these labels on nodes whose driver has taken over', () => {
    const nodes = [
      node('old', {labels: {[ZONE]: 'z1'}}),
      node('new', {labels: {'topology.ebs.csi.aws.com/zone': 'z1'}}),
    ];
    const nodeAffinity = {
      required: {nodeSelectorTerms: [{matchExpressions: [{key: ZONE, operator: 'In', values: ['z1']}]}]},
    };
    const objects = [
      claim('x', {volume: 'pv-x'}),
      volume('pv-x', {phase: 'Bound', spec: {...inPod('vol-1'), nodeAffinity}}),
      csiNode('old', {}, 'kubernetes.io/aws-ebs'),
      csiNode('new', {}, 'kubernetes.io/gce-pd,kubernetes.io/aws-ebs'),
    ];
    expect(new Run(nodes, objects, [podWith('pod', ['x'])]).schedule('pod')).toBe('new');
    expect(new Run(nodes, objects.slice(0, 2), [podWith('pod', ['x'])]).schedule('pod')).toBe('old');
  });
});
