import type {ClusterModel} from '../../model/clusterModel.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import type {SchedulerConfiguration} from '../framework/schedulerConfiguration.ts';
import {isReplaced, run} from '../run.ts';
import {
  type Attempt,
  assume,
  createScheduler,
  evict,
  type HeldPods,
  type Intake,
  type Scheduler,
  takeIn,
} from '../scheduler.ts';
import type {SimulationOptions} from '../simulation.ts';
import type {PodLists} from '../state/podLists.ts';
import type {ExplainedAttempt} from './explanation.ts';

/** What a run is made from. */
export interface RunInput {
  readonly model: ClusterModel;
  readonly options: SimulationOptions;
  readonly configuration: SchedulerConfiguration | undefined;
  readonly held: HeldPods;
}

/** How a run ended, and what it did with one pod on the way. */
export interface Trace {
  readonly intake: Intake;
  readonly attempts: readonly ExplainedAttempt[];
  /** Node by pod index, -1 for none. */
  readonly nodeOfPod: Int32Array;
  /** The pod that took the place of the one watched, for good; null for none. */
  readonly evictedBy: Pod | null;
  readonly end: Situation;
}

/** Who is where at some moment of a run. */
export interface Situation {
  /** Node by pod index, -1 for none. */
  readonly nodeOfPod: Int32Array;
  /** Pods that the run has put on nodes, in that order; some may be gone again. */
  readonly placed: readonly Pod[];
  /** Node by pod that waits for one. */
  readonly nominated: ReadonlyMap<Pod, number>;
  /** The pods on each node as they were. */
  readonly pods: PodLists;
}

/** Runs to the end and writes down what becomes of one pod. */
export function traceRun({model, options, configuration, held}: RunInput, watched: Pod): Trace {
  const scheduler = createScheduler(model, options, configuration);
  const intake = takeIn(scheduler, model.pods, held);
  const placed: Pod[] = [];
  const attempts: ExplainedAttempt[] = [];
  let position = 0;
  let evictedBy: Pod | null = null;
  run(scheduler, intake.queue, {
    explains: () => false,
    onAttempt: (pod, attempt) => {
      if (pod === watched) attempts.push(toExplainedAttempt(model, position, attempt));
      if (attempt.outcome.node >= 0) placed.push(pod);
      if (attempt.preemption?.victims.includes(watched) === true && !isReplaced(watched)) evictedBy = pod;
      position++;
      return undefined;
    },
  });
  const end = toSituation(scheduler, model, placed);
  return {intake, attempts, nodeOfPod: end.nodeOfPod, evictedBy, end};
}

/** Runs again up to one of the attempts at a pod; `before` sees the scheduler just before it, `after` right after. */
export function replayTo<Before, Result>(
  {model, options, configuration, held}: RunInput,
  watched: Pod,
  index: number,
  before: (scheduler: Scheduler, situation: Situation) => Before,
  after: (scheduler: Scheduler, attempt: Attempt, seen: Before) => Result,
): Result {
  const scheduler = createScheduler(model, options, configuration);
  const {queue} = takeIn(scheduler, model.pods, held);
  const placed: Pod[] = [];
  let count = 0;
  let seen: {readonly value: Before} | undefined;
  let result: {readonly value: Result} | undefined;
  run(scheduler, queue, {
    explains: (pod) => {
      if (pod !== watched || count !== index) return false;
      seen = {value: before(scheduler, toSituation(scheduler, model, placed))};
      return true;
    },
    onAttempt: (pod, attempt) => {
      if (pod === watched && seen !== undefined) result = {value: after(scheduler, attempt, seen.value)};
      if (pod === watched) count++;
      if (attempt.outcome.node >= 0) placed.push(pod);
      return result !== undefined;
    },
  });
  if (result === undefined) throw new Error(`attempt ${index} at pod ${podKey(watched)} is not part of the run`);
  return result.value;
}

/**
 * A scheduler in front of a situation that a run has led to, with a model that may differ from the run's: pods keep
 * their indices, and so do nodes; more of either may have come. Every node is looked at by the plain evaluator. `queue`
 * holds all pods that were to be scheduled at the start.
 */
export function rebuild(
  {model, options, configuration, held}: RunInput,
  situation: Situation,
): {readonly scheduler: Scheduler; readonly queue: readonly Pod[]} {
  const scheduler = createScheduler(model, {...options, evaluator: 'reference'}, configuration);
  const {queue} = takeIn(scheduler, model.pods, held);
  const {state, nominator} = scheduler;
  for (const [index, wanted] of situation.nodeOfPod.entries()) {
    const pod = model.pods[index]!;
    if (state.nodeOfPod[index]! >= 0 && state.nodeOfPod[index] !== wanted) evict(scheduler, pod);
    nominator.remove(pod);
  }
  for (const {index} of situation.placed) {
    const wanted = situation.nodeOfPod[index]!;
    if (wanted >= 0 && state.nodeOfPod[index]! < 0) assume(scheduler, model.pods[index]!, wanted);
  }
  for (const [{index}, node] of situation.nominated) nominator.nominate(model.pods[index]!, node);
  return {scheduler, queue};
}

function toSituation({state, nominator}: Scheduler, model: ClusterModel, placed: readonly Pod[]): Situation {
  const {pods} = state.snapshot();
  const nominated = new Map<Pod, number>();
  if (!nominator.isEmpty) {
    for (const pod of model.pods) {
      const node = nominator.nodeOf(pod);
      if (node >= 0) nominated.set(pod, node);
    }
  }
  return {nodeOfPod: pods.nodeOfPod, placed: [...placed], nominated, pods};
}

export function toExplainedAttempt(
  {nodes}: ClusterModel,
  position: number,
  {outcome, message, nominatedNode, preemption}: Attempt,
): ExplainedAttempt {
  return {
    position,
    node: nodes[outcome.node]?.name ?? null,
    message,
    nominatedNode: nodes[nominatedNode]?.name ?? null,
    victims: (preemption?.victims ?? []).map(podKey),
  };
}
