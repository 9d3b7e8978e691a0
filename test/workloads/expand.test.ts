import {describe, expect, test} from 'vitest';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {ZONE_LABEL} from '../../model/labels.ts';
import {MAX_PODS} from '../../workloads/expand.ts';
import {listedPods, podList} from '../../workloads/podList.ts';
import {controller, type Expanded, expanded, node, ownedBy, pod} from './builders.ts';

const LIVE = {uid: '1'};
const RUNNING = {phase: 'Running'};

function names({model}: Expanded): string[] {
  return model.pods.map(({name}) => name);
}

function workloads({model}: Expanded): string[] {
  return model.workloads.map(({kind, name, replicas}) => `${kind}/${name}=${replicas}`);
}

function remarks({diagnostics}: Expanded): string[] {
  return diagnostics.all.map(({code, object = '', message}) => `${code} ${object}: ${message}`);
}

describe('names have the shapes of Kubernetes', () => {
  test.each([
    ['Deployment', {replicas: 1}, /^web-[a-z0-9]{5,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/],
    ['ReplicaSet', {replicas: 1}, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/],
    ['StatefulSet', {replicas: 1, ordinals: {start: 3}}, /^web-3$/],
    ['Job', {}, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/],
    ['Job', {completionMode: 'Indexed', completions: 1}, /^web-0-[bcdfghjklmnpqrstvwxz2456789]{5}$/],
  ])('%s %j', (kind, spec, shape) => {
    expect(names(expanded([controller(kind, 'web', spec)]))).toEqual([expect.stringMatching(shape)]);
  });

  test('long ones are cut to 58 characters before the random part', () => {
    const [name = ''] = names(expanded([controller('ReplicaSet', 'w'.repeat(62))]));
    expect(name).toMatch(/^w{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('they are unique where two controllers share a prefix, and the same in every run', () => {
    const input = [
      controller('ReplicaSet', `${'w'.repeat(60)}a`, {replicas: 500}),
      controller('ReplicaSet', `${'w'.repeat(60)}b`, {replicas: 500}),
    ];
    const first = names(expanded(input));
    expect(new Set(first).size).toBe(1000);
    expect(names(expanded(input))).toEqual(first);
  });
});

describe('replicas', () => {
  test('share one class, in the order of their ordinals', () => {
    const {model} = expanded([controller('StatefulSet', 'db', {replicas: 3})]);
    expect(model.classes).toHaveLength(1);
    expect(model.pods.map(({name, index}) => `${index} ${name}`)).toEqual(['0 db-0', '1 db-1', '2 db-2']);
  });

  test('have a class each where claims tell them apart; the claims are objects of the cluster', () => {
    const volumeClaimTemplates = [{metadata: {name: 'data'}, spec: {resources: {requests: {storage: '1Gi'}}}}];
    const {model} = expanded([controller('StatefulSet', 'db', {replicas: 2, volumeClaimTemplates})]);
    expect(model.classes).toHaveLength(2);
    const claims = model.objects.filter(({kind}) => kind === 'PersistentVolumeClaim');
    expect(claims.map(({metadata}) => metadata.name)).toEqual(['data-db-0', 'data-db-1']);
  });

  test('beyond what fits into memory are an error', () => {
    const outcome = expanded([controller('StatefulSet', 'db', {replicas: 2_147_483_647})]);
    expect(outcome.model.pods).toEqual([]);
    expect(remarks(outcome)).toEqual([
      `STW-1006 StatefulSet/default/db: 2147483647 pods are asked for; Stowage expands ${MAX_PODS} pods at most`,
    ]);
  });

  test('a Deployment has a ReplicaSet with the hash in its selector', () => {
    const {model} = expanded([controller('Deployment', 'web')]);
    const [made] = model.objects.filter(({kind}) => kind === 'ReplicaSet');
    expect(made?.metadata.name).toBe(model.pods[0]?.class.owner?.name);
    expect(made?.spec).toMatchObject({selector: {matchLabels: model.pods[0]?.class.labels}});
  });
});

test('pods with claims of their own have a lower limit, for each is of a class of its own', () => {
  const claim = {
    metadata: {name: 'd'},
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
  };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {name: 'db', namespace: 'default'},
    spec: {
      replicas: 200_001,
      serviceName: 'db',
      selector: {matchLabels: {app: 'db'}},
      template: {metadata: {labels: {app: 'db'}}, spec: {containers: [{name: 'db', image: 'db:1'}]}},
      volumeClaimTemplates: [claim],
    },
  };
  const {diagnostics} = expanded([object]);
  expect(diagnostics.errors.map(({message}) => message)).toEqual([
    '200001 pods are asked for; Stowage expands 200000 pods with claims at most',
  ]);
});

describe('what is in a dump counts once', () => {
  const deployment = controller('Deployment', 'web', {replicas: 3});
  const replicaSet = {
    ...controller('ReplicaSet', 'web-abc', {replicas: 3}),
    metadata: {
      name: 'web-abc',
      namespace: 'default',
      labels: {'pod-template-hash': 'abc'},
      ...ownedBy('Deployment', 'web'),
    },
  };
  const labels = {app: 'web', 'pod-template-hash': 'abc'};
  const replica = (name: string) =>
    pod(name, {...LIVE, labels, ...ownedBy('ReplicaSet', 'web-abc')}, {nodeName: 'n1'}, RUNNING);

  test.each([
    ['Deployment, ReplicaSet and pods', [deployment, replicaSet, replica('web-abc-1'), replica('web-abc-2')]],
    ['Deployment and pods without the ReplicaSet', [deployment, replica('web-abc-1'), replica('web-abc-2')]],
  ])('%s', (_name, input) => {
    const outcome = expanded(input);
    expect(workloads(outcome)).toEqual(['Deployment/web=3']);
    expect(names(outcome)).toEqual(['web-abc-1', 'web-abc-2', expect.stringMatching(/^web-/)]);
    expect(outcome.model.pods.map(({nodeName}) => nodeName)).toEqual(['n1', 'n1', null]);
  });

  test('pods whose owner is not there stand for themselves', () => {
    const outcome = expanded([replicaSet, replica('web-abc-1'), pod('alone', LIVE, {}, RUNNING)]);
    expect(workloads(outcome)).toEqual(['Deployment/web=3', 'Pod/alone=1']);
    expect(outcome.model.pods).toHaveLength(4);
    expect(workloads(expanded([replica('a'), replica('b')]))).toEqual(['ReplicaSet/web-abc=2']);
  });

  test('equal pods share a class, bound ones come first, and --reschedule lifts them', () => {
    const input = [pod('new'), replica('a'), replica('b')];
    const {model} = expanded(input);
    expect(model.pods.map(({name, nodeName}) => [name, nodeName])).toEqual([
      ['a', 'n1'],
      ['b', 'n1'],
      ['new', null],
    ]);
    expect(model.pods[0]?.class).toBe(model.pods[1]?.class);
    const lifted = expanded(input, {reschedule: true}).model.pods;
    expect(lifted.map(({name, nodeName}) => [name, nodeName])).toEqual([
      ['new', null],
      ['a', null],
      ['b', null],
    ]);
  });

  test('a terminating pod stays and is replaced; a finished one uses nothing', () => {
    const leaving = {...replica('a'), metadata: {...replica('a').metadata, deletionTimestamp: '2026-01-01T00:00:00Z'}};
    const done = pod('done', LIVE, {nodeName: 'n1'}, {phase: 'Succeeded'});
    const outcome = expanded([controller('ReplicaSet', 'web-abc', {replicas: 1}), leaving, done]);
    expect(outcome.model.pods.map(({terminating}) => terminating)).toEqual([true, false]);
    expect(remarks(outcome)).toEqual(['STW-2012 : 1 pod has succeeded or failed; left out, as they use nothing']);
  });

  test('ordinals and nodes that have their pod get no other', () => {
    const ordinals = expanded([
      controller('StatefulSet', 'db', {replicas: 3}),
      pod('db-1', {...LIVE, ...ownedBy('StatefulSet', 'db')}),
    ]);
    expect(names(ordinals)).toEqual(['db-0', 'db-2', 'db-1']);
    const daemon = pod('agent-x', {...LIVE, ...ownedBy('DaemonSet', 'agent')}, {nodeName: 'n1'}, RUNNING);
    const perNode = expanded([controller('DaemonSet', 'agent'), daemon], {nodes: [node('n1'), node('n2')]});
    expect(perNode.model.pods.map(({nodeName, daemonSetNode}) => [nodeName, daemonSetNode])).toEqual([
      ['n1', null],
      [null, 'n2'],
    ]);
    expect(workloads(perNode)).toEqual(['DaemonSet/agent=2']);
  });

  test('what the cluster accepted once is not refused again, but counts in its quota', () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {name: 'q', namespace: 'default'},
      spec: {hard: {pods: '1'}},
    };
    const {model} = expanded([quota, pod('new'), pod('old-1', LIVE), pod('old-2', LIVE)]);
    expect(model.pods.map(({name}) => name)).toEqual(['old-1', 'old-2']);
    expect(model.rejected.map(({message}) => message)).toEqual([
      'pods "new" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=1',
    ]);
  });
});

describe('refusals', () => {
  test('are listed for each pod and reported once for the workload', () => {
    const outcome = expanded([controller('Deployment', 'web', {replicas: 3}, {priorityClassName: 'none'})]);
    expect(outcome.model.rejected).toHaveLength(3);
    expect(outcome.model.rejected[0]?.message).toMatch(
      /^pods "web-[a-z0-9]+-" is forbidden: no PriorityClass with name none was found$/,
    );
    expect(remarks(outcome)).toEqual([
      expect.stringMatching(/^STW-2004 Deployment\/default\/web: 3 pods are refused: pods "web-/),
    ]);
  });

  test('an OrderedReady StatefulSet waits behind the first, a Parallel one goes on', () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {name: 'q', namespace: 'default'},
      spec: {hard: {pods: '1'}},
    };
    const {model} = expanded([quota, controller('StatefulSet', 'db', {replicas: 3})]);
    expect(model.rejected.map(({name, message}) => [name, message.slice(0, 11)])).toEqual([
      ['db-1', 'pods "db-1"'],
      ['db-2', 'pods "db-1"'],
    ]);
  });

  test('everything that is wrong with an object is said at once, with its place', () => {
    const broken = controller(
      'Deployment',
      'Web',
      {replicas: -1},
      {containers: [{name: 'a'}, {name: 'a', image: 'i'}]},
    );
    expect(
      expanded([broken]).diagnostics.errors.map(({code, message, place}) => [
        code,
        message.split(': ')[0],
        place?.line,
      ]),
    ).toEqual([
      ['STW-1006', 'metadata.name', 1],
      ['STW-1006', 'spec.replicas', 1],
      ['STW-1008', 'spec.template.spec.containers[0].image', 1],
      ['STW-1006', 'spec.template.spec.containers[1].name', 1],
    ]);
  });
});

describe('remarks', () => {
  const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'known'}};
  const inNamespace = (name: string) => pod('p', {namespace: name});
  test.each([
    ['one for each unknown namespace', [namespace, inNamespace('a'), inNamespace('b'), inNamespace('known')], 2],
    ['one in all when no namespace is defined', [inNamespace('a'), inNamespace('b')], 1],
    ['none for those that are always there', [inNamespace('default'), inNamespace('kube-system')], 0],
  ])('namespaces: %s', (_name, input, count) => {
    expect(expanded(input).diagnostics.warnings.filter(({code}) => code === 'STW-2003')).toHaveLength(count);
  });

  test.each([
    [
      'CronJob',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: {name: 'c', namespace: 'default'},
        spec: {schedule: '0 0 * * *', jobTemplate: {spec: controller('Job', 'j').spec}},
      },
      'STW-2006',
    ],
    ['paused Deployment', controller('Deployment', 'web', {paused: true}), 'STW-2012'],
    ['suspended Job', controller('Job', 'j', {suspend: true}), 'STW-2012'],
    ['unknown kind', {apiVersion: 'x.io/v1', kind: 'Thing', metadata: {name: 't', namespace: 'default'}}, 'STW-2002'],
  ])('%s', (_name, object, code) => {
    const {model, diagnostics} = expanded([object]);
    expect(model.pods).toEqual([]);
    expect(diagnostics.warnings.map((warning) => warning.code)).toEqual([code]);
  });

  test('configuration is counted without a word', () => {
    const secret = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 's', namespace: 'default'}};
    const {model, diagnostics} = expanded([secret]);
    expect(model.unusedKinds).toEqual([{apiVersion: 'v1', kind: 'Secret', count: 1}]);
    expect(diagnostics.all).toEqual([]);
  });
});

