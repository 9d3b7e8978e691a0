import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Node} from '../../model/node.ts';
import {type Pod, podKey, toPodClass} from '../../model/pod.ts';
import {PODS} from '../../model/resources.ts';
import type {FailedAttempt} from '../framework/postFilter.ts';
import {isReplaced, run} from '../run.ts';
import {assume, attempt, createScheduler, type Scheduler, takeIn} from '../scheduler.ts';
import {type Change, changedSpec} from './change.ts';
import type {NearestMiss, PodRejection, Remedy, RemedyEffect} from './explanation.ts';
import {findMoves} from './moves.ts';
import {findRepairs, type Repair, sizeOf, together, withoutClaims} from './repairs.ts';
import {type RunInput, rebuild, type Situation} from './situation.ts';
import {variantOf} from './variant.ts';

/** Changes that are simulated, of each sort, at most. */
const MOST_CHECKS = {repairs: 32, nodes: 6, moves: 16} as const;
/** Remedies of one sort that are worth keeping. */
const MOST_ALIKE = 3;
/** Pods to schedule over all runs that are done again to see what else a remedy changes. */
const MOST_PODS_RERUN = 400_000;

/** What is known of an attempt that found no node. */
export interface Failure {
  /** With the changes of `base` made. */
  readonly input: RunInput;
  /** The model as it was given. */
  readonly original: ClusterModel;
  readonly pod: Pod;
  /** Changes that are made in any case, such as the removal of a scheduling gate. */
  readonly base: readonly Change[];
  readonly situation: Situation;
  readonly misses: readonly NearestMiss[];
  readonly preFilter: readonly PodRejection[];
  readonly failedAttempt: FailedAttempt | null;
  /** Node by pod index at the end of the run as it is. */
  readonly finalNodeOfPod: Int32Array;
}

interface Landing {
  readonly node: string;
  readonly victims: readonly string[];
}

/** Changes after which the pod has a node, the smallest first, each simulated; and how many were simulated in vain. */
export function findRemedies(failure: Failure): {readonly remedies: readonly Remedy[]; readonly inVain: number} {
  const search = new Search(failure);
  if (failure.base.length > 0 && search.tryBase()) return search.finish();
  search.tryRepairs();
  search.tryNodes();
  search.tryMoves();
  search.tryPriorities();
  return search.finish();
}

class Search {
  readonly #failure: Failure;
  readonly #found: Remedy[] = [];
  #inVain = 0;
  /** For changes of the pod alone, which leave everything else as it is; null when it has to be made anew. */
  #scheduler: Scheduler | null = null;
  #nextClass: number;

  constructor(failure: Failure) {
    this.#failure = failure;
    this.#nextClass = failure.input.model.classes.length;
  }

  /** Whether the changes that are made in any case are enough. */
  tryBase(): boolean {
    return this.#add([], 0, this.#land([], true));
  }

