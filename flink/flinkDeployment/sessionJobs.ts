/** FlinkSessionJob: a job that makes no pods of its own and takes slots of a session cluster. */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {Field} from '../field.ts';
import type {FlinkOutcome} from '../flinkOutcome.ts';
import {type ApacheOperator, releaseOf} from './apacheOperator.ts';
import {prepareSessionJob} from './prepareDeployment.ts';
import {orRefused, refusedBy} from './refusing.ts';

/** What a session job takes from its cluster. */
export interface SessionJobDemand {
  readonly kind: 'demand';
  /** Name of the FlinkDeployment, in the job's namespace. */
  readonly deploymentName: string;
  /** Slots: those of the widest vertex, which the parallelism is taken for; none while the job is suspended. */
  readonly slots: number;
}

/** Asks with the job's cluster where that is known. Throws a Refusal only for what no operator looks at. */
export function sessionJobDemand(
  object: KubernetesObject,
  session: KubernetesObject | undefined,
  operator: ApacheOperator,
): SessionJobDemand | Extract<FlinkOutcome, {kind: 'refused'}> {
  return orRefused(() => {
    const circumstances = {release: releaseOf(operator), operatorConfiguration: undefined, old: undefined};
    const prepared = prepareSessionJob(object, session, circumstances);
    if (prepared.kind !== 'accepted') return refusedBy(prepared);
    const spec = new Field(object).get('spec');
    const isSuspended = spec.get('job').get('state').value === 'suspended';
    return {
      kind: 'demand',
      deploymentName: spec.get('deploymentName').string() ?? '',
      slots: isSuspended ? 0 : Math.max(0, prepared.accepted.parallelism),
    };
  });
}
