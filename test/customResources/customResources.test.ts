import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {BUILT_IN_RULES} from '../../workloads/customResources/builtInRules.ts';
import {type CustomResourceRuleInput, customResourceRuleSchema} from '../../workloads/customResources/rule.ts';
import {workloadReference} from '../../workloads/podList.ts';
import {controller, type Expanded, expanded, node, pod} from '../workloads/builders.ts';

type Fields = Readonly<Record<string, unknown>>;

const TEMPLATE = {
  spec: {containers: [{name: 'main', image: 'main:1', resources: {requests: {cpu: 1, memory: '1Gi'}}}]},
};

function resource(apiVersion: string, kind: string, spec: Fields, metadata: Fields = {}): KubernetesObject {
  return {apiVersion, kind, metadata: {name: 'x', namespace: 'default', ...metadata}, spec};
}

function ownedBy({apiVersion, kind, metadata}: KubernetesObject): Fields {
  return {ownerReferences: [{apiVersion, kind, name: metadata.name, controller: true}]};
}

function withRules(rules: readonly CustomResourceRuleInput[], ...objects: readonly KubernetesObject[]): Expanded {
  return expanded(objects, {customResourceRules: rules.map((rule) => customResourceRuleSchema.parse(rule))});
}

/** `WORKLOAD: COUNT × CPU/MEMORY` of each workload, in the units of the scheduler. */
function shapes({model}: Expanded): string[] {
  return model.workloads.map((workload) => {
    const pods = model.pods.filter((one) => one.class.workload === workload);
    const {cpu = 0, memory = 0} = pods[0]?.class.requests ?? {};
    return `${workloadReference(workload)}: ${pods.length} × ${cpu}m/${Math.round(memory / 2 ** 20)}Mi`;
  });
}

function names({model}: Expanded): string[] {
  return model.pods.map(({name}) => name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-?'));
}

function problems({diagnostics}: Expanded): string[] {
  return diagnostics.all.map(({code, object = '', message}) => `${code} ${object}: ${message}`);
}

describe('every built-in rule', () => {
  test.each(BUILT_IN_RULES.map((rule) => [`${rule.kind}.${rule.group}`, rule] as const))(
    '%s is valid',
    (_name, rule) => {
      expect(() => customResourceRuleSchema.parse(rule)).not.toThrow();
    },
  );

  test('is for a kind of its own', () => {
    const kinds = BUILT_IN_RULES.map(({kind, group}) => `${kind}.${group}`);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  test.each(BUILT_IN_RULES.map((rule) => [`${rule.kind}.${rule.group}`, rule] as const))(
    '%s takes an empty object without a crash, and names it where it makes no pods',
    (_name, {group, kind}) => {
      const made = expanded([resource(`${group}/v1`, kind, {})]);
      expect(made.model.pods.length + made.diagnostics.warnings.length).toBeGreaterThan(0);
    },
  );
});

test('whatever stands where a rule looks, nothing crashes and nothing is lost in silence', () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      -1,
      0,
      2,
      1.5,
      1e30,
      9007199254740993n,
      '',
      '512m',
      '2Gi',
      'x',
      true,
      [],
      {},
      [null],
      [[]],
    ),
    fc.constantFrom<unknown>(TEMPLATE, TEMPLATE.spec, TEMPLATE.spec.containers, {requests: {cpu: 1}}),
  );
  const cases = BUILT_IN_RULES.flatMap(({group, kind, pods}) => {
    const fields = [...new Set([...JSON.stringify(pods).matchAll(/\.([A-Za-z]\w*)/g)].map(([, field]) => field!))];
    return [{group, kind, fields}];
  });
  const object = fc.constantFrom(...cases).chain(({group, kind, fields}) => {
    const some = fc.dictionary(fc.constantFrom(...fields), value, {maxKeys: 6});
    const nested = fc.dictionary(fc.constantFrom(...fields), fc.oneof(value, some, fc.array(some, {maxLength: 2})), {
      maxKeys: 6,
    });
    const spec = fc.dictionary(fc.constantFrom(...fields), fc.oneof(value, nested, fc.array(nested, {maxLength: 2})));
    return spec.map((given) => resource(`${group}/v1`, kind, given));
  });
  fc.assert(
    fc.property(object, (given) => {
      const {model, diagnostics} = expanded([given]);
      const isZero = model.workloads.some(({replicas}) => replicas === 0);
      expect(model.pods.length + model.rejected.length > 0 || diagnostics.all.length > 0 || isZero).toBe(true);
    }),
    {seed: 0x5eed, numRuns: 500},
  );
});