  tryRepairs(): void {
    const {misses, preFilter, pod} = this.#failure;
    const repairs = preFilter.length > 0 ? preFilterRepairs(preFilter, pod) : findRepairs(misses, pod, MOST_ALIKE * 2);
    const alike = new Map<string, number>();
    for (const {changes, size} of repairs.slice(0, MOST_CHECKS.repairs)) {
      const sort = changes.map(({kind}) => kind).join();
      if ((alike.get(sort) ?? 0) >= MOST_ALIKE || this.#isFoundWithLess(changes)) continue;
      if (this.#add(changes, size, this.#land(changes))) alike.set(sort, (alike.get(sort) ?? 0) + 1);
    }
  }

  /** One more node of each kind that could take the pod by what does not change about it, the cheapest first. */
  tryNodes(): void {
    const {input, pod, misses, preFilter} = this.#failure;
    if (pod.daemonSetNode !== null || preFilter.length > 0) return;
    const rejectionsOf = new Map(misses.map(({node, rejections}) => [node, rejections]));
    const kinds = new Map<string, Node>();
    for (const node of input.model.nodes) {
      const isHopeless = (rejectionsOf.get(node.name) ?? []).some(
        ({plugin, details}) =>
          plugin === 'NodeAffinity' ||
          (plugin === 'TaintToleration' &&
            details.some((detail) => detail.kind === 'Taint' && !detail.taint.startsWith('node.'))),
      );
      const key = JSON.stringify([node.instanceType, node.nodePool, node.zone, node.allocatable]);
      if (!isHopeless && !kinds.has(key) && hasRoomFor(node.allocatable, pod)) kinds.set(key, node);
    }
    const priceOf = ({pricePerHour}: Node): number => pricePerHour ?? Number.MAX_VALUE;
    const sorted = [...kinds.values()].sort((a, b) => priceOf(a) - priceOf(b));
    const found = new Set<string>();
    for (const {name: like, instanceType, nodePool, zone, pricePerHour} of sorted.slice(0, MOST_CHECKS.nodes)) {
      const sort = JSON.stringify([instanceType, nodePool]);
      if (found.has(sort)) continue;
      const change: Change = {kind: 'AddNode', like, instanceType, nodePool, zone, pricePerHour};
      if (this.#add([change], sizeOf(change), this.#land([change]))) found.add(sort);
    }
  }

  /** One pod that goes elsewhere and leaves enough room. */
  tryMoves(): void {
    const {input, pod, misses, failedAttempt, situation} = this.#failure;
    if (failedAttempt === null) return;
    const moves = findMoves(input.model, pod, misses, failedAttempt, situation);
    for (const {pod: other, node} of moves.slice(0, MOST_CHECKS.moves)) {
      const moved = this.#move(other);
      if (moved === null) {
        this.#inVain++;
        continue;
      }
      const change: Change = {kind: 'MovePod', pod: podKey(other), from: node, to: moved.to};
      this.#found.push({changes: [change], size: sizeOf(change), node: moved.node, victims: [], effect: moved.effect});
      return;
    }
  }

  /** The lowest priority at which preemption makes room. */
  tryPriorities(): void {
    const {input, pod, situation, preFilter} = this.#failure;
    if (preFilter.length > 0) return;
    const {priority, preemptionPolicy} = pod.class;
    if (preemptionPolicy === 'Never') {
      const change: Change = {kind: 'AllowPreemption'};
      if (this.#add([change], sizeOf(change), this.#land([change], true))) return;
    }
    const present = new Set<number>();
    for (const [index, node] of situation.nodeOfPod.entries()) {
      if (node >= 0) present.add(input.model.pods[index]!.class.priority);
    }
    const thresholds = [...present].filter((one) => one >= priority).sort((a, b) => a - b);
    let best: {readonly change: Change; readonly landing: Landing} | null = null;
    let low = 0;
    let high = thresholds.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const change = raisedAbove(thresholds[middle]!, priority, input.model);
      const landing = change === null ? null : this.#land([change], true);
      if (change === null || landing === null) low = middle + 1;
      else {
        best = {change, landing};
        high = middle - 1;
      }
    }
    if (best !== null) this.#add([best.change], sizeOf(best.change), best.landing);
    else if (thresholds.length > 0) this.#inVain++;
  }

  finish(): {readonly remedies: readonly Remedy[]; readonly inVain: number} {
    const {input} = this.#failure;
    const sorted = this.#found.toSorted((a, b) => a.size - b.size);
    const most = Math.floor(MOST_PODS_RERUN / Math.max(1, input.model.pods.length));
    const remedies = sorted.map((remedy, rank): Remedy => {
      const effect = remedy.effect ?? (rank < most ? this.#effectFromStart(remedy.changes) : null);
      const others = Math.max(remedy.victims.length, effect?.lost ?? 0);
      return {...remedy, effect, size: rounded(remedy.size + 0.1 * others)};
    });
    // A new node helps a cluster that runs, even if a run from the start would fill it with others; a change of the
    // pod's own template that comes to nothing does not.
    const isLost = ({effect}: Remedy): boolean => effect !== null && effect.node === null;
    const useful = remedies.filter((remedy) => !isLost(remedy) || remedy.changes.some(isOfNodes));
    return {
      remedies: useful.sort((a, b) => Number(isLost(a)) - Number(isLost(b)) || a.size - b.size),
      inVain: this.#inVain + remedies.length - useful.length,
    };
  }

  #add(changes: readonly Change[], size: number, landing: Landing | null): boolean {
    const {base} = this.#failure;
    if (landing === null) this.#inVain++;
    else {
      const all = base.reduce((sum, change) => sum + sizeOf(change), size);
      this.#found.push({changes: [...base, ...changes], size: all, ...landing, effect: null});
    }
    return landing !== null;
  }

  /** Whether some of the changes have been found to do on their own. */
  #isFoundWithLess(changes: readonly Change[]): boolean {
    const texts = new Set(changes.map((change) => JSON.stringify(change)));
    return this.#found.some((remedy) => remedy.changes.every((change) => texts.has(JSON.stringify(change))));
  }

  /** Tries the pod again with the changes, everything else being as it was at the attempt. Preemption takes long. */
  #land(changes: readonly Change[], mayPreempt = false): Landing | null {
    const {input, pod, situation} = this.#failure;
    if (!changes.some(isOfNodes) && !changes.some(isMutual)) {
      const changed = this.#changedPod(changes);
      if (changed === null) return null;
      this.#scheduler ??= rebuild(input, situation).scheduler;
      return this.#tryPod(this.#scheduler, changed, input.model, mayPreempt);
    }
    const scope = changes.some(isMutual) ? 'Workload' : 'Pod';
    const variant = variantOf(input.model, pod, changes, scope, situation);
    if (variant === null) return null;
    const {scheduler} = rebuild({...input, model: variant.model}, situation);
    return this.#tryPod(scheduler, variant.pod, variant.model, mayPreempt);
  }

  #changedPod(changes: readonly Change[]): Pod | null {
    const {pod} = this.#failure;
    let {spec} = pod.class;
    for (const change of changes) {
      const changed = changedSpec(spec, change);
      if (changed === null) return null;
      spec = changed;
    }
    return {...pod, class: toPodClass({...pod.class, spec, index: this.#nextClass++})};
  }

  #tryPod(scheduler: Scheduler, pod: Pod, {nodes}: ClusterModel, mayPreempt: boolean): Landing | null {
    const {outcome, preemption, nominatedNode} = attempt(scheduler, pod, {runsPostFilter: mayPreempt});
    if (outcome.node >= 0) return {node: nodes[outcome.node]!.name, victims: []};
    if (preemption === null) return null;
    // The nominations are no longer what they were.
    if (scheduler === this.#scheduler) this.#scheduler = null;
    return {node: nodes[nominatedNode]!.name, victims: preemption.victims.map(podKey)};
  }

  /** Takes another pod off its node, then schedules the pod and after it the other one, and all that wait. */
  #move(other: Pod): {readonly node: string; readonly to: string; readonly effect: RemedyEffect} | null {
    const {input, pod, situation} = this.#failure;
    const {model} = input;
    const loose = {...model, pods: model.pods.with(other.index, {...other, nodeName: null})};
    const nodeOfPod = situation.nodeOfPod.slice();
    const from = nodeOfPod[other.index];
    nodeOfPod[other.index] = -1;
    const {scheduler, queue} = rebuild({...input, model: loose}, {...situation, nodeOfPod});
    const landed: number[] = [];
    for (const one of [pod, loose.pods[other.index]!]) {
      const {node} = attempt(scheduler, one, {runsPostFilter: false}).outcome;
      if (node < 0) return null;
      assume(scheduler, one, node);
      landed.push(node);
    }
    const [own, to] = landed;
    if (to === from) return null;
    const gone = new Set(situation.placed.filter((one) => nodeOfPod[one.index]! < 0 && !isReplaced(one)));
    const waiting = queue.filter(
      (one) => scheduler.state.nodeOfPod[one.index]! < 0 && !gone.has(model.pods[one.index]!),
    );
    run(scheduler, waiting, {explains: () => false, onAttempt: () => undefined});
    const effect = this.#effect('FromAttempt', scheduler.state.nodeOfPod, loose);
    return {node: model.nodes[own!]!.name, to: model.nodes[to!]!.name, effect};
  }

  /** The whole run again, with the changes made for the pods of the workload. */
  #effectFromStart(changes: readonly Change[]): RemedyEffect | null {
    const {input, original, pod, situation} = this.#failure;
    const scope = changes.some(isMutual) ? 'Workload' : 'Unbound';
    const variant = variantOf(original, original.pods[pod.index]!, changes, scope, situation);
    if (variant === null) return null;
    const {model} = variant;
    const scheduler = createScheduler(model, input.options, input.configuration);
    const {queue} = takeIn(scheduler, model.pods, input.held);
    run(scheduler, queue, {explains: () => false, onAttempt: () => undefined});
    return this.#effect('FromStart', scheduler.state.nodeOfPod, model);
  }

  #effect(kind: RemedyEffect['kind'], nodeOfPod: Int32Array, {nodes}: ClusterModel): RemedyEffect {
    const {original, pod, finalNodeOfPod} = this.#failure;
    const others = original.pods.filter((other) => other.index !== pod.index);
    const gained = others.filter(({index}) => finalNodeOfPod[index]! < 0 && nodeOfPod[index]! >= 0);
    const lost = others.filter(({index}) => finalNodeOfPod[index]! >= 0 && nodeOfPod[index]! < 0);
    const examplesOf = (pods: readonly Pod[]): readonly string[] => pods.slice(0, MOST_ALIKE).map(podKey);
    return {
      kind,
      node: nodes[nodeOfPod[pod.index]!]?.name ?? null,
      gained: gained.length,
      lost: lost.length,
      gainedExamples: examplesOf(gained),
      lostExamples: examplesOf(lost),
    };
  }
}

