import type {KubernetesObject} from '../../model/kubernetes.ts';
import {type Labels, labelValue} from '../../model/labels.ts';

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

export interface StorageClass {
  readonly name: string;
  readonly provisioner: string;
  /** Claims wait for a pod that uses them, and are bound where that pod goes. */
  readonly waitsForFirstConsumer: boolean;
  /** Where volumes can be made: labels that a node must have, ORed; empty for everywhere. */
  readonly allowedTopologies: readonly TopologyTerm[];
}

/** ANDed; a term without expressions matches nothing. */
export interface TopologyTerm {
  readonly matchLabelExpressions?: readonly {readonly key: string; readonly values: readonly string[]}[];
}

interface StorageClassObject extends KubernetesObject {
  readonly provisioner?: string;
  readonly volumeBindingMode?: string;
  readonly allowedTopologies?: readonly TopologyTerm[];
}

/** The API's default is to bind at once. */
export function toStorageClass(object: KubernetesObject): StorageClass {
  const {metadata, provisioner = '', volumeBindingMode, allowedTopologies = []} = object as StorageClassObject;
  return {
    name: metadata.name ?? '',
    provisioner,
    waitsForFirstConsumer: volumeBindingMode === 'WaitForFirstConsumer',
    allowedTopologies,
  };
}

/** Whether volumes are made when they are asked for, or must be there. */
export function isProvisioning({provisioner}: StorageClass): boolean {
  return provisioner !== '' && provisioner !== NO_PROVISIONER;
}

/** The class of a claim or volume: the annotation of old outranks the field. */
export function classNameOf(annotations: Labels | undefined, storageClassName: string): string {
  return labelValue(annotations, CLASS_ANNOTATION) ?? storageClassName;
}

export function allowsTopology({allowedTopologies}: StorageClass, labels: Labels): boolean {
  return allowedTopologies.length === 0 || allowedTopologies.some((term) => matchesTopologyTerm(term, labels));
}

function matchesTopologyTerm({matchLabelExpressions = []}: TopologyTerm, labels: Labels): boolean {
  return (
    matchLabelExpressions.length > 0 &&
    matchLabelExpressions.every(({key, values}) => {
      const value = labelValue(labels, key);
      return value !== undefined && values.includes(value);
    })
  );
}
