import type {Pod} from '../../model/pod.ts';
import type {PluginEvent, PodEvent} from './clusterEvent.ts';
import type {QueuedPod, Rejectors} from './queuedPod.ts';

/** Pods of one class that the same plugins have turned down, so that most events mean the same to all of them. */
export interface PodGroup {
  /** The first pod of the group, which stands for the others where they cannot be told apart. */
  readonly sample: Pod;
  readonly rejectors: Rejectors;
  readonly gate: string | null;
  readonly pods: Set<QueuedPod>;
}

/** Whether an event may move pods of a group. */
export type Concern = (group: PodGroup, event: PluginEvent) => boolean;

/** The groups that an event by pods of one class concerns, as far as they have been looked at. */
interface Concerned {
  /** Number of groups looked at, of all that there are. */
  seen: number;
  readonly groups: PodGroup[];
}

/**
 * The pods that wait for something to happen: those rejected, and those that are not let into the queue at all. In
 * groups, which stay when they are empty, so that what an event means to each is found out once.
 */
export class UnschedulablePods {
  readonly #groupOf = new Map<QueuedPod, PodGroup>();
  readonly #groups: PodGroup[] = [];
  readonly #groupByKey = new Map<string, PodGroup>();
  readonly #rejectorsByKey = new Map<string, Rejectors>();
  /** How many pods each plugin has turned down. */
  readonly #countByPlugin = new Map<string, number>();
  /** By class of the pod that comes to a node, or leaves it. */
  readonly #concernedByComing: Concerned[] = [];
  readonly #concernedByLeaving: Concerned[] = [];
  readonly #concern: Concern;
  /** undefined where it is to be found again. */
  #oldest: number | null | undefined = null;

  constructor(concern: Concern) {
    this.#concern = concern;
  }

  get size(): number {
    return this.#groupOf.size;
  }

  list(): Iterable<QueuedPod> {
    return this.#groupOf.keys();
  }

  /** The least timestamp of a pod that no gate holds back; null when there is none. */
  oldestTimestamp(): number | null {
    if (this.#oldest === undefined) {
      const timestamps = [...this.list()].filter(({gate}) => gate === null).map(({timestamp}) => timestamp);
      this.#oldest = timestamps.length === 0 ? null : timestamps.reduce((a, b) => Math.min(a, b));
    }
    return this.#oldest;
  }

  add(info: QueuedPod): void {
    const group = this.#groupFor(info);
    group.pods.add(info);
    this.#groupOf.set(info, group);
    this.#count(group, 1);
    if (info.gate === null && this.#oldest !== undefined) {
      this.#oldest = Math.min(this.#oldest ?? info.timestamp, info.timestamp);
    }
  }

  delete(info: QueuedPod): void {
    const group = this.#groupOf.get(info);
    if (group === undefined) return;
    group.pods.delete(info);
    this.#groupOf.delete(info);
    this.#count(group, -1);
    if (info.gate === null && info.timestamp === this.#oldest) this.#oldest = undefined;
  }

  /** Whether one of these plugins has turned down a pod that waits. */
  isAnyWaiting(plugins: readonly string[]): boolean {
    for (const plugin of plugins) if ((this.#countByPlugin.get(plugin) ?? 0) > 0) return true;
    return false;
  }

  /** The groups, none of them empty, that an event may concern. */
  concernedBy(event: PluginEvent): readonly PodGroup[] {
    // What a pod that comes to a node or leaves it means to others depends on their classes alone.
    const isByClass = event.resource === 'Pod' && event.holds === 'Node' && (event.old === null || event.new === null);
    if (isByClass) return this.#concernedByClass(event).filter(({pods}) => pods.size > 0);
    return this.#groups.filter((group) => group.pods.size > 0 && this.#concern(group, event));
  }

  #concernedByClass(event: PodEvent): readonly PodGroup[] {
    const byClass = event.new === null ? this.#concernedByLeaving : this.#concernedByComing;
    const {index} = (event.new ?? event.old)!.class;
    byClass[index] ??= {seen: 0, groups: []};
    const concerned = byClass[index];
    for (; concerned.seen < this.#groups.length; concerned.seen++) {
      const group = this.#groups[concerned.seen]!;
      if (this.#concern(group, event)) concerned.groups.push(group);
    }
    return concerned.groups;
  }

  #groupFor({pod, rejectors, gate}: QueuedPod): PodGroup {
    const byWhom = keyOf(rejectors);
    const key = `${pod.class.index} ${gate ?? ''} ${byWhom}`;
    let group = this.#groupByKey.get(key);
    if (group === undefined) {
      const known = this.#rejectorsByKey.get(byWhom) ?? rejectors;
      this.#rejectorsByKey.set(byWhom, known);
      group = {sample: pod, rejectors: known, gate, pods: new Set()};
      this.#groupByKey.set(key, group);
      this.#groups.push(group);
    }
    return group;
  }

  #count({rejectors: {plugins, pending}}: PodGroup, change: 1 | -1): void {
    for (const plugin of plugins) this.#countByPlugin.set(plugin, (this.#countByPlugin.get(plugin) ?? 0) + change);
    for (const plugin of pending) this.#countByPlugin.set(plugin, (this.#countByPlugin.get(plugin) ?? 0) + change);
  }
}

function keyOf({plugins, pending}: Rejectors): string {
  return `${[...plugins].sort().join()} ${[...pending].sort().join()}`;
}
