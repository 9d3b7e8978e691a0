import {describe, expect, test} from 'vitest';
import {findCatalog} from '../../catalog/catalogs.ts';
import {memoryViews} from '../../catalog/memoryViews.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject, NodeObject, ResourceList} from '../../model/kubernetes.ts';
import {type Node, toNode} from '../../model/node.ts';
import {expand} from '../../workloads/expand.ts';
import {lintFlink} from '../../workloads/lint/flink/lintFlink.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The place of a field is its pointer, so that findings show where they point. */
const ORIGIN = {file: 'x.yaml', at: (pointer: string) => ({line: pointer.split('/').length, column: 1})};
const GCP = 'gcp-fe98573';
const SPOTIFY = 'spotify-v0.6.0';
const APACHE = 'apache-1.15.0';

const sized = (memory: string, cpu = '200m') => ({requests: {cpu, memory}, limits: {cpu, memory}});

function flinkCluster({jobManager = {}, taskManager = {}, job = {}, ...spec}: Record<string, Fields | string> = {}) {
  return {
    apiVersion: 'flinkoperator.k8s.io/v1beta1',
    kind: 'FlinkCluster',
    metadata: {name: 'job', namespace: 'streams'},
    spec: {
      image: {name: 'flink:1.11.3'},
      jobManager: {accessScope: 'Cluster', resources: sized('4Gi'), ...(jobManager as Fields)},
      taskManager: {replicas: 2, resources: sized('4Gi'), ...(taskManager as Fields)},
      job: {
        jarFile: 'a.jar',
        parallelism: 2,
        restartPolicy: 'Never',
        cleanupPolicy: {
          afterJobSucceeds: 'DeleteCluster',
          afterJobFails: 'DeleteTaskManager',
          afterJobCancelled: 'DeleteCluster',
        },
        ...(job as Fields),
      },
      ...spec,
    },
  } satisfies KubernetesObject;
}

function flinkDeployment({taskManager = {memory: '24576m', cpu: 3}, parallelism = 12, ...spec}: Fields = {}) {
  return {
    apiVersion: 'flink.apache.org/v1beta1',
    kind: 'FlinkDeployment',
    metadata: {name: 'job', namespace: 'streams'},
    spec: {
      image: 'flink:1.20',
      flinkVersion: 'v1_20',
      serviceAccount: 'flink',
      flinkConfiguration: {'taskmanager.numberOfTaskSlots': '4'},
      jobManager: {resource: {cpu: 1, memory: '2048m'}},
      taskManager: {resource: taskManager},
      job: {jarURI: 'local:///a.jar', parallelism, upgradeMode: 'stateless', state: 'running'},
      ...spec,
    },
  } satisfies KubernetesObject;
}

function machine(instanceType: string, memory: string, cpu: string, {capacity, ...spec}: Fields = {}): Node {
  return toNode({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name: instanceType, labels: {'node.kubernetes.io/instance-type': instanceType}},
    spec,
    status: {
      allocatable: {cpu, memory, pods: '110'},
      ...(capacity === undefined ? {} : {capacity: capacity as ResourceList}),
    },
  } satisfies NodeObject);
}

/** As EKS leaves it after the 7.5 % that Karpenter assumes, and after those measured. */
const GUESSED = machine('r5.4xlarge', '118312Mi', '15890m');
const MEASURED = machine('r5.4xlarge', '124401Mi', '15890m');

function daemon(memory: string): KubernetesObject {
  const labels = {app: 'agent'};
  const resources = sized(memory, '100m');
  const template = {metadata: {labels}, spec: {containers: [{name: 'main', image: 'a:1', resources}]}};
  const metadata = {name: 'agent', namespace: 'streams'};
  return {apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: {selector: {matchLabels: labels}, template}};
}

function service(replicas: number, memory: string, cpu: string): KubernetesObject {
  const labels = {app: 'web'};
  const resources = sized(memory, cpu);
  const template = {metadata: {labels}, spec: {containers: [{name: 'main', image: 'a:1', resources}]}};
  const metadata = {name: 'web', namespace: 'shop'};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {replicas, selector: {matchLabels: labels}, template},
  };
}

