import {HOSTNAME_LABEL} from '../../../model/labels.ts';
import type {Pod, PodClass} from '../../../model/pod.ts';
import {perClass} from '../../framework/perClass.ts';
import {
  type FilterPlugin,
  type Handle,
  MAX_NODE_SCORE,
  type PreFilterExtensions,
  type PreFilterResult,
  type PreScoreResult,
  type ScorePlugin,
  SKIP,
  success,
} from '../../framework/plugin.ts';
import type {PodTopologySpreadArgs} from '../../framework/pluginArguments.ts';
import {type Status, unresolvable, unschedulable} from '../../framework/status.ts';
import type {Domains} from '../../state/topology.ts';
import {constraintsOf, isCounted, matchesConstraint, type SpreadConstraint} from './constraints.ts';
import {DomainCounts} from './domainCounts.ts';
import {logarithm} from './logarithm.ts';

interface FilterState {
  readonly constraints: readonly SpreadConstraint[];
  /** 1 for the nodes that have the keys of all constraints. */
  readonly hasAllKeys: Uint8Array;
  readonly counts: readonly DomainCounts[];
}

interface ScoreState {
  readonly constraints: readonly SpreadConstraint[];
  readonly weights: readonly number[];
  /** By constraint: matching pods by domain, of domains with a feasible node; by node for the hostname. */
  readonly counts: readonly Float64Array[];
  /** 1 for the nodes that lack a key and get no score; null for none. */
  readonly ignored: Uint8Array | null;
}

