import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {simulate} from '../../simulator/simulate.ts';
import {withAssumedStorage} from '../../workloads/assumedStorage.ts';
import {controller, expanded, node, pod} from './builders.ts';

const NODES = [node('a')];

/** The messages of pending pods and the warnings, when these objects are all there is. */
function outcome(objects: readonly KubernetesObject[]) {
  const diagnostics = new Diagnostics();
  const given = objects.map((object) => ({object, origin: {file: 'input.yaml', at: () => ({line: 1, column: 1})}}));
  const model = withAssumedStorage(expanded(objects, {nodes: NODES}).model, given, diagnostics);
  const {pending} = simulate(model, {
    kubernetesVersion: '1.36',
    percentageOfNodesToScore: 100,
    seed: 1,
    ties: 'first',
  });
  return {
    pending: pending.map(({message}) => message.replace(/\. not found$/, '.')),
    warnings: diagnostics.warnings.map(({code, message}) => `${code} ${message}`),
  };
}

function statefulSet(storageClassName?: string): KubernetesObject {
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: {requests: {storage: '1Gi'}},
    ...(storageClassName === undefined ? {} : {storageClassName}),
  };
  return controller('StatefulSet', 'db', {replicas: 4, volumeClaimTemplates: [{metadata: {name: 'data'}, spec}]});
}

function claim(name: string, spec: object = {}, metadata: object = {}): KubernetesObject {
  return {apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: {name, namespace: 'default', ...metadata}, spec};
}

function podOf(claimName: string): KubernetesObject {
  return pod('web', {}, {volumes: [{name: 'data', persistentVolumeClaim: {claimName}}]});
}

const STORAGE_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {name: 'fast'},
  provisioner: 'csi.example.com',
  volumeBindingMode: 'WaitForFirstConsumer',
};

function assumption(claims: string): string {
  return `STW-2013 the input has no StorageClass, PersistentVolume or CSINode: ${claims}`;
}

describe('without any storage in the input', () => {
  test.each(['fast', '', undefined])('claims of the class %j get a volume', (storageClassName) => {
    expect(outcome([statefulSet(storageClassName)])).toEqual({
      pending: [],
      warnings: [
        assumption(
          '4 claims are taken to get a volume wherever the pod goes (default/data-db-0, default/data-db-1, default/data-db-2 and 1 more)',
        ),
      ],
    });
  });

  test('claims that are bound to a volume out of sight get another', () => {
    const metadata = {uid: 'u', annotations: {'pv.kubernetes.io/bind-completed': 'yes'}};
    const bound = claim('mine', {volumeName: 'pv', storageClassName: 'fast'}, metadata);
    expect(outcome([bound, podOf('mine')])).toEqual({
      pending: [],
      warnings: [assumption('1 claim is taken to get a volume wherever the pod goes (default/mine)')],
    });
  });

  test('claims exist if there is none in the input', () => {
    expect(outcome([podOf('mine')])).toEqual({
      pending: [],
      warnings: [assumption('1 claim is taken to get a volume wherever the pod goes (default/mine)')],
    });
  });

  test('a claim does not exist if others do', () => {
    expect(outcome([claim('mine'), podOf('yours')]).pending).toEqual([
      '0/1 nodes are available: persistentvolumeclaim "yours" not found.',
    ]);
  });

  test('nothing is said where nobody asks for storage', () => {
    expect(outcome([pod('web')])).toEqual({pending: [], warnings: []});
  });
});

describe('with storage in the input, it is as the cluster has it', () => {
  test('a claim of a class that is there gets a volume', () => {
    expect(outcome([STORAGE_CLASS, statefulSet('fast')])).toEqual({pending: [], warnings: []});
  });

  test('a claim of any other class does not', () => {
    const {pending, warnings} = outcome([STORAGE_CLASS, statefulSet('slow')]);
    expect(new Set(pending)).toEqual(
      new Set(['0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.']),
    );
    expect(warnings).toEqual([]);
  });

  test('a claim that is not there stays away', () => {
    expect(outcome([STORAGE_CLASS, podOf('mine')]).pending).toEqual([
      '0/1 nodes are available: persistentvolumeclaim "mine" not found.',
    ]);
  });
});

describe('ephemeral volumes', () => {
  const volumeClaimTemplate = {
    metadata: {labels: {of: 'template'}},
    spec: {storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
  };
  const deployment = (replicas: number) =>
    controller('Deployment', 'web', {replicas}, {volumes: [{name: 'scratch', ephemeral: {volumeClaimTemplate}}]});

  test('have a claim for each pod, which the pod owns', () => {
    const {model} = expanded([deployment(2)]);
    const claims = model.objects.filter(({kind}) => kind === 'PersistentVolumeClaim');
    expect(claims.map(({metadata}) => [metadata.name, metadata.ownerReferences?.[0]?.name])).toEqual(
      model.pods.map(({name}) => [`${name}-scratch`, name]),
    );
    expect(claims[0]).toMatchObject({metadata: {labels: {of: 'template'}}, spec: {volumeMode: 'Filesystem'}});
    expect(outcome([STORAGE_CLASS, deployment(2)])).toEqual({pending: [], warnings: []});
  });

  test('keep the claim that a dump has', () => {
    const volumes = [{name: 'scratch', ephemeral: {volumeClaimTemplate}}];
    const live = pod('live', {uid: 'u'}, {volumes}, {phase: 'Pending'});
    const {model} = expanded([live, claim('live-scratch', {volumeName: 'pv'}, {uid: 'c'})]);
    expect(model.objects.filter(({kind}) => kind === 'PersistentVolumeClaim')).toMatchObject([{metadata: {uid: 'c'}}]);
  });

  test('get no claim beyond the quota, so that their pods stay pending', () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {name: 'quota', namespace: 'default'},
      spec: {hard: {persistentvolumeclaims: '1'}},
    };
    const {model, diagnostics} = expanded([quota, deployment(3)]);
    expect(model.objects.filter(({kind}) => kind === 'PersistentVolumeClaim')).toHaveLength(1);
    expect(diagnostics.warnings.filter(({message}) => message.includes('exceeded quota'))).toHaveLength(1);
    expect(outcome([STORAGE_CLASS, quota, deployment(3)]).pending).toHaveLength(2);
  });

  test('count as claims where the number of pods is limited', () => {
    expect(expanded([deployment(200_001)]).diagnostics.errors.map(({message}) => message)).toEqual([
      '200001 pods are asked for; Stowage expands 200000 pods with claims at most',
    ]);
  });
});
