import type {KubernetesObject} from '../model/kubernetes.ts';
import {Refusal} from './field.ts';
import type {ApacheOperator} from './flinkDeployment/apacheOperator.ts';
import {type SessionJobDemand, sessionJobDemand} from './flinkDeployment/sessionJobs.ts';
import type {FlinkOutcome} from './flinkOutcome.ts';
import type {RelatedResources} from './relatedResources.ts';

/** A session job makes no pods. */
export function flinkSessionJobOutcome(
  object: KubernetesObject,
  operator: ApacheOperator,
  related: RelatedResources,
): FlinkOutcome {
  const session = related.sessionOf(object);
  const demand = sessionJobDemand(object, session, operator);
  if (demand.kind === 'refused') return demand;
  const {deploymentName, slots} = demand;
  const cluster = session === undefined ? `${deploymentName}, which is not in the input` : deploymentName;
  const note = `a FlinkSessionJob makes no pods of its own, it uses ${slots} slots of its session cluster ${cluster}`;
  return {kind: 'none', notes: [note]};
}

/** The session jobs of one input that a session cluster runs, each with the slots it takes, without those refused. */
export function sessionJobs(
  session: KubernetesObject,
  related: RelatedResources,
  operator: ApacheOperator,
): readonly {readonly job: KubernetesObject; readonly slots: number}[] {
  return related
    .sessionJobsOf(session)
    .flatMap((job) => acceptedDemand(job, session, operator).map(({slots}) => ({job, slots})));
}

/** Slots that all of them take together; undefined where there are none. */
export function sessionSlots(
  session: KubernetesObject,
  related: RelatedResources,
  operator: ApacheOperator,
): number | undefined {
  const jobs = sessionJobs(session, related, operator);
  return jobs.length === 0 ? undefined : jobs.reduce((sum, {slots}) => sum + slots, 0);
}

function acceptedDemand(
  job: KubernetesObject,
  session: KubernetesObject,
  operator: ApacheOperator,
): readonly SessionJobDemand[] {
  try {
    const demand = sessionJobDemand(job, session, operator);
    return demand.kind === 'demand' ? [demand] : [];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
