import {type Labels, labelValue, REGION_LABEL, ZONE_LABEL} from '../../../model/labels.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

const TOPOLOGY_LABELS = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  ZONE_LABEL,
  REGION_LABEL,
];

/** A claim of the pod is new or has changed; a volume is new or has moved; or a node may lie where the volume does. */
export const volumeZone: EventsToRegister = () => [
  on('StorageClass', ['Add'], (_pod, event) => event.new!.waitsForFirstConsumer),
  on('Node', ['Add', 'UpdateNodeLabel']),
  on('PersistentVolumeClaim', ['Add', 'Update'], ({class: {namespace, spec}}, event) => {
    const claim = event.new!;
    if (claim.namespace !== namespace) return false;
    return (spec.volumes ?? []).some(({persistentVolumeClaim}) => persistentVolumeClaim?.claimName === claim.name);
  }),
  on('PersistentVolume', ['Add', 'Update'], (_pod, event) => {
    if (event.old === null) return true;
    const before = event.old.labels;
    const after = event.new!.labels;
    return TOPOLOGY_LABELS.some((key) => placesOf(before, key) !== placesOf(after, key));
  }),
];

/** The set of places that a label names, as text; a label with an empty one counts for nothing. */
function placesOf(labels: Labels, key: string): string {
  const places = labelValue(labels, key)
    ?.split('__')
    .map((place) => place.trim());
  return places === undefined || places.includes('') ? '' : [...new Set(places)].sort().join('__');
}
