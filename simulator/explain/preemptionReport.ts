import type {ClusterModel} from '../../model/clusterModel.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import type {Candidate, FailedAttempt, Preemption} from '../framework/postFilter.ts';
import {DisruptionBudgets} from '../preemption/disruptionBudgets.ts';
import {selectVictims} from '../preemption/selectVictims.ts';
import type {Attempt, Scheduler} from '../scheduler.ts';
import {
  PREEMPTION_CRITERIA,
  type PreemptionCandidate,
  type PreemptionCriterion,
  type PreemptionReport,
} from './explanation.ts';

/** Nodes named of all that were excluded for one reason. */
const MOST_EXAMPLES = 3;

/** What preemption tried at an attempt. */
export function preemptionReport(
  model: ClusterModel,
  scheduler: Scheduler,
  pod: Pod,
  {outcome, preemption, postFilter, message, nominatedNode}: Attempt,
): PreemptionReport {
  const none = {message: null, nominatedNode: null, candidates: [], decidedBy: null, excluded: []};
  if (outcome.node >= 0) return {...none, kind: 'NotNeeded'};
  if (postFilter === null || outcome.failure === null) return {...none, kind: 'NotTried'};
  const {nodes} = model;
  const own = message === null ? null : preemptionMessage(message);
  if (preemption !== null) {
    return {
      ...none,
      kind: 'Nominated',
      nominatedNode: nodes[nominatedNode]?.name ?? null,
      ...rankedCandidates(model, preemption, nominatedNode),
    };
  }
  if (own === null) return {...none, kind: 'NotTried'};
  if (own.startsWith('not eligible')) return {...none, kind: 'NotEligible', message: own};
  return {...none, kind: 'NoCandidate', message: own, excluded: excludedNodes(model, scheduler, pod, outcome.failure)};
}

/** The part of an event's text that DefaultPreemption has written. */
function preemptionMessage(message: string): string | null {
  const start = message.indexOf('preemption: ');
  return start < 0 ? null : message.slice(start + 'preemption: '.length);
}

function rankedCandidates(
  {nodes}: ClusterModel,
  {candidates}: Preemption,
  nominated: number,
): Pick<PreemptionReport, 'candidates' | 'decidedBy'> {
  const chosen = candidates.find(({node}) => node === nominated)!;
  const ranked = candidates
    .map((candidate) => ({candidate, criterion: firstDifference(chosen, candidate)}))
    .sort((a, b) => b.criterion - a.criterion || a.candidate.node - b.candidate.node);
  const others = ranked.filter(({candidate}) => candidate !== chosen);
  const toRow = (
    {node, victims, numPDBViolations}: Candidate,
    lostBy: PreemptionCriterion | null,
  ): PreemptionCandidate => ({
    node: nodes[node]!.name,
    victims: victims.map((victim) => ({pod: podKey(victim), priority: victim.class.priority})),
    violatedBudgets: numPDBViolations,
    lostBy,
  });
  const rows = others.map(({candidate, criterion}) =>
    toRow(candidate, PREEMPTION_CRITERIA[criterion] ?? 'first of equals'),
  );
  return {candidates: [toRow(chosen, null), ...rows], decidedBy: rows[0]?.lostBy ?? null};
}

/** Index of the first criterion by which two candidates differ; beyond the last where they are equal. */
function firstDifference(a: Candidate, b: Candidate): number {
  const index = a.cost.findIndex((cost, i) => cost !== b.cost[i]);
  return index < 0 ? a.cost.length : index;
}

/** Tries every node again that preemption tried, and says why it was none. */
function excludedNodes(
  {nodes}: ClusterModel,
  {handle, state}: Scheduler,
  pod: Pod,
  {diagnosis, startDryRun}: FailedAttempt,
): PreemptionReport['excluded'] {
  const budgets = new DisruptionBudgets(handle);
  const dryRun = startDryRun();
  const groups = new Map<string, {nodes: number; examples: string[]}>();
  for (const [node, explicit] of diagnosis.statuses.entries()) {
    const isHopeless = (explicit ?? diagnosis.absent)?.code !== 'Unschedulable';
    const reason = isHopeless
      ? 'evicting pods cannot help there'
      : state.pods.on(node).every((other) => other.class.priority >= pod.class.priority)
        ? 'no pod of lower priority'
        : whyNoCandidate(dryRun.onNode(node, (trial) => selectVictims(pod, node, trial, state.pods, budgets)));
    const group = groups.get(reason) ?? {nodes: 0, examples: []};
    group.nodes++;
    if (group.examples.length < MOST_EXAMPLES) group.examples.push(nodes[node]!.name);
    groups.set(reason, group);
  }
  return [...groups].map(([reason, group]) => ({reason, ...group})).sort((a, b) => b.nodes - a.nodes);
}

function whyNoCandidate(selection: ReturnType<typeof selectVictims>): string {
  if (selection.kind === 'NoVictims') return 'no pod of lower priority';
  if (selection.kind === 'Hopeless') {
    return `without all pods of lower priority still: ${selection.status.reasons.join(', ')}`;
  }
  return 'not tried: enough candidates';
}
