import type {Pod} from '../../model/pod.ts';
import {PluginError} from '../framework/pluginError.ts';
import type {Candidate, NodeTrial} from '../framework/postFilter.ts';
import type {Status} from '../framework/status.ts';
import type {PodLists} from '../state/podLists.ts';
import type {DisruptionBudgets} from './disruptionBudgets.ts';
import {sortAsGo} from './goOrder.ts';
import {costOf} from './pickNode.ts';

export type Selection =
  | ({readonly kind: 'Victims'} & Candidate)
  /** No pod has a lower priority. */
  | {readonly kind: 'NoVictims'}
  /** A plugin came to no verdict. */
  | {readonly kind: 'Error'; readonly message: string}
  /** The pod cannot run there even without them. */
  | {readonly kind: 'Hopeless'; readonly status: Status};

/**
 * The fewest and least important pods to take off a node (DefaultPreemption.SelectVictimsOnNode): all of lower priority
 * leave, then as many as possible come back, first those protected by a budget, the most important first.
 */
export function selectVictims(
  pod: Pod,
  node: number,
  trial: NodeTrial,
  pods: PodLists,
  budgets: DisruptionBudgets,
): Selection {
  try {
    return select(pod, node, trial, pods, budgets);
  } catch (error) {
    if (error instanceof PluginError) return {kind: 'Error', message: error.message};
    throw error;
  }
}

function select(pod: Pod, node: number, trial: NodeTrial, pods: PodLists, budgets: DisruptionBudgets): Selection {
  const candidates = pods.on(node).filter((other) => other.class.priority < pod.class.priority);
  if (candidates.length === 0) return {kind: 'NoVictims'};
  for (const candidate of candidates) trial.remove(candidate);
  const status = trial.verdict();
  if (status !== null) return {kind: 'Hopeless', status};

  const byImportance = (a: Pod, b: Pod): number => compareImportance(a, b, pods);
  const sorted = sortAsGo(candidates, byImportance);
  const violating = budgets.violatedBy(sorted);
  const isReprieved = (candidate: Pod): boolean => {
    trial.add(candidate);
    if (trial.verdict() === null) return true;
    trial.remove(candidate);
    return false;
  };
  const violatingVictims = sorted.filter((candidate) => violating.has(candidate) && !isReprieved(candidate));
  const otherVictims = sorted.filter((candidate) => !violating.has(candidate) && !isReprieved(candidate));
  const victims = [...violatingVictims, ...otherVictims];
  if (victims.length === 0) return {kind: 'NoVictims'};
  const isMixed = violating.size > 0 && violating.size < sorted.length;
  const ordered = isMixed ? sortAsGo(victims, byImportance) : victims;
  const numPDBViolations = violatingVictims.length;
  return {kind: 'Victims', node, victims: ordered, numPDBViolations, cost: costOf(ordered, numPDBViolations, pods)};
}

/** Negative when `a` is more important: of higher priority, or running for longer (scheduler/util MoreImportantPod). */
export function compareImportance(a: Pod, b: Pod, pods: PodLists): number {
  return b.class.priority - a.class.priority || pods.startOf(a) - pods.startOf(b);
}
