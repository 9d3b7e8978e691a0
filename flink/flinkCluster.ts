/**
 * FlinkCluster (flinkoperator.k8s.io/v1beta1) to the objects that the operators of GoogleCloudPlatform and Spotify make
 * of it. Commands, arguments, probes and environment of the operators' own containers are left out.
 */
import type {KubernetesObject} from '../model/kubernetes.ts';
import {parseQuantity, scaledValue} from '../model/quantity.ts';
import {Field, isRecord} from './field.ts';
import {type ClusterDialect, checkFlinkCluster} from './flinkClusterValidation.ts';
import {type ComponentObject, type FlinkOutcome, ownedBy, present, type Slots} from './flinkOutcome.ts';

export const CLUSTER_OPERATORS = ['spotify-v0.6.0', 'gcp-fe98573'] as const;
export type ClusterOperator = (typeof CLUSTER_OPERATORS)[number];

/** What Spotify's CRD fills in where a component has no `resources` at all. */
const SPOTIFY_DEFAULT_RESOURCES = {
  requests: {cpu: '200m', memory: '512Mi'},
  limits: {cpu: '2', memory: '2Gi'},
};

const JOB_MANAGER_PORTS = {rpc: 6123, blob: 6124, query: 6125, ui: 8081};
const TASK_MANAGER_PORTS = {data: 6121, rpc: 6122, query: 6125};

interface Cluster {
  readonly object: KubernetesObject;
  readonly name: string;
  readonly spec: Field;
  readonly dialect: ClusterDialect;
}

type Fields = Readonly<Record<string, unknown>>;

/** Throws a Refusal where the operator, or the API server with its CRD, refuses the resource. */
export function flinkClusterObjects(object: KubernetesObject, operator: ClusterOperator): FlinkOutcome {
  const root = new Field(object);
  const spec = root.get('spec');
  const dialect: ClusterDialect = operator === 'spotify-v0.6.0' ? 'spotify' : 'gcp';
  checkFlinkCluster(root, dialect);
  const cluster: Cluster = {object, name: root.get('metadata').get('name').string() ?? '', spec, dialect};

  const jobManager = spec.get('jobManager');
  const taskManager = spec.get('taskManager');
  const job = spec.get('job');
  const isApplication = dialect === 'spotify' && job.get('mode').string() === 'Application';
  const replicas = taskManager.get('replicas').integer() ?? 3;
  const jobManagerTemplate = flinkPod(cluster, jobManager, 'jobmanager', JOB_MANAGER_PORTS);
  const taskManagerTemplate = flinkPod(cluster, taskManager, 'taskmanager', TASK_MANAGER_PORTS);
  const objects: readonly (ComponentObject | undefined)[] = [
    isApplication
      ? applicationJob(cluster, jobManagerTemplate)
      : statefulSet(cluster, 'jobmanager', jobManager.get('replicas').integer() ?? 1, jobManager, jobManagerTemplate),
    taskManagerWorkload(cluster, replicas, taskManager, taskManagerTemplate),
    job.isPresent && !isApplication ? submitter(cluster, job) : undefined,
  ];
  return {
    kind: 'objects',
    objects: objects.filter((item) => item !== undefined),
    slots: slots(cluster, replicas),
    notes: [],
  };
}

/** Task slots of all TaskManagers, and the job's parallelism. */
function slots({spec, dialect}: Cluster, replicas: number): Slots {
  const job = spec.get('job');
  const perTaskManager = slotsPerTaskManager(spec, dialect);
  const total = replicas * perTaskManager;
  const parallelism = job.get('parallelism').integer() ?? (dialect === 'spotify' ? total : 1);
  return {total, used: job.isPresent ? parallelism : null};
}

/** From the Flink property; else Spotify's operator gives half of the cores, rounded up before halving. */
function slotsPerTaskManager(spec: Field, dialect: ClusterDialect): number {
  const property = spec.get('flinkProperties').get('taskmanager.numberOfTaskSlots');
  if (property.isPresent) {
    const {value} = property;
    const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim();
    if (!/^\d{1,9}$/.test(text)) {
      property.refuse(`Could not parse value '${text}' for key 'taskmanager.numberOfTaskSlots'.`);
    }
    return Number(text);
  }
  if (dialect === 'gcp') return 1;
  const resources = new Field(componentResources(spec.get('taskManager'), dialect));
  const cores =
    quantityValue(resources.get('limits').get('cpu')) || quantityValue(resources.get('requests').get('cpu'));
  return Math.max(1, Math.floor(cores / 2));
}

/** In whole units, rounded up. */
function quantityValue(field: Field): number {
  const {value} = field;
  if (typeof value !== 'string' && typeof value !== 'number') return 0;
  const quantity = parseQuantity(value);
  return quantity === undefined ? 0 : Number(scaledValue(quantity, 0));
}