describe('a kind of the same name in another group is not the built-in one', () => {
  test.each(['batch.example.com/v1', 'example.com/v1'])('%s', (apiVersion) => {
    const {model} = expanded([{...controller('Job', 'j'), apiVersion}]);
    expect(model.pods).toEqual([]);
    expect(model.unusedKinds).toEqual([{apiVersion, kind: 'Job', count: 1}]);
  });
});

describe('Flink', () => {
  const flink = {
    apiVersion: 'flink.apache.org/v1beta1',
    kind: 'FlinkDeployment',
    metadata: {name: 'job', namespace: 'default'},
    spec: {
      image: 'flink:1.20',
      flinkVersion: 'v1_20',
      serviceAccount: 'flink',
      flinkConfiguration: {'taskmanager.numberOfTaskSlots': '2'},
      jobManager: {resource: {cpu: 1, memory: '2048m'}},
      taskManager: {resource: {cpu: 1, memory: '2048m'}},
      job: {jarURI: 'local:///job.jar', parallelism: 4},
    },
  };

  const blueGreen = {...flink, kind: 'FlinkBlueGreenDeployment', spec: {template: {spec: flink.spec}}};

  test('a job is a gang of its JobManager and all of its TaskManagers', () => {
    const outcome = expanded([flink]);
    const {gangs} = outcome.model;
    expect(gangs).toHaveLength(1);
    expect(gangs[0]?.members.map(({workload, minAvailable}) => [workload.component, minAvailable])).toEqual([
      ['jobmanager', 1],
      ['taskmanager', 2],
    ]);
    expect(gangs[0]?.slots?.total).toBe(4);
    expect(outcome.diagnostics.errors).toEqual([]);
  });

  test.each<[title: string, spec: object, taskManagers: number, least: number | null]>([
    ['all that its parallelism fills', {}, 2, 4],
    ['as few as one where Flink adapts it', {flinkConfiguration: {'jobmanager.scheduler': 'adaptive'}}, 1, 1],
    [
      'no more than its parallelism fills',
      {mode: 'standalone', taskManager: {...flink.spec.taskManager, replicas: 5}},
      5,
      10,
    ],
  ])('a job needs %s', (_title, change, taskManagers, least) => {
    const spec = {...flink.spec, ...change};
    const slots = {...flink.spec.flinkConfiguration, ...spec.flinkConfiguration};
    const [gang] = expanded([{...flink, spec: {...spec, flinkConfiguration: slots}}]).model.gangs;
    expect(gang?.members[1]?.minAvailable).toBe(taskManagers);
    expect(gang?.slots?.least).toBe(least);
  });

  test('a session cluster has the jobs that name it as tenants, and needs no TaskManager without them', () => {
    const {job: _job, ...session} = flink.spec;
    const jobIn = (name: string, parallelism: number, deploymentName = 'job') => ({
      apiVersion: 'flink.apache.org/v1beta1',
      kind: 'FlinkSessionJob',
      metadata: {name, namespace: 'default'},
      spec: {deploymentName, job: {jarURI: 'https://repo.example.com/a.jar', parallelism, upgradeMode: 'stateless'}},
    });
    const {gangs, pods} = expanded([
      {...flink, spec: session},
      jobIn('a', 3),
      jobIn('b', 4),
      jobIn('c', 9, 'other'),
    ]).model;
    expect(gangs.map(({name, tenants}) => [name, tenants.map((tenant) => `${tenant.name}:${tenant.slots}`)])).toEqual([
      ['job', ['a:3', 'b:4']],
    ]);
    expect(pods.filter((made) => made.class.workload.component === 'taskmanager')).toHaveLength(4);
  });

  test.each([
    [{jobManager: {resource: {cpu: '1', memory: '2048m'}}}, 'error STW-1012', 'schema', 0],
    [{job: {...flink.spec.job, parallelism: 0}}, 'error STW-1012', 'validation', 0],
    [{jobManager: {resource: {cpu: 1, memory: '576m'}}}, 'warning STW-2015', 'deployment', 1],
  ])('what is refused with %j names the gate and the operator', (change, what, gate, jobs) => {
    const outcome = expanded([{...flink, spec: {...flink.spec, ...change}}], {flinkOperator: 'apache-1.15.0'});
    expect(outcome.diagnostics.all.map(({severity, code, message}) => `${severity} ${code}: ${message}`)).toEqual([
      expect.stringMatching(new RegExp(`^${what}: refused at the ${gate} gate of apache-1\\.15\\.0: `)),
    ]);
    expect(outcome.model.gangs).toHaveLength(jobs);
    expect(outcome.model.gangs.map(({refusal}) => refusal)).not.toContainEqual(expect.stringContaining('gate'));
  });

  test.each([
    ['flink:1.11.3', null],
    ['registry:5000/flink:2.1.0', 'JobManager|Either required'],
    ['click-enrich:latest', null],
  ])('of GCP’s clusters the image %s is asked for the version, and no side-car', (name, refusal) => {
    const resources = {limits: {cpu: '1', memory: '4Gi'}};
    const sidecars = [{name: 'log-agent', image: 'fluent-bit:2.1', resources}];
    const {model} = expanded([
      {
        apiVersion: 'flinkoperator.k8s.io/v1beta1',
        kind: 'FlinkCluster',
        metadata: {name: 'job', namespace: 'default'},
        spec: {
          image: {name},
          jobManager: {accessScope: 'Cluster', resources, sidecars},
          taskManager: {replicas: 1, resources, sidecars},
        },
      },
    ]);
    const found = model.gangs.map((gang) => gang.refusal);
    expect(found).toEqual([refusal === null ? null : expect.stringMatching(refusal)]);
  });

  test('a session cluster is there with its JobManager, whether the input has jobs for it or not', () => {
    const {job: _job, ...rest} = flink.spec;
    const session = {...flink, spec: {...rest, mode: 'standalone', taskManager: {...rest.taskManager, replicas: 5}}};
    const job = {
      apiVersion: 'flink.apache.org/v1beta1',
      kind: 'FlinkSessionJob',
      metadata: {name: 'a', namespace: 'default'},
      spec: {deploymentName: 'job', job: {jarURI: 'https://repo.example.com/a.jar', parallelism: 2}},
    };
    for (const objects of [[session], [session, job]]) {
      const [gang] = expanded(objects).model.gangs;
      expect(gang?.members.map(({workload, minAvailable}) => `${minAvailable} of ${workload.replicas}`)).toEqual([
        '1 of 1',
        '0 of 5',
      ]);
    }
  });

  test.each([3, [], {deploymentName: {}}])('a session job that is none, with spec %j, is its own error', (spec) => {
    const job = {apiVersion: 'flink.apache.org/v1beta1', kind: 'FlinkSessionJob', metadata: {name: 'j'}, spec};
    const {model, diagnostics} = expanded([job, flink]);
    expect(model.gangs).toHaveLength(1);
    expect(new Set(diagnostics.errors.map(({object}) => object))).toEqual(new Set(['FlinkSessionJob/j']));
  });

  test.each([
    ['count/flinkdeployments.flink.apache.org', 'flinkdeployments.flink.apache.org "job"', []],
    ['count/deployments.apps', 'deployments.apps "job"', ['taskmanager', 'taskmanager']],
    ['services', 'services "job"', ['jobmanager', 'taskmanager', 'taskmanager']],
  ])('a quota of %s counts it, and what its operator makes', (resource, refused, components) => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {name: 'q', namespace: 'default'},
      spec: {hard: {[resource]: '0'}},
    };
    const outcome = expanded([quota, flink]);
    expect(remarks(outcome)).toContainEqual(expect.stringContaining(`${refused} is forbidden: exceeded quota: q`));
    expect(outcome.model.pods.map((made) => made.class.workload.component)).toEqual(components);
    const jobManagers = outcome.model.gangs.map(({members}) => members[0]?.minAvailable);
    expect(jobManagers, 'needs its JobManager all the same').toEqual(components.length === 0 ? [] : [1]);
  });

  test('a job whose TaskManagers cannot start is refused with Flink’s own words, and its pods are there', () => {
    const spec = {...flink.spec, mode: 'standalone', taskManager: {resource: {cpu: 1, memory: '900m'}}};
    const {model, diagnostics} = expanded([{...flink, spec}]);
    expect(diagnostics.errors).toEqual([]);
    expect(model.gangs[0]?.refusal).toContain('Sum of configured');
    expect(diagnostics.warnings.map(({code}) => code)).toContain('STW-2015');
  });

  test.each(['job-blue', 'job-green'])('two colours of which %s is in the input count as that', (name) => {
    const colour = {...flink, metadata: {...flink.metadata, name}};
    for (const objects of [
      [blueGreen, colour],
      [colour, blueGreen],
    ]) {
      const {model} = expanded(objects);
      expect(model.gangs.map((gang) => [gang.kind, gang.name])).toEqual([['FlinkDeployment', name]]);
      expect(model.pods).toHaveLength(3);
    }
    const elsewhere = {...colour, metadata: {...colour.metadata, namespace: 'other'}};
    expect(expanded([blueGreen, elsewhere]).model.gangs).toHaveLength(2);
  });

  test.each([
    ['job', '1-1', flink],
    ['job', '2-1', flink],
    ['job-blue', '2-1', blueGreen],
  ])('pods of a dump are not made twice: %s-taskmanager-%s', (cluster, attempt, object) => {
    const jobManager = controller('Deployment', cluster, {replicas: 1});
    const labels = {app: cluster, component: 'taskmanager'};
    const taskManager = pod(
      `${cluster}-taskmanager-${attempt}`,
      {...LIVE, labels, ...ownedBy('Deployment', cluster)},
      {nodeName: 'n1'},
      RUNNING,
    );
    const {model} = expanded([object, jobManager, taskManager]);
    const components = model.pods.map((made) => made.class.workload.component).sort();
    expect(components).toEqual(['jobmanager', 'taskmanager', 'taskmanager']);
  });
});

