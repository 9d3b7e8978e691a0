/** Rules of FlinkDeployment, FlinkSessionJob and FlinkBlueGreenDeployment that the recorded answers do not show. */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {flinkBlueGreenObjects} from '../../flink/flinkBlueGreenDeployment.ts';
import {
  APACHE_OPERATORS,
  type ApacheOperator,
  DEFAULT_APACHE_OPERATOR,
} from '../../flink/flinkDeployment/apacheOperator.ts';
import {type ApacheQuestion, askApacheOperator} from '../../flink/flinkDeployment/askApacheOperator.ts';
import {sessionJobDemand} from '../../flink/flinkDeployment/sessionJobs.ts';
import {flinkObjects} from '../../flink/flinkObjects.ts';
import {RelatedResources} from '../../flink/relatedResources.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

const metadata = {name: 'job', namespace: 'stream', uid: 'u-1'};
const apiVersion = 'flink.apache.org/v1beta1';
const resources = (memory: string) => ({requests: {memory, cpu: '1'}});

function deployment(spec: object, name = 'job'): KubernetesObject {
  return {
    apiVersion,
    kind: 'FlinkDeployment',
    metadata: {...metadata, name},
    spec: {
      image: 'flink:1.20',
      flinkVersion: 'v1_20',
      serviceAccount: 'flink',
      flinkConfiguration: {'taskmanager.numberOfTaskSlots': '2'},
      jobManager: {resource: {cpu: 1, memory: '1600m'}},
      taskManager: {resource: {cpu: 2, memory: '3g'}},
      job: {jarURI: 'local:///a.jar', parallelism: 5},
      ...spec,
    },
  };
}

function sessionJob(name: string, spec: object = {}): KubernetesObject {
  const job = {jarURI: 'https://repo.example.org/a.jar', parallelism: 3};
  return {
    apiVersion,
    kind: 'FlinkSessionJob',
    metadata: {name, namespace: 'stream'},
    spec: {deploymentName: 'job', job, ...spec},
  };
}

function ask(question: ApacheQuestion, operator: ApacheOperator = DEFAULT_APACHE_OPERATOR) {
  return askApacheOperator(question, operator);
}

/** The validator's message. */
function refusal(question: ApacheQuestion, operator?: ApacheOperator): unknown {
  return ask(question, operator).validation;
}

function objectsOf(object: KubernetesObject, related: readonly KubernetesObject[] = []) {
  const outcome = flinkObjects(object, {operator: null, related: new RelatedResources(related)});
  if (outcome.kind !== 'objects') throw new Error(JSON.stringify(outcome));
  return outcome;
}

describe('the jobs of a session cluster', () => {
  const session = deployment({job: null});
  const small = {job: {jarURI: 'https://repo.example.org/a.jar', parallelism: 2}};

  test.each<[name: string, jobs: readonly KubernetesObject[], taskManagers: number, used: number | null]>([
    ['none is known', [], 0, null],
    ['slots are added up before they are divided', [sessionJob('a'), sessionJob('b', small)], 3, 5],
    ['a job of another cluster', [sessionJob('a', {deploymentName: 'other'})], 0, null],
    ['a suspended job', [sessionJob('a', {job: {...small.job, state: 'suspended'}}), sessionJob('b')], 2, 3],
    [
      'a job that is refused',
      [sessionJob('a', {job: {jarURI: 'http://repo.example.org/a.jar', parallelism: 9}}), sessionJob('b')],
      2,
      3,
    ],
    ['a job of another namespace', [{...sessionJob('a'), metadata: {name: 'a', namespace: 'elsewhere'}}], 0, null],
  ])('%s', (_name, jobs, taskManagers, used) => {
    const {objects, slots} = objectsOf(session, jobs);
    expect(objects.filter(({component}) => component === 'taskmanager')).toHaveLength(taskManagers);
    expect(slots).toEqual({total: taskManagers * 2, used});
  });

  test('a standalone session has the TaskManagers it says, and names the slots that are missing', () => {
    const standalone = deployment({job: null, mode: 'standalone'});
    const {slots, notes} = objectsOf(standalone, [sessionJob('a')]);
    expect(slots).toEqual({total: 2, used: 3});
    expect(notes).toEqual(['3 slots are asked for, 1 more than 1 TaskManagers of 2 slots have']);
  });

  test('a job asks for its parallelism', () => {
    const demand = sessionJobDemand(sessionJob('a'), session, DEFAULT_APACHE_OPERATOR);
    expect(demand).toEqual({kind: 'demand', deploymentName: 'job', slots: 3});
  });
});

