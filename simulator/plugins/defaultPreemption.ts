import type {Pod, PodClass} from '../../model/pod.ts';
import {fitErrorMessage} from '../framework/fitError.ts';
import type {Handle, PostFilterPlugin, PreEnqueuePlugin} from '../framework/plugin.ts';
import type {DefaultPreemptionArgs} from '../framework/pluginArguments.ts';
import type {Candidate, FailedAttempt, PostFilterResult} from '../framework/postFilter.ts';
import {type Status, unresolvable} from '../framework/status.ts';
import {DisruptionBudgets} from '../preemption/disruptionBudgets.ts';
import {bestCandidates} from '../preemption/pickNode.ts';
import {type Selection, selectVictims} from '../preemption/selectVictims.ts';

/** With the position of the node's last change when it was worked out. */
type KnownSelection = Selection & {readonly last: number};

/** Finds the node where the fewest and least important pods would have to go for the pod to run. */
export class DefaultPreemption implements PreEnqueuePlugin, PostFilterPlugin {
  readonly name = 'DefaultPreemption';
  readonly #args: DefaultPreemptionArgs;
  readonly #handle: Handle;
  readonly #budgets: DisruptionBudgets;
  /** Preemptors of one class mostly come one after the other. */
  #known: {readonly podClass: PodClass; readonly selections: (KnownSelection | undefined)[]} | null = null;
  readonly #noVictims = unresolvable(this.name, 'No preemption victims found for incoming pod');
  readonly #notHelpful = unresolvable(this.name, 'Preemption is not helpful for scheduling');

  constructor(args: DefaultPreemptionArgs, handle: Handle) {
    this.#args = args;
    this.#handle = handle;
    this.#budgets = new DisruptionBudgets(handle);
  }

  /** Upstream holds a pod back until its victims have been told to go, which here takes no time. */
  preEnqueue(): null {
    return null;
  }

  postFilter(attempt: FailedAttempt): PostFilterResult {
    const ineligible = this.#whyNotEligible(attempt);
    if (ineligible !== null) return unschedulable(ineligible, true);
    const {candidates, vain, errors} = this.#findCandidates(attempt);
    if (candidates.length === 0 && errors.size > 0) {
      const [first, ...others] = errors;
      const message = others.length === 0 ? first! : `[${[...errors].join(', ')}]`;
      return {kind: 'Error', message: `preemption: ${message}`};
    }
    if (candidates.length === 0) {
      const statuses = new Array<Status | null>(attempt.diagnosis.statuses.length).fill(null);
      for (const [node, status] of vain) statuses[node] = status;
      const diagnosis = {statuses, absent: this.#notHelpful, preFilter: null};
      return unschedulable(fitErrorMessage(diagnosis), false);
    }
    const acceptable = bestCandidates(candidates);
    const {node, victims} = acceptable[0]!;
    return {
      kind: 'Success',
      node,
      preemption: {victims, candidates, acceptable: acceptable.map((candidate) => candidate.node)},
    };
  }

  /** A pod must not preempt more while it waits for its victims to go. */
  #whyNotEligible({pod, diagnosis}: FailedAttempt): string | null {
    if (pod.class.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
    const nominated = this.#handle.nominator.nodeOf(pod);
    if (nominated < 0) return null;
    const status = diagnosis.statuses[nominated] ?? diagnosis.absent;
    if (status?.code === 'UnschedulableAndUnresolvable') return null;
    const isWaiting = this.#handle.state.pods
      .on(nominated)
      .some((other) => other.preempted && other.terminating && isLower(other, pod));
    return isWaiting ? 'not eligible due to a terminating pod on the nominated node.' : null;
  }

  /** The nodes on which victims were found, and the verdict on those tried in vain. */
  #findCandidates({pod, diagnosis, isLocal, startDryRun}: FailedAttempt): {
    readonly candidates: readonly Candidate[];
    readonly vain: readonly (readonly [node: number, status: Status])[];
    /** Of nodes on which a plugin came to no verdict, which count only when no other node will do. */
    readonly errors: ReadonlySet<string>;
  } {
    const {pods, changes} = this.#handle.state;
    const potential = potentialNodes(diagnosis.statuses, diagnosis.absent);
    const candidates: Candidate[] = [];
    const vain: [node: number, status: Status][] = [];
    const errors = new Set<string>();
    const wanted = this.#numCandidates(potential.length);
    // Where all nodes are tried it does not matter with which one the search begins.
    const offset = wanted < potential.length ? this.#handle.drawFor(pod, potential.length) : 0;
    const known = isLocal ? this.#knownSelections(pod.class) : null;
    const dryRun = startDryRun();
    let hasNonViolating = false;
    for (let i = 0; i < potential.length; i++) {
      const node = potential[(offset + i) % potential.length]!;
      const last = changes.lastOfNode[node]!;
      let selection = known?.[node];
      if (selection === undefined || selection.last !== last) {
        selection = {last, ...dryRun.onNode(node, (trial) => selectVictims(pod, node, trial, pods, this.#budgets))};
        if (known !== null) known[node] = selection;
      }
      if (selection.kind === 'Victims') {
        candidates.push(selection);
        hasNonViolating ||= selection.numPDBViolations === 0;
        if (hasNonViolating && candidates.length >= wanted) break;
      } else if (selection.kind === 'Error') errors.add(selection.message);
      else vain.push([node, selection.kind === 'NoVictims' ? this.#noVictims : selection.status]);
    }
    return {candidates, vain, errors};
  }

  /** What was found on nodes for pods of this class, which holds until the node changes. */
  #knownSelections(podClass: PodClass): (KnownSelection | undefined)[] {
    if (this.#known?.podClass !== podClass) this.#known = {podClass, selections: []};
    return this.#known.selections;
  }

  /** How many candidates end the search (GetOffsetAndNumCandidates). */
  #numCandidates(potential: number): number {
    const {minCandidateNodesPercentage, minCandidateNodesAbsolute} = this.#args;
    const share = Math.trunc((potential * minCandidateNodesPercentage) / 100);
    return Math.min(Math.max(share, minCandidateNodesAbsolute), potential);
  }
}

/** The nodes that might do without some of their pods. */
function potentialNodes(statuses: readonly (Status | null)[], absent: Status | null): readonly number[] {
  const nodes: number[] = [];
  for (let node = 0; node < statuses.length; node++) {
    if ((statuses[node] ?? absent)?.code === 'Unschedulable') nodes.push(node);
  }
  return nodes;
}

function isLower(other: Pod, pod: Pod): boolean {
  return other.class.priority < pod.class.priority;
}

function unschedulable(message: string, keepsNomination: boolean): PostFilterResult {
  return {kind: 'Unschedulable', reasons: [`preemption: ${message}`], keepsNomination};
}
