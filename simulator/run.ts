import type {Pod} from '../model/pod.ts';
import {type Diagnosis, rejectingPlugins} from './framework/fitError.ts';
import {arrivalOrder} from './queue/arrivalOrder.ts';
import {ClaimEvents, type ClaimsOfPod} from './queue/claimEvents.ts';
import {assignedPodDelete, type ClusterEvent, nominatedPodDelete} from './queue/clusterEvent.ts';
import {NO_REJECTORS, type Rejectors, rejectedBy} from './queue/queuedPod.ts';
import {SchedulingQueue} from './queue/schedulingQueue.ts';
import {type Attempt, assume, attempt, evict, type Scheduler, whyHeldBack} from './scheduler.ts';
import {isAtLeast, type WaitingPod} from './simulation.ts';

export interface RunOptions {
  /** Whether an attempt at this pod fills in everything that can be told of it. */
  readonly explains: (pod: Pod) => boolean;
  /** Called after every attempt, in order, once its effects are in place. A `true` ends the run. */
  readonly onAttempt: (pod: Pod, attempt: Attempt) => boolean | undefined;
}

/** All of a run happens at once. */
const NOW = 0;

/**
 * How often a pod may make others give way and still not get their place. Without a limit two pods could go on for ever
 * where one takes the other's place and the other the next, from which it keeps the first away.
 */
const MAX_FUTILE_PREEMPTIONS = 16;

/**
 * Schedules pods, given in the order they are to be tried, until the queue has none left to try without letting time
 * pass. Pods that were turned down are tried again when something has happened that may help them. Victims of a
 * preemption are gone at once; one that has a controller comes back as that controller's new pod.
 *
 * The run ends. A pod is tried again only after an event, which all pods together have had once when each has been tried
 * again, so that it is enough that there are only so many events. They come from pods that go to a node, or leave it for
 * another pod, and from nominations and devices that these leave behind. A pod that goes to a node stays there unless
 * it is preempted. So without end there would have to be preemptions without end. But take the highest priority of which
 * a pod preempts without end: once all above it have come to rest, it is not preempted itself, so that it never gets a
 * node. That many preemptions in vain are not allowed.
 */
export function run(scheduler: Scheduler, pods: readonly Pod[], options: RunOptions): HeldBack {
  return new Run(scheduler, options).schedule(pods);
}

/** Pods made in place of victims that were not to be scheduled. */
export interface HeldBack {
  readonly gated: readonly WaitingPod[];
  readonly ignored: readonly WaitingPod[];
}

class Run {
  readonly #scheduler: Scheduler;
  readonly #options: RunOptions;
  readonly #queue: SchedulingQueue;
  readonly #claims: ClaimEvents;
  readonly #compare: (a: Pod, b: Pod) => number;
  /** How often each pod has preempted others since it last had a node. */
  readonly #preemptions = new Map<Pod, number>();
  readonly #heldBack: Readonly<Record<'gated' | 'ignored', WaitingPod[]>> = {gated: [], ignored: []};
  /** Pods of one class may fail with one diagnosis. */
  readonly #rejectors = new WeakMap<Diagnosis, Rejectors>();
  /** Until 1.35 a pod that is bound is told of as if its nomination were over for another reason. */
  readonly #endsNominationAtBinding: boolean;

