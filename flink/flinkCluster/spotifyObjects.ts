import {controllerReference, present} from '../flinkOutcome.ts';
import {horizontalPodAutoscaler, podDisruptionBudget} from './budgets.ts';
import {
  type Cluster,
  type ComponentSpec,
  type Container,
  type EnvironmentVariable,
  isApplication,
  type JobSpec,
  type Texts,
  type Volume,
} from './clusterSpec.ts';
import {configMap} from './configMap.ts';
import {jobParallelism} from './flinkConf.ts';
import {
  type ClusterObjects,
  clusterLabels,
  componentLabels,
  metadata,
  type PodTemplate,
  type Revision,
  revisionLabel,
  type WorkloadObject,
} from './objects.ts';
import {
  CONFIG_MOUNT,
  configurationVolume,
  containerPorts,
  image,
  listed,
  podMetadata,
  podOptions,
  type SharedConfiguration,
  SUBMIT_MOUNT,
  sharedConfigurations,
  withMounts,
  withVariables,
} from './podParts.ts';
import {jobManagerIngress, jobManagerService, taskManagerService} from './services.ts';
import {jobManagerAddress, savepointOptions, submissionOptions} from './submitterArguments.ts';
import {singleJob, statefulSet} from './workloadObjects.ts';

const PORTS = {jobmanager: ['rpc', 'blob', 'query', 'ui'], taskmanager: ['data', 'rpc', 'query']};
/** Both kinds of pods are held for half a minute when they go. */
const GRACE_SECONDS = 60;
const PRE_STOP = {preStop: {exec: {command: ['sleep', '30']}}};

/** What spotify's operator makes of a cluster, before its batch scheduler has a say. */
export function spotifyObjects(cluster: Cluster, revision: Revision): ClusterObjects {
  const {jobManager, taskManager, job} = cluster.spec;
  const inJob = isApplication(cluster);
  const jobManagerTemplate = componentTemplate(
    cluster,
    'jobmanager',
    jobManager,
    jobManagerArguments(cluster, revision),
  );
  const taskManagerTemplate = componentTemplate(cluster, 'taskmanager', taskManager, ['taskmanager']);
  return {
    configMap: configMap(cluster, revision),
    jobManagerService: jobManagerService(cluster, revision),
    taskManagerService: taskManagerService(cluster, revision),
    ...taskManagers(cluster, taskManagerTemplate, revision),
    ...present({
      podDisruptionBudget: podDisruptionBudget(cluster, revision),
      horizontalPodAutoscaler: horizontalPodAutoscaler(cluster, revision),
      jobManagerIngress: jobManagerIngress(cluster, revision),
      jobManagerStatefulSet: inJob ? undefined : jobManagerSet(cluster, jobManagerTemplate, revision),
      job: inJob ? applicationJob(cluster, jobManagerTemplate, revision) : job && submitterJob(cluster, job, revision),
    }),
  };
}

function jobManagerSet(cluster: Cluster, template: PodTemplate, revision: Revision): WorkloadObject {
  const {jobManager} = cluster.spec;
  return statefulSet(cluster, 'jobmanager', jobManager.replicas, template, claims(cluster, jobManager), revision);
}

/** Any other word than these two as the type makes no TaskManager at all. */
function taskManagers(
  cluster: Cluster,
  template: PodTemplate,
  revision: Revision,
): {readonly taskManagerStatefulSet?: WorkloadObject; readonly taskManagerDeployment?: WorkloadObject} {
  const {taskManager} = cluster.spec;
  const {replicas} = taskManager;
  switch (taskManager.deploymentType) {
    case 'StatefulSet': {
      const owned = claims(cluster, taskManager);
      return {taskManagerStatefulSet: statefulSet(cluster, 'taskmanager', replicas, template, owned, revision)};
    }
    case 'Deployment':
      return {taskManagerDeployment: taskManagerDeployment(cluster, replicas, template, revision)};
    default:
      return {};
  }
}

/** Claims become ephemeral volumes, as a Deployment has none of its own. */
function taskManagerDeployment(
  cluster: Cluster,
  replicas: number,
  template: PodTemplate,
  revision: Revision,
): WorkloadObject {
  const {labels} = template.metadata;
  const ephemeral = (cluster.spec.taskManager.volumeClaimTemplates ?? []).map(({metadata: {name = ''}, spec}) => ({
    name,
    ephemeral: {volumeClaimTemplate: {metadata: {labels}, spec}},
  }));
  const spec = {...template.spec, volumes: [...template.spec.volumes, ...ephemeral]};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(cluster, `${cluster.name}-taskmanager`, {...labels, ...revisionLabel(revision)}),
    spec: {replicas, selector: {matchLabels: labels}, template: {...template, spec}},
  };
}

function claims(cluster: Cluster, {volumeClaimTemplates = []}: ComponentSpec) {
  return volumeClaimTemplates.map((claim) => ({
    ...claim,
    metadata: {...claim.metadata, ownerReferences: [controllerReference(cluster)]},
  }));
}

