import type {KubernetesObject, PodObject} from '../../model/kubernetes.ts';
import type {ReplicatedSpec} from './claims.ts';
import {type Expansion, expansion, podSet} from './podSet.ts';

/** A ReplicaSet or ReplicationController: as many pods as it says, less those it has. */
export function replicaSetPods(
  {kind, metadata, spec}: KubernetesObject,
  replicas: number,
  existing: readonly PodObject[],
): Expansion {
  const {template = {spec: {containers: []}}} = spec as ReplicatedSpec;
  const missing = Math.max(0, replicas - existing.length);
  return expansion(replicas, [podSet({kind, name: metadata.name ?? ''}, template, missing)]);
}
