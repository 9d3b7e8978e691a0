/** What a FlinkCluster becomes for the simulator, beyond what the recorded answers of the operators show. */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {askClusterOperator, type ClusterOperator, flinkClusterObjects} from '../../flink/flinkCluster.ts';
import type {FlinkOutcome} from '../../flink/flinkOutcome.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

type Fields = Record<string, unknown>;
type Objects = Extract<FlinkOutcome, {kind: 'objects'}>;

const LIMITS = {resources: {limits: {cpu: '1', memory: '2Gi'}}};
const SPOTIFY = 'spotify-v0.6.0';
const GCP = 'gcp-fe98573';

function cluster(spec: Fields, metadata: Fields = {}): KubernetesObject {
  const required = {
    flinkVersion: '1.15.4',
    image: {name: 'flink'},
    jobManager: LIMITS,
    taskManager: {...LIMITS, replicas: 2},
  };
  return {
    apiVersion: 'flinkoperator.k8s.io/v1beta1',
    kind: 'FlinkCluster',
    metadata: {name: 'c', namespace: 'ns', ...metadata},
    spec: {...required, ...spec},
  } as KubernetesObject;
}

function made(spec: Fields, operator: ClusterOperator = SPOTIFY): Objects {
  const outcome = flinkClusterObjects(cluster(spec), operator);
  if (outcome.kind !== 'objects') throw new Error(JSON.stringify(outcome));
  return outcome;
}

function supporting(spec: Fields, operator: ClusterOperator = SPOTIFY): Readonly<Record<string, Fields>> {
  const objects = made(spec, operator).supporting ?? [];
  return Object.fromEntries(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object as never]));
}

describe('all problems are told at once, in the order in which the operator would come to them', () => {
  test('of the webhook', () => {
    const taskManager = {resources: {limits: {cpu: '1'}}, memoryProcessRatio: 101, extraPorts: [{containerPort: 6121}]};
    const outcome = flinkClusterObjects(cluster({taskManager, job: {parallelism: 0}}, {name: 'C'}), SPOTIFY);
    expect(outcome).toMatchObject({
      kind: 'refused',
      pointer: '/metadata/name',
      problems: [
        {gate: 'validation', pointer: '/metadata/name'},
        {
          gate: 'validation',
          pointer: '/spec/taskManager/extraPorts/0',
          message:
            'duplicate containerPort 6121 in taskmanager, each port number of ports and extraPorts must be unique',
        },
        {pointer: '/spec/taskManager/resources', message: 'taskmanager memory request/limit is unspecified'},
        {pointer: '/spec/taskManager/memoryProcessRatio'},
        {pointer: '/spec/job', message: 'job jarFile or pythonFile or pythonModule is unspecified'},
        {pointer: '/spec/job/parallelism', message: 'job parallelism must be >= 1'},
      ],
    });
  });

  test('of the schema; then the webhook is not asked', () => {
    const outcome = flinkClusterObjects(cluster({image: {}, job: {mode: 'x', parallelism: 0}}), SPOTIFY);
    expect(outcome).toMatchObject({
      kind: 'refused',
      problems: [
        {gate: 'schema', pointer: '/spec/image', message: 'spec.image.name: Required value'},
        {gate: 'schema', pointer: '/spec/job/mode'},
      ],
    });
  });
});

describe('what passes the webhook and fails afterwards', () => {
  test.each<[string, ClusterOperator, Fields, string, string]>([
    [
      'a batch scheduler that the operator does not know',
      SPOTIFY,
      {batchScheduler: {name: 'yunikorn'}},
      '/spec/batchScheduler',
      'failed to find batch scheduler named with yunikorn',
    ],
    [
      "the same of GCP's",
      GCP,
      {batchSchedulerName: 'yunikorn'},
      '/spec/batchSchedulerName',
      'failed to find batch scheduler named with yunikorn',
    ],
    [
      'an application without a class',
      SPOTIFY,
      {job: {mode: 'Application'}},
      '/spec/job/className',
      'runtime error: invalid memory address or nil pointer dereference',
    ],
    [
      'a gcpConfig without an account',
      GCP,
      {gcpConfig: {}},
      '/spec/gcpConfig/serviceAccount',
      'runtime error: invalid memory address or nil pointer dereference',
    ],
  ])('%s', (_name, operator, spec, pointer, message) => {
    expect(flinkClusterObjects(cluster(spec), operator)).toMatchObject({
      kind: 'refused',
      problems: [{gate: 'deployment', pointer, message}],
    });
  });
});

