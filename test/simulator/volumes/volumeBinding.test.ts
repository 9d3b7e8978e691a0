import {describe, expect, test} from 'vitest';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import {requests} from '../builders.ts';
import {claim, LOCAL, podWith, Run, storageClass, volume, ZONE, zonalNode} from './storage.ts';

const NODES = [zonalNode('a', 'z1'), zonalNode('b', 'z2')];
const FAST = storageClass('fast');
const NOW = storageClass('now', {volumeBindingMode: 'Immediate'});
const NO_VOLUMES = "2 node(s) didn't find available persistent volumes to bind";
const NOT_IMMEDIATE = 'pod has unbound immediate PersistentVolumeClaims';

function outcome(objects: readonly KubernetesObject[], volumes: readonly (string | object)[] = ['data']): string {
  return new Run(NODES, objects, [podWith('pod', volumes)]).schedule('pod');
}

describe('a pod goes nowhere', () => {
  test.each<readonly [string, readonly KubernetesObject[], string]>([
    ['without its claim', [], 'persistentvolumeclaim "data" not found'],
    ['while a claim of a class that binds at once is not bound', [NOW, claim('data', {class: 'now'})], NOT_IMMEDIATE],
    ['while a claim of no class is not bound', [claim('data', {class: ''})], NOT_IMMEDIATE],
    ['while a claim of an unknown class is not bound', [claim('data')], NOT_IMMEDIATE],
    [
      'while its claim waits for the volume that it names',
      [FAST, claim('data', {spec: {volumeName: 'mine'}})],
      NOT_IMMEDIATE,
    ],
    [
      'when its claim has lost its volume',
      [FAST, claim('data', {volume: 'gone', phase: 'Lost'})],
      'persistentvolumeclaim "data" bound to non-existent persistentvolume "gone"',
    ],
    [
      'when its claim is being deleted',
      [FAST, claim('data', {metadata: {deletionTimestamp: '2029-01-01T00:00:00Z'}})],
      'persistentvolumeclaim "data" is being deleted',
    ],
    [
      'when the volume of its claim does not exist',
      [FAST, claim('data', {volume: 'gone'})],
      'persistentvolume "gone" not found',
    ],
  ])('%s', (_rule, objects, message) => {
    expect(outcome(objects)).toBe(message);
  });

  const ephemeral = {ephemeral: {}};
  test('without the claim of an ephemeral volume', () => {
    expect(outcome([FAST], [ephemeral])).toBe(
      'waiting for ephemeral volume controller to create the persistentvolumeclaim "pod-v0"',
    );
  });
  test('when the claim named like an ephemeral volume is not its own', () => {
    expect(outcome([FAST, claim('pod-v0')], [ephemeral])).toBe(
      'PVC default/pod-v0 was not created for pod default/pod (pod is not owner)',
    );
    const owner = {apiVersion: 'v1', kind: 'Pod', name: 'pod', controller: true};
    expect(outcome([FAST, claim('pod-v0', {metadata: {ownerReferences: [owner]}})], [ephemeral])).toBe('a');
  });
});

