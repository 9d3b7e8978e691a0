import {isRecord} from './field.ts';

/** The container of Flink itself in a pod template of Apache's operator; all others are the user's. */
export const MAIN_CONTAINER = 'flink-main-container';

export type ArrayMerge = 'byIndex' | 'byName';

/** No pod template is nested deeper; what lies below is taken from the overlay as it is. */
const DEEPEST = 100;

/**
 * Lays one pod template over another as Apache's operator does: maps field by field, lists element by element. By
 * index, the first container of one is laid over the first of the other, whatever their names.
 */
export function mergePodTemplates(base: unknown, overlay: unknown, arrays: ArrayMerge, depth = 0): unknown {
  if (overlay === undefined || overlay === null) return base;
  if (depth > DEEPEST) return overlay;
  if (isRecord(base) && isRecord(overlay)) {
    const merged = new Map(Object.entries(base));
    for (const [key, value] of Object.entries(overlay)) {
      merged.set(key, mergePodTemplates(merged.get(key), value, arrays, depth + 1));
    }
    return Object.fromEntries(merged);
  }
  if (Array.isArray(base) && Array.isArray(overlay)) {
    return arrays === 'byName' && [...base, ...overlay].every(hasName)
      ? mergeByName(base, overlay, depth + 1)
      : mergeByIndex(base, overlay, arrays, depth + 1);
  }
  return overlay;
}

function mergeByIndex(
  base: readonly unknown[],
  overlay: readonly unknown[],
  arrays: ArrayMerge,
  depth: number,
): unknown[] {
  const length = Math.max(base.length, overlay.length);
  return Array.from({length}, (_, index) => mergePodTemplates(base[index], overlay[index], arrays, depth));
}

function mergeByName(base: readonly {name: string}[], overlay: readonly {name: string}[], depth: number): unknown[] {
  const merged = new Map<string, unknown>(base.map((item) => [item.name, item]));
  for (const item of overlay) merged.set(item.name, mergePodTemplates(merged.get(item.name), item, 'byName', depth));
  return [...merged.values()];
}

function hasName(item: unknown): item is {name: string} {
  return isRecord(item) && typeof item.name === 'string';
}
