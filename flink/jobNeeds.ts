import type {FlinkOutcome} from './flinkOutcome.ts';
import {isAdaptive} from './flinkScheduler.ts';
import {componentMemory} from './memory/component.ts';
import {readFlinkVersion} from './memory/flinkVersion.ts';
import {taskManagerMemory} from './memory/taskManagerMemory.ts';

/** What a job needs to run, and what keeps its processes from starting. */
export interface JobNeeds {
  readonly slots: {
    readonly perTaskManager: number;
    readonly total: number;
    readonly used: number | null;
    /** The fewest slots it runs with: all it uses, or one with Flink's adaptive scheduler. */
    readonly least: number | null;
    /** Bytes of managed memory of one slot; null where the memory is not known. */
    readonly managedMemory: number | null;
  } | null;
  /** Flink's own words where a process of the job does not start, whatever room it gets; else null. */
  readonly refusal: string | null;
}

type FlinkObjects = Extract<FlinkOutcome, {kind: 'objects'}>;

export function jobNeeds(outcome: FlinkObjects): JobNeeds {
  const {slots, flink} = outcome;
  const values = new Map(Object.entries(flink?.configuration ?? {}));
  const version = readFlinkVersion(flink?.version ?? '');
  const question = version === undefined || flink === undefined ? null : {version, environment: flink.environment};
  const memory = question === null ? null : taskManagerMemory(values, question);
  const managed = memory !== null && 'memory' in memory ? Number(memory.memory.slot.managed) : null;
  return {
    slots: slots === null ? null : {...slots, ...perTaskManager(outcome, values), managedMemory: managed},
    refusal: question === null ? null : refusalOf(outcome, (component) => componentMemory(component, values, question)),
  };
}

function perTaskManager(
  {slots, objects, flink}: FlinkObjects,
  values: ReadonlyMap<string, string>,
): {readonly perTaskManager: number; readonly least: number | null} {
  const replicas = objects
    .filter(({component}) => component === 'taskmanager')
    .reduce((sum, {object}) => sum + ((object as {spec?: {replicas?: number}}).spec?.replicas ?? 1), 0);
  const configured = Number(values.get('taskmanager.numberOfTaskSlots') ?? 1);
  const {total, used} = slots!;
  return {
    perTaskManager: replicas > 0 ? total / replicas : configured,
    least: used === null ? null : isAdaptive(flink?.configuration ?? {}) ? Math.min(1, used) : used,
  };
}

/** A component without pods cannot fail to start. */
function refusalOf(
  {objects}: FlinkObjects,
  memoryOf: (component: 'jobmanager' | 'taskmanager') => ReturnType<typeof componentMemory>,
): string | null {
  for (const component of ['jobmanager', 'taskmanager'] as const) {
    if (!objects.some((made) => made.component === component)) continue;
    const memory = memoryOf(component);
    if ('error' in memory) return memory.error[0]![1];
  }
  return null;
}
