import type {
  Cluster,
  ComponentSpec,
  Container,
  EnvironmentVariable,
  JobSpec,
  PodOptions,
  Texts,
} from './clusterSpec.ts';
import {configMap} from './configMap.ts';
import {
  type ClusterObjects,
  clusterLabels,
  componentLabels,
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
  SUBMIT_MOUNT,
  sharedConfigurations,
  withMounts,
} from './podParts.ts';
import {jobManagerIngress, jobManagerService} from './services.ts';
import {jobManagerAddress, submissionOptions} from './submitterArguments.ts';
import {singleJob, statefulSet} from './workloadObjects.ts';

const PORTS = {jobmanager: ['rpc', 'blob', 'query', 'ui'], taskmanager: ['data', 'rpc', 'query']};
const PREFIXES = {jobmanager: 'JOB_MANAGER', taskmanager: 'TASK_MANAGER'};
const CONTROL = 'flinkclusters.flinkoperator.k8s.io/user-control';

/** What GoogleCloudPlatform's operator makes of a cluster, before its batch scheduler has a say. */
export function gcpObjects(cluster: Cluster, revision: Revision): ClusterObjects {
  const {jobManager, taskManager, job} = cluster.spec;
  const jobManagerPods = componentTemplate(cluster, 'jobmanager', jobManager);
  const taskManagerPods = componentTemplate(cluster, 'taskmanager', taskManager);
  const ingress = jobManagerIngress(cluster, revision);
  return {
    configMap: configMap(cluster, revision),
    jobManagerStatefulSet: statefulSet(
      cluster,
      'jobmanager',
      jobManager.replicas,
      jobManagerPods,
      jobManager.volumeClaimTemplates ?? [],
      revision,
    ),
    taskManagerStatefulSet: statefulSet(
      cluster,
      'taskmanager',
      taskManager.replicas,
      taskManagerPods,
      taskManager.volumeClaimTemplates ?? [],
      revision,
    ),
    jobManagerService: jobManagerService(cluster, revision),
    ...(ingress === undefined ? {} : {jobManagerIngress: ingress}),
    ...(job === undefined || isCancelled(cluster, job) ? {} : {job: submitterJob(cluster, job, revision)}),
  };
}

function isCancelled({annotations}: Cluster, {cancelRequested}: JobSpec): boolean {
  return cancelRequested === true || annotations[CONTROL] === 'job-cancel';
}

function componentTemplate(
  cluster: Cluster,
  component: 'jobmanager' | 'taskmanager',
  spec: ComponentSpec,
): PodTemplate {
  const shared = sharedConfigurations(cluster);
  const {envVars = [], envFrom = []} = cluster.spec;
  const ownMounts = spec.volumeMounts ?? [];
  const main: Container = {
    name: component,
    ...image(cluster),
    args: [component],
    ports: containerPorts(spec, PORTS[component]),
    livenessProbe: spec.livenessProbe,
    readinessProbe: spec.readinessProbe,
    resources: spec.resources,
    env: [...limitVariables(component), ...shared.flatMap(({variable}) => variable ?? []), ...envVars],
    ...listed('envFrom', envFrom),
    volumeMounts: [...ownMounts, CONFIG_MOUNT, ...shared.map(({mount}) => mount)],
  };
  const labels: Texts = {...componentLabels(cluster, component), ...spec.podLabels};
  return {
    metadata: podMetadata(labels, spec.podAnnotations),
    spec: {
      ...podOptions(cluster, spec),
      ...listed(
        'initContainers',
        (spec.initContainers ?? []).map((container) => withMounts(container, ownMounts)),
      ),
      containers: [main, ...(spec.sidecars ?? [])],
      volumes: [...(spec.volumes ?? []), configurationVolume(cluster), ...shared.map(({volume}) => volume)],
    },
  };
}

/** The limits, as the container may read them: millicores and mebibytes. */
function limitVariables(component: 'jobmanager' | 'taskmanager'): readonly EnvironmentVariable[] {
  const limits = [
    ['CPU', 'cpu', '1m'],
    ['MEMORY', 'memory', '1Mi'],
  ] as const;
  return limits.map(([title, resource, divisor]) => ({
    name: `${PREFIXES[component]}_${title}_LIMIT`,
    valueFrom: {resourceFieldRef: {containerName: component, resource: `limits.${resource}`, divisor}},
  }));
}

/** Of what may be said about the placement of pods, a submitter has nothing. */
function onlySecurity({securityContext}: JobSpec): Partial<PodOptions> {
  return securityContext === undefined ? {} : {securityContext};
}

/** The Job that hands the program to the JobManager; its pod has the JobManager's labels, not its own. */
function submitterJob(cluster: Cluster, job: JobSpec, revision: Revision): WorkloadObject {
  const shared = sharedConfigurations(cluster);
  const {envVars = [], envFrom = [], jobManager} = cluster.spec;
  const {jarFile = ''} = job;
  const isRemote = jarFile.includes('://');
  const ownMounts = job.volumeMounts ?? [];
  const main: Container = {
    name: 'main',
    ...image(cluster),
    args: [
      ...submissionOptions(cluster, job),
      '--detached',
      isRemote ? `/opt/flink/job/${jarFile.slice(jarFile.lastIndexOf('/') + 1)}` : jarFile,
      ...(job.args ?? []),
    ],
    env: [
      ...(isRemote ? [{name: 'FLINK_JOB_JAR_URI', value: jarFile}] : []),
      {name: 'FLINK_JM_ADDR', value: jobManagerAddress(cluster)},
      ...shared.flatMap(({variable}) => variable ?? []),
      ...envVars,
    ],
    ...listed('envFrom', envFrom),
    volumeMounts: [...ownMounts, SUBMIT_MOUNT, ...shared.map(({mount}) => mount)],
    resources: job.resources,
  };
  const podLabels: Texts = {...clusterLabels(cluster), ...jobManager.podLabels};
  return singleJob(
    cluster,
    `${cluster.name}-job-submitter`,
    {...podLabels, ...revisionLabel(revision)},
    {
      metadata: podMetadata(podLabels, job.podAnnotations),
      spec: {
        ...podOptions(cluster, onlySecurity(job)),
        ...listed(
          'initContainers',
          (job.initContainers ?? []).map((container) => withMounts(container, ownMounts)),
        ),
        containers: [main],
        volumes: [...(job.volumes ?? []), configurationVolume(cluster), ...shared.map(({volume}) => volume)],
      },
    },
  );
}
