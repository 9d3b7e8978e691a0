import type {LabelSelector} from '../../../model/kubernetes.ts';
import {labelValue} from '../../../model/labels.ts';
import type {PodClass} from '../../../model/pod.ts';
import type {PodIndex} from '../../state/podIndex.ts';
import type {AffinityRelations} from './affinityRelation.ts';

/** Finds the classes of pods that can mean something to an incoming one by (anti-)affinity, without comparing all. */
export class RelatedClasses {
  readonly #index: PodIndex;
  readonly #relations: AffinityRelations;
  /** Classes with a term that asks for a label, by the label; those with a term that asks for none in particular. */
  readonly #byWantedLabel = new Map<string, PodClass[]>();
  readonly #unspecific: PodClass[] = [];

  constructor(index: PodIndex, relations: AffinityRelations) {
    this.#index = index;
    this.#relations = relations;
    for (const podClass of index.classes) {
      const {requiredAffinity, requiredAntiAffinity, preferred} = relations.termsOf(podClass);
      for (const {labelSelector} of [...requiredAffinity, ...requiredAntiAffinity, ...preferred]) {
        const label = wantedLabel(labelSelector);
        const having = label === undefined ? this.#unspecific : (this.#byWantedLabel.get(label) ?? []);
        if (label !== undefined) this.#byWantedLabel.set(label, having);
        if (having.at(-1) !== podClass) having.push(podClass);
      }
    }
  }

  /** All classes with a relation to the incoming one, and maybe some without. */
  of(incoming: PodClass): readonly PodClass[] {
    const groups: (readonly PodClass[])[] = [this.#unspecific];
    if (this.#byWantedLabel.size > 0) {
      for (const key of Object.keys(incoming.labels)) {
        groups.push(this.#byWantedLabel.get(`${key}=${incoming.labels[key]}`) ?? []);
      }
    }
    const {requiredAffinity, requiredAntiAffinity, preferred} = this.#relations.termsOf(incoming);
    for (const {labelSelector} of [...requiredAffinity, ...requiredAntiAffinity, ...preferred]) {
      if (labelSelector !== undefined) groups.push(this.#index.candidates([labelSelector]));
    }
    return union(groups);
  }
}

/** All elements of some lists of distinct elements, each once. */
export function union<Element>(lists: readonly (readonly Element[])[]): readonly Element[] {
  const [first = [], ...others] = lists.filter(({length}) => length > 0);
  return others.length === 0 ? first : [...new Set([first, ...others].flat())];
}

/** A label without which the selector matches nothing. */
function wantedLabel({matchLabels = {}, matchExpressions = []}: LabelSelector = {}): string | undefined {
  for (const key of Object.keys(matchLabels)) return `${key}=${labelValue(matchLabels, key)}`;
  for (const {key, operator, values = []} of matchExpressions) {
    if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
  }
  return undefined;
}
