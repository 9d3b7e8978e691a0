const template = {
  metadata: {labels: {app: 'web'}},
  spec: {containers: [{name: 'main', image: 'i:1', resources: {requests: {cpu: '1', memory: '1Gi'}}}]},
};
const selector = {matchLabels: {app: 'web'}};
const metadata = {name: 'web', namespace: 'shop'};

/** One object of each kind that is treated in its own way. */
export const EXAMPLES = [
  {apiVersion: 'v1', kind: 'Node', metadata: {name: 'n'}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '10'}}},
  {apiVersion: 'v1', kind: 'Pod', metadata: {...metadata, name: 'p'}, spec: template.spec},
  {apiVersion: 'v1', kind: 'Pod', metadata: {generateName: 'p-'}, spec: template.spec},
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'choosy'},
    spec: {
      ...template.spec,
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {weight: 1, preference: {matchExpressions: [{key: 'a', operator: 'In', values: ['b']}]}},
          ],
        },
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {weight: 1, podAffinityTerm: {topologyKey: 'zone', labelSelector: {matchLabels: {a: 'b'}}}},
          ],
        },
      },
      tolerations: [{key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3}],
      topologySpreadConstraints: [
        {maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {matchLabels: {a: 'b'}}},
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'live',
      uid: 'u',
      ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true}],
    },
    spec: {...template.spec, nodeName: 'n'},
    status: {phase: 'Running', startTime: '2026-01-01T00:00:00Z'},
  },
  {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'done'}, spec: template.spec, status: {phase: 'Succeeded'}},
  {apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: {replicas: 3, selector, template}},
  {apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: {replicas: 2, selector, template}},
  {apiVersion: 'v1', kind: 'ReplicationController', metadata, spec: {replicas: 2, selector: {app: 'web'}, template}},
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      replicas: 2,
      serviceName: 'web',
      selector,
      template,
      volumeClaimTemplates: [
        {metadata: {name: 'd'}, spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}}},
      ],
    },
  },
  {apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: {selector, template}},
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {parallelism: 2, completions: 4, template: {spec: {...template.spec, restartPolicy: 'Never'}}},
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: {schedule: '0 * * * *', jobTemplate: {spec: {template: {spec: {...template.spec, restartPolicy: 'Never'}}}}},
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}, minReplicas: 2, maxReplicas: 4},
  },
  {
    apiVersion: 'flink.apache.org/v1beta1',
    kind: 'FlinkDeployment',
    metadata,
    spec: {
      image: 'flink:1.20',
      flinkVersion: 'v1_20',
      flinkConfiguration: {'taskmanager.numberOfTaskSlots': '2'},
      serviceAccount: 'flink',
      jobManager: {resource: {memory: '2048m', cpu: 1}},
      taskManager: {resource: {memory: '2048m', cpu: 1}},
      job: {jarURI: 'local:///x.jar', parallelism: 4},
    },
  },
  {
    apiVersion: 'flinkoperator.k8s.io/v1beta1',
    kind: 'FlinkCluster',
    metadata: {name: 'session', namespace: 'shop'},
    spec: {
      image: {name: 'flink:1.20'},
      jobManager: {resources: {limits: {memory: '2Gi'}}},
      taskManager: {replicas: 2, resources: {limits: {memory: '2Gi'}}},
      flinkProperties: {'taskmanager.numberOfTaskSlots': '2'},
    },
  },
  {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}},
  {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata,
    spec: {limits: [{type: 'Container', default: {cpu: '1'}, max: {memory: '4Gi'}}]},
  },
  {apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: {hard: {pods: '10', 'requests.cpu': '8'}}},
  {apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: {name: 'high'}, value: 1000},
  {apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: {resources: {requests: {storage: '1Gi'}}}},
  {apiVersion: 'v1', kind: 'Service', metadata, spec: {selector: {app: 'web'}}},
  {apiVersion: 'v1', kind: 'PodList', items: [{metadata: {name: 'listed'}, spec: template.spec}]},
  {apiVersion: 'example.com/v1', kind: 'Widget', metadata, spec: {template}},
];
