/** What is taken to stand behind claims when the input does not say anything about storage. */
import type {ClusterModel} from '../model/clusterModel.ts';
import type {Diagnostics} from '../model/diagnostic.ts';
import type {KubernetesObject} from '../model/kubernetes.ts';
import {type Labels, labelValue} from '../model/labels.ts';
import {CLASS_ANNOTATION} from './admission/defaultStorageClass.ts';
import {qualifiedKind} from './apiKinds.ts';
import type {InputObject} from './inputObject.ts';

/** Any of these tells that the input describes a cluster's storage, which then holds as it is. */
const STORAGE_KINDS: ReadonlySet<string> = new Set([
  'StorageClass.storage.k8s.io',
  'PersistentVolume',
  'CSINode.storage.k8s.io',
]);
const BOUND_ANNOTATIONS: ReadonlySet<string> = new Set([
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
]);
/** The class of claims that name none, or want a volume that someone has made. */
const ASSUMED_CLASS = 'assumed';
const ASSUMED_PROVISIONER = 'stowage.dev/assumed';
/** Claims named in the warning. */
const NAMED = 3;

/**
 * The model with a class for every claim that needs one, which makes volumes wherever the first pod goes; claims that
 * are bound to volumes out of sight are as good as unbound. Where the input has no claims either, pods' claims are
 * taken to exist. See docs/decisions/005.
 */
export function withAssumedStorage(
  model: ClusterModel,
  given: readonly InputObject[],
  diagnostics: Diagnostics,
): ClusterModel {
  if (model.objects.some((object) => STORAGE_KINDS.has(qualifiedKind(object)))) return model;
  const missing = given.some(({object}) => isClaim(object)) ? [] : missingClaims(model);
  const objects = [...model.objects, ...missing].map((object) => (isClaim(object) ? withoutVolume(object) : object));
  const claims = objects.filter(isClaim);
  if (claims.length === 0) return model;
  reportAssumption(claims, diagnostics);
  const classes = new Set(claims.map(classOf));
  return {...model, objects: [...objects, ...[...classes].map(toStorageClass)]};
}

/** The claims that pods name and that no object of the model is. */
function missingClaims({classes, objects}: ClusterModel): readonly KubernetesObject[] {
  const known = new Set(objects.filter(isClaim).map(keyOf));
  const missing = new Map<string, KubernetesObject>();
  for (const {namespace, spec} of classes) {
    for (const {persistentVolumeClaim} of spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {namespace, name: persistentVolumeClaim.claimName},
      };
      if (!known.has(keyOf(claim))) missing.set(keyOf(claim), claim);
    }
  }
  return [...missing.values()];
}

/** Free of a volume that is not in the input, and with a class in any case. */
function withoutVolume(claim: KubernetesObject): KubernetesObject {
  const {metadata} = claim;
  const {volumeName: _volumeName, ...spec} = (claim.spec ?? {}) as {readonly volumeName?: string};
  const {annotations = {}} = metadata;
  const kept: Labels = Object.fromEntries(Object.entries(annotations).filter(([key]) => !BOUND_ANNOTATIONS.has(key)));
  const unbound = {...claim, metadata: {...metadata, annotations: kept}, spec};
  return classOf(unbound) === '' ? {...unbound, spec: {...spec, storageClassName: ASSUMED_CLASS}} : unbound;
}

function reportAssumption(claims: readonly KubernetesObject[], diagnostics: Diagnostics): void {
  const names = claims.slice(0, NAMED).map(keyOf).join(', ');
  const more = claims.length > NAMED ? ` and ${claims.length - NAMED} more` : '';
  const count = claims.length === 1 ? '1 claim is' : `${claims.length} claims are`;
  diagnostics.warn(
    'STW-2013',
    `the input has no StorageClass, PersistentVolume or CSINode: ${count} taken to get a volume wherever the pod goes (${names}${more})`,
  );
}

function toStorageClass(name: string): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {name},
    provisioner: ASSUMED_PROVISIONER,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}

function isClaim(object: KubernetesObject): boolean {
  return qualifiedKind(object) === 'PersistentVolumeClaim';
}

/** '' where a claim names none. */
function classOf({metadata, spec}: KubernetesObject): string {
  const {storageClassName = ''} = (spec ?? {}) as {readonly storageClassName?: string};
  return labelValue(metadata.annotations, CLASS_ANNOTATION) ?? storageClassName;
}

function keyOf({metadata}: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