interface Setting {
  readonly operator?: string;
  readonly nodes?: readonly Node[];
  readonly beside?: readonly KubernetesObject[];
}

function diagnose(object: KubernetesObject, {operator, nodes = [], beside = []}: Setting) {
  const inputs = [object, ...beside].map((one) => ({object: one, origin: ORIGIN}));
  const flinkOperator = operator ?? null;
  const options = {nodes, cronJobs: 'Idle', flinkOperator, reschedule: false} as const;
  const diagnostics = new Diagnostics();
  const model = expand(inputs, options, diagnostics);
  expect(diagnostics.errors).toEqual([]);
  const types = findCatalog('aws/us-east-1')!.instanceTypes;
  return lintFlink(model, {
    objects: inputs,
    operator: flinkOperator,
    memoryViews: ({instanceType}) => {
      const type = types.get(instanceType ?? '');
      return type === undefined ? [] : memoryViews(type, 'aws', {rule: 'EKS'});
    },
  });
}

/** Message and hint of the findings of one code. */
function found(
  code: string,
  object: KubernetesObject,
  setting: Setting = {},
): readonly (readonly (string | undefined)[])[] {
  return diagnose(object, setting)
    .filter((one) => one.code === code)
    .map(({message, hint}) => (hint === undefined ? [message] : [message, hint]));
}

test('nothing is said of a job whose sizes, slots and units agree', () => {
  expect(diagnose(flinkCluster(), {operator: GCP})).toEqual([]);
  expect(diagnose(flinkDeployment(), {operator: APACHE})).toEqual([]);
});

test.each([[3.5], [true], ['x'], [[]], [{}], [{jobManager: 1}], [{job: {parallelism: 'x'}, taskManager: null}]])(
  'of a resource that the API server refuses nothing is said, and nothing is thrown: spec %j',
  (spec) => {
    for (const object of [flinkCluster(), flinkDeployment()]) {
      for (const operator of [GCP, SPOTIFY, APACHE]) {
        const inputs = [{object: {...object, spec} as KubernetesObject, origin: ORIGIN}];
        const options = {nodes: [], cronJobs: 'Idle', flinkOperator: operator, reschedule: false} as const;
        const model = expand(inputs, options, new Diagnostics());
        expect(lintFlink(model, {objects: inputs, operator, memoryViews: () => []})).toEqual([]);
      }
    }
  },
);

test('a resource that is no FlinkCluster or FlinkDeployment is not looked at', () => {
  expect(diagnose(service(1, '1Gi', '1'), {})).toEqual([]);
});

describe('a process that does not start: Flink’s message, and the least that helps', () => {
  test.each<[who: string, object: KubernetesObject, operator: string, message: string, hint: string]>([
    [
      'Spotify’s operator gives a TaskManager 80 % of its limit',
      flinkCluster({flinkVersion: '1.16.3', taskManager: {replicas: 2, resources: sized('1226Mi', '1')}}),
      SPOTIFY,
      'the TaskManager does not start: TaskManager memory configuration failed: Sum of configured Framework Heap Memory',
      'starts with spec.taskManager.resources.limits.memory: 1227Mi',
    ],
    [
      'GCP’s operator gives it all but 600 MB',
      flinkCluster({taskManager: {replicas: 2, resources: sized('1080Mi', '1')}}),
      GCP,
      'the TaskManager does not start',
      'starts with spec.taskManager.resources.limits.memory: 1081Mi',
    ],
    [
      'Apache’s operator gives it all',
      flinkDeployment({taskManager: {memory: '981m', cpu: 1}}),
      APACHE,
      'the TaskManager does not start',
      'starts with spec.taskManager.resource.memory: 982m',
    ],
    [
      'a size of Kubernetes among Flink’s options',
      flinkCluster({flinkVersion: '1.16.3', flinkProperties: {'taskmanager.memory.managed.size': '1Gi'}}),
      SPOTIFY,
      'the TaskManager does not start',
      'starts with spec.flinkProperties[taskmanager.memory.managed.size]: 1g ("1Gi" is a Kubernetes quantity; Flink\'s units are binary already and write 1g)',
    ],
  ])('%s', (_who, object, operator, message, hint) => {
    const [finding, ...others] = found('STW-4101', object, {operator});
    expect(others).toEqual([]);
    expect(finding![0]).toContain(message);
    expect(finding![1]).toContain(hint);
  });

  test('one MiB more starts', () => {
    const enough = flinkCluster({flinkVersion: '1.16.3', taskManager: {replicas: 2, resources: sized('1227Mi', '1')}});
    expect(found('STW-4101', enough, {operator: SPOTIFY})).toEqual([]);
  });
});

