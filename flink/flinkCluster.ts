/** FlinkCluster (flinkoperator.k8s.io/v1beta1) as the operators of GoogleCloudPlatform and Spotify take it. */
import type {KubernetesObject} from '../model/kubernetes.ts';
import {type ClusterOutcome, clusterOutcome} from './flinkCluster/clusterOutcome.ts';
import {type ClusterDialect, isApplication} from './flinkCluster/clusterSpec.ts';
import {flinkConfiguration, jobParallelism, taskManagerSlots} from './flinkCluster/flinkConf.ts';
import {flinkVersionOf} from './flinkCluster/flinkVersionOf.ts';
import {type OperatorAnswer, type OperatorQuestion, operatorAnswer} from './flinkCluster/operatorAnswer.ts';
import {batchSchedulerName} from './flinkCluster/podGroup.ts';
import {readCluster} from './flinkCluster/readCluster.ts';
import {firstRevision} from './flinkCluster/revision.ts';
import {unitNotes} from './flinkCluster/unitNotes.ts';
import {type ComponentObject, type FlinkOutcome, refused, type Slots} from './flinkOutcome.ts';

export const CLUSTER_OPERATORS = ['spotify-v0.6.0', 'gcp-fe98573'] as const;
export type ClusterOperator = (typeof CLUSTER_OPERATORS)[number];

/** Which fork of the operator a release is of. */
export const DIALECTS: Readonly<Record<ClusterOperator, ClusterDialect>> = {
  'spotify-v0.6.0': 'spotify',
  'gcp-fe98573': 'gcp',
};

type Made = Extract<ClusterOutcome, {kind: 'objects'}>;

/** The operator's own answer, with its objects as its code prints them: what it is asked is a create, or an update. */
export function askClusterOperator(question: OperatorQuestion, operator: ClusterOperator): OperatorAnswer {
  return operatorAnswer(question, DIALECTS[operator]);
}

/**
 * What a new FlinkCluster becomes: the workloads with their pods, and everything beside them, or all that is refused
 * about it. Without a namespace it goes into `default`.
 */
export function flinkClusterObjects(object: KubernetesObject, operator: ClusterOperator): FlinkOutcome {
  const {metadata} = object;
  const named = {...object, metadata: {...metadata, namespace: metadata.namespace || 'default'}};
  const outcome = clusterOutcome(named, {dialect: DIALECTS[operator], revision: firstRevision});
  if (outcome.kind === 'refused') {
    const read = readCluster(named, DIALECTS[operator]);
    return {...refused(outcome.problems, outcome.gate), notes: 'cluster' in read ? unitNotes(read.cluster) : []};
  }
  if (outcome.batchScheduler === 'unknown') {
    // The operator asks its batch scheduler first, and stops where there is none.
    const message = `failed to find batch scheduler named with ${batchSchedulerName(outcome.cluster)}`;
    const field = outcome.cluster.spec.batchScheduler === undefined ? 'batchSchedulerName' : 'batchScheduler';
    return refused([{message, pointer: `/spec/${field}`}], 'deployment');
  }
  const {cluster, scheduled, podGroup} = outcome;
  const {jobManagerStatefulSet, taskManagerStatefulSet, taskManagerDeployment, job, ...others} = scheduled;
  const workloads: readonly (readonly [ComponentObject['component'], KubernetesObject | undefined])[] = [
    ['jobmanager', isApplication(cluster) ? job : jobManagerStatefulSet],
    ['taskmanager', taskManagerStatefulSet ?? taskManagerDeployment],
    ['submitter', isApplication(cluster) ? undefined : job],
  ];
  const supporting: readonly KubernetesObject[] = Object.values(others);
  return {
    kind: 'objects',
    objects: workloads.flatMap(([component, made]) => (made === undefined ? [] : [{component, object: made}])),
    supporting: podGroup === undefined ? supporting : [...supporting, podGroup],
    slots: clusterSlots(outcome),
    flink: {
      version: flinkVersionOf(cluster) ?? null,
      environment: 'standalone',
      configuration: flinkConfiguration(cluster),
    },
    notes: unitNotes(cluster),
  };
}

/** Null where the property for them is no number, which only Flink refuses. */
function clusterSlots({cluster, scheduled}: Made): Slots | null {
  const slots = taskManagerSlots(cluster);
  if (slots === null) return null;
  const workload = scheduled.taskManagerStatefulSet ?? scheduled.taskManagerDeployment;
  return {total: (workload?.spec.replicas ?? 0) * slots, used: jobParallelism(cluster)};
}
