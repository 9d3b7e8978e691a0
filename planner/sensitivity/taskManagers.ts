import {CPU, MEMORY} from '../../model/resources.ts';
import type {PackingItem, PackingProblem} from '../packingProblem.ts';
import type {Variation} from './variation.ts';

/**
 * Bytes of a TaskManager that do not grow with its slots, by Flink's defaults: 128 MiB of framework heap, as much off
 * heap, 256 MiB of metaspace.
 */
export const FIXED_MEMORY = 512 * 2 ** 20;

/** TaskManagers of an item. */
export interface TaskManagers {
  /** Of one; null where unknown. */
  readonly slots: number | null;
}

/**
 * The same slots in half as many TaskManagers of twice the size, and in twice as many of half the size. The latter leaves
 * alone what has an odd number of slots, or too little memory. `taskManagers`: by item; null for one that is not made of
 * TaskManagers alone.
 */
export function taskManagerVariations(
  problem: PackingProblem,
  taskManagers: readonly (TaskManagers | null)[],
): readonly Variation[] {
  const variation = (factor: number, change: (item: PackingItem, own: TaskManagers) => PackingItem) => {
    const items = problem.items.map((item, index) => {
      const own = taskManagers[index] ?? null;
      return own === null || item.count === 0 ? item : change(item, own);
    });
    return items.every((item, index) => item === problem.items[index])
      ? []
      : [{kind: 'taskManagers' as const, subject: null, factor, problem: {...problem, items}, known: null}];
  };
  const {dimensions} = problem;
  const memory = dimensions.indexOf(MEMORY);
  return [
    ...variation(2, (item) => ({
      ...item,
      count: Math.ceil(item.count / 2),
      size: resized(item, dimensions, (amount, name) => 2 * amount - (name === MEMORY ? fixedOf(item, memory) : 0)),
    })),
    ...variation(0.5, (item, {slots}) =>
      slots === null || slots % 2 === 1 || item.size[memory]! <= FIXED_MEMORY
        ? item
        : {
            ...item,
            count: item.count * 2,
            size: resized(item, dimensions, (amount, name) =>
              Math.ceil((amount + (name === MEMORY ? FIXED_MEMORY : 0)) / 2),
            ),
          },
    ),
  ];
}

function fixedOf({size}: PackingItem, memory: number): number {
  return Math.min(FIXED_MEMORY, size[memory]!);
}

function resized(
  {size}: PackingItem,
  dimensions: readonly string[],
  change: (amount: number, name: string) => number,
): readonly number[] {
  return size.map((amount, d) => {
    const name = dimensions[d]!;
    // A pod stays a pod, and devices such as GPUs are not divided.
    return name === CPU || name === MEMORY ? change(amount, name) : amount;
  });
}