test.each([
  [{taskManager: {memory: '900m', cpu: 1}}, 'STW-4101', 'spec.template.spec.taskManager.resource.memory: 982m', 5],
  [{parallelism: 9}, 'STW-4104', 'spec.template.spec.job.parallelism: 12', 6],
])('findings about two colours with %j name the fields of their template', (change, code, hint, parts) => {
  const {spec, ...rest} = flinkDeployment(change);
  const object = {...rest, kind: 'FlinkBlueGreenDeployment', spec: {template: {spec}}};
  const [finding] = diagnose(object, {}).filter((one) => one.code === code);
  expect(finding?.hint).toContain(hint);
  expect(finding?.place?.line, 'parts of the pointer').toBe(parts);
});

describe('a process larger than its container', () => {
  test.each<[rule: string, limit: string, found: readonly (readonly string[])[]]>([
    [
      'a JobManager of GCP’s operator under 3386Mi',
      '1024Mi',
      [
        [
          'the JobManager may grow to 1050.00 MiB, 26 MiB over the 1024.00 MiB that its container may use: it risks being killed',
          'fits with spec.flinkProperties[jobmanager.heap.size]: 448m (the largest that does); or with spec.jobManager.resources.limits.memory: 3386Mi (the least that does)',
        ],
      ],
    ],
    ['from there on it fits', '3386Mi', []],
  ])('%s', (_rule, limit, expected) => {
    const object = flinkCluster({jobManager: {resources: sized(limit)}});
    expect(found('STW-4102', object, {operator: GCP})).toEqual(expected);
  });

  test('what is told to fit does, and nothing larger', () => {
    const over = (heap: string) => {
      const flinkProperties = {'jobmanager.heap.size': heap};
      return found('STW-4102', flinkCluster({jobManager: {resources: sized('1024Mi')}, flinkProperties}), {
        operator: GCP,
      });
    };
    expect(over('448m')).toEqual([]);
    expect(over('449m')).toHaveLength(1);
  });

  test('an option that is larger than the limit', () => {
    const object = flinkCluster({flinkVersion: '1.16.3', flinkProperties: {'taskmanager.memory.process.size': '5g'}});
    expect(found('STW-4102', object, {operator: SPOTIFY})).toEqual([
      [
        'the TaskManager may grow to 5120.00 MiB, 1.0 GiB over the 4096.00 MiB that its container may use: it risks being killed',
        'fits with spec.flinkProperties[taskmanager.memory.process.size]: 4096m (the largest that does); or with spec.taskManager.resources.limits.memory: 5120Mi (the least that does)',
      ],
    ]);
  });
});

