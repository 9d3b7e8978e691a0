import type {Cluster, JobSpec} from './clusterSpec.ts';
import {jobParallelism} from './flinkConf.ts';
import {SUBMIT_SCRIPT} from './podParts.ts';

/** Where the submitter finds the JobManager. */
export function jobManagerAddress({name, spec}: Cluster): string {
  return `${name}-jobmanager:${spec.jobManager.ports.ui}`;
}

/** The command line of the submitter up to the mode of submission, which both operators write alike. */
export function submissionOptions(cluster: Cluster, job: JobSpec): readonly string[] {
  const parallelism = jobParallelism(cluster);
  return [
    ...['bash', SUBMIT_SCRIPT, '--jobmanager', jobManagerAddress(cluster)],
    ...(job.className === undefined ? [] : ['--class', job.className]),
    ...savepointOptions(cluster, job),
    ...(parallelism === null ? [] : ['--parallelism', String(parallelism)]),
    ...(job.noLoggingToStdout === true ? ['--sysoutLogging'] : []),
  ];
}

/** What a job starts from when it is created. */
export function savepointOptions({dialect}: Cluster, job: JobSpec): readonly string[] {
  const {fromSavepoint = ''} = job;
  const isBlank = dialect === 'spotify' ? fromSavepoint.trim() === '' : fromSavepoint === '';
  return [
    ...(isBlank ? [] : ['--fromSavepoint', fromSavepoint]),
    ...(job.allowNonRestoredState === true ? ['--allowNonRestoredState'] : []),
  ];
}
