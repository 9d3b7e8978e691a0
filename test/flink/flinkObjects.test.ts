import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {FLINK_OPERATORS, flinkObjects} from '../../flink/flinkObjects.ts';
import {RelatedResources} from '../../flink/relatedResources.ts';
import type {KubernetesObject, PodSpec} from '../../model/kubernetes.ts';
import {effectiveRequests} from '../../model/podRequests.ts';

const metadata = {name: 'job', namespace: 'stream', uid: 'u-1'};

const deployment = (spec: object): KubernetesObject => ({
  apiVersion: 'flink.apache.org/v1beta1',
  kind: 'FlinkDeployment',
  metadata,
  spec: {
    image: 'flink:1.20',
    flinkVersion: 'v1_20',
    serviceAccount: 'flink',
    jobManager: {resource: {cpu: 1, memory: '1600m'}},
    taskManager: {resource: {cpu: 2, memory: '3Gb'}},
    job: {jarURI: 'local:///a.jar', parallelism: 5},
    ...spec,
  },
});

const blueGreen = (spec: object): KubernetesObject => ({
  ...deployment({}),
  kind: 'FlinkBlueGreenDeployment',
  spec: {template: {spec: deployment(spec).spec}},
});

const cluster = (spec: object): KubernetesObject => ({
  apiVersion: 'flinkoperator.k8s.io/v1beta1',
  kind: 'FlinkCluster',
  metadata,
  spec: {
    image: {name: 'flink:1.11.3'},
    jobManager: {resources: both('200m', '1024Mi')},
    taskManager: {replicas: 2, resources: both('200m', '2024Mi')},
    job: {jarFile: '/a.jar', parallelism: 2},
    flinkProperties: {'taskmanager.numberOfTaskSlots': '2'},
    ...spec,
  },
});

function both(cpu: string, memory: string) {
  return {requests: {cpu, memory}, limits: {cpu, memory}};
}

/** `component kind/name × replicas: cpu millicores, memory MiB`, one a pod template. */
function summary(object: KubernetesObject, operator: string | null = null) {
  const outcome = flinkObjects(object, {operator});
  if (outcome.kind !== 'objects') return outcome;
  const rows = outcome.objects.map(({component, object: {kind, metadata: meta, spec}}) => {
    const {replicas = 1, template} = spec as {replicas?: number; template?: {spec: PodSpec}};
    const {cpu = 0, memory = 0} = effectiveRequests(template?.spec ?? (spec as PodSpec));
    return `${component} ${kind}/${meta.name} × ${replicas}: ${cpu}m ${memory / 2 ** 20}Mi`;
  });
  return {rows, slots: outcome.slots, notes: outcome.notes};
}

