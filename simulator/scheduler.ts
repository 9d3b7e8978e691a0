import {uniformInt} from 'pure-rand/distribution/uniformInt';
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';
import type {ClusterModel} from '../model/clusterModel.ts';
import type {Pod, PodClass} from '../model/pod.ts';
import {DraManager} from './dynamicResources/draManager.ts';
import {FastEvaluator} from './fast/fastEvaluator.ts';
import {type EvaluateOptions, type Evaluator, NO_NODE, type Outcome} from './framework/evaluator.ts';
import {fitErrorMessage} from './framework/fitError.ts';
import {Framework, type PostFilterOutcome} from './framework/framework.ts';
import type {Handle} from './framework/plugin.ts';
import {PluginError} from './framework/pluginError.ts';
import type {Preemption} from './framework/postFilter.ts';
import {defaultSchedulerConfiguration, type SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import {arrivalOrder} from './queue/arrivalOrder.ts';
import {Nominator} from './queue/nominator.ts';
import {ReferenceEvaluator} from './reference/referenceEvaluator.ts';
import type {SimulationOptions, WaitingPod} from './simulation.ts';
import {ClusterObjects} from './state/clusterObjects.ts';
import {ClusterState} from './state/clusterState.ts';
import {PodIndex} from './state/podIndex.ts';
import {Topology} from './state/topology.ts';
import {VolumeState} from './volumes/volumeState.ts';

/** Everything that one run of the scheduler works with. */
export interface Scheduler {
  readonly state: ClusterState;
  readonly evaluator: Evaluator;
  readonly nominator: Nominator;
  readonly frameworks: ReadonlyMap<string, Framework>;
  /** Node index by name. */
  readonly nodeOf: ReadonlyMap<string, number>;
  /** Failures that hold for all pods of a class while the log of changes is no longer than it was. */
  readonly failures: Map<PodClass, {readonly position: number; readonly attempt: Attempt}>;
  readonly handle: Handle;
  readonly configuration: SchedulerConfiguration;
}

/** What plugins are made with, in front of nodes that have no pods yet. */
export function createHandle(
  model: ClusterModel,
  {kubernetesVersion, seed}: Pick<SimulationOptions, 'kubernetesVersion' | 'seed'>,
): Handle {
  const generator = xoroshiro128plus(seed);
  const state = ClusterState.empty(model.nodes, model.classes, model.pods);
  const objects = new ClusterObjects(model.objects);
  return {
    nodes: model.nodes,
    state,
    objects,
    topology: new Topology(model.nodes),
    podIndex: new PodIndex(model),
    volumes: new VolumeState(objects, model.nodes, state, kubernetesVersion),
    dynamicResources: new DraManager(model.nodes, objects, kubernetesVersion),
    nominator: new Nominator((node) => state.changes.touch(node)),
    kubernetesVersion,
    draw: (count) => uniformInt(generator, 0, count - 1),
    drawFor: (pod, count) => (mix(mix(seed, pod.index), state.changes.length) >>> 0) % count,
  };
}

/** Two whole numbers to one that looks drawn (the finalizer of MurmurHash3). */
function mix(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ b;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A scheduler in front of nodes that have no pods yet. */
export function createScheduler(
  model: ClusterModel,
  options: SimulationOptions,
  configuration: SchedulerConfiguration = defaultSchedulerConfiguration(options.kubernetesVersion),
): Scheduler {
  const handle = createHandle(model, options);
  const frameworks = new Map(
    configuration.profiles.map((profile) => [profile.schedulerName, new Framework(profile, handle)]),
  );
  const reference = new ReferenceEvaluator(handle, frameworks, options);
  return {
    state: handle.state,
    evaluator:
      options.evaluator === 'reference' ? reference : new FastEvaluator(handle, frameworks, reference, options),
    nominator: handle.nominator,
    frameworks,
    nodeOf: new Map(model.nodes.map(({name}, index) => [name, index])),
    failures: new Map(),
    handle,
    configuration,
  };
}

/** Pods at t = 0: those on a node are put there, the others are sorted out before the first is scheduled. */
export interface Intake {
  /** In the order they are scheduled. */
  readonly queue: readonly Pod[];
  readonly gated: readonly WaitingPod[];
  readonly ignored: readonly WaitingPod[];
  /** Pending whatever the scheduler does: bound to a node that is not in the model, or held by their PodGroup. */
  readonly waiting: readonly WaitingPod[];
}

/** Why pods are not to be scheduled, by their indices. */
export type HeldPods = ReadonlyMap<number, string>;

export const NONE_HELD: HeldPods = new Map();

/** Puts the bound pods on their nodes and the pending ones into the queue. */
export function takeIn(scheduler: Scheduler, pods: readonly Pod[], heldPods: HeldPods = NONE_HELD): Intake {
  const queued: Pod[] = [];
  const gated: WaitingPod[] = [];
  const ignored: WaitingPod[] = [];
  const waiting: WaitingPod[] = [];
  for (const pod of pods) {
    if (pod.nodeName !== null) {
      const node = scheduler.nodeOf.get(pod.nodeName);
      if (node === undefined) waiting.push({pod, message: `node ${JSON.stringify(pod.nodeName)} not found`});
      else scheduler.state.addPod(pod, node);
      continue;
    }
    const message = heldPods.get(pod.index);
    if (message !== undefined) {
      waiting.push({pod, message});
      continue;
    }
    const held = whyHeldBack(scheduler, pod);
    if (held === null) queued.push(pod);
    else (held.kind === 'gated' ? gated : ignored).push({pod, message: held.message});
  }
  for (const pod of queued) {
    const node = pod.nominatedNodeName === null ? undefined : scheduler.nodeOf.get(pod.nominatedNodeName);
    if (node !== undefined) scheduler.nominator.nominate(pod, node);
  }
  const [framework] = scheduler.frameworks.values();
  const queue = framework === undefined ? [] : arrivalOrder(queued, (a, b) => framework.compare(a, b));
  return {queue, gated, ignored, waiting};
}

/** Why a pod without a node is not to be scheduled; null when it is. */
export function whyHeldBack(
  {frameworks}: Scheduler,
  pod: Pod,
): {readonly kind: 'gated' | 'ignored'; readonly message: string} | null {
  const framework = frameworks.get(pod.class.schedulerName);
  if (framework === undefined) {
    return {kind: 'ignored', message: `no profile for scheduler name ${JSON.stringify(pod.class.schedulerName)}`};
  }
  if (pod.terminating) return {kind: 'ignored', message: 'the pod is being deleted'};
  const status = framework.runPreEnqueue(pod);
  return status === null ? null : {kind: 'gated', message: status.reasons.join(', ')};
}

/** One try to schedule a pod. */
export interface Attempt {
  readonly outcome: Outcome;
  /** The text of the FailedScheduling event; null when a node was found. */
  readonly message: string | null;
  /** The node that the pod waits for after a preemption, -1 for none. */
  readonly nominatedNode: number;
  /** How PostFilter ended; null where it did not run. */
  readonly postFilter: PostFilterOutcome['kind'] | null;
  readonly preemption: Preemption | null;
  /** Pods that are no longer nominated to the node they were nominated to; not the pod itself when it has got a node. */
  readonly unnominated: readonly Pod[];
}

const NO_PODS: readonly Pod[] = [];

export interface AttemptOptions extends EvaluateOptions {
  /** Whether PostFilter may look for a remedy; true unless said otherwise. */
  readonly runsPostFilter?: boolean;
}

/**
 * Looks for a node and, when there is none, for pods to preempt. The pod is put on the node found (`assume`) and the
 * victims are taken away (`evict`) by the caller; nominations are up to date.
 */
export function attempt(scheduler: Scheduler, pod: Pod, options: AttemptOptions = {}): Attempt {
  try {
    return attemptOnce(scheduler, pod, options);
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    return withoutPostFilter(scheduler, pod, NO_NODE, error.message);
  }
}

function attemptOnce(scheduler: Scheduler, pod: Pod, options: AttemptOptions): Attempt {
  const {evaluator, nominator, failures, state} = scheduler;
  const before = failures.get(pod.class);
  if (before?.position === state.changes.length && options.explain !== true && nominator.nodeOf(pod) < 0) {
    return before.attempt;
  }
  const outcome = evaluator.evaluate(pod, options);
  const {node, failure} = outcome;
  if (node >= 0) {
    return {outcome, message: null, nominatedNode: -1, postFilter: null, preemption: null, unnominated: NO_PODS};
  }
  if (failure === null) return withoutPostFilter(scheduler, pod, outcome, 'no nodes available to schedule pods');
  if (options.runsPostFilter === false) {
    return withoutPostFilter(scheduler, pod, outcome, fitErrorMessage(failure.diagnosis));
  }
  const nominated = nominator.nodeOf(pod);
  const result = frameworkOf(scheduler, pod).runPostFilter(failure);
  if (result.kind === 'Success') {
    const lower = nominator.dropLower(pod, result.node);
    nominator.nominate(pod, result.node);
    const message = fitErrorMessage(failure.diagnosis);
    const {kind: postFilter, node: nominatedNode, preemption} = result;
    const unnominated = nominated >= 0 && nominated !== nominatedNode ? [...lower, pod] : lower;
    return {outcome, message, nominatedNode, postFilter, preemption, unnominated};
  }
  const unnominated = result.keepsNomination ? NO_PODS : endNomination(nominator, pod);
  const message = fitErrorMessage(failure.diagnosis, result.reasons);
  const failed: Attempt = {
    outcome,
    message,
    nominatedNode: nominator.nodeOf(pod),
    postFilter: result.kind,
    preemption: null,
    unnominated: NO_PODS,
  };
  if (failure.holdsForClass) failures.set(pod.class, {position: state.changes.length, attempt: failed});
  return unnominated.length === 0 ? failed : {...failed, unnominated};
}

function withoutPostFilter({nominator}: Scheduler, pod: Pod, outcome: Outcome, message: string): Attempt {
  const unnominated = endNomination(nominator, pod);
  return {outcome, message, nominatedNode: -1, postFilter: null, preemption: null, unnominated};
}

/** The pod, if it was nominated. */
function endNomination(nominator: Nominator, pod: Pod): readonly Pod[] {
  const wasNominated = nominator.nodeOf(pod) >= 0;
  nominator.remove(pod);
  return wasNominated ? [pod] : NO_PODS;
}

/** Puts a pod on the node found for it; its nomination is over. */
export function assume(scheduler: Scheduler, pod: Pod, node: number): void {
  frameworkOf(scheduler, pod).reserve(pod, node);
  scheduler.state.addPod(pod, node);
  scheduler.nominator.remove(pod);
}

/** Takes a pod off its node for good. */
export function evict(scheduler: Scheduler, pod: Pod): void {
  scheduler.state.removePod(pod);
  scheduler.state.pods.forget(pod);
  for (const framework of scheduler.frameworks.values()) framework.release(pod);
}

/** The framework of a pod's profile, which must exist. */
function frameworkOf({frameworks}: Scheduler, pod: Pod): Framework {
  return frameworks.get(pod.class.schedulerName)!;
}