describe('a request below what the process may use', () => {
  const requests = {cpu: '200m', memory: '512Mi'};
  const object = flinkCluster({
    flinkVersion: '1.16.3',
    taskManager: {replicas: 2, resources: {requests, limits: {cpu: '2', memory: '2Gi'}}},
  });

  test('by which factor, and what it comes to on a machine', () => {
    const nodes = [machine('m6i.xlarge', '14Gi', '3900m')];
    expect(found('STW-4103', object, {operator: SPOTIFY, nodes})).toEqual([
      [
        '512.00 MiB are reserved for a TaskManager that may grow to 1639.00 MiB, 3.20 times as much; by their requests 19 TaskManagers fit m6i.xlarge, which may grow to 30.4 GiB of its 14.0 GiB',
        'reserve all of it with spec.taskManager.resources.requests.memory: 1639Mi',
      ],
    ]);
  });

  test('without machines the factor alone', () => {
    const [[message] = []] = found('STW-4103', object, {operator: SPOTIFY});
    expect(message).toBe('512.00 MiB are reserved for a TaskManager that may grow to 1639.00 MiB, 3.20 times as much');
  });

  test('the defaults of Spotify’s operator are such a case for both processes', () => {
    const {resources: _own, ...jobManager} = flinkCluster().spec.jobManager;
    const spec = {...flinkCluster().spec, flinkVersion: '1.16.3', jobManager, taskManager: {replicas: 2}};
    const factors = found('STW-4103', {...flinkCluster(), spec}, {operator: SPOTIFY}).map(([message]) => message);
    expect(factors).toEqual([
      expect.stringContaining('JobManager that may grow to 1639.00 MiB, 3.20 times'),
      expect.stringContaining('TaskManager that may grow to 1639.00 MiB, 3.20 times'),
    ]);
  });
});

describe('slots that no parallelism reaches', () => {
  const slots = (count: string) => ({'taskmanager.numberOfTaskSlots': count});

  test.each<[rule: string, object: KubernetesObject, operator: string, found: readonly (readonly string[])[]]>([
    [
      'half of them, and so a whole TaskManager',
      flinkCluster({flinkProperties: slots('2')}),
      GCP,
      [
        [
          expect.stringContaining(
            'parallelism takes 2 of 4 slots, 2 are never used, with 1.3 GiB of managed memory; a whole TaskManager is idle, which reserves 0.2 cores and 4.0 GiB',
          ),
          'none is idle with spec.taskManager.replicas: 1, or with spec.flinkProperties[taskmanager.numberOfTaskSlots]: 1, or with spec.job.parallelism: 4',
        ],
      ],
    ],
    [
      'the rest of the last TaskManager',
      flinkDeployment({parallelism: 10}),
      APACHE,
      [
        [
          expect.stringContaining('parallelism takes 10 of 12 slots, 2 are never used'),
          'none is idle with spec.job.parallelism: 12',
        ],
      ],
    ],
    ['all are taken', flinkCluster({flinkProperties: slots('1')}), GCP, []],
    [
      'a reactive job takes what there is',
      flinkCluster({flinkProperties: {...slots('2'), 'scheduler-mode': 'reactive'}}),
      GCP,
      [],
    ],
    [
      'TaskManagers that stand by on purpose',
      flinkDeployment({flinkConfiguration: {...slots('4'), 'slotmanager.redundant-taskmanager-num': '1'}}),
      APACHE,
      [],
    ],
    ['a session cluster without known jobs', flinkDeployment({job: undefined}), APACHE, []],
  ])('%s', (_rule, object, operator, expected) => {
    expect(found('STW-4104', object, {operator})).toEqual(expected);
  });
});

