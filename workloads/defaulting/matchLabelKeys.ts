import type {
  Affinity,
  LabelSelector,
  LabelSelectorRequirement,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
} from '../../model/kubernetes.ts';
import {type Labels, labelValue} from '../../model/labels.ts';

/**
 * Writes matchLabelKeys and mismatchLabelKeys into the selectors beside them, with the pod's own values: the
 * scheduler then needs to look at the selectors alone.
 */
export function mergeMatchLabelKeys(spec: PodSpec, labels: Labels | undefined): PodSpec {
  const {affinity, topologySpreadConstraints} = spec;
  return {
    ...spec,
    ...(affinity === undefined ? {} : {affinity: mergeAffinity(affinity, labels)}),
    ...(topologySpreadConstraints === undefined
      ? {}
      : {
          topologySpreadConstraints: topologySpreadConstraints.map((constraint) => ({
            ...constraint,
            ...extended(constraint.labelSelector, requirements(constraint.matchLabelKeys, 'In', labels)),
          })),
        }),
  };
}

function mergeAffinity(affinity: Affinity, labels: Labels | undefined): Affinity {
  const {podAffinity, podAntiAffinity} = affinity;
  return {
    ...affinity,
    ...(podAffinity === undefined ? {} : {podAffinity: mergePodAffinity(podAffinity, labels)}),
    ...(podAntiAffinity === undefined ? {} : {podAntiAffinity: mergePodAffinity(podAntiAffinity, labels)}),
  };
}

function mergePodAffinity(affinity: PodAffinity, labels: Labels | undefined): PodAffinity {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  return {
    ...(required === undefined
      ? {}
      : {requiredDuringSchedulingIgnoredDuringExecution: required.map((term) => mergeTerm(term, labels))}),
    ...(preferred === undefined
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map((weighted) => ({
            ...weighted,
            podAffinityTerm: mergeTerm(weighted.podAffinityTerm ?? {topologyKey: ''}, labels),
          })),
        }),
  };
}

function mergeTerm(term: PodAffinityTerm, labels: Labels | undefined): PodAffinityTerm {
  return {
    ...term,
    ...extended(term.labelSelector, [
      ...requirements(term.matchLabelKeys, 'In', labels),
      ...requirements(term.mismatchLabelKeys, 'NotIn', labels),
    ]),
  };
}

function requirements(
  keys: readonly string[] | undefined,
  operator: 'In' | 'NotIn',
  labels: Labels | undefined,
): LabelSelectorRequirement[] {
  const found: LabelSelectorRequirement[] = [];
  for (const key of keys ?? []) {
    const value = labelValue(labels, key);
    if (value !== undefined) found.push({key, operator, values: [value]});
  }
  return found;
}

/** Nothing is added twice, so that a pod of a dump, which has been through this already, stays as it is. */
function extended(
  selector: LabelSelector | undefined,
  added: readonly LabelSelectorRequirement[],
): {labelSelector?: LabelSelector} {
  if (selector === undefined) return {};
  const known = selector.matchExpressions ?? [];
  const fresh = added.filter(
    ({key, operator, values}) =>
      !known.some((old) => old.key === key && old.operator === operator && old.values?.join() === values?.join()),
  );
  return fresh.length === 0 ? {} : {labelSelector: {...selector, matchExpressions: [...known, ...fresh]}};
}
