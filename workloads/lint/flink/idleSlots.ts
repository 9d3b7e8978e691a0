import {fieldText, optionsPath} from '../../../flink/flinkProcesses.ts';
import {isReactive} from '../../../flink/flinkScheduler.ts';
import {specPath} from '../../../flink/specPath.ts';
import type {GangSlots} from '../../../model/gang.ts';
import {amountOf, CPU, MEMORY} from '../../../model/resources.ts';
import {bytesText, coresText} from './amounts.ts';
import {type FlinkRule, type FlinkSubject, flinkFinding, pointerTo} from './flinkSubject.ts';

/** Slots, and whole TaskManagers, that no parallelism reaches. */
export const idleSlots: FlinkRule = (subject) => {
  const {gang, object} = subject;
  const slots = gang?.slots;
  if (slots?.used === undefined || slots.used === null || takesAllSlots(subject)) return [];
  const {total, used, perTaskManager} = slots;
  const idle = total - used - spareSlots(subject, perTaskManager);
  if (used < 1 || idle < 1) return [];
  const takes = gang!.tenants.length > 0 ? 'its jobs take' : 'parallelism takes';
  const managed =
    slots.managedMemory === null ? '' : `, with ${bytesText(idle * slots.managedMemory)} of managed memory`;
  const message = [
    `${takes} ${used} of ${total} slots, ${idle} are never used${managed}`,
    ...wholeTaskManagers(subject, slots, idle),
  ].join('; ');
  const remedies = remediesOf(subject, slots, idle);
  const hint = remedies.length === 0 ? undefined : `none is idle with ${remedies.join(', or with ')}`;
  const field = object.kind === 'FlinkCluster' ? ['taskManager', 'replicas'] : ['job', 'parallelism'];
  const pointer = pointerTo([...specPath(object), ...field]);
  return [flinkFinding('STW-4104', subject, message, {hint, pointer})];
};

/** A reactive job takes whatever slots there are. */
function takesAllSlots({processes}: FlinkSubject): boolean {
  return processes.some(({values}) => isReactive(values.get('scheduler-mode')));
}

/** TaskManagers that stand by on purpose. */
function spareSlots({object, processes}: FlinkSubject, perTaskManager: number): number {
  const redundant = Number(processes[0]?.values.get('slotmanager.redundant-taskmanager-num') ?? 0);
  return object.kind === 'FlinkCluster' || !(redundant > 0) ? 0 : redundant * perTaskManager;
}

function wholeTaskManagers({taskManagers}: FlinkSubject, {perTaskManager}: GangSlots, idle: number): readonly string[] {
  const count = Math.floor(idle / perTaskManager);
  if (count < 1 || taskManagers === undefined) return [];
  const {requests} = taskManagers;
  const reserved = `${coresText(count * amountOf(requests, CPU))} and ${bytesText(count * amountOf(requests, MEMORY))}`;
  return [
    count === 1
      ? `a whole TaskManager is idle, which reserves ${reserved}`
      : `${count} whole TaskManagers are idle, which reserve ${reserved}`,
  ];
}

function remediesOf(
  {object, gang}: FlinkSubject,
  {total, used, perTaskManager}: GangSlots,
  idle: number,
): readonly string[] {
  const taken = used ?? 0;
  const replicas = total / perTaskManager;
  const isFixed = object.kind === 'FlinkCluster';
  const fewer = taken % perTaskManager === 0 && taken < total ? taken / perTaskManager : undefined;
  const narrower = taken % replicas === 0 ? taken / replicas : undefined;
  return [
    ...(isFixed && fewer !== undefined ? [`spec.taskManager.replicas: ${fewer}`] : []),
    ...(narrower === undefined
      ? []
      : [`${fieldText([...optionsPath(object), 'taskmanager.numberOfTaskSlots'])}: ${narrower}`]),
    ...(gang!.tenants.length > 0 ? [] : [`${fieldText([...specPath(object), 'job', 'parallelism'])}: ${taken + idle}`]),
  ];
}
