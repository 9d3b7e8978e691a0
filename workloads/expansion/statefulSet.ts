import type {KubernetesObject, PodObject, PodTemplateSpec} from '../../model/kubernetes.ts';
import {defaultClaimSpec} from '../defaulting/volumeDefaults.ts';
import {templateHash} from '../names.ts';
import {type ClaimTemplate, claimName, claimVolumes, type StatefulSetSpec} from './claims.ts';
import {type Expansion, expansion, type PodSet, podSet, withLabels} from './podSet.ts';

export const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
export const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

/**
 * A StatefulSet: one pod per ordinal that has none. Without claims the pods are alike but for their identity and form
 * one set; with claims each ordinal is a set of its own, as its volumes decide where it can run.
 */
export function statefulSetPods(object: KubernetesObject, replicas: number, existing: readonly PodObject[]): Expansion {
  const {kind, metadata} = object;
  const {name = '', namespace = ''} = metadata;
  const spec = object.spec as StatefulSetSpec;
  const {ordinals, podManagementPolicy = 'OrderedReady', serviceName = '', volumeClaimTemplates = []} = spec;
  const start = ordinals?.start ?? 0;
  const taken = new Set(existing.map((pod) => pod.metadata.name));
  const podName = (ordinal: number): string => `${name}-${ordinal}`;
  const revision = `${name}-${templateHash(kind, namespace, name)}`;
  const set = (template: PodTemplateSpec, missing: readonly number[], claims: readonly KubernetesObject[]): PodSet =>
    podSet(
      {kind, name},
      withSubdomain(withLabels(template, {'controller-revision-hash': revision}), serviceName),
      missing.length,
      {
        naming: {kind: 'fixed', name: (index) => podName(missing[index]!)},
        ordinal: (index) => missing[index]!,
        claims,
      },
    );

  const missing: number[] = [];
  for (let ordinal = start; ordinal < start + replicas; ordinal++) {
    if (!taken.has(podName(ordinal))) missing.push(ordinal);
  }
  const sets =
    volumeClaimTemplates.length === 0
      ? [set(claimVolumes(spec, ''), missing, [])]
      : missing.map((ordinal) => {
          const claims = volumeClaimTemplates.map((template) => claimOf(object, template, podName(ordinal)));
          return set(claimVolumes(spec, podName(ordinal)), [ordinal], claims);
        });
  return expansion(replicas, sets, {stopsAtRefusal: podManagementPolicy === 'OrderedReady'});
}

function withSubdomain(template: PodTemplateSpec, serviceName: string): PodTemplateSpec {
  return serviceName === '' ? template : {...template, spec: {...template.spec, subdomain: serviceName}};
}

/** The claim of one pod; it carries the labels of the template and of the StatefulSet's selector. */
function claimOf(object: KubernetesObject, template: ClaimTemplate, podName: string): KubernetesObject {
  const {persistentVolumeClaimRetentionPolicy, selector} = object.spec as StatefulSetSpec;
  const {name = '', namespace} = object.metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: claimName(template, podName),
      ...(namespace === undefined ? {} : {namespace}),
      labels: {...template.metadata?.labels, ...selector?.matchLabels},
      ...(persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete'
        ? {ownerReferences: [{apiVersion: object.apiVersion, kind: object.kind, name, controller: true}]}
        : {}),
    },
    spec: defaultClaimSpec(template.spec),
  };
}
