import type {KubernetesObject} from '../model/kubernetes.ts';
import {Refusal} from './field.ts';
import {flinkBlueGreenObjects} from './flinkBlueGreenDeployment.ts';
import {CLUSTER_OPERATORS, flinkClusterObjects} from './flinkCluster.ts';
import {APACHE_OPERATORS, flinkDeploymentObjects} from './flinkDeployment.ts';
import type {FlinkOutcome} from './flinkOutcome.ts';
import {flinkSessionJobOutcome, sessionJobs, sessionSlots} from './flinkSessionJob.ts';
import {apacheOperatorOf, clusterOperatorOf} from './operatorOf.ts';
import {NOTHING_RELATED, type RelatedResources} from './relatedResources.ts';

export type {FlinkOutcome} from './flinkOutcome.ts';

/** Operators by name, as `--flink-operator` takes them. */
export const FLINK_OPERATORS: readonly string[] = [...APACHE_OPERATORS, ...CLUSTER_OPERATORS];

export interface FlinkOptions {
  /** One of FLINK_OPERATORS; null chooses by the resource. It counts for the kinds that this operator knows. */
  readonly operator: string | null;
  /** The resources of the same input: a session cluster has TaskManagers for its jobs. */
  readonly related?: RelatedResources;
}

const APACHE_KINDS: ReadonlySet<string> = new Set(['FlinkBlueGreenDeployment', 'FlinkDeployment', 'FlinkSessionJob']);

const APACHE_GROUP = 'flink.apache.org/';
const CLUSTER_GROUP = 'flinkoperator.k8s.io/';

/** Whether the object is one that a Flink operator turns into pods, or a job for such a cluster. */
export function isFlinkResource({apiVersion, kind}: KubernetesObject): boolean {
  if (apiVersion.startsWith(APACHE_GROUP)) return APACHE_KINDS.has(kind);
  return apiVersion.startsWith(CLUSTER_GROUP) && kind === 'FlinkCluster';
}

/**
 * The plain Kubernetes objects that an operator makes of a FlinkDeployment or FlinkCluster: JobManager, TaskManagers and,
 * where there is one, the submitter, with the full templates of their pods. What the operator refuses is refused with its
 * own message. Never throws, whatever the resource holds; pod templates are passed on without a check of their fields.
 */
export function flinkObjects(object: KubernetesObject, options: FlinkOptions): FlinkOutcome {
  const {operator} = options;
  if (operator !== null && !FLINK_OPERATORS.includes(operator)) {
    const message = `unknown Flink operator "${operator}"; known are ${FLINK_OPERATORS.join(', ')}`;
    return {kind: 'refused', message, pointer: ''};
  }
  try {
    return outcomeOf(object, options);
  } catch (error) {
    if (error instanceof Refusal) return {kind: 'refused', message: error.message, pointer: error.pointer};
    throw error;
  }
}

/** The jobs that share the slots of a session cluster; none for any other resource. */
export function jobsInSession(
  object: KubernetesObject,
  {operator, related = NOTHING_RELATED}: FlinkOptions,
): readonly {readonly job: KubernetesObject; readonly slots: number}[] {
  return object.kind === 'FlinkDeployment' ? sessionJobs(object, related, apacheOperatorOf(operator)) : [];
}

function outcomeOf(object: KubernetesObject, {operator, related = NOTHING_RELATED}: FlinkOptions): FlinkOutcome {
  const apache = apacheOperatorOf(operator);
  switch (object.kind) {
    case 'FlinkDeployment': {
      const slots = sessionSlots(object, related, apache);
      return flinkDeploymentObjects(object, apache, slots === undefined ? {} : {sessionSlots: slots});
    }
    case 'FlinkBlueGreenDeployment':
      return flinkBlueGreenObjects(object, apache);
    case 'FlinkCluster': {
      const name = clusterOperatorOf(object, operator);
      const outcome = flinkClusterObjects(object, name);
      if (name === operator || outcome.kind !== 'objects') return outcome;
      return {...outcome, notes: [`read as a FlinkCluster of ${name}`, ...outcome.notes]};
    }
    case 'FlinkSessionJob':
      return flinkSessionJobOutcome(object, apache, related);
    default:
      return {kind: 'none', notes: [`no Flink operator knows the kind ${object.kind}`]};
  }
}
