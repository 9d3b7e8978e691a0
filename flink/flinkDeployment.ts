/**
 * FlinkDeployment (flink.apache.org/v1beta1) to the objects that Apache's flink-kubernetes-operator and, in native mode,
 * Flink's own resource manager make of it.
 */
import type {KubernetesObject} from '../model/kubernetes.ts';
import {Field, Refusal} from './field.ts';
import {type ApacheOperator, releaseOf} from './flinkDeployment/apacheOperator.ts';
import {
  type ClusterContext,
  type ClusterObjects,
  clusterObjects,
  taskManagerPod,
  workerOf,
} from './flinkDeployment/cluster.ts';
import {ingressObject} from './flinkDeployment/ingress.ts';
import {componentOptions, REST_PORT} from './flinkDeployment/options.ts';
import {prepareDeployment} from './flinkDeployment/prepareDeployment.ts';
import {clusterSpecification} from './flinkDeployment/processes.ts';
import {orRefused, refusedBy} from './flinkDeployment/refusing.ts';
import {type TaskManagerCount, taskManagerCount} from './flinkDeployment/taskManagers.ts';
import {unitNotes} from './flinkDeployment/unitNotes.ts';
import {type ComponentObject, type FlinkOutcome, ownedBy} from './flinkOutcome.ts';

export {APACHE_OPERATORS, type ApacheOperator, DEFAULT_APACHE_OPERATOR} from './flinkDeployment/apacheOperator.ts';

/** More TaskManagers than this are taken as a mistake in a number: each is a pod object of its own in native mode. */
const MAX_TASK_MANAGERS = 100_000;

export interface DeploymentOptions {
  /** Slots that the session jobs of the cluster ask for together; without it none are known. */
  readonly sessionSlots?: number;
}

/**
 * Everything that is refused names who refuses it. Throws a Refusal for what none of them looks at, such as a pod
 * template that is no map.
 */
export function flinkDeploymentObjects(
  object: KubernetesObject,
  operator: ApacheOperator,
  {sessionSlots}: DeploymentOptions = {},
): FlinkOutcome {
  return orRefused(() => {
    const release = releaseOf(operator);
    const prepared = prepareDeployment(object, {release, operatorConfiguration: undefined, old: undefined});
    if (prepared.kind !== 'accepted') return refusedBy(prepared);
    const {deployment, load} = prepared.accepted;
    if (deployment.job?.state === 'suspended') {
      return {kind: 'none', notes: ['job.state is suspended, so that neither JobManager nor TaskManagers run']};
    }
    const context = load();
    const {configuration} = context;
    const counted = taskManagerCount(context, sessionSlots);
    const {count, slotsEach, used, notes} = counted;
    if (count > MAX_TASK_MANAGERS) {
      const message = `${count} TaskManagers are asked for; Stowage makes ${MAX_TASK_MANAGERS} of a job at most`;
      throw new Refusal(message, '/spec');
    }
    checkStandaloneCpu(context);
    const made = clusterObjects(context, clusterSpecification(configuration, release));
    return {
      kind: 'objects',
      objects: [
        {component: 'jobmanager', object: owned(made.jobManager, object)},
        ...taskManagers(context, made, counted, object),
      ],
      supporting: [...made.supporting, ...ingresses(context, object)].map((supporting) => owned(supporting, object)),
      slots: {total: count * slotsEach, used},
      flink: {
        version: deployment.flinkVersion?.replace(/^v/, '').replace('_', '.') ?? null,
        environment: deployment.mode === 'native' ? 'active' : 'standalone',
        configuration: Object.fromEntries(configuration.values),
      },
      notes: [...notes, ...unitNotes(new Field(object).get('spec'), release)],
    };
  });
}

function taskManagers(
  context: ClusterContext,
  {taskManager}: ClusterObjects,
  {count}: TaskManagerCount,
  owner: KubernetesObject,
): readonly ComponentObject[] {
  if (taskManager !== undefined) return [{component: 'taskmanager', object: owned(taskManager, owner)}];
  if (count === 0) return [];
  const first = owned(taskManagerPod(context, workerOf(context), 1), owner);
  return Array.from({length: count}, (_, index) => {
    const metadata = {...first.metadata, name: `${context.name}-taskmanager-1-${index + 1}`};
    return {component: 'taskmanager', object: {...first, metadata}};
  });
}

/** Not made by Flink's client but by the operator beside it. */
function ingresses({deployment, name, configuration}: ClusterContext, owner: KubernetesObject) {
  const {ingress} = deployment;
  const restPort = configuration.integer(REST_PORT) ?? 8081;
  return ingress === undefined ? [] : [ingressObject(ingress, name, owner.metadata.namespace ?? 'default', restPort)];
}

function owned(object: KubernetesObject, owner: KubernetesObject): KubernetesObject {
  const {namespace} = owner.metadata;
  const metadata = {
    ...object.metadata,
    ...(namespace === undefined ? {} : {namespace}),
    ownerReferences: [ownedBy(owner)],
  };
  return {...object, metadata};
}

function checkStandaloneCpu({deployment, configuration}: ClusterContext): void {
  if (deployment.mode === 'native' || (configuration.double(componentOptions('taskmanager').cpu) ?? -1) > 0) return;
  throw new Refusal(
    'a standalone cluster without TaskManager cpu makes a Deployment that requests "-1.0" cpu, which the API server refuses',
    '/spec/taskManager',
  );
}
