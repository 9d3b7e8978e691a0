import type {KubernetesObject} from '../../model/kubernetes.ts';
import {controllerReference} from '../flinkOutcome.ts';
import type {Cluster, Fields, Texts} from './clusterSpec.ts';

/** The state that a cluster is in: names its revision, of which labels and job id are made; null leaves them out. */
export type Revision = {readonly name: string; readonly jobId: string} | null;

export interface PodTemplate {
  readonly metadata: {readonly labels: Texts; readonly annotations?: Texts};
  readonly spec: PodSpec;
}

export interface PodSpec extends Fields {
  readonly containers: readonly Fields[];
  readonly initContainers?: readonly Fields[];
  readonly volumes: readonly Fields[];
}

export interface WorkloadObject extends KubernetesObject {
  readonly spec: {readonly replicas?: number; readonly template: PodTemplate} & Fields;
}

export interface SupportingObject extends KubernetesObject {
  readonly spec: Fields;
}

export interface ConfigMapObject extends KubernetesObject {
  readonly data: Texts;
}

/** Everything that an operator makes of a cluster that has just been created, by the part it plays. */
export interface ClusterObjects {
  readonly configMap: ConfigMapObject;
  readonly podDisruptionBudget?: SupportingObject;
  readonly horizontalPodAutoscaler?: SupportingObject;
  readonly jobManagerStatefulSet?: WorkloadObject;
  readonly taskManagerStatefulSet?: WorkloadObject;
  readonly taskManagerDeployment?: WorkloadObject;
  readonly taskManagerService?: SupportingObject;
  readonly jobManagerService: SupportingObject;
  readonly jobManagerIngress?: SupportingObject;
  /** The submitter, or the JobManager in application mode. */
  readonly job?: WorkloadObject;
}

export function clusterLabels({name}: Cluster): Texts {
  return {cluster: name, app: 'flink'};
}

export function componentLabels(cluster: Cluster, component: 'jobmanager' | 'taskmanager'): Texts {
  return {...clusterLabels(cluster), component};
}

export function revisionLabel(revision: Revision): Texts {
  return revision === null ? {} : {'flinkoperator.k8s.io/revision-name': revision.name};
}

export function metadata(cluster: Cluster, name: string, labels: Texts, annotations: Texts = {}) {
  return {
    name,
    ...(cluster.namespace === '' ? {} : {namespace: cluster.namespace}),
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : {annotations}),
    ownerReferences: [controllerReference(cluster)],
  };
}