describe('a size that wastes a slot of every node', () => {
  const job = flinkDeployment();

  test('24 GiB on r5.4xlarge: 4 by Karpenter’s guess, 5 as measured, and the size that tiles', () => {
    expect(found('STW-4105', job, {nodes: [GUESSED]})).toEqual([
      [
        'TaskManagers of 24576Mi on r5.4xlarge: 4 by memory and 5 by CPU, so 4; 19.5 GiB of 115.5 GiB are left over (17 %); that is the memory as Karpenter guesses it (VM_MEMORY_OVERHEAD_PERCENT 7.5 %); 5 with the 2.9 % that were measured to be missing',
        '5 fit with spec.taskManager.resource.memory: 23662m, 914Mi less each; 29578Mi each would use all of it with 4',
      ],
    ]);
  });

  test('on nodes as they are it tiles, and Karpenter does not know it', () => {
    expect(found('STW-4105', job, {nodes: [MEASURED]})).toEqual([
      [
        'TaskManagers of 24576Mi on r5.4xlarge: 5 by memory and 5 by CPU, so 5; Karpenter counts with 4 (VM_MEMORY_OVERHEAD_PERCENT 7.5 %) until it has seen such a node',
      ],
    ]);
  });

  test('DaemonSets take their room first', () => {
    const [[, hint] = []] = found('STW-4105', job, {nodes: [GUESSED], beside: [daemon('1000Mi')]});
    expect(hint).toContain('23462m, 1114Mi less each; 29328Mi each');
  });

  test('the containers beside Flink’s keep theirs', () => {
    const sidecar = {name: 'log', image: 'log:1', resources: sized('200Mi', '100m')};
    const podTemplate = {spec: {containers: [{name: 'flink-main-container'}, sidecar]}};
    const taskManager = {memory: '24576m', cpu: 2};
    const [[, hint] = []] = found('STW-4105', flinkDeployment({taskManager, podTemplate}), {nodes: [GUESSED]});
    expect(hint).toContain('5 fit with spec.taskManager.resource.memory: 23462m');
  });

  test('request and limit of a FlinkCluster go together', () => {
    const taskManager = {replicas: 2, resources: sized('24Gi', '1')};
    const [[, hint] = []] = found('STW-4105', flinkCluster({taskManager}), {operator: GCP, nodes: [GUESSED]});
    expect(hint).toContain(
      'spec.taskManager.resources.requests.memory and spec.taskManager.resources.limits.memory: 23662Mi',
    );
  });

  test.each<[rule: string, object: KubernetesObject, nodes: readonly Node[]]>([
    ['no machines', job, []],
    [
      'the size uses the node up',
      flinkDeployment({taskManager: {memory: '29578m', cpu: 3}}),
      [machine('own', '118312Mi', '16')],
    ],
    [
      'one more would have to be much smaller',
      flinkDeployment({taskManager: {memory: '64g', cpu: 1}}),
      [machine('own', '100Gi', '16')],
    ],
    [
      'CPU is what runs out',
      flinkDeployment({taskManager: {memory: '24576m', cpu: 4}}),
      [machine('own', '118312Mi', '16')],
    ],
    [
      'its pods are not let onto the machine',
      job,
      [machine('r5.4xlarge', '118312Mi', '16', {taints: [{key: 'online', effect: 'NoSchedule'}]})],
    ],
  ])('nothing is said where %s', (_rule, object, nodes) => {
    expect(found('STW-4105', object, {nodes})).toEqual([]);
  });
});

describe('memory per core against the shape of the machines', () => {
  const general = machine('m6i.xlarge', '14Gi', '4', {capacity: {cpu: '4', memory: '15Gi'}});
  const memory = machine('r6i.large', '14Gi', '2', {capacity: {cpu: '2', memory: '15Gi'}});
  const object = flinkCluster({taskManager: {replicas: 2, resources: sized('2Gi')}});

  test('what a full one strands, by instance type', () => {
    expect(found('STW-4106', object, {operator: GCP, nodes: [general, memory]})).toEqual([
      [
        'a TaskManager asks for 10.0 GiB per core; m6i.xlarge has 3.5 GiB per core (general, 1:4) and strands 2.6 cores (65 %) when full with 7; r6i.large has 7.0 GiB per core (memory, 1:8) and strands 0.6 cores (30 %) when full with 7',
      ],
    ]);
  });

  test('and what services beside them take up', () => {
    const [[, hint] = []] = found('STW-4106', object, {
      operator: GCP,
      nodes: [general],
      beside: [service(4, '1Gi', '1')],
    });
    expect(hint).toBe(
      'services like the other pods of the input (1.0 GiB per core, 4.0 cores in all) use up the 3.0 cores of m6i.xlarge beside 5 TaskManagers',
    );
  });

  test('memory is stranded by TaskManagers that need CPU', () => {
    const busy = flinkCluster({taskManager: {replicas: 2, resources: sized('2Gi', '2')}});
    const [[message] = []] = found('STW-4106', busy, {operator: GCP, nodes: [general]});
    expect(message).toContain('strands 10.0 GiB (71 %) when full with 2');
  });

  test('a machine of their shape', () => {
    const fitting = flinkCluster({taskManager: {replicas: 2, resources: sized('3584Mi', '1')}});
    expect(found('STW-4106', fitting, {operator: GCP, nodes: [general]})).toEqual([]);
  });
});

