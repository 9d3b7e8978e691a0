import {labelValue} from '../../../model/labels.ts';
import type {Node} from '../../../model/node.ts';
import type {PodClass} from '../../../model/pod.ts';
import {matchesLabelSelector} from '../../../model/selector.ts';
import {perClass} from '../../framework/perClass.ts';
import {type AffinityTerm, affinityTermsOf} from '../../plugins/interPodAffinity/affinityTerms.ts';
import {isAtLeast} from '../../simulation.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

/** A pod came to where the waiting pod wants to be, or one left that kept it away; or a node came or moved. */
export const interPodAffinity: EventsToRegister = (_args, {topology, kubernetesVersion}) => {
  const termsOf = perClass((podClass) => affinityTermsOf(podClass, topology));
  // Until then pods that a pod on a node keeps away were not told when it left, nor anyone of nominations.
  const isThorough = isAtLeast(kubernetesVersion, '1.36');
  return [
    on('Pod', ['Add', 'UpdatePodLabel', 'Delete'], (pod, {old, new: now, holds}) => {
      if (isThorough && old !== null && now?.index === pod.index) return true;
      if (holds === 'Nothing' || (holds === 'Nomination' && !isThorough)) return false;
      const {requiredAffinity, requiredAntiAffinity} = termsOf(pod.class);
      if (now !== null && old !== null) {
        const isDrawn = !matchesAll(requiredAffinity, old.class) && matchesAll(requiredAffinity, now.class);
        const isFreed = matchesAll(requiredAntiAffinity, old.class) && !matchesAll(requiredAntiAffinity, now.class);
        return isDrawn || isFreed;
      }
      if (now !== null) return matchesAll(requiredAffinity, now.class);
      if (matchesAll(requiredAntiAffinity, old!.class)) return true;
      return isThorough && matchesAll(termsOf(old!.class).requiredAntiAffinity, pod.class);
    }),
    on('Node', ['Add', 'UpdateNodeLabel'], (pod, {old, new: now}) => {
      const {requiredAffinity, requiredAntiAffinity} = termsOf(pod.class);
      if (old === null) {
        return requiredAntiAffinity.length > 0 || requiredAffinity.some(({domains}) => has(now!, domains.key));
      }
      const hasMoved = ({domains: {key}}: AffinityTerm): boolean =>
        has(old, key) && has(now!, key) && labelValue(old.labels, key) !== labelValue(now!.labels, key);
      const hasJoined = ({domains: {key}}: AffinityTerm): boolean => !has(old, key) && has(now!, key);
      const hasLeft = ({domains: {key}}: AffinityTerm): boolean => has(old, key) && !has(now!, key);
      return (
        requiredAffinity.some((term) => hasJoined(term) || hasMoved(term)) ||
        requiredAntiAffinity.some((term) => hasLeft(term) || hasMoved(term))
      );
    }),
  ];
};

/**
 * Whether a pod matches all of some terms. The selectors of namespaces are held against no labels at all: upstream
 * takes them for worked out into names already, which here they are not.
 */
function matchesAll(terms: readonly AffinityTerm[], {namespace, labels}: PodClass): boolean {
  return (
    terms.length > 0 &&
    terms.every(
      ({namespaces, namespaceSelector, labelSelector}) =>
        (namespaces.has(namespace) || matchesLabelSelector(namespaceSelector, {})) &&
        matchesLabelSelector(labelSelector, labels),
    )
  );
}

function has({labels}: Node, key: string): boolean {
  return labelValue(labels, key) !== undefined;
}