describe('PodGroups', () => {
  const group = (spec: unknown, metadata = {}): KubernetesObject => ({
    apiVersion: 'scheduling.volcano.sh/v1beta1',
    kind: 'PodGroup',
    metadata: {name: 'g', namespace: 'default', ...metadata},
    spec,
  });
  const queue = (spec: unknown): KubernetesObject => ({
    apiVersion: 'scheduling.volcano.sh/v1beta1',
    kind: 'Queue',
    metadata: {name: 'q'},
    spec,
  });
  const annotations = {'scheduling.k8s.io/group-name': 'g'};
  const member = pod('member', {annotations}, {schedulerName: 'volcano'});

  test.each([[null], [{}], [{minMember: null, minResources: null, queue: null}], [{queue: ''}]])(
    'with a spec of %j start with one pod and ask for nothing',
    (spec) => {
      const {model, diagnostics} = expanded([group(spec), member]);
      expect(diagnostics.errors).toEqual([]);
      expect(model.podGroups).toMatchObject([
        {namespace: 'default', name: 'g', minMember: 1, minResources: {}, queue: 'default', succeeded: 0},
      ]);
    },
  );

  test.each([
    [group({minMember: 'x'}), 'spec.minMember: Invalid value: "x": must be an integer'],
    [group({queue: 5}), 'spec.queue: Invalid value: 5: must be a string'],
    [group({minResources: 7}), 'spec.minResources: Invalid value: 7: must be an object'],
    [
      group({minResources: {cpu: 'x'}}),
      'spec.minResources[cpu]: Invalid value: "x": must be a quantity, and not negative',
    ],
    [
      group({minResources: {memory: -1}}),
      'spec.minResources[memory]: Invalid value: -1: must be a quantity, and not negative',
    ],
    [queue({capability: 7}), 'spec.capability: Invalid value: 7: must be an object'],
  ])('that no API server takes are errors: %j', (object, message) => {
    expect(expanded([object, member]).diagnostics.errors.map((error) => error.message)).toEqual([message]);
  });

  test('of a dump never make it crash', () => {
    const stored = [{minMember: 'x', minResources: 7, queue: 5}, 'x', 7];
    for (const spec of stored) expect(expanded([group(spec, LIVE), member]).model.podGroups).toHaveLength(1);
  });

  test('count the pods that have succeeded, as that of a submitter', () => {
    const submitter = pod('submitter', {...LIVE, annotations}, {}, {phase: 'Succeeded'});
    const failed = pod('failed', {...LIVE, annotations}, {}, {phase: 'Failed'});
    const [found] = expanded([group({minMember: 2}), member, submitter, failed]).model.podGroups;
    expect(found).toMatchObject({minMember: 2, succeeded: 1});
    expect(found?.pods.map(({name}) => name)).toEqual(['member']);
  });

  test('that the input lacks are told of', () => {
    const outcome = expanded([member]);
    expect(outcome.model.podGroups).toEqual([]);
    expect(remarks(outcome)).toContain(
      "STW-2014 PodGroup/default/g: 1 pod of volcano is simulated as the default scheduler's, without the PodGroup, which is not in the input",
    );
  });
});