function isOfNodes({kind}: Change): boolean {
  return kind === 'AddNode' || kind === 'Uncordon' || kind === 'RemoveTaints';
}

/** Whether a change of the pod does nothing as long as its siblings do not change, who keep away from it, too. */
function isMutual(change: Change): boolean {
  return change.kind === 'DropPodAffinity' && change.rule === 'antiAffinity';
}

/** For a pod that no node was even looked at for. */
function preFilterRepairs(preFilter: readonly PodRejection[], pod: Pod): readonly Repair[] {
  let combinations: readonly (readonly Change[])[] = [[]];
  for (const {plugin, reasons} of preFilter) {
    const ways = withoutClaims(plugin, reasons, pod);
    combinations = combinations.flatMap((changes) => ways.map((way) => together(changes, way)));
  }
  return combinations
    .filter((changes) => changes.length > 0)
    .map((changes) => ({changes, size: changes.reduce((sum, change) => sum + sizeOf(change), 0)}))
    .sort((a, b) => a.size - b.size);
}

function hasRoomFor(allocatable: Readonly<Record<string, number>>, {class: {requests}}: Pod): boolean {
  if ((allocatable[PODS] ?? 0) < 1) return false;
  return Object.keys(requests).every((name) => requests[name]! === 0 || requests[name]! <= (allocatable[name] ?? 0));
}

/** null when that would be no raise. */
function raisedAbove(above: number, from: number, {objects}: ClusterModel): Change | null {
  const classes = objects
    .filter(({kind}) => kind === 'PriorityClass')
    .map(({metadata, value}) => ({name: metadata.name ?? '', value: typeof value === 'number' ? value : 0}))
    .filter(({value}) => value > above)
    .sort((a, b) => a.value - b.value);
  const to = classes[0]?.value ?? above + 1;
  return to > from ? {kind: 'RaisePriority', from, to, above, priorityClass: classes[0]?.name ?? null} : null;
}

function rounded(size: number): number {
  return Math.round(size * 10_000) / 10_000;
}
