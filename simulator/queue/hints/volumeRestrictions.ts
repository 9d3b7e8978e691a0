import {disksOf, isConflict} from '../../volumes/disks.ts';
import {claimNamesOf} from '../../volumes/podVolumes.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

/** A pod went that had the same disk or claim; there is a new node; or a claim came that the pod names. */
export const volumeRestrictions: EventsToRegister = () => [
  on('Pod', ['Delete'], ({class: podClass}, event) => {
    const deleted = event.old!.class;
    if (deleted.namespace !== podClass.namespace) return false;
    const claims = new Set(claimNamesOf(deleted.spec));
    if (claimNamesOf(podClass.spec).some((name) => claims.has(name))) return true;
    const disks = disksOf(deleted.spec);
    return disksOf(podClass.spec).some((disk) => disks.some((other) => isConflict(disk, other)));
  }),
  on('Node', ['Add']),
  on('PersistentVolumeClaim', ['Add'], ({class: podClass}, event) => {
    const {namespace, name} = event.new!;
    return namespace === podClass.namespace && claimNamesOf(podClass.spec).includes(name);
  }),
];