describe('a blue-green deployment', () => {
  const template = {spec: {...(deployment({}).spec as object), ingress: {template: '{{name}}.example.org'}}};
  const object = {apiVersion, kind: 'FlinkBlueGreenDeployment', metadata, spec: {template}};

  test('is blue first', () => {
    const {objects, slots, notes} = objectsOf(object);
    expect(
      objects.map(
        ({
          object: {
            kind,
            metadata: {name},
          },
        }) => `${kind}/${name}`,
      ),
    ).toEqual(['Deployment/job-blue', ...[1, 2, 3].map((index) => `Pod/job-blue-taskmanager-1-${index}`)]);
    expect(objects[0]?.object.metadata).toMatchObject({
      namespace: 'stream',
      ownerReferences: [{kind: 'FlinkDeployment', name: 'job-blue'}],
    });
    expect(slots).toEqual({total: 6, used: 5});
    expect(notes.at(-1)).toContain('a change starts a second cluster of its size');
  });

  test('is two whole clusters in a transition', () => {
    const outcome = flinkBlueGreenObjects(object, DEFAULT_APACHE_OPERATOR, {transition: true});
    if (outcome.kind !== 'objects') throw new Error(outcome.kind);
    const managers = outcome.objects.filter(({component}) => component === 'jobmanager');
    expect(
      managers.map(
        ({
          object: {
            metadata: {name},
          },
        }) => name,
      ),
    ).toEqual(['job-blue', 'job-green']);
    expect(outcome.slots).toEqual({total: 12, used: 5});
  });

  test('is refused where its template is', () => {
    const spec = {template: {spec: {...template.spec, serviceAccount: null}}};
    expect(flinkObjects({...object, spec}, {operator: null})).toMatchObject({
      kind: 'refused',
      pointer: '/spec/template/spec',
      problems: [{gate: 'validation', pointer: '/spec/template/spec'}],
    });
  });

  test('is unknown to 1.7.0', () => {
    expect(flinkObjects(object, {operator: 'apache-1.7.0'})).toMatchObject({kind: 'none'});
  });
});

describe('a memory in the wrong unit system is named', () => {
  const notesOf = (requests: object, limits?: object) =>
    objectsOf(deployment({taskManager: {resources: {requests, limits}}})).notes.slice(1);

  test.each<[memory: string, note: string | undefined]>([
    ['4096Mi', undefined],
    ['4294967296', undefined],
    ['4096m', 'is 4096 MiB to Flink and 4.096 bytes to Kubernetes; write "4096Mi"'],
    ['4G', 'is 4096 MiB to Flink and 4000000000 bytes to Kubernetes; write "4096Mi"'],
  ])('%s', (memory, note) => {
    const expected = note === undefined ? [] : [`spec.taskManager.resources.requests.memory: "${memory}" ${note}`];
    expect(notesOf({memory, cpu: '1'})).toEqual(expected);
  });

  test('and so is a limit made of both', () => {
    expect(notesOf({memory: '4096m', cpu: '1'}, {memory: '5Gi'})).toEqual([
      expect.stringContaining('is 4096 MiB to Flink'),
      'the memory limit of taskManager is nonsense: it is made of request and limit in different units',
    ]);
  });

  test("Flink's own syntax is right in `resource`", () => {
    expect(objectsOf(deployment({taskManager: {resource: {cpu: 1, memory: '4096m'}}})).notes.slice(1)).toEqual([]);
  });
});

describe('who refuses', () => {
  test.each<[gate: string, spec: object, pointer: string]>([
    ['schema', {taskManager: {resource: {cpu: '1', memory: '3g'}}}, '/spec/taskManager/resource/cpu'],
    ['schema', {mode: 'yarn'}, '/spec/mode'],
    [
      'validation',
      {flinkConfiguration: {'kubernetes.namespace': 'x'}},
      '/spec/flinkConfiguration/kubernetes.namespace',
    ],
    ['validation', {job: {jarURI: 'local:///a.jar', parallelism: 0}}, '/spec/job/parallelism'],
    ['validation', {ingress: {}}, '/spec/ingress'],
    ['deployment', {taskManager: {resource: {cpu: 1, memory: '981m'}}}, '/spec'],
    [
      'deployment',
      {flinkConfiguration: {'kubernetes.jobmanager.cpu.limit-factor': '0.5'}},
      '/spec/flinkConfiguration/kubernetes.jobmanager.cpu.limit-factor',
    ],
  ])('%s: %j', (gate, spec, pointer) => {
    expect(flinkObjects(deployment(spec), {operator: null})).toMatchObject({
      kind: 'refused',
      pointer,
      problems: [{gate, pointer}],
    });
  });

  test('the schema says everything at once', () => {
    const {schemaErrors} = ask({resource: deployment({mode: 'x', image: 1, job: {state: 'on'}})});
    expect(schemaErrors).toEqual([
      'spec.image: Invalid value: "integer": spec.image in body must be of type string: "integer"',
      'spec.job.state: Unsupported value: "on": supported values: "running", "suspended"',
      'spec.mode: Unsupported value: "x": supported values: "native", "standalone"',
    ]);
  });
});

