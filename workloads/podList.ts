import type {ClusterModel} from '../model/clusterModel.ts';
import type {Affinity, KubernetesObject, PodSpec} from '../model/kubernetes.ts';
import type {Labels} from '../model/labels.ts';
import type {Pod, PodClass, Workload} from '../model/pod.ts';
import {qualifiedKind} from './apiKinds.ts';
import {nodeNameAffinity} from './expansion/daemonSet.ts';
import {COMPLETION_INDEX_LABEL} from './expansion/job.ts';
import {POD_INDEX_LABEL, POD_NAME_LABEL} from './expansion/statefulSet.ts';

export const WORKLOAD_ANNOTATION = 'stowage.dev/workload';
export const PER_NODE_ANNOTATION = 'stowage.dev/per-node';
export const UNUSED_KINDS_ANNOTATION = 'stowage.dev/unused-kinds';

/** A v1 Pod as it is after admission. */
export interface ListedPod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Labels;
    readonly annotations: Labels;
  };
  readonly spec: PodSpec;
  readonly status: {readonly qosClass: string};
}

export interface PodList {
  readonly apiVersion: 'v1';
  readonly kind: 'List';
  readonly metadata: {readonly annotations?: Labels};
  /** The pods, then the PodGroups that some of them belong to. */
  readonly items: readonly (ListedPod | KubernetesObject)[];
}

/**
 * The pods of a model as a v1 List, each with its workload as an annotation. A DaemonSet for which no nodes are known
 * is one pod that stands for the one on each node. Kinds that make no pods are counted in the list's own annotations.
 */
export function podList(model: ClusterModel): PodList {
  const {objects, unusedKinds} = model;
  const unused = unusedKinds.map(({apiVersion, kind, count}) => `${apiVersion}/${kind}=${count}`).join(', ');
  return {
    apiVersion: 'v1',
    kind: 'List',
    metadata: unused === '' ? {} : {annotations: {[UNUSED_KINDS_ANNOTATION]: unused}},
    items: [
      ...listedPods(model),
      ...objects.filter((object) => qualifiedKind(object) === 'PodGroup.scheduling.volcano.sh'),
    ],
  };
}

/** The pods in the order of the model, then one of each DaemonSet for which no nodes are known. */
export function listedPods({classes, pods}: ClusterModel): readonly ListedPod[] {
  const used = new Set(pods.map((pod) => pod.class));
  return [...pods.map(listedPod), ...classes.filter((podClass) => !used.has(podClass)).map(perNodePod)];
}

/** `KIND/NAME`, for parts of a Flink cluster with the component after it. */
export function workloadReference({kind, name, component}: Workload): string {
  return component === null ? `${kind}/${name}` : `${kind}/${name}/${component}`;
}

function listedPod(pod: Pod): ListedPod {
  const {name, nodeName, daemonSetNode, ordinal} = pod;
  const identity = ordinal === undefined ? NO_IDENTITY : identityOf(pod, ordinal);
  const {spec} = pod.class;
  return listed(pod.class, name, {
    labels: identity.labels,
    annotations: identity.annotations,
    spec: {
      ...spec,
      ...(identity.hostname === null ? {} : {hostname: identity.hostname}),
      ...(daemonSetNode === null ? {} : {affinity: withNodeName(spec.affinity, daemonSetNode)}),
      ...(nodeName === null ? {} : {nodeName}),
    },
  });
}

function perNodePod(podClass: PodClass): ListedPod {
  const {name} = podClass.owner ?? podClass.workload;
  return listed(podClass, name, {labels: {}, annotations: {[PER_NODE_ANNOTATION]: 'true'}, spec: podClass.spec});
}

function listed(
  {namespace, labels, annotations, workload, qosClass}: PodClass,
  name: string,
  own: {readonly labels: Labels; readonly annotations: Labels; readonly spec: PodSpec},
): ListedPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: {...labels, ...own.labels},
      annotations: {...annotations, ...own.annotations, [WORKLOAD_ANNOTATION]: workloadReference(workload)},
    },
    spec: own.spec,
    status: {qosClass},
  };
}

/** What sets a pod apart from the others of its class. */
interface Identity {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly hostname: string | null;
}

const NO_IDENTITY: Identity = {labels: {}, annotations: {}, hostname: null};

function identityOf(pod: Pod, ordinal: number): Identity {
  const {owner} = pod.class;
  const text = String(ordinal);
  if (owner?.kind === 'StatefulSet') {
    return {labels: {[POD_NAME_LABEL]: pod.name, [POD_INDEX_LABEL]: text}, annotations: {}, hostname: pod.name};
  }
  const index = {[COMPLETION_INDEX_LABEL]: text};
  return {labels: index, annotations: index, hostname: `${owner?.name}-${text}`};
}

function withNodeName(affinity: Affinity | undefined, node: string): Affinity {
  return {
    ...affinity,
    nodeAffinity: {...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: nodeNameAffinity(node)},
  };
}
