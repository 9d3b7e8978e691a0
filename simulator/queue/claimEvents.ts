import type {Pod} from '../../model/pod.ts';
import {ClaimProblem} from '../dynamicResources/draManager.ts';
import type {ResourceClaim} from '../dynamicResources/resourceApi.ts';
import {perClass} from '../framework/perClass.ts';
import type {Handle} from '../framework/plugin.ts';
import type {PersistentVolumeClaim} from '../volumes/persistentVolumeClaim.ts';
import {claimNameOf, claimVolumesOf} from '../volumes/podVolumes.ts';
import type {ObjectEvent} from './clusterEvent.ts';

/** The claims of a pod at some moment. */
export interface ClaimsOfPod {
  readonly pod: Pod;
  readonly volumes: readonly PersistentVolumeClaim[];
  readonly resources: readonly ResourceClaim[];
}

/** Finds out what scheduling pods does to their claims, and so to the pods that wait for volumes or devices. */
export class ClaimEvents {
  readonly #handle: Handle;
  readonly #claimVolumes = perClass(({spec}) => claimVolumesOf(spec));
  readonly #hasResourceClaims = perClass(({spec}) => (spec.resourceClaims ?? []).length > 0);
  readonly #hasClaims = perClass(
    (podClass) => this.#claimVolumes(podClass).length > 0 || this.#hasResourceClaims(podClass),
  );

  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** The claims of a pod as they are now; null for a pod that has none. */
  claimsOf(pod: Pod): ClaimsOfPod | null {
    if (!this.#hasClaims(pod.class)) return null;
    const claimVolumes = this.#claimVolumes(pod.class);
    const hasResourceClaims = this.#hasResourceClaims(pod.class);
    const volumes = claimVolumes.flatMap(
      (volume) => this.#handle.volumes.claim(pod.class.namespace, claimNameOf(volume, pod)) ?? [],
    );
    return {pod, volumes, resources: hasResourceClaims ? this.#resourceClaimsOf(pod) : []};
  }

  /** What has become of a pod's claims since. */
  since({pod, volumes, resources}: ClaimsOfPod): readonly ObjectEvent[] {
    const now = resources.length === 0 ? [] : this.#resourceClaimsOf(pod);
    return [
      ...volumes.flatMap((claim) => this.#bindingOf(claim)),
      ...resources.flatMap((old, i) => changeOf(old, now[i])),
    ];
  }

  /** What becomes of a pod's claims once it has gone: the devices that it alone had are free. */
  released(pod: Pod): readonly ObjectEvent[] {
    const extended = this.#handle.dynamicResources.extendedClaimOf(pod);
    const claims = [
      ...(this.#hasResourceClaims(pod.class) ? this.#resourceClaimsOf(pod) : []),
      ...(extended === undefined ? [] : [extended]),
    ];
    return claims.flatMap((claim) => {
      if (claim.allocation === null) return [];
      const isLast = claim.reservedFor.length < 2;
      return changeOf(
        claim,
        isLast ? {...claim, allocation: null} : {...claim, reservedFor: claim.reservedFor.slice(1)},
      );
    });
  }

  /** A claim that was bound is told of along with its volume, which may have been made for it. */
  #bindingOf(claim: PersistentVolumeClaim): readonly ObjectEvent[] {
    const {volumes, objects} = this.#handle;
    const now = volumes.claim(claim.namespace, claim.name);
    if (claim.isBound || now?.isBound !== true) return [];
    const volume = volumes.volume(now.volumeName)!;
    const isMade = objects.get('PersistentVolume', '', volume.name) === undefined;
    return [
      isMade
        ? {resource: 'PersistentVolume', action: 'Add', old: null, new: volume}
        : {resource: 'PersistentVolume', action: 'Update', old: volume, new: volume},
      {resource: 'PersistentVolumeClaim', action: 'Update', old: claim, new: now},
    ];
  }

  /** None while one of them is missing. */
  #resourceClaimsOf(pod: Pod): readonly ResourceClaim[] {
    try {
      return this.#handle.dynamicResources.claimsOf(pod);
    } catch (error) {
      if (error instanceof ClaimProblem) return [];
      throw error;
    }
  }
}

function changeOf(old: ResourceClaim, now: ResourceClaim | undefined): readonly ObjectEvent[] {
  if (now === undefined || now === old) return [];
  return [{resource: 'ResourceClaim', action: 'Update', old, new: now}];
}
