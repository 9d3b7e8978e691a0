import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import {CPU, EPHEMERAL_STORAGE, isScalarResource, MEMORY} from '../../model/resources.ts';

/** Columns that every table begins with. */
export const CPU_INDEX = 0;
export const MEMORY_INDEX = 1;

/**
 * The resources of a run, interned once to small integers: cpu, memory, ephemeral-storage, then the scalar resources
 * sorted by name, which is also the order in which NodeResourcesFit reports them. Other names, such as `storage`,
 * mean nothing to the scheduler and have no index; `pods` is counted apart.
 */
export class ResourceTable {
  readonly names: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;

  constructor(nodes: readonly Node[], classes: readonly PodClass[]) {
    const scalars = new Set<string>();
    for (const list of [...nodes.map((node) => node.allocatable), ...classes.map((podClass) => podClass.requests)]) {
      for (const name of Object.keys(list)) if (isScalarResource(name)) scalars.add(name);
    }
    this.names = [CPU, MEMORY, EPHEMERAL_STORAGE, ...[...scalars].sort()];
    this.#indexOf = new Map(this.names.map((name, index) => [name, index]));
  }

  get size(): number {
    return this.names.length;
  }

  /** The index of a resource, -1 when no node has it and no pod asks for it. */
  indexOf(name: string): number {
    return this.#indexOf.get(name) ?? -1;
  }
}
