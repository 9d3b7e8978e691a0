import {compareQuantities} from '../../model/quantity.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import {isVolumeOf, type PersistentVolume} from './persistentVolume.ts';
import type {PersistentVolumeClaim} from './persistentVolumeClaim.ts';

/** The existing volumes that a claim could have, whatever the node (volume.FindMatchingVolume). */
export interface MatchingVolumes {
  /** Kept for this claim: the first of them or none. */
  readonly kept: readonly PersistentVolume[];
  /** Free for any claim; the smallest first, if they were given so. */
  readonly free: readonly PersistentVolume[];
}

/** `volumes` are of the claim's class. */
export function matchVolumes(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  hasAttributesClasses: boolean,
): MatchingVolumes {
  const kept: PersistentVolume[] = [];
  const free: PersistentVolume[] = [];
  for (const volume of volumes) {
    const isKept = isVolumeOf(volume, claim);
    if (volume.claimRef !== null && !isKept) continue;
    if (volume.isTerminating || !suffices(volume, claim, hasAttributesClasses)) continue;
    if (isKept) kept.push(volume);
    else if (volume.isAvailable && isWanted(volume, claim)) free.push(volume);
  }
  return {kept, free};
}

function suffices(
  {capacity, volumeMode, volumeAttributesClassName}: PersistentVolume,
  claim: PersistentVolumeClaim,
  hasAttributesClasses: boolean,
): boolean {
  if (claim.request !== undefined && compareQuantities(capacity, claim.request) < 0) return false;
  if (volumeMode !== claim.volumeMode) return false;
  return volumeAttributesClassName === (hasAttributesClasses ? claim.volumeAttributesClassName : '');
}

function isWanted({labels, accessModes}: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (
    (claim.selector === undefined || matchesLabelSelector(claim.selector, labels)) &&
    claim.accessModes.every((mode) => accessModes.includes(mode))
  );
}
