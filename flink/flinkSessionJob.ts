import type {KubernetesObject} from '../model/kubernetes.ts';
import {Refusal} from './field.ts';
import type {ApacheOperator} from './flinkDeployment/apacheOperator.ts';
import {type SessionJobDemand, sessionJobDemand, sessionOf} from './flinkDeployment/sessionJobs.ts';
import type {FlinkOutcome} from './flinkOutcome.ts';

export {type SessionJobDemand, sessionJobDemand, sessionOf} from './flinkDeployment/sessionJobs.ts';

/** A session job makes no pods; `related` holds the objects of the same input, its cluster among them. */
export function flinkSessionJobOutcome(
  object: KubernetesObject,
  operator: ApacheOperator,
  related: readonly KubernetesObject[],
): FlinkOutcome {
  const session = sessionOf(object, related);
  const demand = sessionJobDemand(object, session, operator);
  if (demand.kind === 'refused') return demand;
  const {deploymentName, slots} = demand;
  return {
    kind: 'none',
    notes: [
      `a FlinkSessionJob makes no pods of its own, it uses ${slots} slots of its session cluster ${deploymentName}`,
    ],
  };
}

/** The session jobs of one input that a session cluster runs, each with the slots it takes, without those refused. */
export function sessionJobs(
  session: KubernetesObject,
  related: readonly KubernetesObject[],
  operator: ApacheOperator,
): readonly {readonly job: KubernetesObject; readonly slots: number}[] {
  const jobs = related.filter(({kind}) => kind === 'FlinkSessionJob').filter((job) => sessionOf(job, [session]));
  return jobs.flatMap((job) => acceptedDemand(job, session, operator).map(({slots}) => ({job, slots})));
}

/** Slots that all of them take together; undefined where there are none. */
export function sessionSlots(
  session: KubernetesObject,
  related: readonly KubernetesObject[],
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
