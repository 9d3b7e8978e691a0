import type {Cluster} from './clusterSpec.ts';
import {configurationFile, flinkConf} from './flinkConf.ts';
import {type ConfigMapObject, clusterLabels, metadata, type Revision, revisionLabel} from './objects.ts';

/** With Flink's configuration and the user's files; those that the operator adds of its own are not repeated here. */
export function configMap(cluster: Cluster, revision: Revision): ConfigMapObject {
  const labels = {...clusterLabels(cluster), ...revisionLabel(revision)};
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(cluster, `${cluster.name}-configmap`, labels),
    data: {...cluster.spec.logConfig, [configurationFile(cluster)]: flinkConf(cluster)},
  };
}
