import type {Pod} from '../../model/pod.ts';
import {
  type EvaluateOptions,
  type Evaluator,
  NO_NODE,
  type Outcome,
  type PluginScores,
  type ScoreSheet,
} from '../framework/evaluator.ts';
import type {Diagnosis} from '../framework/fitError.ts';
import {type ActiveFilters, absentStatus, type Framework} from '../framework/framework.ts';
import type {Handle} from '../framework/plugin.ts';
import type {FailedAttempt} from '../framework/postFilter.ts';
import type {Status} from '../framework/status.ts';
import type {SimulationOptions} from '../simulation.ts';
import {ReferenceDryRun} from './referenceDryRun.ts';
import {runFiltersWithNominatedPods} from './runFilters.ts';
import {nodeTreeOrder, numFeasibleNodesToFind} from './sampling.ts';

/**
 * The plain evaluator: one scheduling cycle as upstream's schedulePod reads, one node after the other through every
 * plugin. What it decides is the measure for faster ones.
 *
 * Upstream visits nodes with 16 workers; here they are visited in order. All nodes are visited by index when all are
 * scored, and in the order of the node tree, from where the last cycle stopped, when they are sampled.
 */
export class ReferenceEvaluator implements Evaluator {
  readonly #handle: Handle;
  readonly #frameworks: ReadonlyMap<string, Framework>;
  readonly #options: Pick<SimulationOptions, 'percentageOfNodesToScore' | 'ties'>;
  readonly #byIndex: Int32Array;
  readonly #byTree: Int32Array;
  #nextStartNodeIndex = 0;
  // Room for one cycle, so that a cycle allocates nothing by node.
  readonly #statuses: (Status | null)[];
  /** The nodes that have a status. */
  readonly #rejected: number[] = [];
  readonly #feasible: Int32Array;
  readonly #scores: Float64Array;
  readonly #totals: Float64Array;

  constructor(
    handle: Handle,
    frameworks: ReadonlyMap<string, Framework>,
    options: Pick<SimulationOptions, 'percentageOfNodesToScore' | 'ties'>,
  ) {
    const nodeCount = handle.nodes.length;
    this.#handle = handle;
    this.#frameworks = frameworks;
    this.#options = options;
    this.#byIndex = Int32Array.from(handle.nodes.keys());
    this.#byTree = nodeTreeOrder(handle.nodes);
    this.#statuses = new Array<Status | null>(nodeCount).fill(null);
    this.#feasible = new Int32Array(nodeCount);
    this.#scores = new Float64Array(nodeCount);
    this.#totals = new Float64Array(nodeCount);
  }

