import {isRecord} from '../field.ts';
import type {ClusterSpec, ComponentSpec, Fields, JobSpec} from './clusterSpec.ts';
import {livenessProbe, readinessProbe} from './probes.ts';

const JOB_MANAGER_PORTS = {rpc: 6123, blob: 6124, query: 6125, ui: 8081};
const TASK_MANAGER_PORTS = {data: 6121, rpc: 6122, query: 6125};
const CLEANUP = {afterJobSucceeds: 'DeleteCluster', afterJobFails: 'KeepCluster', afterJobCancelled: 'DeleteCluster'};

/** What the defaulting webhook adds; `stored` is the specification as the API server keeps it. */
export function withGcpDefaults(spec: ClusterSpec, stored: Fields): ClusterSpec {
  const {image, jobManager, taskManager, job, hadoopConfig} = spec;
  return {
    ...spec,
    image: {...image, pullPolicy: image.pullPolicy ?? 'Always'},
    jobManager: {
      ...withComponentDefaults(jobManager, stored.jobManager, JOB_MANAGER_PORTS),
      replicas: jobManager.replicas ?? 1,
      accessScope: jobManager.accessScope || 'Cluster',
    },
    taskManager: withComponentDefaults(taskManager, stored.taskManager, TASK_MANAGER_PORTS),
    ...(job === undefined ? {} : {job: withJobDefaults(job)}),
    ...(hadoopConfig === undefined
      ? {}
      : {hadoopConfig: {...hadoopConfig, mountPath: hadoopConfig.mountPath ?? '/etc/hadoop/conf'}}),
  };
}

function withComponentDefaults<T extends ComponentSpec>(
  component: T,
  stored: unknown,
  defaultPorts: Readonly<Record<string, number>>,
): T {
  const ports = {...defaultPorts, ...component.ports};
  const hasMinimum = isRecord(stored) && stored.memoryOffHeapMin !== undefined;
  return {
    ...component,
    ports,
    memoryOffHeapMin: hasMinimum ? component.memoryOffHeapMin : '600M',
    memoryOffHeapRatio: component.memoryOffHeapRatio ?? 25,
    livenessProbe: livenessProbe(ports.rpc ?? 0),
    readinessProbe: readinessProbe(ports.rpc ?? 0),
  };
}

function withJobDefaults(job: JobSpec): JobSpec {
  return {
    ...job,
    allowNonRestoredState: job.allowNonRestoredState ?? false,
    parallelism: job.parallelism ?? 1,
    noLoggingToStdout: job.noLoggingToStdout ?? false,
    restartPolicy: job.restartPolicy ?? 'Never',
    cleanupPolicy: job.cleanupPolicy ?? CLEANUP,
  };
}