describe('built in', () => {
  const requests = {requests: {cpu: 2, memory: '8Gi'}};
  test.each<[rule: string, object: KubernetesObject, shapes: readonly string[]]>([
    [
      'a predictor has the resources of its model, and the default replica',
      resource('serving.kserve.io/v1beta1', 'InferenceService', {
        predictor: {model: {modelFormat: {name: 'sklearn'}, resources: requests}},
      }),
      ['InferenceService/x/predictor: 1 × 2000m/8192Mi'],
    ],
    [
      'a predictor of the old form names its framework',
      resource('serving.kserve.io/v1beta1', 'InferenceService', {
        predictor: {minReplicas: 3, xgboost: {resources: requests}},
      }),
      ['InferenceService/x/predictor: 3 × 2000m/8192Mi'],
    ],
    [
      'a model without resources gets those of the admission webhook',
      resource('serving.kserve.io/v1beta1', 'InferenceService', {predictor: {model: {}}}),
      ['InferenceService/x/predictor: 1 × 1000m/2048Mi'],
    ],
    [
      'a predictor and a transformer of one’s own are two parts',
      resource('serving.kserve.io/v1beta1', 'InferenceService', {
        predictor: TEMPLATE.spec,
        transformer: {minReplicas: 2, ...TEMPLATE.spec},
      }),
      ['InferenceService/x/predictor: 1 × 1000m/1024Mi', 'InferenceService/x/transformer: 2 × 1000m/1024Mi'],
    ],
    [
      'a PostgreSQL cluster has its instances',
      resource('postgresql.cnpg.io/v1', 'Cluster', {instances: 3, resources: requests}),
      ['Cluster/x: 3 × 2000m/8192Mi'],
    ],
    [
      'a pool of Kafka nodes has its replicas',
      resource('kafka.strimzi.io/v1', 'KafkaNodePool', {replicas: 3, resources: requests}),
      ['KafkaNodePool/x: 3 × 2000m/8192Mi'],
    ],
    [
      'a Kafka of the old form has brokers and ZooKeepers',
      resource('kafka.strimzi.io/v1beta2', 'Kafka', {
        kafka: {replicas: 3, resources: requests},
        zookeeper: {replicas: 3},
        entityOperator: {topicOperator: {resources: requests}, userOperator: {resources: requests}},
      }),
      [
        'Kafka/x/kafka: 3 × 2000m/8192Mi',
        'Kafka/x/zookeeper: 3 × 0m/0Mi',
        'Kafka/x/entity-operator: 1 × 4000m/16384Mi',
      ],
    ],
    [
      'Spark’s memory is binary, with a tenth but at least 384 MiB on top',
      resource('sparkoperator.k8s.io/v1beta2', 'SparkApplication', {
        type: 'Scala',
        driver: {cores: 1, memory: '512m'},
        executor: {instances: 2, cores: 2, memory: '8g'},
      }),
      ['SparkApplication/x/driver: 1 × 1000m/896Mi', `SparkApplication/x/executor: 2 × 2000m/${8192 + 819}Mi`],
    ],
    [
      'Spark beside the JVM has four tenths on top, and a stated overhead is taken as it is',
      resource('sparkoperator.k8s.io/v1beta2', 'SparkApplication', {
        type: 'Python',
        driver: {coreRequest: '250m', memory: '10g'},
        executor: {memory: '4g', memoryOverhead: '1g'},
      }),
      ['SparkApplication/x/driver: 1 × 250m/14336Mi', 'SparkApplication/x/executor: 1 × 1000m/5120Mi'],
    ],
    [
      'Lyft’s Flink has a TaskManager for every so many slots, and defaults of the operator',
      resource('flink.k8s.io/v1beta1', 'FlinkApplication', {
        image: 'job:1',
        parallelism: 7,
        taskManagerConfig: {taskSlots: 2, resources: requests},
      }),
      ['FlinkApplication/x/jobmanager: 1 × 4000m/3072Mi', 'FlinkApplication/x/taskmanager: 4 × 2000m/8192Mi'],
    ],
    [
      'a Ray cluster has a head and groups of workers, of several hosts each',
      resource('ray.io/v1', 'RayCluster', {
        headGroupSpec: {template: TEMPLATE},
        workerGroupSpecs: [
          {groupName: 'small', replicas: 2, template: TEMPLATE},
          {groupName: 'tpu', replicas: 2, numOfHosts: 4, template: TEMPLATE},
        ],
      }),
      [
        'RayCluster/x/head: 1 × 1000m/1024Mi',
        'RayCluster/x/small: 2 × 1000m/1024Mi',
        'RayCluster/x/tpu: 8 × 1000m/1024Mi',
      ],
    ],
    [
      'a Prometheus has its replicas in every shard, each with a reloader',
      resource('monitoring.coreos.com/v1', 'Prometheus', {replicas: 2, shards: 3, resources: requests}),
      ['Prometheus/x: 6 × 2010m/8242Mi'],
    ],
    [
      'sets of Elasticsearch nodes have 2Gi where they name no resources',
      resource('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', {
        nodeSets: [
          {name: 'hot', count: 3, podTemplate: {spec: {containers: [{name: 'elasticsearch', resources: requests}]}}},
          {name: 'warm', count: 2},
        ],
      }),
      ['Elasticsearch/x/hot: 3 × 2000m/8192Mi', 'Elasticsearch/x/warm: 2 × 0m/2048Mi'],
    ],
    [
      'a training job has a part for every role',
      resource('kubeflow.org/v1', 'PyTorchJob', {
        pytorchReplicaSpecs: {Worker: {replicas: 3, template: TEMPLATE}, Master: {template: TEMPLATE}},
      }),
      ['PyTorchJob/x/master: 1 × 1000m/1024Mi', 'PyTorchJob/x/worker: 3 × 1000m/1024Mi'],
    ],
    [
      'a JobSet has the parallelism of every Job',
      resource('jobset.x-k8s.io/v1alpha2', 'JobSet', {
        replicatedJobs: [{name: 'w', replicas: 2, template: {spec: {parallelism: 4, template: TEMPLATE}}}],
      }),
      ['JobSet/x/w: 8 × 1000m/1024Mi'],
    ],
    [
      'a Rollout is a Deployment in all that matters',
      resource('argoproj.io/v1alpha1', 'Rollout', {replicas: 4, template: TEMPLATE}),
      ['Rollout/x: 4 × 1000m/1024Mi'],
    ],
  ])('%s', (_rule, object, expected) => {
    const made = expanded([object]);
    expect(shapes(made)).toEqual(expected);
    expect(made.diagnostics.errors).toEqual([]);
    expect(made.model.unusedKinds).toEqual([]);
  });

  test('jobs that train are of use only as a whole', () => {
    const job = resource('kubeflow.org/v1', 'PyTorchJob', {
      pytorchReplicaSpecs: {Worker: {replicas: 3, template: TEMPLATE}},
    });
    const {gangs} = expanded([job]).model;
    expect(gangs.map(({kind, name, members}) => [kind, name, members.map(({minAvailable}) => minAvailable)])).toEqual([
      ['PyTorchJob', 'x', [3]],
    ]);
  });
});