describe('an unbound claim takes an existing volume', () => {
  const wanted = claim('data', {class: 'local', size: '5Gi'});
  test.each<readonly [string, KubernetesObject, KubernetesObject, string]>([
    ['that is large enough', volume('v', {size: '5Gi', on: ['b']}), wanted, 'b'],
    ['not a smaller one', volume('v', {size: '4Gi', on: ['b']}), wanted, NO_VOLUMES],
    ['not one that is in use', volume('v', {size: '5Gi', phase: 'Released'}), wanted, NO_VOLUMES],
    [
      'not one that is kept for another',
      volume('v', {size: '5Gi', spec: {claimRef: {namespace: 'default', name: 'other'}}}),
      wanted,
      NO_VOLUMES,
    ],
    [
      'one that is kept for it, available or not',
      volume('v', {size: '5Gi', on: ['b'], phase: 'Pending', spec: {claimRef: {namespace: 'default', name: 'data'}}}),
      wanted,
      'b',
    ],
    [
      'not one that is kept for an older claim of its name',
      volume('v', {size: '5Gi', spec: {claimRef: {namespace: 'default', name: 'data', uid: 'older'}}}),
      wanted,
      NO_VOLUMES,
    ],
    ['not one of another mode', volume('v', {size: '5Gi', spec: {volumeMode: 'Block'}}), wanted, NO_VOLUMES],
    ['not one of another class', volume('v', {size: '5Gi', class: 'slow'}), wanted, NO_VOLUMES],
    [
      'not one of another VolumeAttributesClass',
      volume('v', {size: '5Gi', spec: {volumeAttributesClassName: 'gold'}}),
      wanted,
      NO_VOLUMES,
    ],
    ['not one without its access mode', volume('v', {size: '5Gi', accessModes: ['ReadOnlyMany']}), wanted, NO_VOLUMES],
    [
      'not one that its selector leaves out',
      volume('v', {size: '5Gi', labels: {tier: 'silver'}}),
      claim('data', {class: 'local', spec: {selector: {matchLabels: {tier: 'gold'}}}}),
      NO_VOLUMES,
    ],
  ])('%s', (_rule, existing, asking, expected) => {
    expect(outcome([LOCAL, existing, asking])).toBe(expected);
  });

  test('the smallest that will do', () => {
    const objects = [
      LOCAL,
      wanted,
      claim('large', {class: 'local', size: '20Gi'}),
      volume('v30', {size: '30Gi', on: ['a']}),
      volume('v10', {size: '10Gi', on: ['a']}),
    ];
    const run = new Run([NODES[0]!], objects, [podWith('small', ['data']), podWith('large', ['large'])]);
    expect(run.outcomes()).toEqual({small: 'a', large: 'a'});
  });

  test('each claim of a pod another one, the smallest claim first', () => {
    const objects = [
      LOCAL,
      claim('large', {class: 'local', size: '8Gi'}),
      claim('small', {class: 'local', size: '1Gi'}),
      volume('v8', {size: '8Gi', on: ['b']}),
      volume('v2', {size: '2Gi', on: ['b']}),
      volume('only', {size: '9Gi', on: ['a']}),
    ];
    expect(outcome(objects, ['large', 'small'])).toBe('b');
  });

  test('that no other pod has taken before', () => {
    const objects = [LOCAL, claim('one', {class: 'local'}), claim('two', {class: 'local'}), volume('v', {on: ['b']})];
    const run = new Run(NODES, objects, [podWith('first', ['one']), podWith('second', ['two'])]);
    expect(run.outcomes()).toEqual({first: 'b', second: NO_VOLUMES});
  });

  test('and keeps it when its pod is gone', () => {
    const objects = [LOCAL, claim('one', {class: 'local'}), claim('two', {class: 'local'}), volume('v', {on: ['b']})];
    const run = new Run(NODES, objects, [podWith('first', ['one']), podWith('second', ['two'])]);
    run.schedule('first');
    run.evict('first');
    expect(run.schedule('second')).toBe(NO_VOLUMES);
    expect(run.schedule('first')).toBe('b');
  });

  test('in one run, which no other run sees', () => {
    const objects = [LOCAL, claim('data', {class: 'local'}), volume('v', {on: ['b']})];
    expect([outcome(objects), outcome(objects)]).toEqual(['b', 'b']);
  });
});

