import type {Pod} from '../../model/pod.ts';
import type {Handle} from '../framework/plugin.ts';
import type {SchedulerConfiguration} from '../framework/schedulerConfiguration.ts';
import type {Status} from '../framework/status.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import {BACKOFF_WINDOW, Backoff} from './backoff.ts';
import {Batch} from './batch.ts';
import {assignedPodAdd, type ClusterEvent, type PluginEvent} from './clusterEvent.ts';
import {Heap} from './heap.ts';
import {HintTable, type QueueingStrategy} from './hintTable.ts';
import {InFlight} from './inFlight.ts';
import type {Nominator} from './nominator.ts';
import {podChanges} from './podChanges.ts';
import {hasRejectors, QueuedPod, type Rejectors} from './queuedPod.ts';
import {type PodGroup, UnschedulablePods} from './unschedulablePods.ts';

export interface QueueOptions {
  /** The order of the profiles' QueueSort. */
  readonly compare: (a: Pod, b: Pod) => number;
  /** Why a pod must not be queued yet; null when it may. */
  readonly preEnqueue: (pod: Pod) => Status | null;
  /** Node index by name. */
  readonly nodeOf: ReadonlyMap<string, number>;
}

/** How long a rejected pod waits in vain until it is tried again all the same, and how often that is looked at. */
const MAX_IN_UNSCHEDULABLE_PODS = 5 * 60 * 1000;
const UNSCHEDULABLE_TICK = 30 * 1000;

/**
 * The pods to be scheduled (backend/queue PriorityQueue). activeQ holds those to be tried now; backoffQ those to be
 * tried once their backoff is over, or before when there is nothing else to do; unschedulablePods those to be tried once
 * something has happened that may help.
 *
 * Nothing here knows the time: it is passed in, in milliseconds since the start, and never goes back.
 */
export class SchedulingQueue {
  readonly #compare: QueueOptions['compare'];
  readonly #preEnqueue: QueueOptions['preEnqueue'];
  readonly #nodeOf: ReadonlyMap<string, number>;
  readonly #nominator: Nominator;
  readonly #version: KubernetesVersion;
  readonly #hints: HintTable;
  readonly #backoff: Backoff;
  /** Every pod that waits, by its index, but for those of the batch. */
  readonly #waiting = new Map<number, QueuedPod>();
  readonly #activeQ: Heap<QueuedPod>;
  readonly #backoffQ: Heap<QueuedPod>;
  /** Pods that came back with an error; they are never tried before their backoff is over. */
  readonly #errorBackoffQ: Heap<QueuedPod>;
  readonly #unschedulablePods = new UnschedulablePods((group, event) => this.#strategyOf(group, event) !== 'Skip');
  readonly #inFlight = new InFlight();
  #batch: Batch | null = null;
  #nextSequence = 0;

  constructor(
    {profiles, podInitialBackoffSeconds, podMaxBackoffSeconds}: SchedulerConfiguration,
    handle: Handle,
    {compare, preEnqueue, nodeOf}: QueueOptions,
  ) {
    this.#compare = compare;
    this.#preEnqueue = preEnqueue;
    this.#nodeOf = nodeOf;
    this.#nominator = handle.nominator;
    this.#version = handle.kubernetesVersion;
    this.#hints = new HintTable(profiles, handle);
    this.#backoff = new Backoff(podInitialBackoffSeconds, podMaxBackoffSeconds, handle.kubernetesVersion);
    const inOrder = (a: QueuedPod, b: QueuedPod): number =>
      compare(a.pod, b.pod) || a.timestamp - b.timestamp || a.sequence - b.sequence;
    const byBackoff = (a: QueuedPod, b: QueuedPod): number => this.#backoff.endOf(a) - this.#backoff.endOf(b);
    this.#activeQ = new Heap(inOrder);
    this.#backoffQ = new Heap((a, b) => byBackoff(a, b) || inOrder(a, b));
    this.#errorBackoffQ = new Heap((a, b) => byBackoff(a, b) || a.sequence - b.sequence);
  }

  /** A new pod. */
  add(pod: Pod, now: number): void {
    this.#moveToActiveQ(new QueuedPod(pod, now, this.#nextSequence++), {isNews: true, isChecked: false});
  }

  /** The first pods of all, in the order they are to be tried: none that PreEnqueue holds back, all nominations known. */
  addFirst(pods: readonly Pod[], now: number): void {
    this.#batch = new Batch(pods, this.#compare, now, this.#nextSequence);
    this.#nextSequence += pods.length;
  }

