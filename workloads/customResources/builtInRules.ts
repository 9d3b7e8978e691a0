import type {CustomResourceRuleInput, Formula} from './rule.ts';

/**
 * Rules for custom resources that are common in clusters, as their operators turn them into pods. Where an operator
 * chooses a value by itself (a default request, a sidecar), the rule says so only if the operator documents it.
 */
export const BUILT_IN_RULES: readonly CustomResourceRuleInput[] = [
  // KServe: one predictor, with a transformer and an explainer beside it where they are given (kserve.github.io).
  {
    group: 'serving.kserve.io',
    kind: 'InferenceService',
    pods: [
      kserveComponent('predictor', [
        '.spec.predictor.model',
        ...[
          'sklearn',
          'xgboost',
          'tensorflow',
          'pytorch',
          'triton',
          'onnx',
          'huggingface',
          'pmml',
          'lightgbm',
          'paddle',
        ].map((framework) => `.spec.predictor.${framework}`),
      ]),
      kserveComponent('transformer', []),
      kserveComponent('explainer', ['.spec.explainer.art', '.spec.explainer.alibi']),
    ],
  },
  // CloudNativePG: instances NAME-1, NAME-2 … (cloudnative-pg.io/documentation, "API Reference").
  {
    group: 'postgresql.cnpg.io',
    kind: 'Cluster',
    pods: [
      {
        replicas: {path: '.spec.instances', default: 1},
        firstOrdinal: 1,
        labels: {'cnpg.io/cluster': '.metadata.name', 'cnpg.io/podRole': 'instance'},
        spec: {
          nodeSelector: '.spec.affinity.nodeSelector',
          tolerations: '.spec.affinity.tolerations',
          topologySpreadConstraints: '.spec.topologySpreadConstraints',
          priorityClassName: '.spec.priorityClassName',
          schedulerName: '.spec.schedulerName',
        },
        containers: [{name: 'postgres', image: '.spec.imageName', resources: '.spec.resources'}],
      },
    ],
  },
  {
    group: 'postgresql.cnpg.io',
    kind: 'Pooler',
    pods: [
      {
        as: 'Deployment',
        replicas: {path: '.spec.instances', default: 1},
        template: '.spec.template',
        labels: {'cnpg.io/poolerName': '.metadata.name'},
        containers: [{name: 'pgbouncer'}],
      },
    ],
  },
  // Strimzi: StrimziPodSets own the pods, CLUSTER-POOL-ID (strimzi.io/docs, "Custom resource API reference").
  {
    group: 'kafka.strimzi.io',
    kind: 'KafkaNodePool',
    pods: [
      {
        name: [".metadata.labels['strimzi.io/cluster']", '.metadata.name'],
        owner: 'StrimziPodSet',
        replicas: {path: '.spec.replicas', default: 1},
        firstOrdinal: 0,
        ...strimziPod('.spec.template.pod'),
        labels: {
          'strimzi.io/cluster': ".metadata.labels['strimzi.io/cluster']",
          'strimzi.io/pool-name': '.metadata.name',
        },
        containers: [{name: 'kafka', resources: '.spec.resources'}],
      },
    ],
  },
  {
    group: 'kafka.strimzi.io',
    kind: 'Kafka',
    pods: [
      {
        // With node pools it is they that have replicas.
        when: '.spec.kafka.replicas',
        component: 'kafka',
        owner: 'StrimziPodSet',
        replicas: '.spec.kafka.replicas',
        firstOrdinal: 0,
        ...strimziPod('.spec.kafka.template.pod'),
        labels: {'strimzi.io/cluster': '.metadata.name', 'strimzi.io/component-type': 'kafka'},
        containers: [{name: 'kafka', image: '.spec.kafka.image', resources: '.spec.kafka.resources'}],
      },
      {
        when: '.spec.zookeeper',
        component: 'zookeeper',
        owner: 'StrimziPodSet',
        replicas: {path: '.spec.zookeeper.replicas', default: 1},
        firstOrdinal: 0,
        ...strimziPod('.spec.zookeeper.template.pod'),
        labels: {'strimzi.io/cluster': '.metadata.name', 'strimzi.io/component-type': 'zookeeper'},
        containers: [{name: 'zookeeper', image: '.spec.zookeeper.image', resources: '.spec.zookeeper.resources'}],
      },
      {
        when: '.spec.entityOperator',
        component: 'entity-operator',
        as: 'Deployment',
        ...strimziPod('.spec.entityOperator.template.pod'),
        labels: {'strimzi.io/cluster': '.metadata.name', 'strimzi.io/component-type': 'entity-operator'},
        containers: [
          {
            name: 'topic-operator',
            when: '.spec.entityOperator.topicOperator',
            resources: '.spec.entityOperator.topicOperator.resources',
          },
          {
            name: 'user-operator',
            when: '.spec.entityOperator.userOperator',
            resources: '.spec.entityOperator.userOperator.resources',
          },
        ],
      },
    ],
  },
  {
    group: 'kafka.strimzi.io',
    kind: 'KafkaConnect',
    pods: [
      {
        component: 'connect',
        owner: 'StrimziPodSet',
        replicas: {path: '.spec.replicas', default: 3},
        firstOrdinal: 0,
        ...strimziPod('.spec.template.pod'),
        labels: {'strimzi.io/cluster': '.metadata.name', 'strimzi.io/component-type': 'kafka-connect'},
        containers: [{name: 'connect', image: '.spec.image', resources: '.spec.resources'}],
      },
    ],
  },
  // Spark: memory and its overhead as Spark itself adds them up (spark.apache.org, "Running on Kubernetes").
  {
    group: 'sparkoperator.k8s.io',
    kind: 'SparkApplication',
    pods: [
      {
        component: 'driver',
        ...sparkPod('driver'),
        labels: {'spark-role': 'driver', 'sparkoperator.k8s.io/app-name': '.metadata.name'},
      },
      {
        component: 'executor',
        name: ['.metadata.name', 'exec'],
        firstOrdinal: 1,
        replicas: {
          path: [
            '.spec.dynamicAllocation.initialExecutors',
            '.spec.executor.instances',
            '.spec.dynamicAllocation.minExecutors',
          ],
          default: 1,
        },
        ...sparkPod('executor'),
        labels: {'spark-role': 'executor', 'sparkoperator.k8s.io/app-name': '.metadata.name'},
      },
    ],
  },
  // Lyft's Flink operator, not to be confused with Apache's (github.com/lyft/flinkk8soperator, docs/crd.md).
  {
    group: 'flink.k8s.io',
    kind: 'FlinkApplication',
    gang: true,
    pods: [
      {
        component: 'jobmanager',
        as: 'Deployment',
        name: ['.metadata.name', 'jm'],
        replicas: {path: '.spec.jobManagerConfig.replicas', default: 1},
        ...lyftPod('jobManager', {cpu: 4, memory: '3072Mi'}),
      },
      {
        component: 'taskmanager',
        as: 'Deployment',
        name: ['.metadata.name', 'tm'],
        replicas: {
          quotient: [
            {path: '.spec.parallelism', default: 1},
            {path: '.spec.taskManagerConfig.taskSlots', default: 16},
          ],
        },
        ...lyftPod('taskManager', {cpu: 2, memory: '1024Mi'}),
      },
    ],
  },
  // KubeRay (docs.ray.io, "RayCluster configuration").
  {group: 'ray.io', kind: 'RayCluster', pods: rayPods('.spec')},
  {group: 'ray.io', kind: 'RayJob', pods: rayPods('.spec.rayClusterSpec')},
  {group: 'ray.io', kind: 'RayService', pods: rayPods('.spec.rayClusterConfig')},
  // Prometheus operator: one StatefulSet stands for those of all shards (prometheus-operator.dev, "API reference").
  {
    group: 'monitoring.coreos.com',
    kind: 'Prometheus',
    pods: [
      {
        as: 'StatefulSet',
        name: ['prometheus', '.metadata.name'],
        replicas: {
          product: [
            {path: '.spec.replicas', default: 1},
            {path: '.spec.shards', default: 1},
          ],
        },
        ...monitoringPod('prometheus'),
        containers: [
          {name: 'prometheus', image: '.spec.image', resources: '.spec.resources'},
          {name: 'config-reloader', requests: {cpu: '10m', memory: '50Mi'}, limits: {cpu: '10m', memory: '50Mi'}},
        ],
      },
    ],
  },
  {
    group: 'monitoring.coreos.com',
    kind: 'Alertmanager',
    pods: [
      {
        as: 'StatefulSet',
        name: ['alertmanager', '.metadata.name'],
        replicas: {path: '.spec.replicas', default: 1},
        ...monitoringPod('alertmanager'),
        containers: [
          {
            name: 'alertmanager',
            image: '.spec.image',
            resources: '.spec.resources',
            requests: {memory: '200Mi'},
          },
          {name: 'config-reloader', requests: {cpu: '10m', memory: '50Mi'}, limits: {cpu: '10m', memory: '50Mi'}},
        ],
      },
    ],
  },
  // Elastic Cloud on Kubernetes; the defaults of memory are those of its page "Manage compute resources".
  {
    group: 'elasticsearch.k8s.elastic.co',
    kind: 'Elasticsearch',
    pods: [
      {
        each: '.spec.nodeSets[*]',
        component: '.name',
        as: 'StatefulSet',
        name: ['$.metadata.name', 'es', '.name'],
        replicas: {path: '.count', default: 1},
        template: '.podTemplate',
        labels: {'elasticsearch.k8s.elastic.co/cluster-name': '$.metadata.name'},
        containers: [{name: 'elasticsearch', requests: {memory: '2Gi'}, limits: {memory: '2Gi'}}],
      },
    ],
  },
  {
    group: 'kibana.k8s.elastic.co',
    kind: 'Kibana',
    pods: [
      {
        as: 'Deployment',
        name: ['.metadata.name', 'kb'],
        replicas: {path: '.spec.count', default: 1},
        template: '.spec.podTemplate',
        labels: {'kibana.k8s.elastic.co/name': '.metadata.name'},
        containers: [{name: 'kibana', requests: {memory: '1Gi'}, limits: {memory: '1Gi'}}],
      },
    ],
  },
  // Argo Rollouts and OpenKruise: Deployments and StatefulSets in all that matters here.
  {
    group: 'argoproj.io',
    kind: 'Rollout',
    pods: [{as: 'ReplicaSet', replicas: {path: '.spec.replicas', default: 1}, template: '.spec.template'}],
  },
  {
    group: 'apps.kruise.io',
    kind: 'CloneSet',
    pods: [{replicas: {path: '.spec.replicas', default: 1}, template: '.spec.template'}],
  },
  {
    group: 'apps.kruise.io',
    kind: 'StatefulSet',
    pods: [{replicas: {path: '.spec.replicas', default: 1}, firstOrdinal: 0, template: '.spec.template'}],
  },
  // Knative: as many as the annotation keeps at least; none of it means that it may scale to zero, from one.
  {
    group: 'serving.knative.dev',
    kind: 'Service',
    pods: [
      {
        as: 'Deployment',
        replicas: {
          path: [
            ".spec.template.metadata.annotations['autoscaling.knative.dev/initial-scale']",
            ".spec.template.metadata.annotations['autoscaling.knative.dev/min-scale']",
          ],
          default: 1,
        },
        podSpec: '.spec.template.spec',
        labels: {'serving.knative.dev/service': '.metadata.name'},
        containers: [{name: 'queue-proxy', requests: {cpu: '25m'}}],
      },
    ],
  },
  // Training jobs run when all of their pods do.
  ...[
    ['PyTorchJob', 'pytorchReplicaSpecs'],
    ['TFJob', 'tfReplicaSpecs'],
    ['MPIJob', 'mpiReplicaSpecs'],
    ['XGBoostJob', 'xgbReplicaSpecs'],
    ['PaddleJob', 'paddleReplicaSpecs'],
  ].map(
    ([kind = '', replicaSpecs = '']): CustomResourceRuleInput => ({
      group: 'kubeflow.org',
      kind,
      gang: true,
      pods: [
        {
          each: `.spec.${replicaSpecs}[*]`,
          replicas: {path: '.replicas', default: 1},
          firstOrdinal: 0,
          template: '.template',
        },
      ],
    }),
  ),
  {
    group: 'batch.volcano.sh',
    kind: 'Job',
    gang: true,
    pods: [
      {
        each: '.spec.tasks[*]',
        component: '.name',
        replicas: {path: '.replicas', default: 1},
        firstOrdinal: 0,
        template: '.template',
        spec: {schedulerName: '$.spec.schedulerName'},
      },
    ],
  },
  {
    group: 'jobset.x-k8s.io',
    kind: 'JobSet',
    gang: true,
    pods: [
      {
        each: '.spec.replicatedJobs[*]',
        component: '.name',
        replicas: {
          product: [
            {path: '.replicas', default: 1},
            {path: '.template.spec.parallelism', default: 1},
          ],
        },
        template: '.template.spec.template',
      },
    ],
  },
];

