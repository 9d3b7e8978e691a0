import type {Cluster} from './clusterSpec.ts';
import {clusterLabels, metadata, type Revision, revisionLabel, type SupportingObject} from './objects.ts';

/** One budget over all pods of the cluster, whatever the user selects by. */
export function podDisruptionBudget(cluster: Cluster, revision: Revision): SupportingObject | undefined {
  const {podDisruptionBudget: spec} = cluster.spec;
  if (spec === undefined) return undefined;
  const labels = clusterLabels(cluster);
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(cluster, `flink-${cluster.name}`, {...labels, ...revisionLabel(revision)}),
    spec: {...spec, selector: {...spec.selector, matchLabels: {...spec.selector?.matchLabels, ...labels}}},
  };
}

/** Scales the FlinkCluster itself, which has a scale subresource for its TaskManagers. */
export function horizontalPodAutoscaler(cluster: Cluster, revision: Revision): SupportingObject | undefined {
  const {horizontalPodAutoscaler: spec} = cluster.spec.taskManager;
  if (spec === undefined) return undefined;
  const {apiVersion, kind, name} = cluster;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(cluster, `flink-${name}`, {...clusterLabels(cluster), ...revisionLabel(revision)}),
    spec: {...spec, scaleTargetRef: {apiVersion, kind, name}},
  };
}
