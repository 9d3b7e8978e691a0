import {describe, expect, test} from 'vitest';
import {downloads} from '../../flink/downloads.ts';
import {flinkObjects} from '../../flink/flinkObjects.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

type Fields = Readonly<Record<string, unknown>>;

const RESOURCES = {limits: {cpu: '1', memory: '2Gi'}};
const JAR = 'hdfs://ns1/apps/a.jar';

/** A FlinkCluster with two TaskManagers. */
function cluster({job, taskManager = {}, ...spec}: Fields): KubernetesObject {
  return {
    apiVersion: 'flinkoperator.k8s.io/v1beta1',
    kind: 'FlinkCluster',
    metadata: {name: 'a', namespace: 'ns'},
    spec: {
      flinkVersion: '1.18.1',
      image: {name: 'flink:1.18.1'},
      jobManager: {accessScope: 'Cluster', resources: RESOURCES},
      taskManager: {replicas: 2, resources: RESOURCES, ...(taskManager as Fields)},
      ...(job === undefined ? {} : {job: {restartPolicy: 'Never', ...(job as Fields)}}),
      ...spec,
    },
  };
}

/** A FlinkDeployment that needs three TaskManagers. */
function deployment(job: Fields, spec: Fields = {}): KubernetesObject {
  return {
    apiVersion: 'flink.apache.org/v1beta1',
    kind: 'FlinkDeployment',
    metadata: {name: 'a', namespace: 'ns'},
    spec: {
      image: 'flink:1.20',
      flinkVersion: 'v1_20',
      serviceAccount: 'flink',
      jobManager: {resource: {cpu: 1, memory: '2g'}},
      taskManager: {resource: {cpu: 1, memory: '2g'}},
      job: {parallelism: 3, upgradeMode: 'stateless', ...job},
      ...spec,
    },
  };
}

/** `way by times what`, with the container and the variable in brackets. */
function fetched(resource: KubernetesObject, operator: string | null = null, taskManagers?: number): readonly string[] {
  const outcome = flinkObjects(resource, {operator});
  if (outcome.kind === 'refused') throw new Error(outcome.message);
  return downloads(resource, outcome, taskManagers).map(({way, by, times, what, container, variable}) => {
    const via = [container, variable].filter((one) => one !== null).join(' ');
    return `${way} ${by} ${times ?? '?'} ${what ?? '?'}${via === '' ? '' : ` [${via}]`}`;
  });
}

const handedOn = (what: string, taskManagers: number) => [
  `submission jobmanager 1 ${what}`,
  `blob server taskmanager ${taskManagers} ${what}`,
];

describe("a job's jar", () => {
  test.each<readonly [string, KubernetesObject, readonly string[]]>([
    ['of a session cluster: there is none', cluster({}), []],
    [
      'in the image: the submitter hands it on',
      cluster({job: {jarFile: '/opt/a.jar'}}),
      ['image node ? /opt/a.jar', ...handedOn('/opt/a.jar', 2)],
    ],
    [
      'on a volume that an init container fills',
      cluster({
        job: {
          jarFile: '/jars/a.jar',
          volumes: [{name: 'jars', emptyDir: {}}],
          volumeMounts: [{name: 'jars', mountPath: '/jars/'}],
          initContainers: [{name: 'fetch', image: 'x', command: ['sh', '-c', `get "${JAR}" /jars; echo file:///x`]}],
        },
      }),
      ['volume submitter ? /jars/a.jar', ...handedOn('/jars/a.jar', 2), `init container submitter 1 ${JAR} [fetch]`],
    ],
    [
      "behind a volume's namesake: in the image",
      cluster({
        job: {
          jarFile: '/jars-2/a.jar',
          volumes: [{name: 'jars', emptyDir: {}}],
          volumeMounts: [{name: 'jars', mountPath: '/jars'}],
        },
      }),
      ['image node ? /jars-2/a.jar', ...handedOn('/jars-2/a.jar', 2)],
    ],
    [
      'at an address, for flink run to read',
      cluster({job: {jarFile: JAR, classPath: ['https://repo.example.com/b.jar', '/opt/c.jar']}}),
      [
        `submission submitter 1 ${JAR}`,
        ...handedOn(JAR, 2),
        'class path jobmanager 1 https://repo.example.com/b.jar',
        'class path taskmanager 2 https://repo.example.com/b.jar',
        'class path submitter 1 https://repo.example.com/b.jar',
      ],
    ],
    [
      'of an application: both have it',
      cluster({job: {mode: 'Application', className: 'A'}}),
      ['image node ? /opt/flink/usrlib'],
    ],
    [
      'of an application, on a volume of the TaskManagers',
      cluster({
        job: {mode: 'Application', className: 'A'},
        taskManager: {
          volumes: [{name: 'library', emptyDir: {}}],
          volumeMounts: [{name: 'library', mountPath: '/opt/flink/usrlib'}],
        },
      }),
      ['image node ? /opt/flink/usrlib', 'volume taskmanager ? /opt/flink/usrlib'],
    ],
    [
      'in the image of a native deployment: the JobManager hands it on',
      deployment({jarURI: 'local:///opt/a.jar'}),
      ['image node ? local:///opt/a.jar', 'blob server taskmanager 3 local:///opt/a.jar'],
    ],
    [
      'at an address, which the JobManager of a native deployment fetches',
      deployment(
        {jarURI: JAR},
        {flinkConfiguration: {'user.artifacts.artifact-list': 'https://repo.example.com/b.jar;local:///c.jar'}},
      ),
      [
        `artifact jobmanager 1 ${JAR}`,
        `blob server taskmanager 3 ${JAR}`,
        'artifact jobmanager 1 https://repo.example.com/b.jar',
      ],
    ],
    [
      'of a standalone deployment: both have it',
      deployment({jarURI: 'local:///opt/a.jar'}, {mode: 'standalone'}),
      ['image node ? /opt/a.jar'],
    ],
  ])('%s', (_name, resource, expected) => {
    expect(fetched(resource)).toEqual(expected);
  });

  test("at an address, which GCP's operator tells the submitter", () => {
    const jar = 'gs://bucket/a.jar';
    const resource = cluster({flinkVersion: undefined, job: {jarFile: jar}});
    expect(fetched(resource, 'gcp-fe98573')).toEqual([
      ...handedOn(jar, 2),
      `variable submitter 1 ${jar} [main FLINK_JOB_JAR_URI]`,
    ]);
  });

  test('of a session job: the operator fetches it, the JobManager hands it on', () => {
    const job = {
      apiVersion: 'flink.apache.org/v1beta1',
      kind: 'FlinkSessionJob',
      metadata: {name: 'b', namespace: 'ns'},
      spec: {deploymentName: 'a', job: {jarURI: 'https://203.0.113.5/a.jar', parallelism: 2, upgradeMode: 'stateless'}},
    };
    const [artifact, ...others] = fetched(job, null, 4);
    expect(artifact).toBe('artifact operator 1 https://203.0.113.5/a.jar');
    expect(others).toEqual(handedOn('https://203.0.113.5/a.jar', 4));
    expect(fetched(job).at(-1)).toBe('blob server taskmanager ? https://203.0.113.5/a.jar');
  });
});

