import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Diagnostic} from '../../model/diagnostic.ts';
import {objectReference} from '../../model/kubernetes.ts';
import type {PodClass} from '../../model/pod.ts';

/** A rule of lint: what it finds in a cluster, workload by workload, in the order of the input. */
export type LintRule = (model: ClusterModel) => readonly Diagnostic[];

/** A finding about the workload of a pod class. */
export function finding(
  code: Diagnostic['code'],
  {workload: {kind, namespace, name}}: PodClass,
  message: string,
  hint?: string,
): Diagnostic {
  const object = objectReference(kind, namespace, name);
  return {code, severity: 'warning', message, object, ...(hint === undefined ? {} : {hint})};
}

/** Pods by class; a class without pods has none. */
export function podsByClass({pods}: ClusterModel): ReadonlyMap<PodClass, number> {
  const counts = new Map<PodClass, number>();
  for (const pod of pods) counts.set(pod.class, (counts.get(pod.class) ?? 0) + 1);
  return counts;
}