const CRON_TAB: CustomResourceRuleInput = {
  group: 'stable.example.com',
  kind: 'CronTab',
  pods: [{containers: [{name: 'cron', image: '.spec.image', requests: {cpu: '100m', memory: '64Mi'}}]}],
};

function cronTab(spec: Fields, metadata: Fields = {}): KubernetesObject {
  return resource('stable.example.com/v1', 'CronTab', spec, metadata);
}

function definition(specReplicasPath: string): KubernetesObject {
  const versions = [{name: 'v1', served: true, storage: true, subresources: {scale: {specReplicasPath}}}];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: 'crontabs.stable.example.com'},
    spec: {group: 'stable.example.com', names: {kind: 'CronTab'}, scope: 'Namespaced', versions},
  };
}

describe('a rule of one’s own', () => {
  test('outranks the one that is built in', () => {
    const rule = {group: 'ray.io', kind: 'RayCluster', pods: [{replicas: 9, containers: [{name: 'ray'}]}]};
    expect(shapes(withRules([rule], resource('ray.io/v1', 'RayCluster', {})))).toEqual(['RayCluster/x: 9 × 0m/0Mi']);
  });

  test.each<[rule: string, objects: readonly KubernetesObject[], pods: number]>([
    ['one where nothing says how many', [cronTab({replicas: 4})], 1],
    ['as many as the scale of the definition says', [definition('.spec.replicas'), cronTab({replicas: 4})], 4],
    ['wherever that has them', [cronTab({size: {pods: 5}}), definition('.spec.size.pods')], 5],
    ['one where the scale has no value', [definition('.spec.replicas'), cronTab({})], 1],
    ['none where it is zero', [definition('.spec.replicas'), cronTab({replicas: 0})], 0],
    [
      'as a ThirdPartyResource by custom',
      [
        {apiVersion: 'extensions/v1beta1', kind: 'ThirdPartyResource', metadata: {name: 'cron-tab.stable.example.com'}},
        cronTab({replicas: 4}),
      ],
      4,
    ],
    [
      'within the bounds of an autoscaler',
      [
        definition('.spec.replicas'),
        cronTab({replicas: 4}),
        {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: {name: 'h', namespace: 'default'},
          spec: {
            scaleTargetRef: {apiVersion: 'stable.example.com/v1', kind: 'CronTab', name: 'x'},
            minReplicas: 6,
            maxReplicas: 8,
          },
        },
      ],
      6,
    ],
  ])('%s', (_rule, objects, pods) => {
    expect(withRules([CRON_TAB], ...objects).model.pods).toHaveLength(pods);
  });

  test('a kind that has none is named with its count', () => {
    const made = expanded([cronTab({}), cronTab({}, {name: 'y'}), definition('.spec.replicas')]);
    expect(made.model.pods).toEqual([]);
    expect(problems(made)).toContain(
      'STW-2002 CronTab: 2 objects of kind CronTab (stable.example.com/v1) make no pods here',
    );
  });

  test.each<[as: 'Pod' | 'ReplicaSet' | 'Deployment' | 'StatefulSet' | 'Job', rest: Fields, names: readonly string[]]>([
    ['Pod', {}, ['x-?', 'x-?']],
    ['Pod', {firstOrdinal: 1}, ['x-1', 'x-2']],
    ['ReplicaSet', {}, ['x-?', 'x-?']],
    ['StatefulSet', {}, ['x-0', 'x-1']],
    ['Job', {}, ['x-?', 'x-?']],
    ['StatefulSet', {component: 'db'}, ['x-db-0', 'x-db-1']],
    ['StatefulSet', {name: ['cron', '.metadata.name']}, ['cron-x-0', 'cron-x-1']],
  ])('names pods as its controller would: %s %j', (as, rest, expected) => {
    const rule = {...CRON_TAB, pods: [{...CRON_TAB.pods[0], as, replicas: 2, ...rest}]} as CustomResourceRuleInput;
    const made = withRules([rule], cronTab({image: 'cron:1'}));
    expect(names(made)).toEqual(expected);
    expect(made.model.classes[0]!.workload).toMatchObject({kind: 'CronTab', name: 'x', replicas: 2});
  });

  test('its pods go through defaulting and admission like any other', () => {
    const limits: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: {name: 'l', namespace: 'default'},
      spec: {limits: [{type: 'Container', defaultRequest: {cpu: '300m'}, max: {memory: '32Mi'}}]},
    };
    const rule = {...CRON_TAB, pods: [{containers: [{name: 'cron', image: '.spec.image'}]}]};
    expect(shapes(withRules([rule], limits, cronTab({image: 'cron:1'})))).toEqual(['CronTab/x: 1 × 300m/32Mi']);
    const refused = withRules([CRON_TAB], limits, cronTab({image: 'cron:1'}));
    expect(refused.model.rejected.map(({message}) => message)).toEqual([
      expect.stringContaining('Invalid value: "64Mi": must be less than or equal to memory limit of 32Mi'),
    ]);
  });

  test('containers of the template keep what they say, and others are added', () => {
    const rule: CustomResourceRuleInput = {
      group: 'stable.example.com',
      kind: 'CronTab',
      pods: [
        {
          template: '.spec.template',
          containers: [
            {name: 'main', requests: {cpu: '7'}},
            {name: 'proxy', requests: {cpu: '250m'}},
            {name: 'setup', init: true, requests: {cpu: '3'}},
          ],
        },
      ],
    };
    const [made] = withRules([rule], cronTab({template: TEMPLATE})).model.classes;
    expect(made!.requests.cpu).toBe(3000);
    expect(made!.spec.containers.map(({name}) => name)).toEqual(['main', 'proxy']);
    expect(made!.spec.initContainers!.map(({name}) => name)).toEqual(['setup']);
  });

  test.each<[rule: string, spec: Fields, code: string, message: RegExp]>([
    ['replicas that are none', {replicas: 'many'}, 'STW-1003', /"many" is not a quantity/],
    ['replicas below zero', {replicas: -1}, 'STW-1003', /-1 is not a number of replicas/],
    ['more pods than fit into memory', {replicas: 9_000_000}, 'STW-1006', /9000000 pods are asked for/],
    ['an image that is a map', {image: {}}, 'STW-1003', /a map is not a text/],
  ])('%s is an error of the input', (_rule, spec, code, message) => {
    const made = withRules([CRON_TAB], definition('.spec.replicas'), cronTab(spec));
    expect(made.model.pods).toEqual([]);
    expect(made.diagnostics.errors).toEqual([
      expect.objectContaining({code, object: 'CronTab/default/x', message: expect.stringMatching(message)}),
    ]);
  });

  test('an unknown field of a template is named, and left out', () => {
    const rule = {group: 'stable.example.com', kind: 'CronTab', pods: [{template: '.spec.template'}]};
    const template = {spec: {containers: [{name: 'main', image: 'main:1', resurces: {}}]}};
    const made = withRules([rule], cronTab({template}));
    expect(made.model.pods).toHaveLength(1);
    expect(problems(made)).toEqual([expect.stringContaining('unknown field "spec.containers[0].resurces"')]);
  });
});

