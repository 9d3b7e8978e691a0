import type {ClusterModel} from '../model/clusterModel.ts';
import {type Pod, podKey} from '../model/pod.ts';
import type {Change} from './explain/change.ts';
import {leftOn, toChoice} from './explain/choice.ts';
import type {ExplainedNode, Explanation, Moment, NearestMiss, Rejection} from './explain/explanation.ts';
import {type FilterMatrix, filterMatrix} from './explain/filterMatrix.ts';
import {preemptionReport} from './explain/preemptionReport.ts';
import {rejectionDetails} from './explain/rejectionDetails.ts';
import {findRemedies} from './explain/remedies.ts';
import {distanceOf} from './explain/repairs.ts';
import {inResultUnits} from './explain/resultUnits.ts';
import {type RunInput, rebuild, replayTo, type Situation, type Trace, traceRun} from './explain/situation.ts';
import {variantOf} from './explain/variant.ts';
import type {Diagnosis} from './framework/fitError.ts';
import {DEFAULT_SCHEDULER_NAME} from './framework/profile.ts';
import type {SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import {heldPods} from './gangs/heldPods.ts';
import {type Attempt, attempt, type Scheduler} from './scheduler.ts';
import type {SimulationOptions} from './simulation.ts';

/** Misses that are told of; the nodes have all of them. */
const MOST_MISSES = 10;

/**
 * Runs the simulation and tells of one pod why it is where it is: how every node stood at its last attempt, and, where
 * it has no node, what would give it one. A pod that went to the node it was nominated to is explained by the attempt
 * that nominated it. A pod that was not scheduled in the run is tried after it.
 */
export function explainPod(
  model: ClusterModel,
  options: SimulationOptions,
  configuration: SchedulerConfiguration | undefined,
  pod: Pod,
): Explanation {
  const input: RunInput = {model, options, configuration, held: heldPods(model, options, configuration)};
  const trace = traceRun(input, pod);
  const {priority, preemptionPolicy, requests, workload} = pod.class;
  const base = {
    pod: podKey(pod),
    workload: {kind: workload.kind, name: workload.name, component: workload.component},
    priority,
    preemptionPolicy,
    requests: inResultUnits(requests),
    attempts: trace.attempts,
    ...outcomeOf(model, trace, pod),
  };
  if (trace.attempts.length === 0) return {...base, ...afterRun(input, trace, pod)};
  const index = decisiveAttempt(trace);
  const moment: Moment = {kind: 'Attempt', attempt: index};
  const view = replayTo(
    input,
    pod,
    index,
    (scheduler, situation) => look(input, scheduler, pod, situation),
    (scheduler, result, seen) => describe(input, scheduler, result, seen),
  );
  const isLost = base.outcome === 'pending' && view.result.preemption === null;
  return {...base, moment, ...(isLost ? withRemedies(view, input, model, trace, []) : view.view)};
}

/** The last attempt, or the preemption that won the pod the node which the last one only took up. */
function decisiveAttempt({attempts}: Trace): number {
  const last = attempts.length - 1;
  const {node} = attempts[last]!;
  const since = attempts.slice(0, last).findLastIndex((one) => one.node !== null);
  const won = attempts
    .slice(0, last)
    .findLastIndex(({victims, nominatedNode}) => victims.length > 0 && nominatedNode === node);
  return node !== null && won > since ? won : last;
}

function outcomeOf(model: ClusterModel, trace: Trace, pod: Pod): Pick<Explanation, 'outcome' | 'node' | 'message'> {
  const {intake, attempts, evictedBy, nodeOfPod} = trace;
  const node = model.nodes[nodeOfPod[pod.index]!]?.name ?? null;
  const waitingIn = (group: 'gated' | 'ignored' | 'waiting'): string | null =>
    intake[group].find((waiting) => waiting.pod === pod)?.message ?? null;
  for (const group of ['gated', 'ignored', 'waiting'] as const) {
    const message = waitingIn(group);
    if (message !== null) return {outcome: group === 'waiting' ? 'pending' : group, node: null, message};
  }
  if (node !== null) return {outcome: attempts.length === 0 ? 'bound' : 'placed', node, message: null};
  if (evictedBy !== null) return {outcome: 'evicted', node: null, message: `preempted by ${podKey(evictedBy)}`};
  return {outcome: 'pending', node: null, message: attempts.at(-1)?.message ?? null};
}

type View = Omit<
  Explanation,
  | 'pod'
  | 'workload'
  | 'outcome'
  | 'node'
  | 'message'
  | 'priority'
  | 'preemptionPolicy'
  | 'requests'
  | 'attempts'
  | 'moment'
>;

/** How the nodes stand before an attempt. */
interface Seen {
  readonly pod: Pod;
  readonly situation: Situation;
  readonly matrix: FilterMatrix;
  readonly wasNominated: boolean;
}

function look(input: RunInput, scheduler: Scheduler, pod: Pod, situation: Situation): Seen {
  const detailsOf = rejectionDetails(input.model, scheduler, pod);
  const matrix = filterMatrix(scheduler, pod, input.model.nodes.length, detailsOf);
  return {pod, situation, matrix, wasNominated: scheduler.nominator.nodeOf(pod) >= 0};
}

interface Described {
  readonly view: View;
  readonly seen: Seen;
  readonly result: Attempt;
  readonly misses: readonly NearestMiss[];
}

/** `scheduler` is as the attempt has left it. */
function describe(input: RunInput, scheduler: Scheduler, result: Attempt, seen: Seen): Described {
  const {model} = input;
  const {matrix, pod, wasNominated} = seen;
  const {outcome} = result;
  const nodes = toNodes(model, matrix, result);
  const misses = nodes
    .filter(({rejections}) => rejections.length > 0)
    .map(({node, rejections}) => ({node, distance: rounded(distanceOf(rejections)), rejections}));
  const names = model.nodes.map(({name}) => name);
  const left = outcome.node < 0 ? {} : leftOn(scheduler, pod, outcome.node);
  const view: View = {
    idlePlugins: matrix.idle,
    filterPlugins: matrix.plugins,
    preFilter: matrix.preFilter,
    nodes,
    choice: toChoice(names, outcome, wasNominated, left),
    nearestMisses: misses.slice(0, MOST_MISSES),
    preemption: preemptionReport(model, scheduler, pod, result),
    remedies: [],
    remediesInVain: 0,
  };
  return {view, seen, result, misses};
}

function withRemedies(
  {view, seen, result, misses}: Described,
  input: RunInput,
  original: ClusterModel,
  trace: Trace,
  base: readonly Change[],
): View {
  const {remedies, inVain: remediesInVain} = findRemedies({
    input,
    original,
    pod: seen.pod,
    base,
    situation: seen.situation,
    misses,
    preFilter: view.preFilter,
    failedAttempt: view.preFilter.length > 0 ? null : result.outcome.failure,
    finalNodeOfPod: trace.nodeOfPod,
  });
  return {...view, remedies, remediesInVain};
}

/** A pod that the run had no attempt for is tried when all others are placed, freed from what held it back. */
function afterRun(input: RunInput, trace: Trace, pod: Pod): View & Pick<Explanation, 'moment'> {
  const {model} = input;
  const changes = changesToTry(input, trace, pod);
  if (changes === null) return {...NOTHING_SEEN, moment: {kind: 'None'}};
  const nodeOfPod = trace.nodeOfPod.with(pod.index, -1);
  const situation: Situation = {...trace.end, nodeOfPod};
  const variant = variantOf(model, pod, changes, 'Pod', situation)!;
  const changed: RunInput = {...input, model: variant.model};
  const {scheduler} = rebuild(changed, situation);
  const seen = look(changed, scheduler, variant.pod, situation);
  const described = describe(changed, scheduler, attempt(scheduler, variant.pod, {explain: true}), seen);
  const wouldGoTo = model.nodes[described.result.outcome.node]?.name ?? null;
  const moment: Moment = {kind: 'AfterRun', changes, wouldGoTo};
  // No change of the pod would help one that waits for others of its group.
  const isBound = pod.nodeName !== null && trace.nodeOfPod[pod.index]! >= 0;
  if (isBound || input.held.has(pod.index)) return {...described.view, moment};
  return {...withRemedies(described, changed, model, trace, changes), moment};
}

/** What a pod has to be freed from so that the scheduler looks at it; null where nothing can be done. */
function changesToTry({model, configuration}: RunInput, {intake}: Trace, pod: Pod): readonly Change[] | null {
  if (pod.terminating || model.nodes.length === 0) return null;
  const {spec, schedulerName} = pod.class;
  const changes: Change[] = [];
  if (pod.nodeName !== null) changes.push({kind: 'Unbind', node: pod.nodeName});
  if (intake.ignored.some((waiting) => waiting.pod === pod)) {
    const profiles = configuration?.profiles.map((profile) => profile.schedulerName) ?? [DEFAULT_SCHEDULER_NAME];
    const to = profiles.includes(DEFAULT_SCHEDULER_NAME) ? DEFAULT_SCHEDULER_NAME : profiles[0];
    if (to === undefined) return null;
    changes.push({kind: 'UseScheduler', from: schedulerName, to});
  }
  const gates = (spec.schedulingGates ?? []).map(({name}) => name);
  if (gates.length > 0) changes.push({kind: 'RemoveGates', gates});
  return changes;
}

/** What is told of a pod that nobody looked at. */
export const NOTHING_SEEN: View = {
  idlePlugins: [],
  filterPlugins: [],
  preFilter: [],
  nodes: [],
  choice: null,
  nearestMisses: [],
  preemption: {
    kind: 'NotTried',
    message: null,
    nominatedNode: null,
    candidates: [],
    decidedBy: null,
    excluded: [],
  },
  remedies: [],
  remediesInVain: 0,
};

/** The node taken first, then those that pass by their total, then the others by what is missing. */
function toNodes(
  {nodes}: ClusterModel,
  {rejections, preFilter}: FilterMatrix,
  {outcome}: Attempt,
): readonly ExplainedNode[] {
  const {diagnosis, scores, node: taken} = outcome;
  const positions = new Map(scores === null ? [] : [...scores.nodes].map((index, position) => [index, position]));
  const rows = nodes.map(({name}, index) => {
    const position = positions.get(index);
    const verdicts = withReported(rejections[index]!, diagnosis, index, index === taken || position !== undefined);
    const isPassed = verdicts.length === 0 && preFilter.length === 0;
    const row: ExplainedNode = {
      node: name,
      feasible: isPassed,
      visited: index === taken || position !== undefined || verdicts.some(({reported}) => reported),
      rejections: verdicts,
      scores:
        position === undefined || scores === null
          ? []
          : scores.plugins.map(({plugin, weight, raw, normalized}) => ({
              plugin,
              raw: raw[position]!,
              normalized: normalized[position]!,
              weight,
              weighted: normalized[position]! * weight,
            })),
      total: position === undefined || scores === null ? null : scores.totals[position]!,
    };
    return {row, isTaken: index === taken, distance: distanceOf(verdicts)};
  });
  rows.sort(
    (a, b) =>
      Number(b.isTaken) - Number(a.isTaken) ||
      Number(b.row.feasible) - Number(a.row.feasible) ||
      (b.row.total ?? Number.NEGATIVE_INFINITY) - (a.row.total ?? Number.NEGATIVE_INFINITY) ||
      a.distance - b.distance,
  );
  return rows.map(({row}) => row);
}

/** Marks what kube-scheduler says of a node; a verdict that only the attempt as a whole could come to is added. */
function withReported(
  rejections: readonly Rejection[],
  diagnosis: Diagnosis | null,
  node: number,
  isPassed: boolean,
): readonly Rejection[] {
  if (diagnosis === null || diagnosis.preFilter !== null || isPassed) return rejections;
  const status = diagnosis.statuses[node] ?? diagnosis.absent;
  if (status === null) return rejections;
  const {plugin, code, reasons} = status;
  if (rejections.every((one) => one.plugin !== plugin)) {
    return [{plugin, code, reasons, reported: true, details: []}, ...rejections];
  }
  return rejections.map((one) => (one.plugin === plugin ? {...one, reasons, reported: true} : one));
}

function rounded(distance: number): number {
  return Math.round(distance * 1e6) / 1e6;
}
