import {type JobManagerHeap, type JobManagerMemory, jobManagerMemory} from './jobManagerMemory.ts';
import type {MemoryAnswer, MemoryQuestion} from './memoryAnswer.ts';
import {JOB_MANAGER, type ProcessOptions, TASK_MANAGER} from './memoryOptions.ts';
import {type TaskManagerMemory, taskManagerMemory} from './taskManagerMemory.ts';

/** The two processes of Flink, as its keys spell them. */
export const COMPONENTS = ['jobmanager', 'taskmanager'] as const;
export type Component = (typeof COMPONENTS)[number];

export type ComponentMemory = TaskManagerMemory | JobManagerMemory | JobManagerHeap;

export const COMPONENT_TITLES: Readonly<Record<Component, string>> = {
  jobmanager: 'JobManager',
  taskmanager: 'TaskManager',
};

/** What either process makes of its flat configuration. */
export function componentMemory(
  component: Component,
  values: ReadonlyMap<string, string>,
  question: MemoryQuestion,
): MemoryAnswer<ComponentMemory> {
  return component === 'taskmanager' ? taskManagerMemory(values, question) : jobManagerMemory(values, question);
}

export function optionsOf(component: Component): ProcessOptions {
  return component === 'taskmanager' ? TASK_MANAGER : JOB_MANAGER;
}