describe('what a dump holds of a custom resource counts once', () => {
  const LIVE = {uid: '1'};
  const ray = resource(
    'ray.io/v1',
    'RayCluster',
    {
      headGroupSpec: {template: TEMPLATE},
      workerGroupSpecs: [{groupName: 'small', replicas: 3, template: TEMPLATE}],
    },
    LIVE,
  );
  const worker = (name: string) =>
    pod(name, {...LIVE, ...ownedBy(ray), labels: {'ray.io/node-type': 'worker', 'ray.io/group': 'small'}});

  test('pods are told apart by labels, and only those missing are made', () => {
    const made = expanded([ray, worker('x-small-worker-a'), worker('x-small-worker-b')]);
    expect(names(made)).toEqual(['x-head-?', 'x-small-worker-?', 'x-small-worker-a', 'x-small-worker-b']);
    expect(made.model.workloads.map(({replicas}) => replicas)).toEqual([1, 3]);
  });

  test('a StatefulSet that the operator has made is not made again', () => {
    const prometheus = resource('monitoring.coreos.com/v1', 'Prometheus', {replicas: 2}, LIVE);
    const set = controller('StatefulSet', 'prometheus-x', {replicas: 2});
    const owned = {...set, metadata: {...set.metadata, ...LIVE, ...ownedBy(prometheus)}};
    const made = expanded([prometheus, owned]);
    expect(names(made)).toEqual(['prometheus-x-0', 'prometheus-x-1']);
    expect(made.model.workloads.map(workloadReference)).toEqual(['Prometheus/x']);
  });

  test('pods whose own controller is not in the dump are known by its name', () => {
    const pool = resource('kafka.strimzi.io/v1', 'KafkaNodePool', {replicas: 3}, {labels: {'strimzi.io/cluster': 'k'}});
    const owner = {
      ownerReferences: [{apiVersion: 'core.strimzi.io/v1', kind: 'StrimziPodSet', name: 'k-x', controller: true}],
    };
    const made = expanded([pool, pod('k-x-0', {...LIVE, ...owner}), pod('k-x-1', {...LIVE, ...owner})]);
    expect(names(made).sort()).toEqual(['k-x-0', 'k-x-1', 'k-x-2']);
    expect(made.model.workloads.map((one) => `${workloadReference(one)}=${one.replicas}`)).toEqual([
      'KafkaNodePool/x=3',
    ]);
  });

  test('a custom resource that another one has made speaks for itself', () => {
    const job = resource('ray.io/v1', 'RayJob', {rayClusterSpec: ray.spec}, {name: 'job', ...LIVE});
    const cluster = {...ray, metadata: {...ray.metadata, ...ownedBy(job)}};
    expect(shapes(expanded([job, cluster]))).toEqual([
      'RayCluster/x/head: 1 × 1000m/1024Mi',
      'RayCluster/x/small: 3 × 1000m/1024Mi',
    ]);
    expect(expanded([job]).model.pods).toHaveLength(4);
  });

  test('an executor is the driver’s, and the driver the application’s', () => {
    const spark = resource(
      'sparkoperator.k8s.io/v1beta2',
      'SparkApplication',
      {driver: {}, executor: {instances: 2}},
      LIVE,
    );
    const driver = pod('x-driver', {
      ...LIVE,
      ...ownedBy(spark),
      labels: {'spark-role': 'driver', 'sparkoperator.k8s.io/app-name': 'x'},
    });
    const executor = pod('x-1f-exec-1', {
      uid: '2',
      ...ownedBy(driver),
      labels: {'spark-role': 'executor', 'sparkoperator.k8s.io/app-name': 'x'},
    });
    const made = expanded([spark, driver, executor], {nodes: [node('n')]});
    expect(made.model.workloads.map((one) => `${workloadReference(one)}=${one.replicas}`).sort()).toEqual([
      'SparkApplication/x/driver=1',
      'SparkApplication/x/executor=2',
    ]);
    expect(made.model.pods).toHaveLength(3);
  });
});
