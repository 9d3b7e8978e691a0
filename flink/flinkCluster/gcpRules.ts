import type {Cluster, ClusterProblem, ClusterSpec, JobSpec} from './clusterSpec.ts';
import {offHeapRules, portRules, type RuledComponent, ratioRules} from './componentRules.ts';
import {serviceAccountRules} from './gcpConfigRules.ts';
import {quantity, wholeUnits} from './quantities.ts';

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const ACCESS_SCOPES = ['Cluster', 'VPC', 'External', 'NodePort', 'Headless'];
const RESTART_POLICIES = ['Never', 'FromSavepointOnFailure'];
const CLEANUP_ACTIONS = ['DeleteCluster', 'DeleteTaskManager', 'KeepCluster'];
const LAST_SYSTEM_PORT = 1024;

/** What the webhook of GoogleCloudPlatform refuses about a new cluster. It says only the first. */
export function* gcpCreateProblems({name, namespace, spec}: Cluster): Generator<ClusterProblem> {
  if (name === '') yield {message: 'cluster name is unspecified', pointer: '/metadata/name'};
  if (namespace === '') yield {message: 'cluster namesapce is unspecified', pointer: '/metadata/namespace'};
  yield* hadoopRules(spec.hadoopConfig);
  yield* serviceAccountRules(spec.gcpConfig);
  yield* imageRules(spec.image);
  const {jobManager, taskManager, job} = spec;
  if (jobManager.replicas !== 1) {
    yield {message: 'invalid JobManager replicas, it must be 1', pointer: '/spec/jobManager/replicas'};
  }
  if (!ACCESS_SCOPES.includes(jobManager.accessScope)) {
    const message = `invalid JobManager access scope: ${jobManager.accessScope}`;
    yield {message, pointer: '/spec/jobManager/accessScope'};
  }
  yield* componentRules({
    name: 'jobmanager',
    pointer: '/spec/jobManager',
    spec: jobManager,
    ports: ['rpc', 'blob', 'query', 'ui'],
  });
  if (taskManager.replicas < 1) {
    yield {message: 'invalid TaskManager replicas, it must >= 1', pointer: '/spec/taskManager/replicas'};
  }
  yield* componentRules({
    name: 'taskmanager',
    pointer: '/spec/taskManager',
    spec: taskManager,
    ports: ['rpc', 'data', 'query'],
  });
  if (job !== undefined) yield* jobRules(job);
}

function* hadoopRules(hadoopConfig: ClusterSpec['hadoopConfig']): Generator<ClusterProblem> {
  if (hadoopConfig !== undefined && (hadoopConfig.configMapName ?? '') === '') {
    yield {message: 'Hadoop ConfigMap name is unspecified', pointer: '/spec/hadoopConfig'};
  }
}

function* imageRules({name, pullPolicy = ''}: ClusterSpec['image']): Generator<ClusterProblem> {
  if (name === '') yield {message: 'image name is unspecified', pointer: '/spec/image/name'};
  if (!PULL_POLICIES.includes(pullPolicy)) {
    yield {message: `invalid image pullPolicy: ${pullPolicy}`, pointer: '/spec/image/pullPolicy'};
  }
}

function* componentRules(component: RuledComponent): Generator<ClusterProblem> {
  const {name, pointer, spec, ports} = component;
  for (const port of ports) {
    const number = spec.ports[port] ?? 0;
    if (number > LAST_SYSTEM_PORT) continue;
    const message = `invalid ${name} ${port} port: ${number}, must be > ${LAST_SYSTEM_PORT}`;
    yield {message, pointer: `${pointer}/ports/${port}`};
  }
  yield* portRules(component);
  yield* ratioRules(component, 'memoryOffHeapRatio');
  yield* offHeapRules(component, wholeUnits(quantity(spec.resources.limits, 'memory')));
}

function* jobRules(job: JobSpec): Generator<ClusterProblem> {
  const pointer = '/spec/job';
  if ((job.jarFile ?? '') === '') yield {message: 'job jarFile is unspecified', pointer};
  if ((job.parallelism ?? 1) < 1) {
    yield {message: 'job parallelism must be >= 1', pointer: `${pointer}/parallelism`};
  }
  const {restartPolicy = 'Never', cleanupPolicy = {}} = job;
  if (!RESTART_POLICIES.includes(restartPolicy)) {
    yield {message: `invalid job restartPolicy: ${restartPolicy}`, pointer: `${pointer}/restartPolicy`};
  }
  for (const event of ['afterJobSucceeds', 'afterJobFails']) {
    const action = cleanupPolicy[event] ?? '';
    if (CLEANUP_ACTIONS.includes(action)) continue;
    const message = `invalid cleanupPolicy.${event}: ${action}`;
    yield {message, pointer: `${pointer}/cleanupPolicy/${event}`};
  }
  if (job.cancelRequested === true) {
    const message = 'property `cancelRequested` cannot be set to true for a new job';
    yield {message, pointer: `${pointer}/cancelRequested`};
  }
}
