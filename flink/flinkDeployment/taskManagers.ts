import type {ClusterContext} from './cluster.ts';
import {taskManagersFor} from './effectiveConfiguration.ts';
import {illegalArgument} from './javaFailure.ts';
import {PARALLELISM, REDUNDANT_TASK_MANAGERS, slotsPerTaskManager, TASK_MANAGER_REPLICAS} from './options.ts';

/** How many TaskManagers run once jobs have the slots they ask for. */
export interface TaskManagerCount {
  readonly count: number;
  readonly slotsEach: number;
  /** Slots that jobs use; null where no job is known. */
  readonly used: number | null;
  readonly notes: readonly string[];
}

/** `sessionSlots` is what the session jobs of the cluster ask for, if any are known. */
export function taskManagerCount(
  {deployment, configuration}: ClusterContext,
  sessionSlots: number | undefined,
): TaskManagerCount {
  const slotsEach = slotsPerTaskManager(configuration);
  if (slotsEach < 1) {
    const message = `taskmanager.numberOfTaskSlots is ${slotsEach}, a TaskManager needs at least one slot`;
    throw illegalArgument(message, 'taskmanager.numberOfTaskSlots');
  }
  const isSession = deployment.job === undefined;
  const used = isSession ? (sessionSlots ?? null) : (configuration.integer(PARALLELISM) ?? 1);
  if (deployment.mode === 'standalone') {
    const count = configuration.integer(TASK_MANAGER_REPLICAS) ?? 1;
    const missing = (used ?? 0) - count * slotsEach;
    return {
      count,
      slotsEach,
      used,
      notes:
        missing > 0
          ? [`${used} slots are asked for, ${missing} more than ${count} TaskManagers of ${slotsEach} slots have`]
          : [],
    };
  }
  const redundant = Math.max(0, configuration.integer(REDUNDANT_TASK_MANAGERS) ?? 0);
  const count = used === null || used < 1 ? 0 : taskManagersFor(used, slotsEach) + redundant;
  return {
    count,
    slotsEach,
    used,
    notes: nativeNotes(isSession, used, count, slotsEach, deployment.taskManager.replicas),
  };
}

function nativeNotes(
  isSession: boolean,
  used: number | null,
  count: number,
  slotsEach: number,
  replicas: number | undefined,
): readonly string[] {
  if (isSession && used === null) return ['a native session cluster has no TaskManager until a job asks for slots'];
  if (isSession) {
    return [`${count} TaskManagers counted for session jobs of ${used} slots together, at ${slotsEach} slots each`];
  }
  if (replicas !== undefined) return [];
  return [
    `Flink asks for TaskManagers as the job needs slots; ${count} counted for parallelism ${used} at ${slotsEach} slots each`,
  ];
}
