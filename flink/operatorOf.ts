import type {KubernetesObject} from '../model/kubernetes.ts';
import {isRecord} from './field.ts';
import {CLUSTER_OPERATORS, type ClusterOperator} from './flinkCluster.ts';
import {APACHE_OPERATORS, type ApacheOperator, DEFAULT_APACHE_OPERATOR} from './flinkDeployment.ts';

export type FlinkOperator = ApacheOperator | ClusterOperator;

/** The release that reads a resource: the one that is chosen, where it knows the kind, or else by the resource itself. */
export function operatorOf(object: KubernetesObject, chosen: string | null): FlinkOperator {
  return object.kind === 'FlinkCluster' ? clusterOperatorOf(object, chosen) : apacheOperatorOf(chosen);
}

export function apacheOperatorOf(chosen: string | null): ApacheOperator {
  return APACHE_OPERATORS.find((name) => name === chosen) ?? DEFAULT_APACHE_OPERATOR;
}

export function clusterOperatorOf(object: KubernetesObject, chosen: string | null): ClusterOperator {
  return CLUSTER_OPERATORS.find((name) => name === chosen) ?? forkOf(object);
}

export function isApacheOperator(name: FlinkOperator): name is ApacheOperator {
  return APACHE_OPERATORS.some((one) => one === name);
}

/** Spotify's fork requires flinkVersion, GCP's does not know it. */
function forkOf({spec}: KubernetesObject): ClusterOperator {
  return isRecord(spec) && (spec.flinkVersion ?? null) !== null ? 'spotify-v0.6.0' : 'gcp-fe98573';
}
