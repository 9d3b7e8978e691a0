import type {ClusterModel} from '../model/clusterModel.ts';
import {type Pod, podKey} from '../model/pod.ts';
import type {ScoreSheet} from './framework/evaluator.ts';
import {countReasons} from './framework/fitError.ts';
import type {SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import {gangOutcomes} from './gangs/gangOutcome.ts';
import {heldPods} from './gangs/heldPods.ts';
import {nearestMiss} from './gangs/nearestMiss.ts';
import {isReplaced, run} from './run.ts';
import {type Attempt, createScheduler, takeIn} from './scheduler.ts';
import type {Decision, EvictedPod, PendingPod, Simulation, SimulationOptions} from './simulation.ts';

/** Attempts between two calls of onProgress. */
const PROGRESS_INTERVAL = 1024;

/**
 * Schedules every pod of a model at t = 0: bound pods stay where they are, the others come by priority and arrival. Pods
 * of a group that cannot start together are left out.
 */
export function simulate(
  model: ClusterModel,
  options: SimulationOptions,
  configuration?: SchedulerConfiguration,
): Simulation {
  const scheduler = createScheduler(model, options, configuration);
  const {queue, gated, ignored, waiting} = takeIn(scheduler, model.pods, heldPods(model, options, configuration));
  const pending = new Map<Pod, PendingPod>(waiting.map((one) => [one.pod, {...one, reasons: []}]));
  const evicted: EvictedPod[] = [];
  const explain = options.explainScores === true && options.onDecision !== undefined;
  let attempts = 0;
  const heldBack = run(scheduler, queue, {
    explains: () => explain,
    onAttempt: (pod, attempt) => {
      const {message, outcome, preemption} = attempt;
      options.onDecision?.(toDecision(model, attempts, pod, attempt));
      attempts++;
      if (message === null) pending.delete(pod);
      else {
        const reasons = outcome.diagnosis === null ? [] : countReasons(outcome.diagnosis);
        pending.set(pod, {pod, message, reasons});
      }
      if (preemption !== null) {
        for (const victim of preemption.victims) {
          if (!isReplaced(victim)) evicted.push({pod: victim, message: `preempted by ${podKey(pod)}`});
        }
      }
      if (attempts % PROGRESS_INTERVAL === 0) options.onProgress?.(attempts, queue.length);
      return undefined;
    },
  });
  return {
    nodeOfPod: scheduler.state.nodeOfPod,
    pending: [...pending.values()],
    gated: [...gated, ...heldBack.gated],
    ignored: [...ignored, ...heldBack.ignored],
    evicted,
    gangs: gangOutcomes(model, scheduler.state.nodeOfPod, (pod) => nearestMiss(model, scheduler, pod)),
  };
}

function toDecision(model: ClusterModel, seq: number, pod: Pod, attempt: Attempt): Decision {
  const nameOf = (node: number): string => model.nodes[node]!.name;
  const {message, nominatedNode, preemption} = attempt;
  const {node, evaluated, feasible, score, tieCount, ties, scores} = attempt.outcome;
  return {
    seq,
    pod: podKey(pod),
    node: node < 0 ? null : nameOf(node),
    evaluated,
    feasible,
    score,
    tieCount,
    message,
    nominatedNode: nominatedNode < 0 ? null : nameOf(nominatedNode),
    victims: (preemption?.victims ?? []).map(podKey),
    ...(ties === null ? {} : {ties: ties.map(nameOf)}),
    ...(scores === null ? {} : {scores: weightedScores(scores, nameOf)}),
  };
}

function weightedScores(
  {nodes, plugins}: ScoreSheet,
  nameOf: (node: number) => string,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries(
    Array.from(nodes, (node, i) => [
      nameOf(node),
      Object.fromEntries(plugins.map(({plugin, weight, normalized}) => [plugin, normalized[i]! * weight])),
    ]),
  );
}