test.each([SPOTIFY, GCP] as const)('%s serves v1beta1 only', (operator) => {
  const old = {...cluster({}), apiVersion: 'flinkoperator.k8s.io/v1alpha1'};
  expect(flinkClusterObjects(old, operator)).toMatchObject({
    kind: 'refused',
    message: 'no matches for kind "FlinkCluster" in version "flinkoperator.k8s.io/v1alpha1"',
    problems: [{gate: 'schema', pointer: '/apiVersion'}],
  });
});

test('without a namespace a cluster goes into the default one', () => {
  const outcome = flinkClusterObjects(cluster({}, {namespace: undefined}), SPOTIFY);
  expect(outcome).toMatchObject({objects: [{object: {metadata: {namespace: 'default'}}}, {}]});
});

describe('what comes beside the workloads', () => {
  test('services and the configuration always, the rest when it is asked for', () => {
    expect(Object.keys(supporting({})).sort()).toEqual([
      'ConfigMap/c-configmap',
      'Service/c-jobmanager',
      'Service/c-taskmanager',
    ]);
    const more = {
      podDisruptionBudget: {maxUnavailable: 1},
      batchScheduler: {name: 'volcano', queue: 'q'},
      jobManager: {...LIMITS, ingress: {hostFormat: '{{$clusterName}}.example.org'}},
      taskManager: {...LIMITS, replicas: 2, horizontalPodAutoscaler: {maxReplicas: 9}},
    };
    expect(supporting(more)).toMatchObject({
      'PodDisruptionBudget/flink-c': {spec: {maxUnavailable: 1, selector: {matchLabels: {app: 'flink', cluster: 'c'}}}},
      'HorizontalPodAutoscaler/flink-c': {spec: {maxReplicas: 9, scaleTargetRef: {kind: 'FlinkCluster', name: 'c'}}},
      'Ingress/c-jobmanager': {spec: {rules: [{host: 'c.example.org'}]}},
      'PodGroup/flink-c': {spec: {minMember: 3, queue: 'q'}},
    });
  });

  test("GCP's group leaves out the submitter, counts requests, and limits only where nothing is requested", () => {
    const taskManager = {
      replicas: 2,
      resources: {requests: {cpu: '500m'}, limits: {cpu: '2', memory: '1Gi'}},
      sidecars: [{name: 'side', resources: {limits: {cpu: '4', memory: '1Gi'}}}],
    };
    const spec = {batchSchedulerName: 'volcano', taskManager, job: {jarFile: 'a.jar'}};
    expect(supporting(spec, GCP)['PodGroup/flink-c']).toMatchObject({
      spec: {minMember: 3, minResources: {cpu: '2', memory: '4Gi'}},
    });
    const pods = made(spec, GCP).objects.map(({component, object}) => {
      const {template} = (object as unknown as {spec: {template: {metadata: Fields; spec: Fields}}}).spec;
      return [component, template.spec.schedulerName, template.metadata.annotations !== undefined];
    });
    expect(pods).toEqual([
      ['jobmanager', 'volcano', true],
      ['taskmanager', 'volcano', true],
      ['submitter', 'volcano', false],
    ]);
  });
});

describe('what Flink is told', () => {
  test("spotify's process size is a share of the limit", () => {
    expect(made({}).flink).toMatchObject({
      version: '1.15.4',
      configuration: {
        'jobmanager.memory.process.size': '1639m',
        'taskmanager.memory.process.size': '1639m',
        'taskmanager.numberOfTaskSlots': '1',
      },
    });
  });

  test("GCP's heap is counted in megabytes, and the version of Flink is not known", () => {
    const {flink} = made({}, GCP);
    expect(flink?.version).toBeNull();
    expect(flink?.configuration).toMatchObject({'taskmanager.heap.size': '1548m'});
    expect(flink?.configuration).not.toHaveProperty('taskmanager.memory.process.size');
  });

  test('slots that are no number are for Flink to refuse', () => {
    const {slots, flink} = made({flinkProperties: {'taskmanager.numberOfTaskSlots': 'many'}, job: {jarFile: 'a.jar'}});
    expect(slots).toBeNull();
    expect(flink?.configuration['taskmanager.numberOfTaskSlots']).toBe('many');
  });
});

