import type {Pod, PodClass} from '../../../model/pod.ts';
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
import type {InterPodAffinityArgs} from '../../framework/pluginArguments.ts';
import {type Status, unresolvable, unschedulable} from '../../framework/status.ts';
import type {Domains} from '../../state/topology.ts';
import {type AffinityRelation, AffinityRelations} from './affinityRelation.ts';
import type {AffinityTerms} from './affinityTerms.ts';
import {PairCounts} from './pairCounts.ts';
import {type RelatedPods, RelatedPodsFinder} from './relatedPods.ts';

interface FilterState {
  readonly terms: AffinityTerms;
  /** Whether the pod would satisfy its own required affinity. */
  readonly matchesItself: boolean;
  /** Pods that match all required affinity terms, once for each term. */
  readonly affinity: PairCounts;
  /** Pods that match a required anti-affinity term. */
  readonly antiAffinity: PairCounts;
  /** Pods with a required anti-affinity term that matches the incoming pod. */
  readonly existingAntiAffinity: PairCounts;
}

/** Sum of weights by domain of each topology. */
type ScoreState = ReadonlyMap<Domains, Float64Array>;

/** Keeps pods near to, or away from, other pods: by their own terms, and by those of pods that run already. */
export class InterPodAffinity implements FilterPlugin<FilterState>, ScorePlugin<ScoreState> {
  readonly name = 'InterPodAffinity';
  readonly filterScope = 'topology';
  readonly scoreScope = 'topology';
  readonly relations: AffinityRelations;
  readonly #ignoresPreferred: boolean;
  #related: RelatedPodsFinder | undefined;
  readonly #handle: Handle;
  readonly #affinity = unresolvable(this.name, "node(s) didn't match pod affinity rules");
  readonly #antiAffinity = unschedulable(this.name, "node(s) didn't match pod anti-affinity rules");
  readonly #existing = unschedulable(this.name, "node(s) didn't satisfy existing pods anti-affinity rules");

  constructor(args: InterPodAffinityArgs, handle: Handle) {
    this.#ignoresPreferred = args.ignorePreferredTermsOfExistingPods;
    this.#handle = handle;
    this.relations = new AffinityRelations(args, handle);
  }

  preFilter(pod: Pod): PreFilterResult<FilterState> {
    const state: FilterState = {
      terms: this.relations.termsOf(pod.class),
      matchesItself: this.relations.matchesItself(pod.class),
      affinity: new PairCounts(),
      antiAffinity: new PairCounts(),
      existingAntiAffinity: new PairCounts(),
    };
    this.#forEachRelatedPod(pod.class, (relation, node) => update(state, relation, node, 1));
    const {requiredAffinity, requiredAntiAffinity} = state.terms;
    const isIdle = state.existingAntiAffinity.isEmpty && requiredAffinity.length + requiredAntiAffinity.length === 0;
    return isIdle ? SKIP : success(state);
  }

  readonly preFilterExtensions: PreFilterExtensions<FilterState> = {
    clone: (state) => ({
      ...state,
      affinity: state.affinity.clone(),
      antiAffinity: state.antiAffinity.clone(),
      existingAntiAffinity: state.existingAntiAffinity.clone(),
    }),
    addPod: (state, pod, added, node) => update(state, this.relations.between(pod.class, added.class), node, 1),
    removePod: (state, pod, removed, node) => update(state, this.relations.between(pod.class, removed.class), node, -1),
  };

  filter(state: FilterState, node: number): Status | null {
    if (!satisfiesAffinity(state, node)) return this.#affinity;
    const {terms, antiAffinity, existingAntiAffinity} = state;
    if (terms.requiredAntiAffinity.some(({domains}) => antiAffinity.at(domains, node) > 0)) return this.#antiAffinity;
    return existingAntiAffinity.hasAny(node) ? this.#existing : null;
  }

  preScore(pod: Pod): PreScoreResult<ScoreState> {
    if (this.ignoresExisting(pod.class)) return SKIP;
    const sums = new Map<Domains, Float64Array>();
    this.#forEachRelatedPod(pod.class, ({scores}, node) => {
      for (const {domains, weight} of scores) {
        const domain = domains.ofNode[node]!;
        if (domain < 0) continue;
        const ofKey = sums.get(domains) ?? new Float64Array(domains.count);
        ofKey[domain]! += weight;
        sums.set(domains, ofKey);
      }
    });
    return sums.size === 0 ? SKIP : success(sums);
  }

  /** Whether the profile leaves pods of this class, which have no preferences, without a score. */
  ignoresExisting(podClass: PodClass): boolean {
    return this.#ignoresPreferred && this.relations.termsOf(podClass).preferred.length === 0;
  }

  score(sums: ScoreState, node: number): number {
    let score = 0;
    for (const [{ofNode}, ofKey] of sums) if (ofNode[node]! >= 0) score += ofKey[ofNode[node]!]!;
    return score;
  }

  normalizeScore(scores: Float64Array): void {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const score of scores) {
      min = Math.min(min, score);
      max = Math.max(max, score);
    }
    for (let i = 0; i < scores.length; i++) scores[i] = normalizedAffinity(scores[i]!, min, max);
  }

  /** The pods that mean something to an incoming one. */
  relatedTo(incoming: PodClass): readonly RelatedPods[] {
    this.#related ??= new RelatedPodsFinder(this.#handle.podIndex, this.relations);
    return this.#related.of(incoming);
  }

  #forEachRelatedPod(incoming: PodClass, visit: (relation: AffinityRelation, node: number) => void): void {
    const {podIndex, state} = this.#handle;
    for (const {classes, relation} of this.relatedTo(incoming)) {
      podIndex.forEachPodOf(classes, (index) => {
        const node = state.nodeOfPod[index]!;
        if (node >= 0) visit(relation, node);
      });
    }
  }
}

function update(
  state: FilterState,
  {affinity, antiAffinity, existingAntiAffinity}: AffinityRelation,
  node: number,
  delta: 1 | -1,
): void {
  for (const domains of affinity) state.affinity.add(domains, node, delta);
  for (const domains of antiAffinity) state.antiAffinity.add(domains, node, delta);
  for (const domains of existingAntiAffinity) state.existingAntiAffinity.add(domains, node, delta);
}

/** The first pods of a group that wants to be together find none of their kind, and may go anywhere. */
function satisfiesAffinity({terms, affinity, matchesItself}: FilterState, node: number): boolean {
  const {requiredAffinity} = terms;
  if (requiredAffinity.some(({domains}) => domains.ofNode[node]! < 0)) return false;
  if (requiredAffinity.every(({domains}) => affinity.at(domains, node) > 0)) return true;
  return affinity.isEmpty && matchesItself;
}

/** Brings a raw score of InterPodAffinity into 0 … 100. */
export function normalizedAffinity(raw: number, min: number, max: number): number {
  return max > min ? Math.trunc(MAX_NODE_SCORE * ((raw - min) / (max - min))) : 0;
}
