import {isRecord} from '../field.ts';
import type {ClusterSpec, ComponentSpec, Fields, Probe} from './clusterSpec.ts';
import {livenessProbe, readinessProbe} from './probes.ts';
import {isBelow, parseVersion, VERSION_1_10} from './version.ts';

/** What the defaulting webhook adds; `stored` is the specification as the API server keeps it. */
export function withSpotifyDefaults(spec: ClusterSpec, stored: Fields): ClusterSpec {
  const version = parseVersion(spec.flinkVersion ?? '');
  const usesHeap = version === null || isBelow(version, VERSION_1_10);
  const {batchSchedulerName} = spec;
  return {
    ...spec,
    ...(batchSchedulerName === undefined ? {} : {batchScheduler: {name: batchSchedulerName}}),
    jobManager: withComponentDefaults(spec.jobManager, stored.jobManager, usesHeap),
    taskManager: withComponentDefaults(spec.taskManager, stored.taskManager, usesHeap),
  };
}

function withComponentDefaults<T extends ComponentSpec>(component: T, stored: unknown, usesHeap: boolean): T {
  const {rpc = 0} = component.ports;
  const hasMinimum = isRecord(stored) && stored.memoryOffHeapMin !== undefined;
  const memory = usesHeap
    ? {
        memoryOffHeapMin: hasMinimum ? component.memoryOffHeapMin : '600M',
        memoryOffHeapRatio: component.memoryOffHeapRatio ?? 25,
      }
    : {memoryProcessRatio: component.memoryProcessRatio ?? 80};
  return {
    ...component,
    ...memory,
    livenessProbe: mergeProbe(livenessProbe(rpc), component.livenessProbe),
    readinessProbe: mergeProbe(readinessProbe(rpc), component.readinessProbe),
  };
}

/** The user's probe lies over the default: a zero is no value, and another way of probing comes beside the socket. */
function mergeProbe(fallback: Probe, given: Probe | undefined): Probe {
  if (given === undefined) return fallback;
  const {tcpSocket, ...rest} = given;
  return {...fallback, ...rest, tcpSocket: {...fallback.tcpSocket, ...tcpSocket}};
}
