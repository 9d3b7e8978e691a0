import type {KubernetesObject, PodObject} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import {templateHash} from '../names.ts';
import type {ReplicatedSpec} from './claims.ts';
import {type Expansion, expansion, idle, podSet, withLabels} from './podSet.ts';

export const POD_TEMPLATE_HASH_LABEL = 'pod-template-hash';
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

/**
 * A Deployment: one ReplicaSet, which makes the pods. A Deployment of a dump has ReplicaSets already; what is missing
 * goes to the one of the latest revision. A new one that is paused makes no ReplicaSet, and so no pods.
 */
export function deploymentPods(
  object: KubernetesObject,
  replicas: number,
  existing: readonly PodObject[],
  replicaSets: readonly KubernetesObject[],
): Expansion {
  const {metadata, spec} = object;
  const {name = '', namespace = ''} = metadata;
  const {
    minReadySeconds,
    paused = false,
    selector,
    template = {spec: {containers: []}},
  } = spec as ReplicatedSpec & {readonly minReadySeconds?: number; readonly paused?: boolean};
  const latest = latestRevision(replicaSets);
  if (paused && latest === undefined && existing.length === 0 && replicas > 0) {
    return idle(replicas, 'the Deployment is paused and has no ReplicaSet yet, so it makes no pods');
  }
  const hash =
    labelValue(latest?.metadata.labels, POD_TEMPLATE_HASH_LABEL) ?? templateHash('Deployment', namespace, name);
  const owner = {kind: 'ReplicaSet', name: latest?.metadata.name ?? `${name}-${hash}`};
  const missing = Math.max(0, replicas - existing.length);
  const sets = [podSet(owner, withLabels(template, {[POD_TEMPLATE_HASH_LABEL]: hash}), missing)];
  if (latest !== undefined) return expansion(replicas, sets);
  const made: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: owner.name,
      namespace,
      ownerReferences: [{apiVersion: object.apiVersion, kind: object.kind, name, controller: true}],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : {minReadySeconds}),
      selector: {...selector, matchLabels: {...selector?.matchLabels, [POD_TEMPLATE_HASH_LABEL]: hash}},
    },
  };
  return expansion(replicas, sets, {objects: [made]});
}

function latestRevision(replicaSets: readonly KubernetesObject[]): KubernetesObject | undefined {
  const revision = ({metadata}: KubernetesObject): number =>
    Number(labelValue(metadata.annotations, REVISION_ANNOTATION) ?? 0) || 0;
  let latest: KubernetesObject | undefined;
  for (const candidate of replicaSets) {
    if (latest === undefined || revision(candidate) > revision(latest)) latest = candidate;
  }
  return latest;
}