function componentTemplate(
  cluster: Cluster,
  component: 'jobmanager' | 'taskmanager',
  spec: ComponentSpec,
  args: readonly string[],
): PodTemplate {
  const {envVars = [], envFrom = []} = cluster.spec;
  const main: Container = {
    name: component,
    ...image(cluster),
    args,
    ports: containerPorts(spec, PORTS[component]),
    livenessProbe: spec.livenessProbe,
    readinessProbe: spec.readinessProbe,
    resources: spec.resources,
    ...listed('env', envVars),
    ...listed('envFrom', envFrom),
    ...listed('volumeMounts', spec.volumeMounts ?? []),
    lifecycle: PRE_STOP,
  };
  const labels: Texts = {...componentLabels(cluster, component), ...spec.podLabels};
  const initContainers = (spec.initContainers ?? []).map((container) => withVariables(container, envVars));
  const pod = withConfigurations(cluster, {main, initContainers, volumes: spec.volumes ?? []});
  return {
    metadata: podMetadata(labels, spec.podAnnotations),
    spec: {
      ...podOptions(cluster, spec),
      terminationGracePeriodSeconds: GRACE_SECONDS,
      ...listed('initContainers', pod.initContainers),
      containers: [pod.main, ...(spec.sidecars ?? [])],
      volumes: pod.volumes,
    },
  };
}

interface PodInTheMaking {
  readonly main: Container;
  readonly initContainers: readonly Container[];
  readonly volumes: readonly Volume[];
}

/** Flink's configuration, Hadoop's and the key of a service account: in every container but sidecars. */
function withConfigurations(cluster: Cluster, pod: PodInTheMaking): PodInTheMaking {
  const flink: SharedConfiguration = {volume: configurationVolume(cluster), mount: CONFIG_MOUNT};
  return [flink, ...sharedConfigurations(cluster)].reduce(addConfiguration, pod);
}

function addConfiguration(pod: PodInTheMaking, {volume, mount, variable}: SharedConfiguration): PodInTheMaking {
  const variables = variable === undefined ? [] : [variable];
  const equip = (container: Container) => withVariables(withMounts(container, [mount]), variables);
  const isTaken = pod.volumes.some(({name}) => name === volume.name);
  return {
    main: equip(pod.main),
    initContainers: pod.initContainers.map(equip),
    volumes: isTaken ? pod.volumes : [...pod.volumes, volume],
  };
}

function jobManagerArguments(cluster: Cluster, revision: Revision): readonly string[] {
  const {job} = cluster.spec;
  if (job === undefined || !isApplication(cluster)) return ['jobmanager'];
  const parallelism = jobParallelism(cluster);
  return [
    'standalone-job',
    ...(parallelism === null ? [] : [`-Dparallelism.default=${parallelism}`]),
    ...savepointOptions(cluster, job),
    ...(revision === null ? [] : ['--job-id', revision.jobId]),
    ...['--job-classname', job.className ?? ''],
    ...(job.args ?? []),
  ];
}

function applicationJob(cluster: Cluster, template: PodTemplate, revision: Revision): WorkloadObject {
  const labels: Texts = {
    ...revisionLabel(revision),
    ...template.metadata.labels,
    ...(revision === null ? {} : {'flinkoperator.k8s.io/job-id': revision.jobId}),
  };
  const pod = {...template, metadata: {...template.metadata, labels}};
  return singleJob(cluster, `${cluster.name}-jobmanager`, labels, pod);
}

/** The Job that hands the program to the JobManager. */
function submitterJob(cluster: Cluster, job: JobSpec, revision: Revision): WorkloadObject {
  const {envVars = [], envFrom = []} = cluster.spec;
  const variables: readonly EnvironmentVariable[] = [
    {name: 'FLINK_JM_ADDR', value: jobManagerAddress(cluster)},
    ...envVars,
  ];
  const mounts = [...(job.volumeMounts ?? []), SUBMIT_MOUNT, CONFIG_MOUNT];
  const main: Container = {
    name: 'main',
    ...image(cluster),
    args: submitterArguments(cluster, job),
    env: variables,
    ...listed('envFrom', envFrom),
    volumeMounts: mounts,
    resources: job.resources,
  };
  const initContainers = (job.initContainers ?? []).map((container) =>
    withVariables(withMounts(container, mounts), variables),
  );
  const volumes = [...(job.volumes ?? []), configurationVolume(cluster)];
  const pod = withConfigurations(cluster, {main, initContainers, volumes});
  const labels: Texts = {...clusterLabels(cluster), ...revisionLabel(revision), ...job.podLabels};
  return singleJob(cluster, `${cluster.name}-job-submitter`, labels, {
    metadata: podMetadata(labels, job.podAnnotations),
    spec: {
      ...podOptions(cluster, job),
      ...listed('initContainers', pod.initContainers),
      containers: [pod.main],
      volumes: pod.volumes,
    },
  });
}

function submitterArguments(cluster: Cluster, job: JobSpec): readonly string[] {
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  return [
    ...submissionOptions(cluster, job),
    ...(job.mode === 'Detached' ? ['--detached'] : []),
    ...(job.classPath ?? []).flatMap((path) => ['-C', path]),
    ...(job.jarFile === undefined ? [] : [job.jarFile]),
    ...option('--python', job.pyFile),
    ...option('--pyFiles', job.pyFiles),
    ...option('--pyModule', job.pyModule),
    ...(job.args ?? []),
  ];
}