describe('FlinkDeployment', () => {
  test('native: one Deployment and as many pods as the job needs slots', () => {
    expect(summary(deployment({flinkConfiguration: {'taskmanager.numberOfTaskSlots': 2}}))).toEqual({
      rows: [
        'jobmanager Deployment/job × 1: 1000m 1600Mi',
        'taskmanager Pod/job-taskmanager-1-1 × 1: 2000m 3072Mi',
        'taskmanager Pod/job-taskmanager-1-2 × 1: 2000m 3072Mi',
        'taskmanager Pod/job-taskmanager-1-3 × 1: 2000m 3072Mi',
      ],
      slots: {total: 6, used: 5},
      notes: ['Flink asks for TaskManagers as the job needs slots; 3 counted for parallelism 5 at 2 slots each'],
    });
  });

  test('replicas fix the number of TaskManagers, and a sidecar counts in every pod', () => {
    const sidecar = {name: 'proxy', resources: {requests: {cpu: '200m', memory: '100Mi'}, limits: {cpu: '500m'}}};
    const podTemplate = {spec: {containers: [{name: 'flink-main-container'}, sidecar]}};
    const taskManager = {replicas: 2, resource: {cpu: 2, memory: '3000m'}};
    expect(summary(deployment({podTemplate, taskManager, job: {jarURI: 'local:///a.jar'}}))).toEqual({
      rows: [
        'jobmanager Deployment/job × 1: 1200m 1700Mi',
        'taskmanager Pod/job-taskmanager-1-1 × 1: 2200m 3100Mi',
        'taskmanager Pod/job-taskmanager-1-2 × 1: 2200m 3100Mi',
      ],
      slots: {total: 2, used: 2},
      notes: [],
    });
  });

  test('standalone: the TaskManagers are a Deployment', () => {
    expect(summary(deployment({mode: 'standalone'}))).toMatchObject({
      rows: ['jobmanager Deployment/job × 1: 1000m 1600Mi', 'taskmanager Deployment/job-taskmanager × 5: 2000m 3072Mi'],
      slots: {total: 5, used: 5},
    });
  });

  test('a native session has no TaskManager yet', () => {
    expect(summary(deployment({job: null}))).toMatchObject({
      rows: ['jobmanager Deployment/job × 1: 1000m 1600Mi'],
      slots: {total: 0, used: null},
    });
  });

  test('a suspended job runs nothing', () => {
    const job = {jarURI: 'local:///a.jar', parallelism: 1, state: 'suspended'};
    expect(summary(deployment({job}))).toMatchObject({kind: 'none'});
  });

  test('objects belong to the resource', () => {
    const outcome = flinkObjects(deployment({}), {operator: null});
    if (outcome.kind !== 'objects') throw new Error(outcome.kind);
    for (const {object} of outcome.objects) {
      expect(object.metadata).toMatchObject({
        namespace: 'stream',
        labels: {app: 'job', type: 'flink-native-kubernetes'},
        ownerReferences: [{kind: 'FlinkDeployment', name: 'job', uid: 'u-1', controller: true}],
      });
    }
  });
});

describe('FlinkCluster', () => {
  test("GCP's operator makes two StatefulSets and a submitter", () => {
    expect(summary(cluster({}), 'gcp-fe98573')).toEqual({
      rows: [
        'jobmanager StatefulSet/job-jobmanager × 1: 200m 1024Mi',
        'taskmanager StatefulSet/job-taskmanager × 2: 200m 2024Mi',
        'submitter Job/job-job-submitter × 1: 0m 0Mi',
      ],
      slots: {total: 4, used: 2},
      notes: [],
    });
  });

  test.each([
    ['gcp-fe98573', {}],
    ['spotify-v0.6.0', {flinkVersion: '1.15.4'}],
  ])('%s is chosen by the resource', (operator, spec) => {
    expect(summary(cluster(spec))).toMatchObject({notes: [`read as a FlinkCluster of ${operator}`]});
  });

  test("Spotify's defaults ask for little and allow much", () => {
    const spec = {flinkVersion: '1.15.4', jobManager: {}, taskManager: {}, flinkProperties: {}, job: null};
    expect(summary(cluster(spec))).toMatchObject({
      rows: [
        'jobmanager StatefulSet/job-jobmanager × 1: 200m 512Mi',
        'taskmanager StatefulSet/job-taskmanager × 3: 200m 512Mi',
      ],
      slots: {total: 3, used: null},
    });
  });
});

