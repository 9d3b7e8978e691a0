import type {Pod} from '../../model/pod.ts';
import type {Handle} from '../framework/plugin.ts';
import type {PluginArguments} from '../framework/profile.ts';
import type {EventOf, EventResource, PluginEvent} from './clusterEvent.ts';

/** An event that a plugin listens to, and which of its occurrences may help (framework.ClusterEventWithHint). */
export interface RegisteredEvent {
  readonly resource: EventResource;
  readonly actions: ReadonlySet<string>;
  /** Whether the event may let a pod be scheduled that the plugin has rejected. */
  readonly hint: QueueingHint;
  /** Whether the hint tells pods of one class apart. */
  readonly isByPod: boolean;
}

export type QueueingHint = (pod: Pod, event: PluginEvent) => boolean;

/** The events that can undo the rejections of one plugin, by its arguments. */
export type EventsToRegister = (args: PluginArguments, handle: Handle) => readonly RegisteredEvent[];

/** Listens to some events of a kind; without a hint every one of them may help. */
export function on<Resource extends EventResource>(
  resource: Resource,
  actions: readonly EventOf<Resource>['action'][],
  hint: (pod: Pod, event: EventOf<Resource>) => boolean = always,
): RegisteredEvent {
  return {resource, actions: new Set<string>(actions), hint: hint as QueueingHint, isByPod: false};
}

/** The same for a hint that goes by the name or the node of the pod, too, and not by its class alone. */
export function onByPod<Resource extends EventResource>(
  resource: Resource,
  actions: readonly EventOf<Resource>['action'][],
  hint: (pod: Pod, event: EventOf<Resource>) => boolean,
): RegisteredEvent {
  return {...on(resource, actions, hint), isByPod: true};
}

/**
 * Whether an event is one of those listened to (framework.MatchClusterEvents): a listener to any `Update` hears of all
 * kinds of changes, but one to a kind of change hears nothing of those without a name.
 */
export function matches({resource, actions}: RegisteredEvent, event: PluginEvent): boolean {
  if (resource !== event.resource) return false;
  return actions.has(event.action) || (event.action.startsWith('Update') && actions.has('Update'));
}

/**
 * The events that a plugin is registered for (scheduler.buildQueueingHintMap). One that listens to new nodes hears of
 * every change of taints, too: a relic of the time when a new node was not told to pods that would not tolerate it.
 */
export function withTaintUpdates(events: readonly RegisteredEvent[]): readonly RegisteredEvent[] {
  const ofNodes = events.filter(({resource}) => resource === 'Node');
  const hearsOfNew = ofNodes.some(({actions}) => actions.has('Add'));
  const hearsOfTaints = ofNodes.some(({actions}) => actions.has('UpdateNodeTaint'));
  return hearsOfNew && !hearsOfTaints ? [...events, on('Node', ['UpdateNodeTaint'])] : events;
}

function always(): boolean {
  return true;
}
