import type {Pod} from '../../../model/pod.ts';
import {ClaimProblem, type DraManager} from '../../dynamicResources/draManager.ts';
import {claimKey, type ResourceClaim} from '../../dynamicResources/resourceApi.ts';
import {isAtLeast} from '../../simulation.ts';
import {type EventsToRegister, on, onByPod} from '../queueingHints.ts';

/** Devices may have become free or been added, or what the pod's own claims say has changed. */
export const dynamicResources: EventsToRegister = (_args, handle) => [
  on(
    'Node',
    isAtLeast(handle.kubernetesVersion, '1.34')
      ? ['Add', 'UpdateNodeLabel', 'UpdateNodeAllocatable']
      : ['Add', 'UpdateNodeLabel'],
  ),
  onByPod('ResourceClaim', ['Add', 'Update'], (pod, event) => {
    const claims = claimsOf(pod, handle.dynamicResources);
    if (claims === null) return false;
    const now = event.new!;
    if (event.old !== null && event.old.allocation !== null && now.allocation === null) return true;
    if (!claims.some((claim) => claimKey(claim) === claimKey(now))) return false;
    return event.old === null || statusOf(event.old) !== statusOf(now);
  }),
  onByPod('Pod', ['UpdatePodGeneratedResourceClaim'], (pod, event) => {
    return event.new?.index === pod.index && claimsOf(event.new, handle.dynamicResources) !== null;
  }),
  on('DeviceClass', ['Add', 'Update']),
  on('ResourceSlice', ['Add', 'Update']),
];

/** null while one of them is missing. */
function claimsOf(pod: Pod, manager: DraManager): readonly ResourceClaim[] | null {
  try {
    return manager.claimsOf(pod);
  } catch (error) {
    if (error instanceof ClaimProblem) return null;
    throw error;
  }
}

function statusOf({allocation, reservedFor, deviceStatuses}: ResourceClaim): string {
  return JSON.stringify([allocation, reservedFor, deviceStatuses]);
}