describe('TaskManagers of a job that failed', () => {
  const policy = {afterJobSucceeds: 'DeleteCluster', afterJobCancelled: 'DeleteCluster'};
  const hint = 'the JobManager alone stays, for its logs, with spec.job.cleanupPolicy.afterJobFails: DeleteTaskManager';

  test.each<[rule: string, cleanupPolicy: Fields | undefined, found: readonly (readonly string[])[]]>([
    [
      'stay by default',
      undefined,
      [
        [
          'after a job that fails, its 2 TaskManagers keep 0.4 cores and 8.0 GiB reserved: cleanupPolicy.afterJobFails is KeepCluster by default',
          hint,
        ],
      ],
    ],
    [
      'stay because somebody says so',
      {...policy, afterJobFails: 'KeepCluster'},
      [
        [
          'after a job that fails, its 2 TaskManagers keep 0.4 cores and 8.0 GiB reserved: cleanupPolicy.afterJobFails is KeepCluster',
          hint,
        ],
      ],
    ],
    ['go', {...policy, afterJobFails: 'DeleteTaskManager'}, []],
    ['go with the cluster', {...policy, afterJobFails: 'DeleteCluster'}, []],
  ])('%s', (_rule, cleanupPolicy, expected) => {
    expect(found('STW-4107', flinkCluster({job: {cleanupPolicy}}), {operator: GCP})).toEqual(expected);
  });
});

describe('sizes in the units of the other system', () => {
  test('2048m of memory are two bytes to Kubernetes; the finding points at the field', () => {
    const object = flinkCluster({
      flinkVersion: '1.16.3',
      taskManager: {replicas: 2, resources: {limits: {cpu: '1', memory: '2048m'}}},
    });
    const [finding] = diagnose(object, {operator: SPOTIFY}).filter(({code}) => code === 'STW-4108');
    expect(finding).toMatchObject({
      message:
        'spec.taskManager.resources.limits.memory: 2048m is 2.048 bytes as a Kubernetes quantity, where m is a thousandth; 2048Mi is that many mebibytes',
      place: {line: '/spec/taskManager/resources/limits/memory'.split('/').length},
    });
  });

  test('resources of a FlinkDeployment are read by both', () => {
    const resources = {requests: {cpu: '1', memory: '4096m'}};
    const object = flinkDeployment();
    const spec = {...object.spec, taskManager: {resources}};
    expect(found('STW-4108', {...object, spec}, {operator: 'apache-1.16-SNAPSHOT-6e9caeb'})).toEqual([
      [
        'spec.taskManager.resources.requests.memory: "4096m" is 4096 MiB to Flink and 4.096 bytes to Kubernetes; write "4096Mi"',
      ],
    ]);
  });

  test('where the webhook refuses it for being too small, the error says what it is', () => {
    const diagnostics = new Diagnostics();
    const object = flinkCluster({taskManager: {replicas: 2, resources: {limits: {cpu: '1', memory: '2048m'}}}});
    const options = {nodes: [], cronJobs: 'Idle', flinkOperator: GCP, reschedule: false} as const;
    expand([{object, origin: ORIGIN}], options, diagnostics);
    expect(diagnostics.errors.map(({hint}) => hint)).toEqual([expect.stringContaining('2048m is 2.048 bytes')]);
  });
});
