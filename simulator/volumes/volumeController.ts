/**
 * The controller of volumes (pkg/controller/volume/persistentvolume) at t = 0, for claims that no API server has seen:
 * once created they would be bound before any pod that uses them is scheduled, unless they wait for that pod.
 */
import type {NodeSelector} from '../../model/kubernetes.ts';
import {compareQuantities} from '../../model/quantity.ts';
import {matchVolumes} from './matchVolumes.ts';
import {isVolumeOf, type PersistentVolume} from './persistentVolume.ts';
import type {PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {isProvisioning, type StorageClass} from './storageClass.ts';
import type {VolumeObjects} from './volumeObjects.ts';

/** Claims of a live cluster are as that cluster's controllers left them. */
export function settleNewClaims(objects: VolumeObjects, hasAttributesClasses: boolean): void {
  for (const claim of objects.claims) {
    if (!claim.isLive && !claim.isBound) settle(objects, claim, hasAttributesClasses);
  }
}

function settle(objects: VolumeObjects, claim: PersistentVolumeClaim, hasAttributesClasses: boolean): void {
  if (claim.volumeName !== '') {
    const volume = objects.volume(claim.volumeName);
    if (volume !== undefined && canHave(claim, volume)) objects.bind(claim, volume);
    return;
  }
  const storageClass = objects.storageClass(claim.storageClassName);
  const waits = storageClass?.waitsForFirstConsumer === true;
  const {kept, free} = matchVolumes(claim, objects.volumesOfClass(claim.storageClassName), hasAttributesClasses);
  const found = kept[0] ?? (waits ? undefined : plainest(free));
  if (found !== undefined) objects.bind(claim, found);
  else if (storageClass !== undefined && !waits && isProvisioning(storageClass)) {
    objects.provision(claim, storageClass, affinityToTopologies(storageClass));
  }
}

/** Whether a claim gets the volume that it asks for by name. */
function canHave(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (
    (volume.claimRef === null || isVolumeOf(volume, claim)) &&
    !volume.isTerminating &&
    volume.storageClassName === claim.storageClassName &&
    volume.volumeMode === claim.volumeMode &&
    (claim.request === undefined || compareQuantities(volume.capacity, claim.request) >= 0) &&
    claim.accessModes.every((mode) => volume.accessModes.includes(mode))
  );
}

/** The volume with the fewest access modes, and among these the smallest. */
function plainest(volumes: readonly PersistentVolume[]): PersistentVolume | undefined {
  return volumes.toSorted((a, b) => a.accessModes.length - b.accessModes.length)[0];
}

/** Where within the allowed topologies the volume comes to lie only its driver knows: it may be any of them. */
function affinityToTopologies({allowedTopologies}: StorageClass): NodeSelector | null {
  if (allowedTopologies.length === 0) return null;
  return {
    nodeSelectorTerms: allowedTopologies.map(({matchLabelExpressions = []}) => ({
      matchExpressions: matchLabelExpressions.map(({key, values}) => ({key, operator: 'In', values})),
    })),
  };
}