describe('the jar of a session job', () => {
  const jar = (jarURI: string) => sessionJob('a', {job: {jarURI, parallelism: 1}});

  test.each<[jarURI: string, message: string | null]>([
    ['https://repo.example.org/a.jar', null],
    ['HTTPS://203.0.113.5/a.jar', null],
    ['https://[2001:db8::1]/a.jar', null],
    [
      's3://bucket/a.jar',
      "jarURI scheme 's3' is not in the allowlist [https]. Configure 'kubernetes.operator.user.artifacts.allowed-schemes' to extend the allowlist.",
    ],
    ['a b.jar', 'jarURI is not a valid URI: Illegal character in path at index 1: a b.jar'],
    ['https:///a.jar', 'jarURI must include a host for http/https schemes'],
    ['https://no_server/a.jar', 'jarURI must include a host for http/https schemes'],
    ...[
      'localhost',
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '0.0.0.0',
      '224.0.0.1',
    ].map((host): [string, string] => [
      `https://${host}/a.jar`,
      `jarURI host '${host}' resolves to a restricted address`,
    ]),
    ...['[::1]', '[fe80::1]', '[::ffff:10.0.0.1]', 'files.tools.svc'].map((host): [string, string] => [
      `https://${host}/a.jar`,
      `jarURI host '${host}' resolves to a restricted address`,
    ]),
    ['https://repo.invalid/a.jar', "jarURI host 'repo.invalid' cannot be resolved"],
    ['https://repo/a.jar', "jarURI host 'repo' cannot be resolved"],
  ])('%s', (jarURI, message) => {
    expect(refusal({resource: jar(jarURI)})).toBe(message);
  });

  test('the operator may be told to allow more, the job may not', () => {
    const operator = {
      'kubernetes.operator.user.artifacts.allowed-schemes': 'https;http',
      'kubernetes.operator.user.artifacts.disallow-restricted-hosts': 'false',
    };
    expect(refusal({resource: jar('http://localhost/a.jar'), operator})).toBe(null);
    const resource = sessionJob('a', {
      job: {jarURI: 'http://localhost/a.jar', parallelism: 1},
      flinkConfiguration: operator,
    });
    expect(refusal({resource})).toContain("jarURI scheme 'http'");
  });
});

describe('options of the autoscaler', () => {
  const outOfRange = (key: string, range: string) =>
    `The AutoScalerOption job.autoscaler.${key} is invalid, it should be a value within the range ${range}`;
  const period = (value: string, reason: string) =>
    `Invalid value ${value} in the autoscaler config job.autoscaler.excluded.periods${reason}`;

  test.each<[options: Readonly<Record<string, string>>, message: string | null]>([
    [{'utilization.target': '0.8', 'utilization.max': '0.9', 'utilization.min': '0.5'}, null],
    [{'utilization.target': '1.5'}, outOfRange('utilization.target', '[0.0, 1.0]')],
    [{'target.utilization': '-1'}, outOfRange('utilization.target', '[0.0, 1.0]')],
    [{'utilization.max': '0.6'}, outOfRange('utilization.max', '[0.7, 1.0]')],
    [{'utilization.min': '0.8'}, outOfRange('utilization.min', '[0.0, 0.7]')],
    [{'scale-up.max-factor': 'x'}, 'Invalid value in the autoscaler config job.autoscaler.scale-up.max-factor'],
    [{'excluded.periods': '9:30:30-10:50:20'}, null],
    [{'excluded.periods': '9:30-10:50 && * * * ? * 2,5;* * 9-11,14-16 * * ?'}, null],
    [
      {'excluded.periods': '12:00-10:00'},
      period('12:00-10:00', ', the value is neither a valid daily expression nor a valid cron expression'),
    ],
    [
      {'excluded.periods': '1:00-2:00&&3:00-4:00'},
      period(
        '1:00-2:00&&3:00-4:00',
        ', the value can not be configured as dailyExpression && dailyExpression or cronExpression && cronExpression',
      ),
    ],
    [{'excluded.periods': '1:00-2:00&&3:00-4:00&&5:00-6:00'}, period('1:00-2:00&&3:00-4:00&&5:00-6:00', '')],
  ])('%j', (options, message) => {
    const entries = Object.entries({enabled: 'true', ...options}).map(([key, value]) => [
      `job.autoscaler.${key}`,
      value,
    ]);
    expect(refusal({resource: deployment({flinkConfiguration: Object.fromEntries(entries)})})).toBe(message);
  });
});

