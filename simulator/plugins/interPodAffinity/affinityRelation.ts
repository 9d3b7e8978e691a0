import type {PodClass} from '../../../model/pod.ts';
import type {Handle} from '../../framework/plugin.ts';
import type {InterPodAffinityArgs} from '../../framework/pluginArguments.ts';
import {isAtLeast} from '../../simulation.ts';
import type {Domains} from '../../state/topology.ts';
import {type AffinityTerms, affinityTermsOf, matchesExisting, matchesIncoming} from './affinityTerms.ts';

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

const NONE: AffinityRelation = {affinity: [], antiAffinity: [], existingAntiAffinity: [], scores: []};

/** The terms of all classes and how classes stand to each other, each worked out once. */
export class AffinityRelations {
  readonly #handle: Handle;
  readonly #hardPodAffinityWeight: number;
  readonly #forgetsSelector: boolean;
  readonly #terms: (AffinityTerms | undefined)[] = [];
  /** By index of the incoming class, then of the existing one. */
  readonly #relations: (AffinityRelation | undefined)[][] = [];

  constructor({hardPodAffinityWeight}: InterPodAffinityArgs, handle: Handle) {
    this.#handle = handle;
    this.#hardPodAffinityWeight = hardPodAffinityWeight;
    this.#forgetsSelector = !isAtLeast(handle.kubernetesVersion, '1.34');
  }

  termsOf(podClass: PodClass): AffinityTerms {
    this.#terms[podClass.index] ??= affinityTermsOf(podClass, this.#handle.topology);
    return this.#terms[podClass.index]!;
  }

  between(incoming: PodClass, existing: PodClass): AffinityRelation {
    this.#relations[incoming.index] ??= [];
    const row = this.#relations[incoming.index]!;
    row[existing.index] ??= this.#relate(incoming, existing);
    return row[existing.index]!;
  }

  /** Whether pods of the class would satisfy their own required affinity. */
  matchesItself(podClass: PodClass): boolean {
    return this.#matchesAll(podClass, podClass);
  }

  #relate(incoming: PodClass, existing: PodClass): AffinityRelation {
    const own = this.termsOf(incoming);
    const others = this.termsOf(existing);
    const {objects} = this.#handle;
    const affinity: Domains[] = [];
    const antiAffinity: Domains[] = [];
    const existingAntiAffinity: Domains[] = [];
    const scores: WeightedDomains[] = [];
    if (own.hasAffinity) {
      const isOwn = matchesExisting(existing, objects, this.#forgetsSelector);
      if (this.#matchesAll(incoming, existing)) for (const {domains} of own.requiredAffinity) affinity.push(domains);
      for (const term of own.requiredAntiAffinity) if (isOwn(term)) antiAffinity.push(term.domains);
      for (const term of own.preferred) if (isOwn(term)) scores.push(term);
    }
    if (others.hasAffinity) {
      const isTheirs = matchesIncoming(incoming, objects);
      const weight = this.#hardPodAffinityWeight;
      for (const term of others.requiredAntiAffinity) if (isTheirs(term)) existingAntiAffinity.push(term.domains);
      for (const term of weight === 0 ? [] : others.requiredAffinity) {
        if (isTheirs(term)) scores.push({domains: term.domains, weight});
      }
      for (const term of others.preferred) if (isTheirs(term)) scores.push(term);
    }
    const {length} = [affinity, antiAffinity, existingAntiAffinity, scores].filter((part) => part.length > 0);
    return length === 0 ? NONE : {affinity, antiAffinity, existingAntiAffinity, scores};
  }

  #matchesAll(incoming: PodClass, existing: PodClass): boolean {
    const {requiredAffinity} = this.termsOf(incoming);
    const isOwn = matchesExisting(existing, this.#handle.objects, this.#forgetsSelector);
    return requiredAffinity.length > 0 && requiredAffinity.every(isOwn);
  }
}