test.each<[name: string, object: KubernetesObject, operator: string | null, pointer: string, message: string]>([
  [
    'an unknown operator',
    deployment({}),
    'ververica',
    '',
    `unknown Flink operator "ververica"; known are ${FLINK_OPERATORS.join(', ')}`,
  ],
  ['no spec', {...deployment({}), spec: null}, null, '/spec/flinkVersion', 'Flink Version must be defined.'],
  [
    'a spec that is no map',
    {...deployment({}), spec: 'x'},
    null,
    '/spec',
    'spec: Invalid value: "string": spec in body must be of type object: "string"',
  ],
  [
    'a job of more TaskManagers than memory holds',
    deployment({job: {jarURI: 'local:///a.jar', parallelism: 2 ** 31 - 1}}),
    null,
    '/spec',
    '2147483647 TaskManagers are asked for; Stowage makes 100000 of a job at most',
  ],
  [
    'unreadable memory',
    deployment({taskManager: {resource: {cpu: 1, memory: 'x'}}}),
    null,
    '/spec/taskManager/resource/memory',
    'TaskManager resource memory parse error: Character X is neither a decimal digit number, decimal point, nor "e" notation exponential mark.',
  ],
  [
    'a pod template whose containers are no list',
    deployment({podTemplate: {spec: {containers: 'x'}}}),
    null,
    '/spec/podTemplate/spec/containers',
    'spec.podTemplate.spec.containers: Invalid value: "string": spec.podTemplate.spec.containers in body must be of type array: "string"',
  ],
  ['a cluster without an image', cluster({image: null}), null, '/spec/image/name', 'image name is unspecified'],
])('%s is refused', (_name, object, operator, pointer, message) => {
  expect(flinkObjects(object, {operator})).toMatchObject({kind: 'refused', pointer, message});
});

test.each<[environment: string, what: string, object: KubernetesObject]>([
  ['active', 'native mode', deployment({})],
  ['standalone', 'standalone mode', deployment({mode: 'standalone'})],
  ['active', 'two colours in native mode', blueGreen({})],
  ['standalone', 'two colours in standalone mode', blueGreen({mode: 'standalone'})],
  ['standalone', 'a FlinkCluster', cluster({})],
])('the environment of Flink is %s in %s', (environment, _what, object) => {
  expect(flinkObjects(object, {operator: null})).toMatchObject({flink: {environment}});
});

test('a FlinkSessionJob makes nothing', () => {
  const spec = {deploymentName: 'shared', job: {jarURI: 'https://repo.example.org/a.jar', parallelism: 2}};
  const job = {apiVersion: 'flink.apache.org/v1beta1', kind: 'FlinkSessionJob', metadata, spec};
  const note = 'a FlinkSessionJob makes no pods of its own, it uses 2 slots of its session cluster shared';
  expect(flinkObjects(job, {operator: null})).toEqual({kind: 'none', notes: [`${note}, which is not in the input`]});
  const session = {...deployment({job: undefined}), metadata: {...metadata, name: 'shared'}};
  const related = new RelatedResources([session, job]);
  expect(flinkObjects(job, {operator: null, related})).toEqual({kind: 'none', notes: [note]});
});

const FIELDS = [
  ...['jobManager', 'taskManager', 'job', 'podTemplate', 'spec', 'containers', 'resource', 'resources', 'requests'],
  ...['limits', 'cpu', 'memory', 'replicas', 'parallelism', 'flinkConfiguration', 'image', 'name', 'volumes', 'ports'],
  ...['flinkProperties', 'taskmanager.numberOfTaskSlots', 'sidecars', 'initContainers', 'volumeClaimTemplates'],
];
const {value} = fc.letrec((tie) => ({
  value: fc.oneof(
    {maxDepth: 5},
    fc.constantFrom<unknown>(null, 'x', '1Gi', '', 0, -1, 1.5, 3, true, '__proto__'),
    fc.array(tie('value'), {maxLength: 2}),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), {maxKeys: 4}),
  ),
}));

test('no value makes it throw', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...FIELDS), value), value, (spec, whole) => {
      for (const object of [deployment(spec), cluster(spec), cluster({...spec, flinkVersion: '1.20'})]) {
        flinkObjects(object, {operator: null});
        flinkObjects({...object, spec: whole}, {operator: null});
      }
    }),
    {seed: 0x5eed, numRuns: 500},
  );
});

test('nesting without end is no crash', () => {
  let nested: object = {};
  for (let level = 0; level < 20_000; level++) nested = {a: nested};
  for (const spec of [
    {flinkConfiguration: nested},
    {podTemplate: {spec: nested}, taskManager: {podTemplate: {spec: nested}}},
  ]) {
    flinkObjects(deployment(spec), {operator: null});
  }
});