describe('the list of pods', () => {
  test('names each pod’s workload and writes a daemon’s node into its affinity', () => {
    const {model} = expanded([controller('DaemonSet', 'agent')], {nodes: [node('n1')]});
    const [item] = listedPods(model);
    expect(item?.metadata.annotations).toEqual({'stowage.dev/workload': 'DaemonSet/agent'});
    expect(item?.spec.affinity?.nodeAffinity).toEqual({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: ['n1']}]}],
      },
    });
  });

  test('has a DaemonSet once where no nodes are known', () => {
    const list = podList(expanded([controller('DaemonSet', 'agent')]).model);
    expect(list.items.map(({metadata}) => metadata.annotations)).toEqual([
      {'stowage.dev/per-node': 'true', 'stowage.dev/workload': 'DaemonSet/agent'},
    ]);
  });

  test('names unknown kinds', () => {
    const {model} = expanded([{apiVersion: 'x.io/v1', kind: 'Thing', metadata: {name: 't', namespace: 'default'}}]);
    expect(podList(model).metadata.annotations).toEqual({'stowage.dev/unused-kinds': 'x.io/v1/Thing=1'});
  });

  test('a pod that has a node carries its zone', () => {
    const zoned = node('n1', {metadata: {name: 'n1', labels: {[ZONE_LABEL]: 'a'}}});
    const {model} = expanded([pod('p', {labels: {[ZONE_LABEL]: 'wrong'}}, {nodeName: 'n1'})], {nodes: [zoned]});
    expect(podList(model).items[0]?.metadata.labels).toEqual({[ZONE_LABEL]: 'a'});
  });
});