describe('an update', () => {
  const suspended = {jarURI: 'local:///a.jar', parallelism: 5, state: 'suspended', upgradeMode: 'last-state'};
  const job = {jarURI: 'local:///a.jar', parallelism: 5};

  test.each<[name: string, old: object, spec: object, message: string | null]>([
    ['session to job', {job: null}, {}, 'Cannot switch from session to job cluster'],
    ['job to session', {}, {job: null}, 'Cannot switch from job to session cluster'],
    [
      'native to standalone',
      {},
      {mode: 'standalone'},
      'Cannot switch from native kubernetes to standalone kubernetes cluster',
    ],
    [
      'standalone to native',
      {mode: 'standalone'},
      {},
      'Cannot switch from standalone kubernetes to native kubernetes cluster',
    ],
    ['another parallelism', {}, {job: {...job, parallelism: 6}}, null],
    ['another version', {}, {flinkVersion: 'v2_0'}, null],
    [
      'another version after a suspend with last-state',
      {job: suspended},
      {
        flinkVersion: 'v2_0',
        job: {...job, upgradeMode: 'last-state'},
        flinkConfiguration: {'execution.checkpointing.dir': 's3://c'},
      },
      'Changing flinkVersion after last-state suspend is not allowed. Restore your cluster with the current flinkVersion and perform the version upgrade afterwards.',
    ],
    [
      'a redeployment from nowhere',
      {},
      {job: {...job, savepointRedeployNonce: 1}},
      'InitialSavepointPath must not be empty for savepoint redeployment',
    ],
    ['a redeployment', {}, {job: {...job, savepointRedeployNonce: 1, initialSavepointPath: 's3://s'}}, null],
  ])('%s', (_name, old, spec, message) => {
    expect(refusal({resource: deployment(spec), old: deployment(old)})).toBe(message);
  });

  test('a session job keeps its cluster', () => {
    const question = {resource: sessionJob('a'), old: sessionJob('a', {deploymentName: 'other'})};
    expect(refusal(question)).toBe("The deploymentName can't be changed");
  });
});

describe("the operator's defaults", () => {
  const slots = 'taskmanager.numberOfTaskSlots';
  const prefix = 'kubernetes.operator.default-configuration';
  const everything = {
    [slots]: '3',
    [`${prefix}.namespace.stream.${slots}`]: '4',
    [`${prefix}.flink-version.v1_18+.${slots}`]: '5',
    [`${prefix}.flink-version.v1_20.${slots}`]: '6',
  };

  test.each<[spec: object, operator: Readonly<Record<string, string>>, slotsPerTaskManager: number]>([
    [{}, everything, 2],
    [{flinkConfiguration: {}}, {[slots]: '3'}, 3],
    [{flinkConfiguration: {}}, everything, 6],
    [{flinkConfiguration: {}, flinkVersion: 'v1_19'}, everything, 5],
    [{flinkConfiguration: {}, flinkVersion: 'v1_17'}, everything, 4],
  ])('%j', (spec, operator, slotsPerTaskManager) => {
    expect(ask({resource: deployment(spec), operator})).toMatchObject({validation: null, slotsPerTaskManager});
  });
});

describe('how many TaskManagers', () => {
  const overrides = {'pipeline.jobvertex-parallelism-overrides': 'a:7,b:3', 'taskmanager.numberOfTaskSlots': '2'};

  test.each<[name: string, spec: object, count: number, used: number]>([
    ['spare ones of a native job', {flinkConfiguration: {'slotmanager.redundant-taskmanager-num': '2'}}, 7, 5],
    ['overrides of vertices in standalone mode', {mode: 'standalone', flinkConfiguration: overrides}, 4, 7],
    ['overrides of vertices in native mode', {flinkConfiguration: overrides}, 3, 5],
    ['replicas before parallelism', {taskManager: {replicas: 4, resource: {cpu: 1, memory: '3g'}}}, 4, 8],
  ])('%s', (_name, spec, count, used) => {
    const {objects, slots} = objectsOf(deployment(spec));
    const replicas = objects
      .filter(({component}) => component === 'taskmanager')
      .reduce((sum, {object}) => sum + ((object.spec as {replicas?: number}).replicas ?? 1), 0);
    expect({replicas, used: slots?.used}).toEqual({replicas: count, used});
  });
});