describe('quantities in the wrong unit system are named', () => {
  test.each<[string, Fields, readonly string[]]>([
    [
      'thousandths of bytes',
      {taskManager: {resources: {limits: {cpu: '1', memory: '2048m'}}}},
      [
        'spec.taskManager.resources.limits.memory: 2048m is 2.048 bytes as a Kubernetes quantity, where m is a thousandth; 2048Mi is that many mebibytes',
      ],
    ],
    [
      'gibi-cores',
      {taskManager: {resources: {limits: {cpu: '2Gi', memory: '2Gi'}}}},
      ['spec.taskManager.resources.limits.cpu: 2Gi is a quantity in the units of memory; cpu counts in cores'],
    ],
    ['not where the same words are labels', {taskManager: {...LIMITS, nodeSelector: {memory: '2m', cpu: '2Gi'}}}, []],
  ])('%s', (_name, spec, notes) => expect(made(spec).notes).toEqual(notes));
});

describe('the revision', () => {
  const labels = (spec: Fields, operator: ClusterOperator = SPOTIFY) =>
    made(spec, operator).objects[0]?.object.metadata.labels;

  test("has the name that spotify's operator gives it, whatever changes only how the job ends", () => {
    const job = {jarFile: 'a.jar'};
    expect(labels({job})).toMatchObject({'flinkoperator.k8s.io/revision-name': 'c-865c78fffd'});
    expect(labels({job: {...job, cleanupPolicy: {}}})).toEqual(labels({job}));
    expect(labels({job: {...job, parallelism: 2}})).not.toEqual(labels({job}));
  });

  test("is not known of GCP's", () => {
    expect(labels({}, GCP)).toEqual({app: 'flink', cluster: 'c', component: 'jobmanager'});
  });
});

describe('an update that takes no savepoint first', () => {
  const old = {
    ...cluster({job: {jarFile: 'a.jar', savepointsDir: 's3://s'}}),
    status: {
      state: 'Running',
      components: {
        job: {state: 'Running', savepointLocation: 's3://s/1', savepointTime: '2026-01-01T00:00:00Z'},
      },
    },
  };
  const resource = cluster({
    job: {
      jarFile: 'b.jar',
      savepointsDir: 's3://s',
      takeSavepointOnUpdate: false,
      maxStateAgeToRestoreSeconds: 60,
    },
  });

  test.each([
    ['a minute later', '2026-01-01T00:01:00Z', null],
    [
      'another second later',
      '2026-01-01T00:01:01Z',
      'cannot update spec: taking savepoint is skipped but no up-to-date savepoint, spec.job.takeSavepointOnUpdate: false, spec.job.maxStateAgeToRestoreSeconds: 60, job status: "{\\"state\\":\\"Running\\",\\"savepointLocation\\":\\"s3://s/1\\",\\"savepointTime\\":\\"2026-01-01T00:00:00Z\\"}"',
    ],
  ])('%s', (_name, now, validation) => {
    expect(askClusterOperator({resource, old, now: Date.parse(now)}, SPOTIFY)).toMatchObject({validation});
  });
});

const FIELDS = [
  ...['jobManager', 'taskManager', 'job', 'image', 'name', 'flinkVersion', 'replicas', 'ports', 'rpc', 'resources'],
  ...['limits', 'requests', 'cpu', 'memory', 'volumes', 'sidecars', 'initContainers', 'env', 'volumeClaimTemplates'],
  ...['metadata', 'spec', 'flinkProperties', 'taskmanager.numberOfTaskSlots', 'mode', 'className', 'jarFile', 'status'],
  ...['batchScheduler', 'hadoopConfig', 'gcpConfig', 'serviceAccount', 'livenessProbe', 'tcpSocket', 'parallelism'],
];
const {value} = fc.letrec((tie) => ({
  value: fc.oneof(
    {maxDepth: 5},
    fc.constantFrom<unknown>(null, 'x', '1Gi', '', '2', 'Application', 'volcano', 0, -1, 1.5, 3, true, '__proto__'),
    fc.array(tie('value'), {maxLength: 2}),
    fc.dictionary(fc.constantFrom(...FIELDS, '__proto__'), tie('value'), {maxKeys: 5}),
  ),
}));

test('no value makes it throw', () => {
  const spec = fc.dictionary(fc.constantFrom(...FIELDS), value);
  fc.assert(
    fc.property(spec, value, value, (fields, old, whole) => {
      for (const operator of [SPOTIFY, GCP] as const) {
        flinkClusterObjects(cluster(fields), operator);
        askClusterOperator({resource: cluster(fields), old: {...cluster({}), status: old}}, operator);
        askClusterOperator({resource: whole, old}, operator);
      }
    }),
    {seed: 0x5eed, numRuns: 500},
  );
});