type PodRuleInput = CustomResourceRuleInput['pods'][number];

function kserveComponent(component: string, models: readonly string[]): PodRuleInput {
  const base = `.spec.${component}`;
  const field = (name: string): string[] => models.map((model) => `${model}.${name}`);
  return {
    when: base,
    component,
    as: 'Deployment',
    name: ['.metadata.name', component],
    // Zero lets the serverless mode scale down to nothing; the default is one.
    replicas: {path: `${base}.minReplicas`, default: 1},
    podSpec: base,
    labels: {'serving.kserve.io/inferenceservice': '.metadata.name', component},
    ...(models.length === 0
      ? {}
      : {
          containers: [
            {
              name: 'kserve-container',
              when: [...models],
              image: {path: field('image')},
              resources: field('resources'),
              requests: {cpu: 1, memory: '2Gi'},
            },
          ],
        }),
  };
}

function strimziPod(template: string): Pick<PodRuleInput, 'spec'> {
  return {
    spec: {
      affinity: `${template}.affinity`,
      tolerations: `${template}.tolerations`,
      topologySpreadConstraints: `${template}.topologySpreadConstraints`,
      priorityClassName: `${template}.priorityClassName`,
      schedulerName: `${template}.schedulerName`,
    },
  };
}

/** Memory plus the overhead: what is stated, or a tenth (four tenths beside the JVM), at least 384 MiB. */
function sparkPod(role: 'driver' | 'executor'): Pick<PodRuleInput, 'template' | 'spec' | 'containers'> {
  const base = `.spec.${role}`;
  const memory: Formula = {path: `${base}.memory`, unit: 'JavaMemory', default: '1Gi'};
  const factor: Formula = {
    path: [`${base}.memoryOverheadFactor`, '.spec.memoryOverheadFactor'],
    default: {path: '.spec.type', values: {Python: 0.4, R: 0.4}, default: 0.1},
  };
  const overhead: Formula = {
    path: `${base}.memoryOverhead`,
    unit: 'JavaMemory',
    default: {max: [{product: [memory, factor], step: '1Mi'}, '384Mi']},
  };
  const total: Formula = {sum: [memory, overhead]};
  return {
    template: `${base}.template`,
    spec: {
      nodeSelector: {path: [`${base}.nodeSelector`, '.spec.nodeSelector']},
      affinity: `${base}.affinity`,
      tolerations: `${base}.tolerations`,
      priorityClassName: `${base}.priorityClassName`,
      schedulerName: `${base}.schedulerName`,
    },
    containers: [
      {
        name: role === 'driver' ? 'spark-kubernetes-driver' : 'spark-kubernetes-executor',
        image: {path: [`${base}.image`, '.spec.image']},
        requests: {cpu: {path: [`${base}.coreRequest`, `${base}.cores`], default: 1}, memory: total},
        limits: {cpu: `${base}.coreLimit`, memory: total, ...gpus(base)},
      },
    ],
  };
}

