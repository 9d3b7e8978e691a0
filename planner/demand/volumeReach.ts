import type {ClusterModel} from '../../model/clusterModel.ts';
import type {KubernetesObject, NodeSelector, NodeSelectorTerm} from '../../model/kubernetes.ts';
import {type Labels, labelValue, REGION_LABEL, ZONE_LABEL} from '../../model/labels.ts';
import type {PodClass} from '../../model/pod.ts';
import {claimNamesOf} from '../../simulator/volumes/podVolumes.ts';
import {qualifiedKind} from '../../workloads/apiKinds.ts';

/** Which nodes each class of pods has to keep to for the sake of its volumes. */
export type VolumeReach = (podClass: PodClass) => readonly NodeSelector[];

/**
 * Volumes that exist are reached from where they are; those still to be made, from where their class makes them. Claims
 * that the input does not hold are taken to follow the pod.
 */
export function volumeReach({objects}: ClusterModel): VolumeReach {
  const claims = byKey(objects, 'PersistentVolumeClaim', ({metadata}) => `${metadata.namespace}/${metadata.name}`);
  const volumes = byKey(objects, 'PersistentVolume', ({metadata}) => metadata.name ?? '');
  const storageClasses = byKey(objects, 'StorageClass.storage.k8s.io', ({metadata}) => metadata.name ?? '');
  const reachOf = (claim: KubernetesObject): readonly NodeSelector[] => {
    const {volumeName = '', storageClassName = ''} = (claim.spec ?? {}) as {
      readonly volumeName?: string;
      readonly storageClassName?: string;
    };
    const volume = volumes.get(volumeName);
    if (volume !== undefined) return reachOfVolume(volume);
    const {allowedTopologies} = (storageClasses.get(storageClassName) ?? {}) as {
      readonly allowedTopologies?: readonly {
        readonly matchLabelExpressions?: readonly {readonly key: string; readonly values: readonly string[]}[];
      }[];
    };
    if (allowedTopologies === undefined || allowedTopologies.length === 0) return [];
    const nodeSelectorTerms = allowedTopologies.map(({matchLabelExpressions = []}) => ({
      matchExpressions: matchLabelExpressions.map(({key, values}) => ({key, operator: 'In', values})),
    }));
    return [{nodeSelectorTerms}];
  };
  return ({namespace, spec}) =>
    claimNamesOf(spec).flatMap((name) => {
      const claim = claims.get(`${namespace}/${name}`);
      return claim === undefined ? [] : reachOf(claim);
    });
}

/** By its node affinity, and by the zone that its labels name (several are divided by `__`). */
function reachOfVolume({metadata, spec}: KubernetesObject): readonly NodeSelector[] {
  const {nodeAffinity} = (spec ?? {}) as {readonly nodeAffinity?: {readonly required?: NodeSelector}};
  const labelled = labelTerm(metadata.labels);
  return [
    ...(nodeAffinity?.required === undefined ? [] : [nodeAffinity.required]),
    ...(labelled === null ? [] : [{nodeSelectorTerms: [labelled]}]),
  ];
}

const ZONAL_LABELS: readonly (readonly [label: string, nodeLabel: string])[] = [
  [ZONE_LABEL, ZONE_LABEL],
  [REGION_LABEL, REGION_LABEL],
  ['failure-domain.beta.kubernetes.io/zone', ZONE_LABEL],
  ['failure-domain.beta.kubernetes.io/region', REGION_LABEL],
];

function labelTerm(labels: Labels | undefined): NodeSelectorTerm | null {
  const matchExpressions = ZONAL_LABELS.flatMap(([label, key]) => {
    const value = labelValue(labels, label);
    return value === undefined ? [] : [{key, operator: 'In', values: value.split('__')}];
  });
  return matchExpressions.length === 0 ? null : {matchExpressions};
}

function byKey(
  objects: readonly KubernetesObject[],
  kind: string,
  keyOf: (object: KubernetesObject) => string,
): ReadonlyMap<string, KubernetesObject> {
  return new Map(
    objects.filter((object) => qualifiedKind(object) === kind).map((object) => [keyOf(object), object] as const),
  );
}