  /** The next pod to try; null when there is none, or only such that came back with an error. */
  pop(): Pod | null {
    const first = this.#batch?.takeBefore(this.#activeQ.peek());
    if (first !== undefined) {
      this.#inFlight.add(first, null);
      return first;
    }
    const info = this.#activeQ.pop() ?? this.#backoffQ.pop();
    if (info === undefined) return null;
    this.#waiting.delete(info.pod.index);
    info.place = 'inFlight';
    info.attempts++;
    this.#inFlight.add(info.pod, info);
    return info.pod;
  }

  /** A pod that was popped is not coming back. */
  done(pod: Pod): void {
    this.#inFlight.done(pod);
  }

  /**
   * Takes a pod back whose attempt has failed, as it is by now: `rejectors` are the plugins that turned it down, none
   * where the attempt ended with an error. What happened since it was popped may help it.
   */
  addUnschedulableIfNotPresent(pod: Pod, rejectors: Rejectors, now: number): void {
    if (!this.#inFlight.has(pod)) throw new Error(`pod ${pod.name} is not being scheduled`);
    const info = this.#inFlight.infoOf(pod) ?? this.#afterFirstAttempt(pod, now);
    info.pod = pod;
    info.rejectors = rejectors;
    if (hasRejectors(rejectors)) {
      info.unschedulableCount++;
      info.consecutiveErrorsCount = 0;
    } else info.consecutiveErrorsCount++;
    info.timestamp = now;
    info.sequence = this.#nextSequence++;
    this.#requeue(info, this.#strategyInFlight(info), now);
    this.#inFlight.done(pod);
  }

  /**
   * Something has happened: pods that it may help are queued again. `isConcerned` leaves out pods that it cannot help
   * for another reason.
   */
  moveAllToActiveOrBackoffQueue(event: ClusterEvent, now: number, isConcerned: (pod: Pod) => boolean = anyPod): void {
    this.#inFlight.record(event);
    if (this.#unschedulablePods.size === 0) return;
    if (event.resource === '*') {
      for (const info of [...this.#unschedulablePods.list()]) {
        if (!this.#isHeldAgainst(info, event) && isConcerned(info.pod)) this.#move(info, event, now);
      }
      return;
    }
    if (!this.#unschedulablePods.isAnyWaiting(this.#hints.listenersTo(event).all)) return;
    for (const group of this.#unschedulablePods.concernedBy(event)) {
      const strategy = this.#isByPod(group, event) ? null : this.#strategyOf(group, event);
      for (const info of [...group.pods]) {
        if (isConcerned(info.pod)) this.#move(info, event, now, strategy);
      }
    }
  }

  /** A pod has come to a node. */
  assignedPodAdded(pod: Pod, now: number): void {
    if (this.#unschedulablePods.size === 0 && this.#inFlight.isEmpty) return;
    this.moveAllToActiveOrBackoffQueue(assignedPodAdd(pod), now);
  }

  /** A pod that waits has changed. It is new where the queue does not know it. */
  update(old: Pod, pod: Pod, now: number): void {
    const events = podChanges(old, pod, this.#version).map(
      (action): PluginEvent => ({
        resource: 'Pod',
        action,
        holds: 'Nothing',
        old,
        new: pod,
      }),
    );
    if (this.#inFlight.has(pod)) {
      for (const event of events) this.#inFlight.record(event);
      return;
    }
    const info = this.#find(pod);
    if (info === undefined) {
      this.#moveToActiveQ(new QueuedPod(pod, now, this.#nextSequence++), {isNews: true, isChecked: false});
      return;
    }
    this.#remove(info);
    info.pod = pod;
    this.#push(info.place, info);
    this.#renominate(old, pod);
    if (info.place !== 'unschedulablePods') return;
    for (const event of events) {
      const strategy = this.#hints.strategyFor(pod, info.rejectors, event);
      if (strategy !== 'Skip' && this.#requeue(info, strategy, now)) return;
    }
  }

  /** A pod that waits is gone, or has been put on a node by another. */
  delete(pod: Pod): void {
    this.#nominator.remove(pod);
    const info = this.#find(pod);
    if (info === undefined) return;
    this.#remove(info);
    this.#waiting.delete(pod.index);
  }

  /** Has pods tried at once that wait for their backoff or for something to happen. */
  activate(pods: readonly Pod[]): void {
    for (const pod of pods) {
      const info = this.#waiting.get(pod.index);
      if (info === undefined || info.place === 'activeQ') {
        if (this.#inFlight.has(pod)) this.#inFlight.record({resource: '*', pod});
        continue;
      }
      const isChecked = info.place !== 'unschedulablePods' && isAtLeast(this.#version, '1.35');
      this.#moveToActiveQ(info, {isNews: false, isChecked});
    }
  }

  /** Due at every whole second: pods whose backoff is over are to be tried. */
  flushBackoffQCompleted(now: number): void {
    for (const queue of [this.#backoffQ, this.#errorBackoffQ]) {
      for (let info = queue.peek(); info !== undefined && !this.#backoff.isBackingOff(info, now); info = queue.peek()) {
        this.#moveToActiveQ(info, {isNews: false, isChecked: true});
      }
    }
  }

  /** Due every half minute: pods that have been waiting for long are to be tried. */
  flushUnschedulablePodsLeftover(now: number): void {
    const leftover = [...this.#unschedulablePods.list()].filter(
      ({timestamp}) => now - timestamp > MAX_IN_UNSCHEDULABLE_PODS,
    );
    if (leftover.length === 0) return;
    const event: ClusterEvent = {resource: '*', pod: null};
    for (const info of leftover) if (!this.#isHeldAgainst(info, event)) this.#move(info, event, now);
    this.#inFlight.record(event);
  }

  /** When one of the two flushes will next find a pod; null when there is none to be found. */
  nextWakeUp(now: number): number | null {
    const times: number[] = [];
    for (const queue of [this.#backoffQ, this.#errorBackoffQ]) {
      const head = queue.peek();
      if (head !== undefined)
        times.push(Math.max(this.#backoff.endOf(head), now - (now % BACKOFF_WINDOW)) + BACKOFF_WINDOW);
    }
    const oldest = this.#unschedulablePods.oldestTimestamp();
    if (oldest !== null) {
      const after = Math.max(oldest + MAX_IN_UNSCHEDULABLE_PODS, now);
      times.push((Math.floor(after / UNSCHEDULABLE_TICK) + 1) * UNSCHEDULABLE_TICK);
    }
    return times.length === 0 ? null : Math.min(...times);
  }

  /** The pods in activeQ, in order. */
  podsInActiveQ(): readonly QueuedPod[] {
    for (const info of this.#batch?.takeAll() ?? []) this.#push('activeQ', info);
    return this.#activeQ.list();
  }

  /** The pods that back off, in order, those that came back with an error last; with the end of their backoff. */
  podsInBackoffQ(): readonly (readonly [info: QueuedPod, end: number])[] {
    return [...this.#backoffQ.list(), ...this.#errorBackoffQ.list()].map((info) => [info, this.#backoff.endOf(info)]);
  }

  unschedulablePods(): readonly QueuedPod[] {
    return [...this.#unschedulablePods.list()];
  }

  inFlightPods(): readonly Pod[] {
    return this.#inFlight.list();
  }

  #afterFirstAttempt(pod: Pod, now: number): QueuedPod {
    const info = new QueuedPod(pod, now, this.#nextSequence);
    info.attempts = 1;
    return info;
  }

  #find(pod: Pod): QueuedPod | undefined {
    const info = this.#waiting.get(pod.index);
    if (info !== undefined || this.#batch === null) return info;
    const taken = this.#batch.take(pod);
    if (taken !== undefined) this.#push('activeQ', taken);
    return taken;
  }

  #strategyInFlight(info: QueuedPod): QueueingStrategy {
    if (!hasRejectors(info.rejectors)) return 'AfterBackoff';
    let strategy: QueueingStrategy = 'Skip';
    for (const event of this.#inFlight.eventsSince(info.pod)) {
      const own = this.#hints.strategyFor(info.pod, info.rejectors, event);
      if (own === 'Immediately') return own;
      if (own === 'AfterBackoff') strategy = own;
    }
    return strategy;
  }

  #strategyOf(group: PodGroup, event: PluginEvent): QueueingStrategy {
    if (this.#isHeldAgainst(group, event)) return 'Skip';
    // Each of the pods is asked; that one of their plugins listens is all that can be said of the group.
    if (this.#isByPod(group, event)) return 'AfterBackoff';
    return this.#hints.strategyFor(group.sample, group.rejectors, event);
  }

  /** The pod whose nomination has ended may be one of those that wait, and is told apart from the others. */
  #isByPod({rejectors}: PodGroup, event: PluginEvent): boolean {
    return (event.resource === 'Pod' && event.holds === 'Nomination') || this.#hints.isByPod(rejectors, event);
  }

  /** Whether a pod is held back by a gate that an event cannot open. */
  #isHeldAgainst({gate, rejectors}: Pick<QueuedPod, 'gate' | 'rejectors'>, event: ClusterEvent): boolean {
    if (gate === null) return false;
    if (!isAtLeast(this.#version, '1.34')) return rejectors.plugins.has('SchedulingGates');
    return event.resource === '*' || !this.#hints.listens(gate, event);
  }

  #move(info: QueuedPod, event: ClusterEvent, now: number, known: QueueingStrategy | null = null): void {
    const strategy = known ?? this.#hints.strategyFor(info.pod, info.rejectors, event);
    if (strategy !== 'Skip') this.#requeue(info, strategy, now);
  }

  /** Whether the pod is to be tried again. */
  #requeue(info: QueuedPod, strategy: QueueingStrategy, now: number): boolean {
    if (strategy === 'Skip') {
      this.#moveTo('unschedulablePods', info);
      return false;
    }
    if (strategy === 'Immediately' || !this.#backoff.isBackingOff(info, now)) {
      return this.#moveToActiveQ(info, {isNews: false, isChecked: false});
    }
    const isLetIn = this.#isLetIn(info);
    const isError = !hasRejectors(info.rejectors);
    this.#moveTo(isLetIn ? (isError ? 'errorBackoffQ' : 'backoffQ') : 'unschedulablePods', info);
    return isLetIn;
  }

  /** Whether the pod is let in; `isChecked` where it has been asked before. */
  #moveToActiveQ(
    info: QueuedPod,
    {isNews, isChecked}: {readonly isNews: boolean; readonly isChecked: boolean},
  ): boolean {
    const isLetIn = isChecked || this.#isLetIn(info);
    this.#moveTo(isLetIn ? 'activeQ' : 'unschedulablePods', info);
    if (isLetIn && isNews) this.#nominateByStatus(info.pod);
    return isLetIn;
  }

  /** Asks the PreEnqueue plugins. The one that refuses counts as one that has turned the pod down. */
  #isLetIn(info: QueuedPod): boolean {
    const status = this.#preEnqueue(info.pod);
    const gate = status?.plugin ?? null;
    // What the pod waits with must not change while it does.
    if (info.place === 'unschedulablePods') this.#unschedulablePods.delete(info);
    info.gate = gate;
    if (gate !== null && !info.rejectors.plugins.has(gate)) {
      info.rejectors = {...info.rejectors, plugins: new Set([...info.rejectors.plugins, gate])};
    }
    if (info.place === 'unschedulablePods') this.#unschedulablePods.add(info);
    return gate === null;
  }

  #moveTo(place: QueuedPod['place'], info: QueuedPod): void {
    if (place === info.place) return;
    this.#remove(info);
    this.#push(place, info);
  }

  #remove(info: QueuedPod): void {
    if (info.place === 'unschedulablePods') this.#unschedulablePods.delete(info);
    else if (info.place !== 'inFlight') this.#heapOf(info.place).delete(info);
  }

  #push(place: QueuedPod['place'], info: QueuedPod): void {
    info.place = place;
    this.#waiting.set(info.pod.index, info);
    if (place === 'unschedulablePods') this.#unschedulablePods.add(info);
    else if (place !== 'inFlight') this.#heapOf(place).push(info);
  }

  #heapOf(place: 'activeQ' | 'backoffQ' | 'errorBackoffQ'): Heap<QueuedPod> {
    if (place === 'activeQ') return this.#activeQ;
    return place === 'backoffQ' ? this.#backoffQ : this.#errorBackoffQ;
  }

  #nominateByStatus(pod: Pod): void {
    const node = pod.nominatedNodeName === null ? undefined : this.#nodeOf.get(pod.nominatedNodeName);
    if (node !== undefined) this.#nominator.nominate(pod, node);
  }

  /** A nomination that the pod's status does not know of yet is kept. */
  #renominate(old: Pod, pod: Pod): void {
    const node = this.#nominator.nodeOf(old);
    this.#nominator.remove(old);
    const isUnknown = old.nominatedNodeName === null && pod.nominatedNodeName === null;
    if (!isUnknown) this.#nominateByStatus(pod);
    else if (node >= 0) this.#nominator.nominate(pod, node);
  }
}

function anyPod(): boolean {
  return true;
}
