import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {Gang, GangSlots} from '../../../model/gang.ts';
import {simulate} from '../../../simulator/simulate.ts';
import {node, OPTIONS, replicated, requests} from '../builders.ts';

const GIBIBYTE = 2 ** 30;

/** One JobManager of a core, and TaskManagers of two cores and 4 GiB each, on nodes of four cores. */
function job(nodes: number, taskManagers: number, slots: Partial<GangSlots>, gang: Partial<Gang> = {}): ClusterModel {
  const machines = Array.from({length: nodes}, (_, i) => node(`node-${i}`));
  const model = replicated(machines, [
    [{name: 'jobmanager', spec: requests('1', '1Gi')}, 1],
    [{name: 'taskmanager', spec: requests('2', '4Gi')}, taskManagers],
  ]);
  const [jobManager, taskManager] = model.classes;
  const perTaskManager = slots.perTaskManager ?? 2;
  const used = slots.used ?? taskManagers * perTaskManager;
  const least = slots.least ?? used;
  Object.assign(jobManager!.workload, {component: 'jobmanager', replicas: 1});
  Object.assign(taskManager!.workload, {component: 'taskmanager', replicas: taskManagers});
  const members = [
    {workload: jobManager!.workload, minAvailable: 1},
    {workload: taskManager!.workload, minAvailable: Math.ceil(least / perTaskManager)},
  ];
  const all = {perTaskManager, total: taskManagers * perTaskManager, used, least, managedMemory: GIBIBYTE};
  const base = {kind: 'FlinkDeployment', namespace: 'flink', name: 'join', members, slots: all};
  return {...model, gangs: [{...base, tenants: [], refusal: null, ...gang}]};
}

const outcomeOf = (model: ClusterModel) => simulate(model, OPTIONS).gangs[0]!;

describe('a job', () => {
  test('runs when its JobManager is placed and all its slots exist', () => {
    const {state, slots, heldIdle, missingPods} = outcomeOf(job(2, 2, {}));
    expect(state).toBe('Running');
    expect(slots).toEqual({available: 4, idle: 0, missing: 0, idleManagedMemory: 0});
    expect(heldIdle).toEqual({cpu: 0, memory: 0});
    expect(missingPods).toEqual([]);
  });

  test('of ten TaskManagers in room for nine does not run: what is placed holds its memory, idle', () => {
    const {state, slots, members, heldIdle, missingPods, nearestMiss} = outcomeOf(job(5, 10, {}));
    expect(state).toBe('Waiting');
    expect(members.map(({placed, minAvailable}) => `${placed}/${minAvailable}`)).toEqual(['1/1', '9/10']);
    expect(slots).toEqual({available: 18, idle: 18, missing: 2, idleManagedMemory: 18 * GIBIBYTE});
    expect(heldIdle).toEqual({cpu: 1000 + 9 * 2000, memory: (1 + 9 * 4) * GIBIBYTE});
    expect(missingPods).toHaveLength(1);
    expect(nearestMiss?.pod).toBe(missingPods[0]);
    expect(nearestMiss?.node).toBe('node-0');
    expect(nearestMiss?.rejections[0]?.details).toMatchObject([{kind: 'Resource', resource: 'cpu', short: 1}]);
  });

  test('needs no more TaskManagers than its parallelism fills: the others are idle, placed or not', () => {
    const {state, slots} = outcomeOf(job(2, 4, {used: 3, least: 3}));
    expect(state).toBe('Running');
    expect(slots).toMatchObject({available: 6, idle: 3, missing: 0});
  });

  test('whose scheduler adapts it runs with what there is', () => {
    const {state, slots} = outcomeOf(job(1, 4, {used: 8, least: 1}));
    expect(state).toBe('Running');
    expect(slots).toMatchObject({available: 2, idle: 0, missing: 0});
  });

  test('of more slots than its TaskManagers have can never run', () => {
    const {state, slots, missingPods} = outcomeOf(job(2, 2, {used: 6, least: 6}));
    expect(state).toBe('Waiting');
    expect(slots?.missing).toBe(2);
    expect(missingPods).toEqual([]);
  });

  test('without a TaskManager does not run, whatever its JobManager does', () => {
    const model = job(2, 2, {used: 4, least: 4});
    const [gang] = model.gangs;
    const slots = {...gang!.slots!, total: 0};
    const gangs = [{...gang!, slots, members: gang!.members.slice(0, 1)}];
    const {state, slots: found, heldIdle} = outcomeOf({...model, gangs});
    expect(state).toBe('Waiting');
    expect(found).toMatchObject({available: 0, idle: 0, missing: 4});
    expect(heldIdle.cpu).toBe(1000);
  });

  test('whose processes do not start is refused, and holds what its pods request', () => {
    const {state, heldIdle} = outcomeOf(job(2, 2, {}, {refusal: 'TaskManager memory configuration failed'}));
    expect(state).toBe('Refused');
    expect(heldIdle.memory).toBe(9 * GIBIBYTE);
  });
});

describe('jobs in a session cluster', () => {
  const tenant = (name: string, slots: number) => ({kind: 'FlinkSessionJob', namespace: 'flink', name, slots});

  test('take its slots in turn; a smaller one may run where a larger one waits', () => {
    const tenants = [tenant('first', 3), tenant('large', 4), tenant('small', 1)];
    const outcome = outcomeOf(job(2, 2, {used: null, least: null} as never, {tenants}));
    expect(outcome.tenants.map(({name, state, missing}) => [name, state, missing])).toEqual([
      ['first', 'Running', 0],
      ['large', 'Waiting', 3],
      ['small', 'Running', 0],
    ]);
    expect(outcome.slots).toMatchObject({available: 4, idle: 0, missing: 3});
  });
});
