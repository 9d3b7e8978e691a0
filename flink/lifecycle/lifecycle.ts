import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {FlinkOutcome} from '../flinkOutcome.ts';
import {isAdaptive} from '../flinkScheduler.ts';
import {isFlinkAtLeast, readFlinkVersion} from '../memory/flinkVersion.ts';
import {type ClusterJob, clusterLifecycle} from './clusterLifecycle.ts';
import {blueGreenLifecycle, type DeploymentJob, deploymentLifecycle} from './deploymentLifecycle.ts';
import {ASSUMED_DURATIONS, type AssumedDurations} from './durations.ts';
import type {LifecycleEvent} from './lifecycleEvent.ts';

type FlinkObjects = Extract<FlinkOutcome, {kind: 'objects'}>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * What can happen in the life of a job and what each event holds of the cluster, step by step. Empty for a session
 * cluster, whose pods stay as they are. `outcome` is what `operator`, by its name as
 * `--flink-operator` takes it, has made of the resource.
 */
export function lifecycleOf(
  object: KubernetesObject,
  outcome: FlinkObjects,
  operator: string,
  durations: AssumedDurations = ASSUMED_DURATIONS,
): readonly LifecycleEvent[] {
  const spec = fieldsOf(object.spec);
  if (object.kind === 'FlinkCluster') {
    return spec.job === undefined ? [] : clusterLifecycle(clusterJob(spec, outcome, operator), durations);
  }
  if (object.kind === 'FlinkBlueGreenDeployment') {
    const template = fieldsOf(fieldsOf(spec.template).spec);
    if (template.job === undefined) return [];
    const job = deploymentJob(template, outcome);
    const own = Object.entries(fieldsOf(spec.configuration)).map(([key, value]) => [key, String(value)]);
    return blueGreenLifecycle({...job, configuration: {...job.configuration, ...Object.fromEntries(own)}}, durations);
  }
  return spec.job === undefined ? [] : deploymentLifecycle(deploymentJob(spec, outcome), durations);
}

function clusterJob(spec: Fields, outcome: FlinkObjects, operator: string): ClusterJob {
  const job = fieldsOf(spec.job);
  const cleanup = fieldsOf(job.cleanupPolicy);
  const configuration = outcome.flink?.configuration ?? {};
  const isSpotify = operator.startsWith('spotify');
  const mode = job.mode === 'Blocking' || job.mode === 'Application' ? job.mode : 'Detached';
  return {
    operator: isSpotify ? 'spotify' : 'gcp',
    mode: isSpotify ? mode : 'Detached',
    taskManagers: countOf(outcome, 'taskmanager'),
    isStatefulSet: outcome.objects.some(
      ({component, object}) => component === 'taskmanager' && object.kind === 'StatefulSet',
    ),
    recreateOnUpdate: spec.recreateOnUpdate !== false,
    takesSavepoint:
      job.savepointsDir !== undefined && job.takeSavepointOnUpdate !== false && job.takeSavepointOnUpgrade !== false,
    restartsFromSavepoint: job.restartPolicy === 'FromSavepointOnFailure',
    isHighlyAvailable: isHighlyAvailable(configuration),
    isAdaptive: isAdaptive(configuration),
    countsFailedCalls: isAtLeast(outcome, 1, 15),
    cleanupPolicy: {
      afterJobSucceeds: textOf(cleanup.afterJobSucceeds, 'DeleteCluster'),
      afterJobFails: textOf(cleanup.afterJobFails, 'KeepCluster'),
      afterJobCancelled: textOf(cleanup.afterJobCancelled, 'DeleteCluster'),
    },
    configuration,
  };
}

function deploymentJob(spec: Fields, outcome: FlinkObjects): DeploymentJob {
  const configuration = outcome.flink?.configuration ?? {};
  const {upgradeMode} = fieldsOf(spec.job);
  return {
    isNative: spec.mode !== 'standalone',
    upgradeMode: upgradeMode === 'savepoint' || upgradeMode === 'last-state' ? upgradeMode : 'stateless',
    jobManagers: countOf(outcome, 'jobmanager'),
    taskManagers: countOf(outcome, 'taskmanager'),
    isHighlyAvailable: isHighlyAvailable(configuration),
    isAdaptive: isAdaptive(configuration),
    scalesInPlace: isAtLeast(outcome, 1, 18),
    countsFailedCalls: isAtLeast(outcome, 1, 15),
    configuration,
  };
}

function isAtLeast({flink}: FlinkObjects, major: number, minor: number): boolean {
  const version = readFlinkVersion(flink?.version ?? '');
  return version !== undefined && isFlinkAtLeast(version, major, minor);
}

function countOf({objects}: FlinkObjects, wanted: 'jobmanager' | 'taskmanager'): number {
  return objects.filter(({component}) => component === wanted).reduce((sum, {object}) => sum + replicasOf(object), 0);
}

function replicasOf({spec}: KubernetesObject): number {
  const {replicas} = fieldsOf(spec);
  return typeof replicas === 'number' ? replicas : 1;
}

function isHighlyAvailable(configuration: Readonly<Record<string, string>>): boolean {
  const type = configuration['high-availability.type'] ?? configuration['high-availability'] ?? 'NONE';
  return type.trim().toUpperCase() !== 'NONE';
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown, standard: string): string {
  return typeof value === 'string' && value !== '' ? value : standard;
}
