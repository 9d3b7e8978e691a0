import type {LabelSelector} from '../../../model/kubernetes.ts';
import {labelValue} from '../../../model/labels.ts';
import type {PodClass} from '../../../model/pod.ts';
import type {PodIndex} from '../../state/podIndex.ts';
import {type AffinityRelation, type AffinityRelations, NO_RELATION} from './affinityRelation.ts';
import type {AffinityTerms} from './affinityTerms.ts';

/** Classes of which every pod on a node means this to an incoming pod; what a pod means in all is the sum over its groups. */
export interface RelatedPods {
  readonly classes: readonly PodClass[];
  readonly relation: AffinityRelation;
}

/** Finds the pods that mean something to an incoming one by (anti-)affinity: by terms, of which there are few, not by class. */
export class RelatedPodsFinder {
  readonly #index: PodIndex;
  readonly #relations: AffinityRelations;
  readonly #classesWith = new Map<AffinityTerms, PodClass[]>();
  /** Terms of which one asks for a label, by the label; those of which one asks for none in particular. */
  readonly #byWantedLabel = new Map<string, Set<AffinityTerms>>();
  readonly #unspecific = new Set<AffinityTerms>();
  /** By the incoming pod's own terms. */
  readonly #matchingOwn = new Map<AffinityTerms, readonly RelatedPods[]>();

  constructor(index: PodIndex, relations: AffinityRelations) {
    this.#index = index;
    this.#relations = relations;
    for (const podClass of index.classes) {
      const terms = relations.termsOf(podClass);
      if (!terms.hasAffinity) continue;
      const known = this.#classesWith.get(terms);
      if (known !== undefined) known.push(podClass);
      else this.#addTerms(terms, podClass);
    }
  }

  of(incoming: PodClass): readonly RelatedPods[] {
    const own = this.#relations.termsOf(incoming);
    const theirs = [...this.#termsThatMayMatch(incoming)].map((terms) => ({
      classes: this.#classesWith.get(terms)!,
      relation: this.#relations.byTheirTerms(incoming, terms),
    }));
    return [...(own.hasAffinity ? this.#ownMatches(own) : []), ...theirs].filter(
      ({relation}) => relation !== NO_RELATION,
    );
  }

  #addTerms(terms: AffinityTerms, podClass: PodClass): void {
    this.#classesWith.set(terms, [podClass]);
    const {requiredAffinity, requiredAntiAffinity, preferred} = terms;
    for (const {labelSelector} of [...requiredAffinity, ...requiredAntiAffinity, ...preferred]) {
      const label = wantedLabel(labelSelector);
      if (label === undefined) {
        this.#unspecific.add(terms);
        continue;
      }
      const known = this.#byWantedLabel.get(label) ?? new Set();
      this.#byWantedLabel.set(label, known.add(terms));
    }
  }

  #termsThatMayMatch({labels}: PodClass): ReadonlySet<AffinityTerms> {
    if (this.#byWantedLabel.size === 0) return this.#unspecific;
    const terms = new Set(this.#unspecific);
    for (const key of Object.keys(labels)) {
      for (const wanting of this.#byWantedLabel.get(`${key}=${labels[key]}`) ?? []) terms.add(wanting);
    }
    return terms;
  }

  #ownMatches(terms: AffinityTerms): readonly RelatedPods[] {
    const known = this.#matchingOwn.get(terms);
    if (known !== undefined) return known;
    const {requiredAffinity, requiredAntiAffinity, preferred} = terms;
    const attracting = requiredAffinity.map(({domains}) => domains);
    const found = [
      ...(requiredAffinity.length === 0
        ? []
        : [{classes: this.#matchesOf(requiredAffinity), relation: {...NO_RELATION, affinity: attracting}}]),
      ...requiredAntiAffinity.map((term) => ({
        classes: this.#matchesOf([term]),
        relation: {...NO_RELATION, antiAffinity: [term.domains]},
      })),
      ...preferred.map((term) => ({classes: this.#matchesOf([term]), relation: {...NO_RELATION, scores: [term]}})),
    ].filter(({classes}) => classes.length > 0);
    this.#matchingOwn.set(terms, found);
    return found;
  }

  /** The classes that match all of an incoming pod's terms. */
  #matchesOf(terms: AffinityTerms['requiredAffinity']): readonly PodClass[] {
    const selectors = terms.map(({labelSelector}) => labelSelector).filter((selector) => selector !== undefined);
    if (selectors.length < terms.length) return [];
    return this.#index.candidates(selectors).filter((existing) => this.#relations.matchesAll(terms, existing));
  }
}

/** A label without which the selector matches nothing. */
function wantedLabel({matchLabels = {}, matchExpressions = []}: LabelSelector = {}): string | undefined {
  for (const key of Object.keys(matchLabels)) return `${key}=${labelValue(matchLabels, key)}`;
  for (const {key, operator, values = []} of matchExpressions) {
    if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
  }
  return undefined;
}