test('keys of the input that look like properties of objects are only keys', () => {
  const hostile = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
  const {model} = expanded([
    pod('p', {labels: {constructor: 'y'}}, {nodeSelector: {constructor: 'y'}}),
    pod('q', {namespace: 'constructor', annotations: hostile}),
  ]);
  expect(model.pods).toHaveLength(2);
});

describe('objects with parts missing are refused, not crashed upon', () => {
  const kinds = [
    ['v1', 'Pod'],
    ['v1', 'ReplicationController'],
    ['apps/v1', 'ReplicaSet'],
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1', 'DaemonSet'],
    ['batch/v1', 'Job'],
    ['batch/v1', 'CronJob'],
    ['flink.apache.org/v1beta1', 'FlinkDeployment'],
    ['flinkoperator.k8s.io/v1beta1', 'FlinkCluster'],
  ] as const;
  const specs = [
    undefined,
    {},
    {template: {}},
    {template: {spec: {}}},
    {selector: {}, template: {metadata: {}}},
    {jobTemplate: {}},
  ];
  test.each(kinds)('%s %s', (apiVersion, kind) => {
    for (const spec of specs) {
      for (const metadata of [
        {name: 'x', namespace: 'default'},
        {name: 'x', namespace: 'default', ...LIVE},
      ]) {
        const object = {apiVersion, kind, metadata, ...(spec === undefined ? {} : {spec})};
        const {model, diagnostics} = expanded([object], {nodes: [node('n1')], cronJobs: 'OneRun'});
        expect(model.pods).toEqual([]);
        expect(diagnostics.errors.length).toBeGreaterThan(0);
      }
    }
  });

  test.each([
    ['v1', 'LimitRange'],
    ['v1', 'ResourceQuota'],
    ['v1', 'PersistentVolumeClaim'],
    ['scheduling.k8s.io/v1', 'PriorityClass'],
    ['node.k8s.io/v1', 'RuntimeClass'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ])('%s %s', (apiVersion, kind) => {
    const empty = {apiVersion, kind, metadata: {name: 'x', namespace: 'default'}};
    expect(expanded([empty, pod('p')]).model.pods).toHaveLength(1);
  });
});