describe('variables of containers', () => {
  const of = (value: string) =>
    fetched(cluster({envVars: [{name: 'FILES', value}]}))
      .filter((line) => line.startsWith('variable taskmanager'))
      .map((line) => line.replace('variable taskmanager 2 ', '').replace(' [taskmanager FILES]', ''));

  test.each<readonly [string, readonly string[]]>([
    ['hdfs://ns1/a.jar', ['hdfs://ns1/a.jar']],
    ['s3://b/a.jar,gs://b/c.jar', ['s3://b/a.jar', 'gs://b/c.jar']],
    [' https://x/a.jar , https://x/b.jar,', ['https://x/a.jar', 'https://x/b.jar']],
    ['hdfs://ns1/a.jar,/opt/b.jar', []],
    ['/opt/a.jar', []],
    ['local:///opt/a.jar', []],
    ['jdbc:mysql://db/x', []],
    ['a-jobmanager:8081', []],
    ['', []],
  ])('%j points to %j', (value, addresses) => {
    expect(of(value)).toEqual(addresses);
  });

  test('every container start of every component downloads', () => {
    const resource = cluster({
      envVars: [{name: 'FLINK_USER_JAR', value: JAR}],
      job: {jarFile: '/opt/a.jar', initContainers: [{name: 'prepare', image: 'x'}]},
    });
    expect(fetched(resource).filter((line) => line.includes(JAR))).toEqual([
      `variable jobmanager 1 ${JAR} [jobmanager FLINK_USER_JAR]`,
      `variable taskmanager 2 ${JAR} [taskmanager FLINK_USER_JAR]`,
      `variable submitter 1 ${JAR} [prepare FLINK_USER_JAR]`,
      `variable submitter 1 ${JAR} [main FLINK_USER_JAR]`,
    ]);
  });

  test('a variable may be built of those above it', () => {
    const envVars = [
      {name: 'LATER', value: '$(BASE)/a.jar'},
      {name: 'BASE', value: 'hdfs://ns1'},
      {name: 'JAR', value: '$(BASE)/a.jar'},
      {name: 'PLAIN', value: 'hdfs://ns1/$$(BASE)'},
    ];
    const found = fetched(cluster({envVars})).filter((line) => line.startsWith('variable jobmanager'));
    expect(found.map((line) => line.replace('variable jobmanager 1 ', ''))).toEqual([
      'hdfs://ns1 [jobmanager BASE]',
      'hdfs://ns1/a.jar [jobmanager JAR]',
      'hdfs://ns1/$(BASE) [jobmanager PLAIN]',
    ]);
  });
});

test('an init container that tells no address may fetch anything', () => {
  const resource = cluster({taskManager: {initContainers: [{name: 'warm', image: 'x', args: ['--fast']}]}});
  expect(fetched(resource)).toEqual(['init container taskmanager 2 ? [warm]']);
});
