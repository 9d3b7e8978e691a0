import type {Pod} from '../../model/pod.ts';
import type {Handle} from '../framework/plugin.ts';
import type {Profile} from '../framework/profile.ts';
import type {ClusterEvent, PluginEvent} from './clusterEvent.ts';
import {EVENTS_TO_REGISTER} from './hints/registry.ts';
import {hasRejectors, type Rejectors} from './queuedPod.ts';
import {type EventsToRegister, matches, type RegisteredEvent, withTaintUpdates} from './queueingHints.ts';

/** What an event means to a rejected pod. */
export type QueueingStrategy = 'Skip' | 'AfterBackoff' | 'Immediately';

/** Names of plugins. */
export interface Listeners {
  readonly all: readonly string[];
  /** Those whose hints tell pods of one class apart. */
  readonly byPod: readonly string[];
}

type EventsByPlugin = ReadonlyMap<string, readonly RegisteredEvent[]>;

/** Which events help whom, for all profiles. */
export class HintTable {
  /** By scheduler name, then by plugin. */
  readonly #profiles: ReadonlyMap<string, EventsByPlugin>;
  /** By resource and action of the event. */
  readonly #listeners = new Map<string, Map<string, Listeners>>();

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
  listenersTo(event: PluginEvent): Listeners {
    let byAction = this.#listeners.get(event.resource);
    if (byAction === undefined) {
      byAction = new Map();
      this.#listeners.set(event.resource, byAction);
    }
    let listeners = byAction.get(event.action);
    if (listeners === undefined) {
      const all = [...EVENTS_TO_REGISTER.keys()].filter((plugin) => this.listens(plugin, event));
      listeners = {all, byPod: all.filter((plugin) => this.#isByPod(plugin, event))};
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

  /** Whether pods of one class, turned down by the same plugins, may fare differently by an event. */
  isByPod({plugins, pending}: Rejectors, event: PluginEvent): boolean {
    return this.listenersTo(event).byPod.some((plugin) => plugins.has(plugin) || pending.has(plugin));
  }

  #isByPod(plugin: string, event: PluginEvent): boolean {
    for (const byPlugin of this.#profiles.values()) {
      const events = byPlugin.get(plugin) ?? [];
      if (events.some((registered) => registered.isByPod && matches(registered, event))) return true;
    }
    return false;
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
