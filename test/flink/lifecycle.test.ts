import {describe, expect, test} from 'vitest';
import {flinkObjects} from '../../flink/flinkObjects.ts';
import {ASSUMED_DURATIONS} from '../../flink/lifecycle/durations.ts';
import {parseFlinkDuration} from '../../flink/lifecycle/flinkDuration.ts';
import {lifecycleOf} from '../../flink/lifecycle/lifecycle.ts';
import {
  downtimeOf,
  type LifecycleEvent,
  type LifecycleEventKind,
  peakOf,
} from '../../flink/lifecycle/lifecycleEvent.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

const metadata = {name: 'job', namespace: 'stream'};
const checkpoints = {'execution.checkpointing.dir': 's3://cp', 'execution.checkpointing.savepoint-dir': 's3://sp'};

interface DeploymentInput {
  readonly mode?: 'native' | 'standalone';
  readonly upgradeMode?: string;
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
  readonly jobManagers?: number;
}

function deploymentSpec({
  mode = 'native',
  upgradeMode = 'stateless',
  flinkConfiguration = {},
  jobManagers = 1,
}: DeploymentInput) {
  return {
    image: 'flink:1.20',
    flinkVersion: 'v1_20',
    serviceAccount: 'flink',
    mode,
    flinkConfiguration: {'taskmanager.numberOfTaskSlots': '2', ...checkpoints, ...flinkConfiguration},
    jobManager: {replicas: jobManagers, resource: {cpu: 1, memory: '1600m'}},
    taskManager: {resource: {cpu: 2, memory: '3Gb'}},
    job: {jarURI: 'local:///a.jar', parallelism: 6, upgradeMode, state: 'running'},
  };
}

const deployment = (input: DeploymentInput = {}): KubernetesObject => ({
  apiVersion: 'flink.apache.org/v1beta1',
  kind: 'FlinkDeployment',
  metadata,
  spec: deploymentSpec(input),
});

const blueGreen = (configuration: object = {}): KubernetesObject => ({
  apiVersion: 'flink.apache.org/v1beta1',
  kind: 'FlinkBlueGreenDeployment',
  metadata,
  spec: {configuration, template: {spec: deploymentSpec({})}},
});

const cluster = (spec: object = {}, job: object = {}): KubernetesObject => ({
  apiVersion: 'flinkoperator.k8s.io/v1beta1',
  kind: 'FlinkCluster',
  metadata,
  spec: {
    flinkVersion: '1.16.3',
    image: {name: 'flink:1.16.3'},
    jobManager: {resources: {limits: {cpu: '1', memory: '2Gi'}}},
    taskManager: {replicas: 3, resources: {limits: {cpu: '1', memory: '2Gi'}}},
    job: {jarFile: '/a.jar', parallelism: 3, savepointsDir: 's3://sp', ...job},
    ...spec,
  },
});

function eventsOf(object: KubernetesObject): readonly LifecycleEvent[] {
  const operator = object.kind === 'FlinkCluster' ? 'spotify-v0.6.0' : 'apache-1.15.0';
  const outcome = flinkObjects(object, {operator});
  if (outcome.kind !== 'objects') throw new Error(JSON.stringify(outcome));
  return lifecycleOf(object, outcome, operator);
}

function eventOf(object: KubernetesObject, kind: LifecycleEventKind): LifecycleEvent {
  return eventsOf(object).find((event) => event.kind === kind)!;
}

/** JobManagers/TaskManagers/submitters at every step. */
const heldDuring = ({steps}: LifecycleEvent): readonly string[] =>
  steps.map(({held: {jobManagers, taskManagers, submitters}}) => `${jobManagers}/${taskManagers}/${submitters}`);

const {start, restore, savepoint, stop} = ASSUMED_DURATIONS;

