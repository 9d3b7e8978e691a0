import type {ClusterModel} from '../model/clusterModel.ts';
import {type Pod, podKey} from '../model/pod.ts';
import type {Outcome, ScoreSheet} from './framework/evaluator.ts';
import {countReasons, fitErrorMessage} from './framework/fitError.ts';
import type {SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import {assume, createScheduler, giveUp, takeIn} from './scheduler.ts';
import type {Decision, PendingPod, Simulation, SimulationOptions} from './simulation.ts';

/** Attempts between two calls of onProgress. */
const PROGRESS_INTERVAL = 1024;

/**
 * Schedules every pod of a model at t = 0: bound pods stay where they are, the others are tried once each, by priority
 * and then in the order of the model. Nothing happens between attempts that could help a pod that found no node, so
 * none is tried again.
 */
export function simulate(
  model: ClusterModel,
  options: SimulationOptions,
  configuration?: SchedulerConfiguration,
): Simulation {
  const scheduler = createScheduler(model, options, configuration);
  const {queue, gated, ignored, stray} = takeIn(scheduler, model.pods);
  const pending: PendingPod[] = stray.map((waiting) => ({...waiting, reasons: []}));
  const explain = options.explainScores === true && options.onDecision !== undefined;

  for (const [seq, pod] of queue.entries()) {
    const outcome = scheduler.evaluator.evaluate(pod, {explain});
    const message = outcome.node < 0 ? failureMessage(outcome) : null;
    if (message === null) assume(scheduler, pod, outcome.node);
    else {
      giveUp(scheduler, pod);
      pending.push({pod, message, reasons: outcome.diagnosis === null ? [] : countReasons(outcome.diagnosis)});
    }
    options.onDecision?.(toDecision(model, seq, pod, outcome, message));
    if ((seq + 1) % PROGRESS_INTERVAL === 0) options.onProgress?.(seq + 1, queue.length);
  }
  return {nodeOfPod: scheduler.state.nodeOfPod, pending, gated, ignored};
}

/** The text of the FailedScheduling event for a cycle that found no node. */
export function failureMessage({diagnosis}: Outcome): string {
  return diagnosis === null ? 'no nodes available to schedule pods' : fitErrorMessage(diagnosis);
}

function toDecision(model: ClusterModel, seq: number, pod: Pod, outcome: Outcome, message: string | null): Decision {
  const nameOf = (node: number): string => model.nodes[node]!.name;
  const {node, evaluated, feasible, score, tieCount, ties, scores} = outcome;
  return {
    seq,
    pod: podKey(pod),
    node: node < 0 ? null : nameOf(node),
    evaluated,
    feasible,
    score,
    tieCount,
    message,
    nominatedNode: null,
    victims: [],
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