function componentResources(component: Field, dialect: ClusterDialect): Fields {
  const given = component.get('resources').record();
  return given ?? (dialect === 'spotify' ? SPOTIFY_DEFAULT_RESOURCES : {});
}

interface Template {
  readonly metadata: {readonly labels: Fields; readonly annotations?: Fields};
  readonly spec: Fields;
}

/** The pod of a JobManager or TaskManager. */
function flinkPod(
  cluster: Cluster,
  component: Field,
  name: 'jobmanager' | 'taskmanager',
  defaultPorts: Readonly<Record<string, number>>,
): Template {
  const {spec, dialect} = cluster;
  const ports = Object.entries(defaultPorts).map(([port, number]) => ({
    name: port,
    containerPort: component.get('ports').get(port).integer() ?? number,
  }));
  const container = {
    name,
    ...image(spec),
    args: [name],
    ports: [...ports, ...values(component.get('extraPorts'))],
    resources: componentResources(component, dialect),
    volumeMounts: [
      ...values(component.get('volumeMounts')),
      {name: 'flink-config-volume', mountPath: '/opt/flink/conf'},
      ...clusterVolumes(spec).mounts,
    ],
  };
  return {
    metadata: podMetadata(cluster, component, {...identity(cluster), component: name}),
    spec: {
      ...placement(cluster, component),
      ...(dialect === 'spotify' ? {terminationGracePeriodSeconds: 60} : {}),
      containers: [container, ...values(component.get('sidecars'))],
      volumes: [...values(component.get('volumes')), configVolume(cluster), ...clusterVolumes(spec).volumes],
    },
  };
}

/** What both kinds of pods take from their component and the whole cluster. GCP knows no affinity and no aliases. */
function placement({spec, dialect}: Cluster, component: Field): Fields {
  const initContainers = values(component.get('initContainers'));
  return present({
    initContainers: initContainers.length === 0 ? undefined : initContainers,
    nodeSelector: component.get('nodeSelector').record(),
    tolerations: listOrNothing(component.get('tolerations')),
    affinity: dialect === 'spotify' ? component.get('affinity').record() : undefined,
    hostAliases: dialect === 'spotify' ? listOrNothing(component.get('hostAliases')) : undefined,
    securityContext: component.get('securityContext').record(),
    serviceAccountName: spec.get('serviceAccountName').string(),
    imagePullSecrets: listOrNothing(spec.get('image').get('pullSecrets')),
    ...batchScheduling(spec, dialect),
  });
}

/** Only volcano is known to the operators; another name changes nothing. */
function batchScheduling(spec: Field, dialect: ClusterDialect): {schedulerName?: string; priorityClassName?: string} {
  const scheduler = dialect === 'spotify' ? spec.get('batchScheduler') : new Field(undefined);
  const name = scheduler.get('name').string() ?? spec.get('batchSchedulerName').string();
  if (name !== 'volcano') return {};
  const priorityClassName = scheduler.get('priorityClassName').string();
  return {schedulerName: name, ...(priorityClassName === undefined ? {} : {priorityClassName})};
}

function podMetadata(cluster: Cluster, component: Field, labels: Fields): Template['metadata'] {
  const group =
    batchScheduling(cluster.spec, cluster.dialect).schedulerName === undefined
      ? {}
      : {'scheduling.k8s.io/group-name': `flink-${cluster.name}`};
  const annotations = {...component.get('podAnnotations').record(), ...group};
  return {
    labels: {...labels, ...component.get('podLabels').record()},
    ...(Object.keys(annotations).length === 0 ? {} : {annotations}),
  };
}

function image(spec: Field): Fields {
  const field = spec.get('image');
  return {image: field.get('name').string(), imagePullPolicy: field.get('pullPolicy').string() ?? 'Always'};
}

function configVolume({name}: Cluster): object {
  return {name: 'flink-config-volume', configMap: {name: `${name}-configmap`}};
}

/** Volumes that every pod of the cluster gets: Hadoop's configuration and the key of a GCP service account. */
function clusterVolumes(spec: Field): {readonly volumes: readonly object[]; readonly mounts: readonly object[]} {
  const hadoop = spec.get('hadoopConfig');
  const account = spec.get('gcpConfig').get('serviceAccount');
  const volumes: object[] = [];
  const mounts: object[] = [];
  if (hadoop.isPresent) {
    const mountPath = hadoop.get('mountPath').string() ?? '/etc/hadoop/conf';
    volumes.push({name: 'hadoop-config-volume', configMap: {name: hadoop.get('configMapName').string() ?? ''}});
    mounts.push({name: 'hadoop-config-volume', mountPath, readOnly: true});
  }
  if (account.isPresent) {
    volumes.push({name: 'gcp-service-account-volume', secret: {secretName: account.get('secretName').string() ?? ''}});
    mounts.push({
      name: 'gcp-service-account-volume',
      mountPath: account.get('mountPath').string() ?? '',
      readOnly: true,
    });
  }
  return {volumes, mounts};
}