test('of equal JobManagers in `resources` and `resource` the first counts, in newer releases', () => {
  const jobManager = {resource: {cpu: 1, memory: '1g'}, resources: resources('2Gi')};
  const processOf = (operator: ApacheOperator) => ask({resource: deployment({jobManager})}, operator).jobManagerProcess;
  expect(processOf('apache-1.16-SNAPSHOT-6e9caeb')).toBe(2n ** 31n);
  expect(processOf('apache-1.15.0')).toBe(2n ** 30n);
});

test('what supports the workloads belongs to the resource, too', () => {
  const {supporting = [], flink} = objectsOf(deployment({podTemplate: {}}));
  expect(supporting.map(({kind, metadata: {name, namespace}}) => `${namespace} ${kind}/${name}`)).toEqual([
    'stream Service/job',
    'stream Service/job-rest',
    'stream ConfigMap/flink-config-job',
    'stream ConfigMap/pod-template-job',
  ]);
  expect(flink).toMatchObject({
    version: '1.20',
    configuration: {'taskmanager.memory.process.size': '3221225472 bytes'},
  });
});

test('the generation of a resource is written on its JobManager', () => {
  const object = {...deployment({}), metadata: {...metadata, generation: 4}};
  const [jobManager] = objectsOf(object).objects;
  expect(jobManager?.object.metadata.annotations).toEqual({'flinkdeployment.flink.apache.org/generation': '4'});
});

test.each<[template: string, rule: object]>([
  ['{{name}}.{{namespace}}.example.org', {host: 'job.stream.example.org', path: undefined}],
  ['/{{namespace}}/{{name}}(/|$)(.*)', {host: undefined, path: '/stream/job(/|$)(.*)'}],
  ['https://flink.example.org:443/{{name}}', {host: 'flink.example.org', path: '/job'}],
])('the ingress %s leads to the REST port', (template, {host, path}: {host?: string; path?: string}) => {
  const ingress = {template, className: 'nginx', annotations: {a: 'b'}};
  const {supporting = []} = objectsOf(deployment({ingress, flinkConfiguration: {'rest.port': '9091'}}));
  const made = supporting.find(({kind}) => kind === 'Ingress');
  expect(made?.metadata).toMatchObject({name: 'job', namespace: 'stream', annotations: {a: 'b'}});
  expect(made?.spec).toEqual({
    ingressClassName: 'nginx',
    rules: [
      {
        ...(host === undefined ? {} : {host}),
        http: {
          paths: [
            {
              backend: {service: {name: 'job-rest', port: {number: 9091}}},
              ...(path === undefined ? {} : {path}),
              pathType: 'ImplementationSpecific',
            },
          ],
        },
      },
    ],
  });
});

const KEYS = [
  ...['job', 'jobManager', 'taskManager', 'resource', 'resources', 'requests', 'limits', 'memory', 'cpu', 'replicas'],
  ...[
    'podTemplate',
    'spec',
    'metadata',
    'containers',
    'flinkConfiguration',
    'parallelism',
    'jarURI',
    'ingress',
    'mode',
  ],
  ...[
    'template',
    'logConfiguration',
    'rest.port',
    'taskmanager.numberOfTaskSlots',
    'kubernetes.secrets',
    'upgradeMode',
  ],
];
const {value} = fc.letrec((tie) => ({
  value: fc.oneof(
    {maxDepth: 4},
    fc.constantFrom<unknown>(null, 'x', '1Gi', 'a:b', '', 0, -1, 1.5, 3, true, 'standalone', 'flink-main-container'),
    fc.array(tie('value'), {maxLength: 2}),
    fc.dictionary(fc.constantFrom(...KEYS, 'name'), tie('value'), {maxKeys: 4}),
  ),
}));

test('every resource has an answer, in every release', () => {
  const field = fc.constantFrom(...KEYS);
  fc.assert(
    fc.property(
      fc.dictionary(field, value, {maxKeys: 3}),
      value,
      fc.constantFrom(...APACHE_OPERATORS),
      (spec, whole, operator) => {
        const object = deployment(spec);
        for (const resource of [
          object,
          {...object, spec: whole},
          sessionJob('a', spec),
          {...sessionJob('a'), spec: whole},
        ]) {
          expect(Object.keys(ask({resource, session: object, old: deployment({})}, operator))).not.toEqual([]);
        }
      },
    ),
    {seed: 0x5eed, numRuns: 500},
  );
});