describe('what a job holds of the cluster, step by step', () => {
  test.each<[title: string, object: KubernetesObject, kind: LifecycleEventKind, held: string[]]>([
    [
      'native: TaskManagers come once the JobManager is there',
      deployment(),
      'FirstDeploy',
      ['1/0/0', '1/3/0', '1/3/0'],
    ],
    ['standalone: all pods at once', deployment({mode: 'standalone'}), 'FirstDeploy', ['1/3/0', '1/3/0']],
    ['a submitter that leaves', cluster(), 'FirstDeploy', ['1/3/1', '1/3/1', '1/3/0']],
    ['a submitter that stays', cluster({}, {mode: 'Blocking'}), 'FirstDeploy', ['1/3/1', '1/3/1', '1/3/1']],
    ['no submitter', cluster({}, {mode: 'Application', className: 'A'}), 'FirstDeploy', ['1/3/0', '1/3/0']],
    [
      'an upgrade lets all room go before it takes it again',
      deployment({upgradeMode: 'savepoint'}),
      'Upgrade',
      ['1/3/0', '1/3/0', '0/0/0', '1/0/0', '1/3/0', '1/3/0', '1/3/0'],
    ],
    ['blue-green holds both', blueGreen(), 'BlueGreen', ['2/6/0', '2/6/0', '2/6/0', '2/6/0', '2/6/0', '1/3/0']],
    ['a native job that ends', deployment(), 'JobSucceeds', ['1/3/0', '1/0/0', '0/0/0']],
    ['a standalone job that ends', deployment({mode: 'standalone'}), 'JobSucceeds', ['1/3/0', '0/0/0']],
    ['a FlinkCluster whose job fails is kept', cluster(), 'JobFails', ['1/3/0']],
    [
      'but for what its policy deletes',
      cluster({}, {cleanupPolicy: {afterJobFails: 'DeleteTaskManager'}}),
      'JobFails',
      ['1/3/0', '1/0/0'],
    ],
    ['one whose job succeeds is deleted', cluster(), 'JobSucceeds', ['1/3/0', '0/0/0']],
  ])('%s', (_title, object, kind, held) => {
    expect(heldDuring(eventOf(object, kind))).toEqual(held);
  });

  test('only blue-green needs more room than the job itself', () => {
    for (const object of [
      deployment(),
      deployment({mode: 'standalone'}),
      cluster(),
      cluster({recreateOnUpdate: false}),
    ]) {
      for (const event of eventsOf(object)) expect(peakOf(event).taskManagers, event.kind).toBeLessThanOrEqual(3);
    }
    expect(peakOf(eventOf(blueGreen(), 'BlueGreen'))).toEqual({jobManagers: 2, taskManagers: 6, submitters: 0});
  });
});

describe('how long a job stands still', () => {
  test.each<[title: string, object: KubernetesObject, kind: LifecycleEventKind, seconds: number | null]>([
    ['upgrade by savepoint', deployment({upgradeMode: 'savepoint'}), 'Upgrade', savepoint + stop + 2 * start + restore],
    ['stateless upgrade', deployment({mode: 'standalone'}), 'Upgrade', stop + start],
    ['blue-green', blueGreen(), 'BlueGreen', 0],
    ['spotify: pods hold their room for 30 s more', cluster(), 'Upgrade', savepoint + 30 + start + 15 + restore],
    ['rescaling in place', deployment({flinkConfiguration: {'jobmanager.scheduler': 'adaptive'}}), 'Rescale', restore],
    ['rescaling without the adaptive scheduler', deployment({mode: 'standalone'}), 'Rescale', stop + start],
    ['native: a lost TaskManager is missed at once', deployment(), 'TaskManagerFailover', start + restore],
    ['standalone: after two calls', deployment({mode: 'standalone'}), 'TaskManagerFailover', 20 + start + restore],
    [
      'or as the resource says',
      deployment({mode: 'standalone', flinkConfiguration: {'heartbeat.interval': '3 s'}}),
      'TaskManagerFailover',
      6 + start + restore,
    ],
    [
      'a JobManager that stands by takes over',
      deployment({
        jobManagers: 2,
        flinkConfiguration: {'high-availability.type': 'kubernetes', 'high-availability.storageDir': 's3://ha'},
      }),
      'JobManagerLoss',
      restore,
    ],
    ['a FlinkCluster without high availability loses its job', cluster(), 'JobManagerLoss', null],
  ])('%s', (_title, object, kind, seconds) => {
    expect(downtimeOf(eventOf(object, kind))).toBe(seconds);
  });

  test('a failed FlinkCluster keeps its TaskManagers, and says so', () => {
    expect(eventOf(cluster(), 'JobFails').notes).toEqual([
      '3 TaskManagers keep their requests until somebody deletes the cluster',
    ]);
  });

  test('every duration says what it rests on', () => {
    const configured = blueGreen({'kubernetes.operator.bluegreen.deployment-deletion.delay': '2 min'});
    const durations = eventOf(configured, 'BlueGreen').steps.flatMap(({duration}) => duration ?? []);
    expect(durations).toContainEqual({
      seconds: 120,
      basis: 'Configured',
      source: 'kubernetes.operator.bluegreen.deployment-deletion.delay',
    });
    for (const {source} of durations) expect(source).not.toBe('');
  });

  test('a session cluster has no life of its own', () => {
    const {job: _job, ...spec} = deploymentSpec({});
    expect(eventsOf({...deployment(), spec})).toEqual([]);
  });
});

test.each<[text: string, seconds: number | undefined]>([
  ['30 s', 30],
  ['30s', 30],
  ['10 min', 600],
  ['2 H', 7200],
  ['1 d', 86_400],
  ['250', 0.25],
  ['250 ms', 0.25],
  ['PT1H30M', 5400],
  ['PT0.5S', 0.5],
  ['P1DT1S', 86_401],
  ['ten minutes', undefined],
  ['5 fortnights', undefined],
  ['-1 s', undefined],
  ['', undefined],
  ['PT', undefined],
])('Flink reads the duration %s as %s seconds', (text, seconds) => {
  expect(parseFlinkDuration(text)).toBe(seconds);
});
