import type {NodeAffinity as Affinity, NodeSelector, PreferredSchedulingTerm} from '../../model/kubernetes.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import {matchesLabels, matchesNodeSelector, matchesNodeSelectorTerm} from '../../model/selector.ts';
import {defaultNormalizeScore} from '../framework/normalizeScore.ts';
import {perClass, perKey} from '../framework/perClass.ts';
import {
  type FilterPlugin,
  type Handle,
  type PreFilterResult,
  type PreScoreResult,
  type ScorePlugin,
  SKIP,
  success,
} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';

/** NodeAffinityArgs of KubeSchedulerConfiguration. */
export interface NodeAffinityArgs {
  /** Holds for every pod of the profile, beside its own. */
  readonly addedAffinity: Affinity | null;
}

export const DEFAULT_NODE_AFFINITY_ARGS: NodeAffinityArgs = {addedAffinity: null};

interface FilterState {
  /** 1 for the nodes that match the pod's own nodeSelector and required affinity; null when it has neither. */
  readonly matching: Uint8Array | null;
  /** The one node of a DaemonSet pod (-1 when it does not exist); null for other pods. */
  readonly onlyNode: number | null;
}

/** Node names by which PreFilter narrows the nodes; null when any node may do. */
type NameSet = ReadonlySet<string> | null;

/** nodeSelector, node affinity, and the affinity that the profile adds. */
export class NodeAffinity implements FilterPlugin<FilterState>, ScorePlugin<Float64Array> {
  readonly name = 'NodeAffinity';
  readonly filterScope = 'static';
  readonly scoreScope = 'static';
  readonly #handle: Handle;
  readonly #nodeOf: ReadonlyMap<string, number>;
  /** 1 for the nodes that match the required part of the added affinity; null without one. */
  readonly #enforced: Uint8Array | null;
  readonly #addedPreferences: readonly PreferredSchedulingTerm[];
  readonly #podStatus = unresolvable(this.name, "node(s) didn't match Pod's node affinity/selector");
  readonly #enforcedStatus = unresolvable(this.name, "node(s) didn't match scheduler-enforced node affinity");
  readonly #conflictStatus = unresolvable(this.name, 'pod affinity terms conflict');
  readonly #matchingSelector = perKey(
    ({spec}) => JSON.stringify(spec.nodeSelector ?? null),
    (podClass) => this.#matching(podClass, undefined),
  );
  readonly #matchingAll = perKey(
    ({spec}) => JSON.stringify([spec.nodeSelector, spec.affinity?.nodeAffinity]),
    (podClass) => this.#matching(podClass, requiredAffinity(podClass)),
  );
  readonly #narrowing = perClass((podClass) => this.#narrow(requiredAffinity(podClass)));
  readonly #preferred = perKey(
    ({spec}) => JSON.stringify(spec.affinity?.nodeAffinity ?? null),
    (podClass) => this.#sumOfPreferences(podClass),
  );

  constructor({addedAffinity}: NodeAffinityArgs, handle: Handle) {
    const enforced = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    this.#handle = handle;
    this.#nodeOf = new Map(handle.nodes.map(({name}, index) => [name, index]));
    this.#enforced =
      enforced === undefined
        ? null
        : Uint8Array.from(handle.nodes, (node) => (matchesNodeSelector(enforced, node) ? 1 : 0));
    this.#addedPreferences = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  }

  preFilter(pod: Pod): PreFilterResult<FilterState> {
    if (pod.daemonSetNode !== null) {
      const onlyNode = this.#nodeOf.get(pod.daemonSetNode) ?? -1;
      return success({matching: this.#matchingSelector(pod.class), onlyNode}, onlyNode < 0 ? [] : [onlyNode]);
    }
    const matching = this.#matchingAll(pod.class);
    if (matching === null && this.#enforced === null) return SKIP;
    const nodes = this.#narrowing(pod.class);
    if (nodes === 'Conflict') return {kind: 'Rejected', status: this.#conflictStatus};
    return success({matching, onlyNode: null}, nodes);
  }

  filter({matching, onlyNode}: FilterState, node: number): Status | null {
    if (this.#enforced !== null && this.#enforced[node] === 0) return this.#enforcedStatus;
    if (onlyNode !== null && onlyNode !== node) return this.#podStatus;
    return matching !== null && matching[node] === 0 ? this.#podStatus : null;
  }

  preScore(pod: Pod): PreScoreResult<Float64Array> {
    const sums = this.#preferred(pod.class);
    return sums === null ? SKIP : success(sums);
  }

  score(sums: Float64Array, node: number): number {
    return sums[node]!;
  }

  normalizeScore(scores: Float64Array): void {
    defaultNormalizeScore(scores, 'forward');
  }

  #matching({spec}: PodClass, required: NodeSelector | undefined): Uint8Array | null {
    const {nodeSelector} = spec;
    if (nodeSelector === undefined && required === undefined) return null;
    return Uint8Array.from(this.#handle.nodes, (node) =>
      (nodeSelector === undefined || matchesLabels(nodeSelector, node.labels)) &&
      (required === undefined || matchesNodeSelector(required, node))
        ? 1
        : 0,
    );
  }

  /** The nodes named by `metadata.name In` in every required term: united over terms, intersected within one. */
  #narrow(required: NodeSelector | undefined): readonly number[] | null | 'Conflict' {
    if (required === undefined || required.nodeSelectorTerms.length === 0) return null;
    const names = new Set<string>();
    for (const {matchFields = []} of required.nodeSelectorTerms) {
      let named: NameSet = null;
      for (const {key, operator, values = []} of matchFields) {
        if (key !== 'metadata.name' || operator !== 'In') continue;
        const own = new Set(values);
        named = named === null ? own : named.intersection(own);
      }
      if (named === null) return null;
      for (const name of named) names.add(name);
    }
    if (names.size === 0) return 'Conflict';
    return [...names].flatMap((name) => this.#nodeOf.get(name) ?? []).sort((a, b) => a - b);
  }

  #sumOfPreferences({spec}: PodClass): Float64Array | null {
    const own = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferences = [...this.#addedPreferences, ...own];
    if (preferences.length === 0) return null;
    return Float64Array.from(this.#handle.nodes, (node) =>
      preferences.reduce(
        (sum, {weight, preference}) => (matchesNodeSelectorTerm(preference, node) ? sum + weight : sum),
        0,
      ),
    );
  }
}

function requiredAffinity({spec}: PodClass): NodeSelector | undefined {
  return spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
}
