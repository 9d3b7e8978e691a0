import type {Pod} from '../../model/pod.ts';
import type {Handle} from '../framework/plugin.ts';
import type {Profile} from '../framework/profile.ts';
import type {ClusterEvent, PluginEvent} from './clusterEvent.ts';
import {EVENTS_TO_REGISTER} from './hints/registry.ts';
import {hasRejectors, type Rejectors} from './queuedPod.ts';
import {type EventsToRegister, matches, type RegisteredEvent, withTaintUpdates} from './queueingHints.ts';

/** What an event means to a rejected pod. */
export type QueueingStrategy = 'Skip' | 'AfterBackoff' | 'Immediately';

type EventsByPlugin = ReadonlyMap<string, readonly RegisteredEvent[]>;

/** Which events help whom, for all profiles. */
export class HintTable {
  /** By scheduler name, then by plugin. */
  readonly #profiles: ReadonlyMap<string, EventsByPlugin>;
  /** Plugins of any profile that listen to an event, by its resource and action. */
  readonly #listeners = new Map<string, Map<string, readonly string[]>>();

  constructor(profiles: readonly Profile[], handle: Handle) {
    const register = (toRegister: EventsToRegister, {args}: Profile): readonly RegisteredEvent[] =>
      withTaintUpdates(toRegister(args, handle));
    this.#profiles = new Map(
      profiles.map((profile) => [
        profile.schedulerName,
        new Map([...EVENTS_TO_REGISTER].map(([plugin, events]) => [plugin, register(events, profile)])),
      ]),
    );
  }

  /** The plugins that listen to events of this kind, in whatever profile. */
  listenersTo(event: PluginEvent): readonly string[] {
    let byAction = this.#listeners.get(event.resource);
    if (byAction === undefined) {
      byAction = new Map();
      this.#listeners.set(event.resource, byAction);
    }
    let listeners = byAction.get(event.action);
    if (listeners === undefined) {
      listeners = [...EVENTS_TO_REGISTER.keys()].filter((plugin) => this.listens(plugin, event));
      byAction.set(event.action, listeners);
    }
    return listeners;
  }

  /** Whether a plugin listens to events of this kind, in whatever profile. */
  listens(plugin: string, event: PluginEvent): boolean {
    for (const byPlugin of this.#profiles.values()) {
      if (byPlugin.get(plugin)?.some((registered) => matches(registered, event))) return true;
    }
    return false;
  }

  /** What an event means to a pod (PriorityQueue.isPodWorthRequeuing). */
  strategyFor(pod: Pod, rejectors: Rejectors, event: ClusterEvent): QueueingStrategy {
    if (!hasRejectors(rejectors)) return 'AfterBackoff';
    if (event.resource === '*') {
      return event.pod === null || event.pod.index === pod.index ? 'AfterBackoff' : 'Skip';
    }
    const {plugins, pending} = rejectors;
    for (const plugin of pending) if (this.#helps(plugin, pod, event)) return 'Immediately';
    for (const plugin of plugins) if (this.#helps(plugin, pod, event)) return 'AfterBackoff';
    return 'Skip';
  }

  /** Whether pods of one class may fare differently by an event. */
  isByPod(schedulerName: string, {plugins, pending}: Rejectors, event: PluginEvent): boolean {
    const isByPod = (plugin: string): boolean =>
      this.#registered(schedulerName, plugin).some((registered) => registered.isByPod && matches(registered, event));
    return [...plugins, ...pending].some(isByPod);
  }

  #helps(plugin: string, pod: Pod, event: PluginEvent): boolean {
    for (const registered of this.#registered(pod.class.schedulerName, plugin)) {
      if (matches(registered, event) && registered.hint(pod, event)) return true;
    }
    return false;
  }

  #registered(schedulerName: string, plugin: string): readonly RegisteredEvent[] {
    return this.#profiles.get(schedulerName)?.get(plugin) ?? [];
  }
}