function identity({name}: Cluster): Record<string, string> {
  return {cluster: name, app: 'flink'};
}

function objectMeta(cluster: Cluster, name: string, labels: Fields) {
  const {object} = cluster;
  const {namespace} = object.metadata;
  return {
    name,
    ...(namespace === undefined ? {} : {namespace}),
    labels: labels as Record<string, string>,
    ownerReferences: [ownedBy(object)],
  };
}

function statefulSet(
  cluster: Cluster,
  component: 'jobmanager' | 'taskmanager',
  replicas: number,
  source: Field,
  template: Template,
): ComponentObject {
  const name = `${cluster.name}-${component}`;
  const claims = values(source.get('volumeClaimTemplates'));
  const labels = template.metadata.labels;
  return {
    component,
    object: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: objectMeta(cluster, name, labels),
      spec: {
        replicas,
        serviceName: name,
        ...(component === 'taskmanager' ? {podManagementPolicy: 'Parallel'} : {}),
        selector: {matchLabels: labels},
        template,
        ...(claims.length === 0 ? {} : {volumeClaimTemplates: claims}),
      },
    },
  };
}

/** A StatefulSet unless Spotify's `deploymentType` says otherwise; any other word there makes no TaskManager at all. */
function taskManagerWorkload(
  cluster: Cluster,
  replicas: number,
  source: Field,
  template: Template,
): ComponentObject | undefined {
  const type = cluster.dialect === 'spotify' ? (source.get('deploymentType').string() ?? 'StatefulSet') : 'StatefulSet';
  if (type === 'StatefulSet') return statefulSet(cluster, 'taskmanager', replicas, source, template);
  if (type !== 'Deployment') return undefined;
  const labels = template.metadata.labels;
  const claims = source
    .get('volumeClaimTemplates')
    .items()
    .map((claim) => ({
      name: claim.get('metadata').get('name').string() ?? '',
      ephemeral: {volumeClaimTemplate: {metadata: {labels}, spec: claim.get('spec').record() ?? {}}},
    }));
  const volumes = [...(template.spec.volumes as readonly object[]), ...claims];
  return {
    component: 'taskmanager',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: objectMeta(cluster, `${cluster.name}-taskmanager`, labels),
      spec: {replicas, selector: {matchLabels: labels}, template: {...template, spec: {...template.spec, volumes}}},
    },
  };
}

function applicationJob(cluster: Cluster, template: Template): ComponentObject {
  const labels = template.metadata.labels;
  return {
    component: 'jobmanager',
    object: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: objectMeta(cluster, `${cluster.name}-jobmanager`, labels),
      spec: {backoffLimit: 0, template: {...template, spec: {...template.spec, restartPolicy: 'Never'}}},
    },
  };
}

/** The Job that hands the user's program to the JobManager. GCP's gives its pod the labels of the JobManager's pods. */
function submitter(cluster: Cluster, job: Field): ComponentObject {
  const {spec, dialect} = cluster;
  const script = {
    name: 'flink-config-volume',
    mountPath: '/opt/flink-operator/submit-job.sh',
    subPath: 'submit-job.sh',
  };
  const container = {
    name: 'main',
    ...image(spec),
    resources: componentResources(job, dialect),
    volumeMounts: [
      ...values(job.get('volumeMounts')),
      script,
      ...(dialect === 'spotify' ? [{name: 'flink-config-volume', mountPath: '/opt/flink/conf'}] : []),
      ...clusterVolumes(spec).mounts,
    ],
  };
  const {nodeSelector, tolerations, ...common} = placement(cluster, job);
  const metadata = podMetadata(cluster, job, identity(cluster));
  const podLabels = (dialect === 'gcp' ? spec.get('jobManager') : job).get('podLabels').record();
  return {
    component: 'submitter',
    object: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: objectMeta(cluster, `${cluster.name}-job-submitter`, identity(cluster)),
      spec: {
        backoffLimit: 0,
        template: {
          metadata: {...metadata, labels: {...identity(cluster), ...podLabels}},
          spec: {
            ...common,
            ...(dialect === 'spotify' ? present({nodeSelector, tolerations}) : {}),
            restartPolicy: 'Never',
            containers: [container],
            volumes: [...values(job.get('volumes')), configVolume(cluster), ...clusterVolumes(spec).volumes],
          },
        },
      },
    },
  };
}

function values(list: Field): readonly object[] {
  return list
    .items()
    .map((item) => (isRecord(item.value) ? item.value : item.refuse(`${item.path} is not a map of fields`)));
}

function listOrNothing(list: Field): readonly object[] | undefined {
  const items = values(list);
  return items.length === 0 ? undefined : items;
}