/** Spreads pods evenly over topology domains: as a must by DoNotSchedule, as a wish by ScheduleAnyway. */
export class PodTopologySpread implements FilterPlugin<FilterState>, ScorePlugin<ScoreState> {
  readonly name = 'PodTopologySpread';
  readonly filterScope = 'topology';
  readonly scoreScope = 'topology';
  readonly hardConstraints: (podClass: PodClass) => readonly SpreadConstraint[];
  readonly softConstraints: (podClass: PodClass) => readonly SpreadConstraint[];
  readonly #handle: Handle;
  readonly #isSystemDefaulted: boolean;
  readonly #missingLabel = unresolvable(
    this.name,
    "node(s) didn't match pod topology spread constraints (missing required label)",
  );
  /** By the namespace and the selectors. */
  readonly #countedClasses = new Map<string, readonly PodClass[]>();
  readonly #skewed = unschedulable(this.name, "node(s) didn't match pod topology spread constraints");

  constructor(args: PodTopologySpreadArgs, handle: Handle) {
    this.#handle = handle;
    this.#isSystemDefaulted = args.defaultingType === 'System';
    this.hardConstraints = perClass((podClass) => constraintsOf(podClass, 'DoNotSchedule', args, handle));
    this.softConstraints = perClass((podClass) => constraintsOf(podClass, 'ScheduleAnyway', args, handle));
  }

  /** Whether nodes that lack the key of a soft constraint get no score at all, instead of none for that constraint. */
  requiresAllKeys({spec}: PodClass): boolean {
    return (spec.topologySpreadConstraints ?? []).length > 0 || !this.#isSystemDefaulted;
  }

  preFilter(pod: Pod): PreFilterResult<FilterState> {
    const constraints = this.hardConstraints(pod.class);
    if (constraints.length === 0) return SKIP;
    const hasAllKeys = this.#nodesWithAllKeys(constraints);
    const counts = constraints.map((constraint) => this.#countPods(constraint, pod, hasAllKeys));
    return success({constraints, hasAllKeys, counts});
  }

  readonly preFilterExtensions: PreFilterExtensions<FilterState> = {
    clone: ({constraints, hasAllKeys, counts}) => ({
      constraints,
      hasAllKeys,
      counts: counts.map((one) => one.clone()),
    }),
    addPod: (state, pod, added, node) => this.#update(state, pod, added, node, 1),
    removePod: (state, pod, removed, node) => this.#update(state, pod, removed, node, -1),
  };

  filter({constraints, counts}: FilterState, node: number): Status | null {
    for (const [i, {domains, maxSkew, minDomains, matchesSelf}] of constraints.entries()) {
      const domain = domains.ofNode[node]!;
      if (domain < 0) return this.#missingLabel;
      const own = counts[i]!;
      if (own.at(domain) + (matchesSelf ? 1 : 0) - own.least(minDomains) > maxSkew) return this.#skewed;
    }
    return null;
  }

  preScore(pod: Pod, feasible: Int32Array): PreScoreResult<ScoreState> {
    const constraints = this.softConstraints(pod.class);
    if (constraints.length === 0) return SKIP;
    const hasAllKeys = this.requiresAllKeys(pod.class) ? this.#nodesWithAllKeys(constraints) : null;
    const scored = hasAllKeys === null ? feasible : feasible.filter((node) => hasAllKeys[node] === 1);
    const counts: Float64Array[] = [];
    const weights: number[] = [];
    for (const constraint of constraints) {
      const {domains} = constraint;
      if (domains.key === HOSTNAME_LABEL) {
        counts.push(this.#countByNode(constraint, pod.class));
        weights.push(logarithm(scored.length + 2));
        continue;
      }
      // Here a missing label is a domain as well, the same as that of the empty value.
      const isCandidate = new Uint8Array(domains.count + 1);
      for (const node of scored) isCandidate[orEmptyValue(domains, node) + 1] = 1;
      const sums = this.#countByDomain(constraint, pod, hasAllKeys);
      counts.push(sums);
      weights.push(logarithm(isCandidate.reduce((sum, one) => sum + one, 0) + 2));
    }
    const ignored = hasAllKeys === null || scored.length === feasible.length ? null : hasAllKeys.map((has) => 1 - has);
    return success({constraints, counts, weights, ignored});
  }

  score({constraints, counts, weights, ignored}: ScoreState, node: number): number {
    if (ignored !== null && ignored[node] === 1) return 0;
    let score = 0;
    for (let i = 0; i < constraints.length; i++) {
      const {domains, maxSkew} = constraints[i]!;
      const domain = domains.ofNode[node]!;
      if (domain < 0) continue;
      const count = counts[i]![domains.key === HOSTNAME_LABEL ? node : domain]!;
      score += count * weights[i]! + (maxSkew - 1);
    }
    return Math.round(score);
  }

  normalizeScore(scores: Float64Array, {ignored}: ScoreState, nodes: Int32Array): void {
    let min = Number.POSITIVE_INFINITY;
    let max = 0;
    for (let i = 0; i < scores.length; i++) {
      if (ignored !== null && ignored[nodes[i]!] === 1) continue;
      min = Math.min(min, scores[i]!);
      max = Math.max(max, scores[i]!);
    }
    for (let i = 0; i < scores.length; i++) {
      const isIgnored = ignored !== null && ignored[nodes[i]!] === 1;
      scores[i] = isIgnored ? 0 : normalizedSpread(scores[i]!, min, max);
    }
  }

  #nodesWithAllKeys(constraints: readonly SpreadConstraint[]): Uint8Array {
    const {nodes} = this.#handle;
    return Uint8Array.from(nodes.keys(), (node) =>
      constraints.every(({domains}) => domains.ofNode[node]! >= 0) ? 1 : 0,
    );
  }

  #countPods(constraint: SpreadConstraint, pod: Pod, hasAllKeys: Uint8Array): DomainCounts {
    const {domains} = constraint;
    const isKnown = new Uint8Array(domains.count);
    const pods = new Float64Array(domains.count);
    const isOpen = (node: number): boolean => hasAllKeys[node] === 1 && this.#includes(constraint, pod, node);
    for (const node of hasAllKeys.keys()) if (isOpen(node)) isKnown[domains.ofNode[node]!] = 1;
    this.#forEachMatch(constraint, pod.class, (node) => {
      if (isOpen(node)) pods[domains.ofNode[node]!]!++;
    });
    return DomainCounts.of(pods, isKnown);
  }

  /** Over all nodes, feasible or not, where the constraint looks at them. */
  #countByDomain(constraint: SpreadConstraint, pod: Pod, hasAllKeys: Uint8Array | null): Float64Array {
    const {domains} = constraint;
    const pods = new Float64Array(domains.count);
    this.#forEachMatch(constraint, pod.class, (node) => {
      const domain = orEmptyValue(domains, node);
      if (domain >= 0 && hasAllKeys?.[node] !== 0 && this.#includes(constraint, pod, node)) pods[domain]!++;
    });
    return pods;
  }

  #countByNode(constraint: SpreadConstraint, podClass: PodClass): Float64Array {
    const pods = new Float64Array(this.#handle.nodes.length);
    this.#forEachMatch(constraint, podClass, (node) => {
      pods[node]!++;
    });
    return pods;
  }

  /** The node of every pod that counts for a constraint; those on their way out do not. */
  #forEachMatch(constraint: SpreadConstraint, {namespace}: PodClass, visit: (node: number) => void): void {
    const {podIndex, state} = this.#handle;
    podIndex.forEachPodOf(this.countedClasses(constraint, namespace), (index) => {
      const node = state.nodeOfPod[index]!;
      if (node >= 0 && !state.pods.at(index).terminating) visit(node);
    });
  }

  /** The classes whose pods count for a constraint of a pod in a namespace. */
  countedClasses(constraint: SpreadConstraint, namespace: string): readonly PodClass[] {
    const {selectors} = constraint;
    const key = JSON.stringify([namespace, selectors]);
    const known = this.#countedClasses.get(key);
    if (known !== undefined) return known;
    const candidates = this.#handle.podIndex.candidates(selectors);
    const counted = candidates.filter((other) => isCounted(constraint, namespace, other));
    this.#countedClasses.set(key, counted);
    return counted;
  }

  /** A DaemonSet's pod has the affinity to its node apart from its class. */
  #includes({included, honoursAffinity}: SpreadConstraint, {daemonSetNode}: Pod, node: number): boolean {
    if (included !== null && included[node] === 0) return false;
    return daemonSetNode === null || !honoursAffinity || this.#handle.nodes[node]!.name === daemonSetNode;
  }

  /** Unlike the first count this one takes pods that are being deleted and empty selectors for matches, as upstream does. */
  #update({constraints, hasAllKeys, counts}: FilterState, pod: Pod, other: Pod, node: number, delta: 1 | -1): void {
    if (other.class.namespace !== pod.class.namespace || hasAllKeys[node] === 0) return;
    for (const [i, constraint] of constraints.entries()) {
      if (!matchesConstraint(constraint, other.class.labels) || !this.#includes(constraint, pod, node)) continue;
      counts[i]!.add(constraint.domains.ofNode[node]!, delta);
    }
  }
}

/** Brings a raw score of PodTopologySpread, the lower the better, into 0 … 100. */
export function normalizedSpread(raw: number, min: number, max: number): number {
  return max === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (max + min - raw)) / max);
}

function orEmptyValue({ofNode, ofEmptyValue}: Domains, node: number): number {
  const domain = ofNode[node]!;
  return domain < 0 ? ofEmptyValue : domain;
}
