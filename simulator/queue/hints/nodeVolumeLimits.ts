import type {KubernetesObject, PodSpec} from '../../../model/kubernetes.ts';
import {type AttachableVolume, toAttachableVolume} from '../../volumes/csiVolumes.ts';
import {toCsiSource} from '../../volumes/inTreeVolumes.ts';
import {claimNameOf, claimVolumesOf} from '../../volumes/podVolumes.ts';
import {type EventsToRegister, on, onByPod} from '../queueingHints.ts';

/** A volume was, or may have been, detached; a node can have more of them; or a claim came that the pod uses. */
export const nodeVolumeLimits: EventsToRegister = () => [
  on('CSINode', ['Add']),
  on('CSINode', ['Update'], (_pod, event) => {
    const limits = limitsOf(event.old!);
    return [...limitsOf(event.new!)].some(([driver, limit]) => limit > (limits.get(driver) ?? 0));
  }),
  on('Pod', ['Delete'], (_pod, event) => event.holds !== 'Nothing' && attachableOf(event.old!.class.spec).length > 0),
  onByPod('PersistentVolumeClaim', ['Add'], (pod, event) => {
    const {namespace, name} = event.new!;
    if (namespace !== pod.class.namespace) return false;
    return claimVolumesOf(pod.class.spec).some((volume) => claimNameOf(volume, pod) === name);
  }),
  on('VolumeAttachment', ['Delete'], ({class: {spec}}, event) => {
    const {attacher = ''} = (event.old!.spec ?? {}) as {readonly attacher?: string};
    return attachableOf(spec).some((volume) => mayBeOf(volume, attacher));
  }),
];

function attachableOf({volumes = []}: PodSpec): readonly AttachableVolume[] {
  return volumes.flatMap((volume) => toAttachableVolume(volume) ?? []);
}

/** Any claim may have been attached by any driver; a volume that cannot be translated is given the benefit of the doubt. */
function mayBeOf(volume: AttachableVolume, attacher: string): boolean {
  if (volume.kind === 'Claim') return volume.volume.claimName !== null;
  const translation = toCsiSource(volume.source);
  if (translation === null) return false;
  return translation.kind === 'Failed' || translation.value.driver === attacher;
}

/** Drivers without a limit count as 0. */
function limitsOf({spec}: KubernetesObject): ReadonlyMap<string, number> {
  const {drivers = []} = (spec ?? {}) as {
    readonly drivers?: readonly {readonly name: string; readonly allocatable?: {readonly count?: number}}[];
  };
  return new Map(drivers.map(({name, allocatable}) => [name, allocatable?.count ?? 0]));
}
