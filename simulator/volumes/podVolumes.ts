import type {PodSpec, Volume} from '../../model/kubernetes.ts';
import {isControlledBy, type Pod} from '../../model/pod.ts';
import type {PersistentVolumeClaim} from './persistentVolumeClaim.ts';

/** A volume of a pod that a claim stands behind. */
export interface ClaimVolume {
  /** null for an ephemeral volume, whose claim is named after the pod. */
  readonly claimName: string | null;
  readonly volumeName: string;
}

export function claimVolumesOf({volumes = []}: PodSpec): readonly ClaimVolume[] {
  return volumes.flatMap((volume) => toClaimVolume(volume) ?? []);
}

/** The claims that the pod names itself, without those made for its ephemeral volumes. */
export function claimNamesOf({volumes = []}: PodSpec): readonly string[] {
  return volumes.flatMap(({persistentVolumeClaim}) => persistentVolumeClaim?.claimName ?? []);
}

export function toClaimVolume({name, persistentVolumeClaim, ephemeral}: Volume): ClaimVolume | null {
  if (persistentVolumeClaim !== undefined) return {claimName: persistentVolumeClaim.claimName, volumeName: name};
  return ephemeral === undefined ? null : {claimName: null, volumeName: name};
}

export function claimNameOf({claimName, volumeName}: ClaimVolume, pod: Pod): string {
  return claimName ?? `${pod.name}-${volumeName}`;
}

/** Why a claim cannot stand behind an ephemeral volume of this pod; null when it was made for it. */
export function whyNotClaimOf(pod: Pod, claim: PersistentVolumeClaim): string | null {
  const {namespace, name} = claim;
  if (namespace === pod.class.namespace && isControlledBy(claim, pod)) return null;
  return `PVC ${namespace}/${name} was not created for pod ${pod.class.namespace}/${pod.name} (pod is not owner)`;
}

/** What the API server says of an object that is not there. */
export function notFound(resource: string, name: string): string {
  return `${resource} ${JSON.stringify(name)} not found`;
}
