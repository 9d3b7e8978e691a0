import {expect, test} from 'vitest';
import type {Workload} from '../../model/pod.ts';
import {jobRows} from '../../results/jobRows.ts';
import type {GangOutcome} from '../../simulator/gangs/gangOutcome.ts';

type Counts = readonly [placed: number, minAvailable: number, replicas: number];

/** A job with one slot for each TaskManager. */
function waiting(jobManagers: Counts, taskManagers: Counts | null, missing: number): GangOutcome {
  const members = (
    [
      ['jobmanager', jobManagers],
      ['taskmanager', taskManagers],
    ] as const
  ).flatMap(([component, counts]) => {
    if (counts === null) return [];
    const [placed, minAvailable, replicas] = counts;
    const workload: Workload = {index: 0, kind: 'FlinkCluster', namespace: 'flink', name: 'join', component, replicas};
    return [{workload, minAvailable, placed}];
  });
  const gang = {kind: 'FlinkCluster', namespace: 'flink', name: 'join', members, tenants: [], refusal: null};
  return {
    gang: {...gang, slots: {perTaskManager: 1, total: 2, used: 2, least: 2, managedMemory: null}},
    state: 'Waiting',
    members,
    slots: {available: 0, idle: 0, missing, idleManagedMemory: null},
    heldIdle: {cpu: 0, memory: 0},
    missingPods: [],
    nearestMiss: null,
    tenants: [],
  };
}

test.each<[job: GangOutcome, message: string]>([
  [waiting([0, 1, 1], [2, 2, 2], 0), '0 of 1 jobmanager placed'],
  [waiting([1, 1, 1], [1, 2, 2], 1), '1 slot missing: 1 of 2 taskmanagers placed'],
  [waiting([0, 1, 1], [0, 2, 2], 2), '2 slots missing: 0 of 1 jobmanager and 0 of 2 taskmanagers placed'],
  [waiting([1, 1, 1], [2, 4, 2], 2), '2 slots missing: 2 of 4 taskmanagers placed, and the resource asks for 2 only'],
  [waiting([1, 1, 1], null, 2), '2 slots missing'],
])('a job that waits says what it lacks: %#', (job, message) => {
  expect(jobRows({gangs: [job]}).map((row) => row.message)).toEqual([message]);
});