  constructor(scheduler: Scheduler, options: RunOptions) {
    const {frameworks, handle, configuration, nodeOf} = scheduler;
    const [first] = frameworks.values();
    this.#scheduler = scheduler;
    this.#options = options;
    // Every profile has the same QueueSort, so any one's will do.
    this.#compare = (a, b) => first?.compare(a, b) ?? 0;
    this.#queue = new SchedulingQueue(configuration, handle, {
      compare: this.#compare,
      preEnqueue: (pod) => frameworks.get(pod.class.schedulerName)!.runPreEnqueue(pod),
      nodeOf,
    });
    this.#claims = new ClaimEvents(handle);
    this.#endsNominationAtBinding = !isAtLeast(handle.kubernetesVersion, '1.35');
  }

  schedule(pods: readonly Pod[]): HeldBack {
    this.#queue.addFirst(pods, NOW);
    for (let pod = this.#queue.pop(); pod !== null; pod = this.#queue.pop()) if (this.#try(pod)) break;
    return this.#heldBack;
  }

  /** Whether the run is over. */
  #try(pod: Pod): boolean {
    const claims = this.#claims.claimsOf(pod);
    const {nominator} = this.#scheduler;
    const wasNominated = !nominator.isEmpty && nominator.nodeOf(pod) >= 0;
    const result = attempt(this.#scheduler, pod, {
      explain: this.#options.explains(pod),
      runsPostFilter: this.#preemptions.size === 0 || (this.#preemptions.get(pod) ?? 0) < MAX_FUTILE_PREEMPTIONS,
    });
    const {node} = result.outcome;
    if (node < 0) return this.#failed(pod, result, claims);
    assume(this.#scheduler, pod, node);
    if (this.#options.onAttempt(pod, result) === true) return true;
    if (this.#preemptions.size > 0) this.#preemptions.delete(pod);
    this.#queue.done(pod);
    if (claims !== null) this.#tell(this.#claims.since(claims));
    this.#queue.assignedPodAdded(pod, NOW);
    if (wasNominated && this.#endsNominationAtBinding) this.#unnominated(pod);
    return false;
  }

  #failed(pod: Pod, result: Attempt, claims: ClaimsOfPod | null): boolean {
    const victims = result.preemption?.victims ?? [];
    const released = victims.flatMap((victim) => this.#claims.released(victim));
    for (const victim of victims) evict(this.#scheduler, victim);
    if (this.#options.onAttempt(pod, result) === true) return true;
    // What became of its claims happened during the attempt.
    if (claims !== null) this.#tell(this.#claims.since(claims));
    this.#queue.addUnschedulableIfNotPresent(pod, this.#rejectorsIn(result.outcome.diagnosis), NOW);
    for (const other of result.unnominated) this.#unnominated(other);
    if (victims.length > 0) this.#preempted(pod, victims, released);
    return false;
  }

  /** An attempt without a diagnosis ended with an error. */
  #rejectorsIn(diagnosis: Diagnosis | null): Rejectors {
    if (diagnosis === null) return NO_REJECTORS;
    const rejectors = this.#rejectors.get(diagnosis) ?? rejectedBy(rejectingPlugins(diagnosis));
    this.#rejectors.set(diagnosis, rejectors);
    return rejectors;
  }

  #preempted(pod: Pod, victims: readonly Pod[], released: readonly ClusterEvent[]): void {
    this.#preemptions.set(pod, (this.#preemptions.get(pod) ?? 0) + 1);
    for (const victim of victims) this.#tell([assignedPodDelete(victim)]);
    this.#tell(released);
    for (const victim of arrivalOrder(victims.filter(isReplaced), this.#compare)) {
      const held = whyHeldBack(this.#scheduler, victim);
      if (held === null) this.#queue.add(victim, NOW);
      else this.#heldBack[held.kind].push({pod: victim, message: held.message});
    }
  }

  /** Pods of higher priority had not to leave room for the one that was nominated. */
  #unnominated(pod: Pod): void {
    const {priority} = pod.class;
    this.#queue.moveAllToActiveOrBackoffQueue(
      nominatedPodDelete(pod),
      NOW,
      (other) => other.class.priority <= priority,
    );
  }

  #tell(events: readonly ClusterEvent[]): void {
    for (const event of events) this.#queue.moveAllToActiveOrBackoffQueue(event, NOW);
  }
}

/** Whether a controller makes a new pod in place of one that is deleted; a pod on its way out has been replaced already. */
export function isReplaced({class: {owner}, terminating}: Pod): boolean {
  return owner !== null && !terminating;
}
