import type {KubernetesObject} from '../../../model/kubernetes.ts';
import {labelValue} from '../../../model/labels.ts';
import {compareQuantities, parseQuantity, type Quantity} from '../../../model/quantity.ts';
import {claimNameOf, claimVolumesOf} from '../../volumes/podVolumes.ts';
import {type EventsToRegister, on, onByPod} from '../queueingHints.ts';

const MIGRATED_PLUGINS_ANNOTATION = 'storage.alpha.kubernetes.io/migrated-plugins';

/** A volume, or a node to reach one from, may have become available; or one of the pod's claims is new or has changed. */
export const volumeBinding: EventsToRegister = () => [
  on('StorageClass', ['Add', 'Update'], (_pod, event) => {
    if (event.old === null) return true;
    return JSON.stringify(event.old.allowedTopologies) !== JSON.stringify(event.new!.allowedTopologies);
  }),
  onByPod('PersistentVolumeClaim', ['Add', 'Update'], (pod, event) => {
    const {namespace, name} = event.new!;
    if (namespace !== pod.class.namespace) return false;
    return claimVolumesOf(pod.class.spec).some((volume) => claimNameOf(volume, pod) === name);
  }),
  on('PersistentVolume', ['Add', 'Update']),
  on('Node', ['Add', 'UpdateNodeLabel']),
  on('CSINode', ['Add', 'Update'], (_pod, event) => {
    return event.old === null || migratedPlugins(event.old) !== migratedPlugins(event.new!);
  }),
  on('CSIDriver', ['Update'], ({class: {spec}}, event) => {
    const {name} = event.new!.metadata;
    const isUsed = (spec.volumes ?? []).some(({csi}) => (csi as InlineCsiVolume | undefined)?.driver === name);
    return isUsed && tracksCapacity(event.old!) && !tracksCapacity(event.new!);
  }),
  on('CSIStorageCapacity', ['Add', 'Update'], (_pod, event) => {
    if (event.old === null) return true;
    const before = volumeLimit(event.old);
    const after = volumeLimit(event.new!);
    return after !== undefined && (before === undefined || compareQuantities(after, before) > 0);
  }),
];

interface InlineCsiVolume {
  readonly driver?: string;
}

function migratedPlugins({metadata}: KubernetesObject): string {
  return labelValue(metadata.annotations, MIGRATED_PLUGINS_ANNOTATION) ?? '';
}

function tracksCapacity({spec}: KubernetesObject): boolean {
  return ((spec ?? {}) as {readonly storageCapacity?: boolean}).storageCapacity === true;
}

/** The largest volume that can be made. */
function volumeLimit(object: KubernetesObject): Quantity | undefined {
  const {maximumVolumeSize, capacity} = object as {
    readonly maximumVolumeSize?: string | number;
    readonly capacity?: string | number;
  };
  const limit = maximumVolumeSize ?? capacity;
  return limit === undefined ? undefined : parseQuantity(limit);
}