  /** The pod's profile must exist. */
  evaluate(pod: Pod, options: EvaluateOptions = {}): Outcome {
    const framework = this.#frameworks.get(pod.class.schedulerName)!;
    const nodeCount = this.#handle.nodes.length;
    if (nodeCount === 0) return NO_NODE;
    this.#forgetStatuses();

    const pre = framework.runPreFilter(pod);
    if (pre.kind === 'Rejected') {
      const diagnosis = {statuses: this.#statuses.slice(), absent: pre.status, preFilter: pre.status};
      return failure(diagnosis, this.#failedAttempt(framework, pod, diagnosis, NO_FILTERS, pre.ran), 0);
    }

    const nominated = this.#handle.nominator.nodeOf(pod);
    let nominatedStatus: Status | null = null;
    if (nominated >= 0) {
      nominatedStatus = runFiltersWithNominatedPods(this.#handle, framework, pre.filters, pod, nominated);
      if (nominatedStatus === null) return chosen(nominated, 1, options);
      this.#reject(nominated, nominatedStatus);
    }

    const search = this.#findNodesThatPassFilters(framework, pre.filters, pod, pre.nodes);
    const isDiagnosed = search.feasible === 0 || options.explain === true;
    const absent = absentStatus(pre.narrowing, nominatedStatus);
    const diagnosis = isDiagnosed ? {statuses: this.#statuses.slice(), absent, preFilter: null} : null;
    if (search.feasible === 0 && diagnosis !== null) {
      return failure(diagnosis, this.#failedAttempt(framework, pod, diagnosis, pre.filters, null), search.evaluated);
    }
    if (search.feasible === 1) return {...chosen(this.#feasible[0]!, search.evaluated, options), diagnosis};

    const feasible = this.#feasible.subarray(0, search.feasible);
    const scores = this.#scoreNodes(framework, pod, feasible, options.explain === true);
    return {...this.#selectHost(feasible, options), evaluated: search.evaluated, diagnosis, failure: null, scores};
  }

  /** Fills `#feasible` and `#statuses`. */
  #findNodesThatPassFilters(
    framework: Framework,
    filters: ActiveFilters,
    pod: Pod,
    narrowed: readonly number[] | null,
  ): {readonly feasible: number; readonly evaluated: number} {
    const percentage = framework.profile.percentageOfNodesToScore ?? this.#options.percentageOfNodesToScore;
    const isSampling = percentage !== 100;
    const all = isSampling ? this.#byTree : this.#byIndex;
    const list = narrowed === null ? all : inOrderOf(all, narrowed);
    const start = isSampling ? this.#nextStartNodeIndex : 0;
    const wanted = framework.scorePlugins.length === 0 ? 1 : numFeasibleNodesToFind(percentage, list.length);
    let feasible = 0;
    let evaluated = 0;
    for (let i = 0; i < list.length; i++) {
      const node = list[(start + i) % list.length]!;
      const status = runFiltersWithNominatedPods(this.#handle, framework, filters, pod, node);
      evaluated++;
      if (status !== null) this.#reject(node, status);
      else if (feasible < wanted) this.#feasible[feasible++] = node;
      else break;
    }
    if (isSampling) this.#nextStartNodeIndex = (start + feasible + this.#rejected.length) % all.length;
    return {feasible, evaluated};
  }

  #reject(node: number, status: Status): void {
    if (this.#statuses[node] === null) this.#rejected.push(node);
    this.#statuses[node] = status;
  }

  /** Node by node, since a pod that is narrowed to one node leaves no more than one status in a large cluster. */
  #forgetStatuses(): void {
    for (const node of this.#rejected) this.#statuses[node] = null;
    this.#rejected.length = 0;
  }

  /** `ran` is null when PreFilter ended well, and so ran through. */
  #failedAttempt(
    framework: Framework,
    pod: Pod,
    diagnosis: Diagnosis,
    filters: ActiveFilters,
    ran: ReadonlySet<string> | null,
  ): FailedAttempt {
    return {
      pod,
      diagnosis,
      isLocal: false,
      holdsForClass: false,
      ranPreFilter: (plugin) => ran === null || ran.has(plugin),
      startDryRun: () => new ReferenceDryRun(this.#handle, framework, filters, pod),
    };
  }

  /** Fills `#totals`, by position in `feasible`. */
  #scoreNodes(framework: Framework, pod: Pod, feasible: Int32Array, keep: boolean): ScoreSheet | null {
    const count = feasible.length;
    const totals = this.#totals.subarray(0, count);
    const scores = this.#scores.subarray(0, count);
    const kept: PluginScores[] = [];
    totals.fill(framework.scorePlugins.length === 0 ? 1 : 0);
    for (const {plugin, weight} of framework.scorePlugins) {
      const pre = plugin.preScore(pod, feasible);
      if (pre.kind === 'Skip') continue;
      for (let i = 0; i < count; i++) scores[i] = plugin.score(pre.state, feasible[i]!);
      const raw = keep ? scores.slice() : null;
      plugin.normalizeScore?.(scores, pre.state, feasible);
      for (let i = 0; i < count; i++) totals[i]! += scores[i]! * weight;
      if (raw !== null) kept.push({plugin: plugin.name, weight, raw, normalized: scores.slice()});
    }
    return keep ? {nodes: feasible.slice(), plugins: kept, totals: totals.slice()} : null;
  }

  /**
   * One of the nodes with the highest total. Which one upstream takes depends on its version and on the order in which
   * its workers finish, so any of them is right.
   */
  #selectHost(
    feasible: Int32Array,
    options: EvaluateOptions,
  ): Omit<Outcome, 'evaluated' | 'diagnosis' | 'failure' | 'scores'> {
    const totals = this.#totals;
    let best = totals[0]!;
    let tieCount = 0;
    let first = this.#handle.nodes.length;
    for (let i = 0; i < feasible.length; i++) {
      const total = totals[i]!;
      const node = feasible[i]!;
      if (total > best) {
        best = total;
        tieCount = 1;
        first = node;
      } else if (total === best) {
        tieCount++;
        if (node < first) first = node;
      }
    }
    const isRandom = this.#options.ties === 'random' && tieCount > 1;
    const ties = isRandom || options.explain ? feasible.filter((_node, i) => totals[i] === best).sort() : null;
    return {
      node: isRandom && ties !== null ? ties[this.#handle.draw(tieCount)]! : first,
      feasible: feasible.length,
      score: best,
      tieCount,
      ties: options.explain && ties !== null ? [...ties] : null,
    };
  }
}

/** PreFilter came to no filters; PostFilter finds only what it says of the pod as a whole. */
const NO_FILTERS: ActiveFilters = {plugins: [], states: []};

function failure(diagnosis: Diagnosis, attempt: FailedAttempt, evaluated: number): Outcome {
  return {...NO_NODE, evaluated, diagnosis, failure: attempt};
}

/** A node that is taken without scoring. */
function chosen(node: number, evaluated: number, {explain = false}: EvaluateOptions): Outcome {
  const ties = explain ? [node] : null;
  return {node, evaluated, feasible: 1, score: null, tieCount: 1, diagnosis: null, failure: null, ties, scores: null};
}

/** The members of `nodes` in the order of `all`. */
function inOrderOf(all: Int32Array, nodes: readonly number[]): Int32Array {
  if (nodes.length === 1) return Int32Array.of(nodes[0]!);
  const members = new Set(nodes);
  return all.filter((node) => members.has(node));
}
