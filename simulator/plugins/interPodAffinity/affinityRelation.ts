import type {PodClass} from '../../../model/pod.ts';
import {perClass, perKey} from '../../framework/perClass.ts';
import type {Handle} from '../../framework/plugin.ts';
import type {InterPodAffinityArgs} from '../../framework/pluginArguments.ts';
import {isAtLeast} from '../../simulation.ts';
import type {Domains} from '../../state/topology.ts';
import {
  type AffinityTerm,
  type AffinityTerms,
  affinityTermsOf,
  matchesExisting,
  matchesIncoming,
} from './affinityTerms.ts';

export interface WeightedDomains {
  readonly domains: Domains;
  readonly weight: number;
}

/** What every existing pod of one class means to incoming pods of another, by the topologies of the terms that match. */
export interface AffinityRelation {
  /** Where it satisfies the incoming pod's required affinity, once for each term; it has to match all of them. */
  readonly affinity: readonly Domains[];
  /** Where the incoming pod must not go by its own required anti-affinity. */
  readonly antiAffinity: readonly Domains[];
  /** Where it must not go by the existing pod's. */
  readonly existingAntiAffinity: readonly Domains[];
  /** What the existing pod adds to the score of the nodes around it, by the preferences of both. */
  readonly scores: readonly WeightedDomains[];
}

export const NO_RELATION: AffinityRelation = {affinity: [], antiAffinity: [], existingAntiAffinity: [], scores: []};

const NO_TERMS: AffinityTerms = {requiredAffinity: [], requiredAntiAffinity: [], preferred: [], hasAffinity: false};

/** The terms of all classes and how classes stand to each other. */
export class AffinityRelations {
  readonly #handle: Handle;
  readonly #hardPodAffinityWeight: number;
  readonly #forgetsSelector: boolean;
  readonly #terms = perKey(
    ({namespace, spec: {affinity}}) => JSON.stringify([namespace, affinity?.podAffinity, affinity?.podAntiAffinity]),
    (podClass) => affinityTermsOf(podClass, this.#handle.topology),
  );
  /** By incoming class, then by the terms of the existing one: what follows from the latter alone. */
  readonly #wishesOfOthers = perClass(() => new Map<AffinityTerms, AffinityRelation>());

  constructor({hardPodAffinityWeight}: InterPodAffinityArgs, handle: Handle) {
    this.#handle = handle;
    this.#hardPodAffinityWeight = hardPodAffinityWeight;
    this.#forgetsSelector = !isAtLeast(handle.kubernetesVersion, '1.34');
  }

  /** The same for all classes of a namespace with the same terms. */
  termsOf(podClass: PodClass): AffinityTerms {
    const {podAffinity, podAntiAffinity} = podClass.spec.affinity ?? {};
    return podAffinity === undefined && podAntiAffinity === undefined ? NO_TERMS : this.#terms(podClass);
  }

  between(incoming: PodClass, existing: PodClass): AffinityRelation {
    const theirs = this.byTheirTerms(incoming, this.termsOf(existing));
    const own = this.termsOf(incoming);
    return own.hasAffinity ? this.#addOwn(theirs, own, existing) : theirs;
  }

  /** Whether pods of the class would satisfy their own required affinity. */
  matchesItself(podClass: PodClass): boolean {
    const {requiredAffinity} = this.termsOf(podClass);
    return requiredAffinity.length > 0 && this.matchesAll(requiredAffinity, podClass);
  }

  /** What existing pods with these terms mean by them; `NO_RELATION` itself for nothing. */
  byTheirTerms(incoming: PodClass, terms: AffinityTerms): AffinityRelation {
    if (!terms.hasAffinity) return NO_RELATION;
    const known = this.#wishesOfOthers(incoming).get(terms);
    if (known !== undefined) return known;
    const matches = matchesIncoming(incoming, this.#handle.objects);
    const weight = this.#hardPodAffinityWeight;
    const attracting = weight === 0 ? [] : terms.requiredAffinity.filter(matches);
    const existingAntiAffinity = terms.requiredAntiAffinity.filter(matches).map(({domains}) => domains);
    const scores = [...attracting.map(({domains}) => ({domains, weight})), ...terms.preferred.filter(matches)];
    const isNone = existingAntiAffinity.length + scores.length === 0;
    const relation = isNone ? NO_RELATION : {...NO_RELATION, existingAntiAffinity, scores};
    this.#wishesOfOthers(incoming).set(terms, relation);
    return relation;
  }

  /** By the terms of the incoming pod, too. */
  #addOwn(theirs: AffinityRelation, own: AffinityTerms, existing: PodClass): AffinityRelation {
    const matches = matchesExisting(existing, this.#handle.objects, this.#forgetsSelector);
    const affinity = this.matchesAll(own.requiredAffinity, existing)
      ? own.requiredAffinity.map(({domains}) => domains)
      : [];
    const antiAffinity = own.requiredAntiAffinity.filter(matches).map(({domains}) => domains);
    const preferred = own.preferred.filter(matches);
    if (affinity.length + antiAffinity.length + preferred.length === 0) return theirs;
    const {existingAntiAffinity, scores} = theirs;
    return {affinity, antiAffinity, existingAntiAffinity, scores: [...preferred, ...scores]};
  }

  /** Whether an existing pod matches all of an incoming one's terms. */
  matchesAll(terms: readonly AffinityTerm[], existing: PodClass): boolean {
    return terms.every(matchesExisting(existing, this.#handle.objects, this.#forgetsSelector));
  }
}