describe('a volume is made', () => {
  test('in the zone of the first pod, where the second has to follow', () => {
    const nodes = [zonalNode('a', 'z1'), zonalNode('b', 'z2'), zonalNode('c', 'z2')];
    const pods = [
      podWith('first', ['data'], {spec: {nodeSelector: {'kubernetes.io/hostname': 'b'}}}),
      podWith('second', ['data'], {spec: {nodeSelector: {[ZONE]: 'z1'}}}),
      podWith('third', ['data'], {spec: {nodeSelector: {'kubernetes.io/hostname': 'c'}}}),
    ];
    expect(new Run(nodes, [FAST, claim('data')], pods).outcomes()).toEqual({
      first: 'b',
      second:
        "1 node(s) didn't match PersistentVolume's node affinity, 2 node(s) didn't match Pod's node affinity/selector",
      third: 'c',
    });
  });

  test('only where the class allows it', () => {
    const allowedTopologies = [{matchLabelExpressions: [{key: ZONE, values: ['z2', 'z3']}]}];
    expect(outcome([storageClass('fast', {allowedTopologies}), claim('data')])).toBe('b');
    expect(outcome([storageClass('fast', {allowedTopologies: [{}]}), claim('data')])).toBe(NO_VOLUMES);
  });

  test('only on the node that was selected for it', () => {
    expect(outcome([FAST, claim('data', {annotations: {'volume.kubernetes.io/selected-node': 'b'}})])).toBe('b');
  });

  test('only where the driver reports room, if it wants to be asked', () => {
    const driver = (storageCapacity: boolean): KubernetesObject => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: {name: 'csi.example.com'},
      spec: {storageCapacity},
    });
    const capacity = (amounts: object): KubernetesObject => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIStorageCapacity',
      metadata: {name: 'room', namespace: 'default'},
      storageClassName: 'fast',
      nodeTopology: {matchLabels: {[ZONE]: 'z2'}},
      ...amounts,
    });
    const wanted = claim('data', {size: '10Gi'});
    const noRoom = '2 node(s) did not have enough free storage';
    expect(outcome([FAST, wanted, driver(true), capacity({capacity: '10Gi'})])).toBe('b');
    expect(outcome([FAST, wanted, driver(true), capacity({capacity: '9Gi'})])).toBe(noRoom);
    expect(outcome([FAST, wanted, driver(true), capacity({capacity: '90Gi', maximumVolumeSize: '9Gi'})])).toBe(noRoom);
    expect(outcome([FAST, wanted, driver(true), capacity({})])).toBe(noRoom);
    expect(outcome([FAST, wanted, driver(false)])).toBe('a');
  });

  test('anew for the ephemeral volume of a pod that comes again', () => {
    const owner = {apiVersion: 'v1', kind: 'Pod', name: 'pod', controller: true};
    const objects = [FAST, claim('pod-v0', {metadata: {ownerReferences: [owner]}})];
    const size = requests('3', '1Gi');
    const pods = [podWith('pod', [{ephemeral: {}}], {spec: size}), podWith('other', [], {spec: size})];
    const run = new Run(NODES, objects, pods);
    expect(run.schedule('pod')).toBe('a');
    run.evict('pod');
    expect(run.schedule('other')).toBe('a');
    expect(run.schedule('pod')).toBe('b');
  });
});

describe('claims that no API server has seen are bound before the first pod', () => {
  test.each<readonly [string, readonly KubernetesObject[], string]>([
    ['by a provisioner, if they do not wait', [NOW, claim('data', {class: 'now', isNew: true})], 'a'],
    [
      'within the topologies of their class',
      [
        storageClass('now', {
          volumeBindingMode: 'Immediate',
          allowedTopologies: [{matchLabelExpressions: [{key: ZONE, values: ['z2']}]}],
        }),
        claim('data', {class: 'now', isNew: true}),
      ],
      'b',
    ],
    [
      'to a volume of no class, if they want none',
      [claim('data', {class: '', isNew: true}), volume('v', {class: '', on: ['b']})],
      'b',
    ],
    [
      'to the volume that they name',
      [FAST, claim('data', {isNew: true, spec: {volumeName: 'v'}}), volume('v', {class: 'fast', on: ['b']})],
      'b',
    ],
    ['but not without a class that there is', [claim('data', {isNew: true})], NOT_IMMEDIATE],
    ['but not without a volume', [claim('data', {class: '', isNew: true})], NOT_IMMEDIATE],
  ])('%s', (_rule, objects, expected) => {
    expect(outcome(objects)).toBe(expected);
  });
});

test('VolumeAttributesClasses, unknown before 1.34, fail the attempt there', () => {
  const objects = [FAST, claim('data', {spec: {volumeAttributesClassName: 'gold'}})];
  const scheduled = (version: '1.33' | '1.34') => new Run(NODES, objects, [podWith('pod', ['data'])], version);
  expect(scheduled('1.34').schedule('pod')).toBe('a');
  expect(scheduled('1.33').schedule('pod')).toBe(
    'running "VolumeBinding" filter plugin: unsupported volumeAttributesClassName is set on claim default/data when the feature-gate VolumeAttributesClass is disabled',
  );
});
