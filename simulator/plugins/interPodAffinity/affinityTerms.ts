import type {LabelSelector, PodAffinityTerm, WeightedPodAffinityTerm} from '../../../model/kubernetes.ts';
import type {PodClass} from '../../../model/pod.ts';
import {matchesLabelSelector} from '../../../model/selector.ts';
import type {ClusterObjects} from '../../state/clusterObjects.ts';
import type {Domains, Topology} from '../../state/topology.ts';

/** A term of a pod's affinity or anti-affinity, with the pod's own namespace worked in. */
export interface AffinityTerm {
  readonly domains: Domains;
  readonly labelSelector: LabelSelector | undefined;
  readonly namespaces: ReadonlySet<string>;
  /** undefined selects no namespace. */
  readonly namespaceSelector: LabelSelector | undefined;
}

export interface WeightedAffinityTerm extends AffinityTerm {
  /** Below zero for anti-affinity. */
  readonly weight: number;
}

/** All terms of a class, as kube-scheduler's PodInfo has them. */
export interface AffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferred: readonly WeightedAffinityTerm[];
  /** Whether the pod has podAffinity or podAntiAffinity at all, be it empty. */
  readonly hasAffinity: boolean;
}

export function affinityTermsOf({spec, namespace}: PodClass, topology: Topology): AffinityTerms {
  const {podAffinity, podAntiAffinity} = spec.affinity ?? {};
  const toTerm = (term: PodAffinityTerm): AffinityTerm => ({
    domains: topology.domains(term.topologyKey),
    labelSelector: term.labelSelector,
    namespaces: namespacesOf(term, namespace),
    namespaceSelector: term.namespaceSelector,
  });
  const weighted =
    (sign: 1 | -1) =>
    ({weight, podAffinityTerm}: WeightedPodAffinityTerm): WeightedAffinityTerm => ({
      ...toTerm(podAffinityTerm),
      weight: sign * weight,
    });
  return {
    requiredAffinity: (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(toTerm),
    requiredAntiAffinity: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(toTerm),
    preferred: [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weighted(1)),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weighted(-1)),
    ],
    hasAffinity: podAffinity !== undefined || podAntiAffinity !== undefined,
  };
}

/** Without namespaces and a selector of them a term means the namespace of its own pod. */
function namespacesOf({namespaces = [], namespaceSelector}: PodAffinityTerm, own: string): ReadonlySet<string> {
  return new Set(namespaces.length === 0 && namespaceSelector === undefined ? [own] : namespaces);
}

/** Whether a term of an existing pod matches the incoming one. */
export function matchesIncoming(incoming: PodClass, objects: ClusterObjects): (term: AffinityTerm) => boolean {
  const namespaceLabels = objects.namespaceLabels(incoming.namespace);
  return ({namespaces, namespaceSelector, labelSelector}) =>
    (namespaces.has(incoming.namespace) || matchesLabelSelector(namespaceSelector, namespaceLabels)) &&
    matchesLabelSelector(labelSelector, incoming.labels);
}

/**
 * Whether a term of the incoming pod matches an existing one. Upstream first turns the term's selector of namespaces
 * into their names. Since 1.34 it keeps the selector all the same and holds it against no labels at all, so that one of
 * only NotIn and DoesNotExist selects every namespace; before, it forgot the selector.
 */
export function matchesExisting(
  existing: PodClass,
  objects: ClusterObjects,
  forgetsSelector: boolean,
): (term: AffinityTerm) => boolean {
  const namespaceLabels = objects.namespaceLabels(existing.namespace);
  return ({namespaces, namespaceSelector, labelSelector}) => {
    const isNamed =
      namespaces.has(existing.namespace) ||
      matchesLabelSelector(namespaceSelector, namespaceLabels) ||
      (!forgetsSelector && matchesLabelSelector(namespaceSelector, {}));
    return isNamed && matchesLabelSelector(labelSelector, existing.labels);
  };
}
