import type {KubernetesObject} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';

const DEFAULT_CLASS_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
/** Names the class of a claim, as claims of old do. */
export const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

export function isDefaultStorageClass({metadata}: KubernetesObject): boolean {
  return DEFAULT_CLASS_ANNOTATIONS.some((key) => labelValue(metadata.annotations, key) === 'true');
}

/** The plugin DefaultStorageClass: writes the default class into a claim that says nothing about its class. */
export function withDefaultStorageClass(claim: KubernetesObject, defaultClass: string | null): KubernetesObject {
  const {storageClassName} = (claim.spec ?? {}) as {storageClassName?: string};
  const isNamed =
    storageClassName !== undefined || labelValue(claim.metadata.annotations, CLASS_ANNOTATION) !== undefined;
  if (defaultClass === null || isNamed) return claim;
  return {...claim, spec: {...(claim.spec as object), storageClassName: defaultClass}};
}
