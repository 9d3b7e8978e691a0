import type {KubernetesObject} from '../../model/kubernetes.ts';
import {qualifiedKind} from '../apiKinds.ts';
import {objectKey} from './ownership.ts';

/** Replicas that a HorizontalPodAutoscaler keeps its target between. */
export interface ScaleBounds {
  readonly min: number;
  readonly max: number;
}

/** Where autoscaled workloads stand: at the replicas they state, within the bounds, or at one end of them. */
export type Autoscaling = 'Current' | 'Min' | 'Max';

/** The bounds of every autoscaled object, by the object's key; at one end, both bounds are that end. */
export function scaleBounds(
  objects: readonly KubernetesObject[],
  autoscaling: Autoscaling = 'Current',
): ReadonlyMap<string, ScaleBounds> {
  const bounds = new Map<string, ScaleBounds>();
  for (const object of objects) {
    if (qualifiedKind(object) !== 'HorizontalPodAutoscaler.autoscaling') continue;
    const {
      scaleTargetRef,
      minReplicas = 1,
      maxReplicas,
    } = (object.spec ?? {}) as {
      scaleTargetRef?: {apiVersion?: string; kind?: string; name?: string};
      minReplicas?: number;
      maxReplicas?: number;
    };
    const {apiVersion = '', kind = '', name = ''} = scaleTargetRef ?? {};
    const {namespace = ''} = object.metadata;
    if (maxReplicas === undefined || maxReplicas < 1) continue;
    const min = autoscaling === 'Max' ? maxReplicas : minReplicas;
    const max = autoscaling === 'Min' ? minReplicas : maxReplicas;
    bounds.set(objectKey({apiVersion, kind, metadata: {namespace, name}}), {min, max});
  }
  return bounds;
}