function gpus(base: string): Readonly<Record<string, Formula>> {
  return {'nvidia.com/gpu': {path: `${base}.gpu.quantity`}};
}

/** Without any resources the operator asks for its own defaults. */
function lyftPod(
  role: 'jobManager' | 'taskManager',
  defaults: Readonly<Record<string, Formula>>,
): Pick<PodRuleInput, 'spec' | 'labels' | 'containers'> {
  const base = `.spec.${role}Config`;
  const container = {name: role.toLowerCase(), image: '.spec.image'};
  const resources = `${base}.resources`;
  return {
    spec: {nodeSelector: `${base}.nodeSelector`, tolerations: `${base}.tolerations`, volumes: '.spec.volumes'},
    labels: {'flink-app': '.metadata.name', 'flink-deployment-type': role.toLowerCase()},
    containers: [
      {...container, when: resources, resources},
      {...container, requests: defaults, limits: defaults},
    ],
  };
}

function rayPods(spec: string): PodRuleInput[] {
  return [
    {
      component: 'head',
      name: ['.metadata.name', 'head'],
      template: `${spec}.headGroupSpec.template`,
      labels: {'ray.io/node-type': 'head', 'ray.io/group': 'headgroup'},
    },
    {
      each: `${spec}.workerGroupSpecs[*]`,
      component: '.groupName',
      name: ['$.metadata.name', '.groupName', 'worker'],
      replicas: {
        product: [
          {path: ['.replicas', '.minReplicas'], default: 1},
          {path: '.numOfHosts', default: 1},
        ],
      },
      template: '.template',
      labels: {'ray.io/node-type': 'worker', 'ray.io/group': '.groupName'},
    },
  ];
}

function monitoringPod(name: string): Pick<PodRuleInput, 'spec' | 'labels'> {
  return {
    spec: {
      containers: '.spec.containers',
      initContainers: '.spec.initContainers',
      nodeSelector: '.spec.nodeSelector',
      affinity: '.spec.affinity',
      tolerations: '.spec.tolerations',
      topologySpreadConstraints: '.spec.topologySpreadConstraints',
      priorityClassName: '.spec.priorityClassName',
    },
    labels: {'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': '.metadata.name'},
  };
}
