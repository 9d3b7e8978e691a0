import {valueAt} from '../../../flink/memory/resourceRemedy.ts';
import {amountOf, CPU, MEMORY} from '../../../model/resources.ts';
import {bytesText, coresText} from './amounts.ts';
import {clusterOf} from './cluster.ts';
import {type FlinkRule, flinkFinding} from './flinkSubject.ts';

const FIELD = ['spec', 'job', 'cleanupPolicy', 'afterJobFails'];

/** TaskManagers of a FlinkCluster that outlive its job when that fails, which they do unless somebody says otherwise. */
export const retainedTaskManagers: FlinkRule = (subject) => {
  const {object, taskManagers} = subject;
  const policy = clusterOf(subject)?.spec.job?.cleanupPolicy;
  if (taskManagers === undefined || policy?.afterJobFails !== 'KeepCluster') return [];
  const {requests, workload} = taskManagers;
  const {replicas} = workload;
  const cpu = replicas * amountOf(requests, CPU);
  const memory = replicas * amountOf(requests, MEMORY);
  const by = valueAt(object, FIELD) === undefined ? ' by default' : '';
  const message = `after a job that fails, ${replicas === 1 ? 'its TaskManager keeps' : `its ${replicas} TaskManagers keep`} ${coresText(cpu)} and ${bytesText(memory)} reserved: cleanupPolicy.afterJobFails is KeepCluster${by}`;
  const hint = `the JobManager alone stays, for its logs, with ${FIELD.join('.')}: DeleteTaskManager`;
  return [flinkFinding('STW-4107', subject, message, {hint, pointer: `/${FIELD.join('/')}`})];
};
