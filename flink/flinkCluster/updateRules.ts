import {goJson, goQuote} from '../schema/goText.ts';
import type {Cluster, ClusterProblem, ClusterSpec, JobSpec, JobStatus} from './clusterSpec.ts';

const CONTROL = 'flinkclusters.flinkoperator.k8s.io/user-control';
const CONTROL_POINTER = '/metadata/annotations/flinkclusters.flinkoperator.k8s.io~1user-control';
const JOB = '/spec/job';

/** What a webhook says of an update: a refusal, that it needs no further look, or that the rules of a create decide. */
export type UpdateVerdict = ClusterProblem | 'accepted' | 'check as new';

/**
 * The rules of an update, `old` being what is stored with its status. Both operators share them, but for those that
 * spotify's added. The age of a savepoint is taken at `now`, in milliseconds since 1970.
 */
export function updateVerdict(old: Cluster, updated: Cluster, now: number): UpdateVerdict {
  const isSpotify = updated.dialect === 'spotify';
  const control = controlProblem(old, updated);
  if (control !== null) return control;
  if (isSpotify && isEqual(old.spec, updated.spec)) return 'accepted';

  const cancel = cancelVerdict(old.spec, updated.spec);
  if (typeof cancel === 'object' && cancel !== null) return cancel;
  if (cancel === 'only that' && !isSpotify) return 'accepted';
  const savepoint = savepointVerdict(old, updated.spec);
  if (savepoint === 'only that') return 'accepted';
  if (savepoint !== null) return savepoint;
  return (isSpotify ? deploymentTypeProblem(old, updated) : null) ?? jobProblem(old, updated, now) ?? 'check as new';
}

function controlProblem(old: Cluster, updated: Cluster): ClusterProblem | null {
  if (!Object.hasOwn(updated.annotations, CONTROL)) return null;
  const control = updated.annotations[CONTROL] ?? '';
  const problem = (message: string): ClusterProblem => ({
    message: `${message}, annotation: ${CONTROL}`,
    pointer: CONTROL_POINTER,
  });
  const inProgress = updated.dialect === 'spotify' ? 'InProgress' : 'Progressing';
  if (old.annotations[CONTROL] !== control && old.status.control?.state === inProgress) {
    return problem('change is not allowed for control in progress');
  }
  if (control !== 'job-cancel' && control !== 'savepoint') {
    const message = `invalid value for annotation key: ${CONTROL}, value: ${control}, available values: savepoint, job-cancel`;
    return {message, pointer: CONTROL_POINTER};
  }
  const {job: spec} = old.spec;
  const status = old.status.components?.job;
  if (spec === undefined) return problem(`${control} is not allowed for session cluster`);
  if (control === 'job-cancel') {
    const isTerminated = status === undefined || (isStopped(status, old) && !restarts(status, spec, old));
    return isTerminated
      ? problem('job-cancel is not allowed because job is not started yet or already terminated')
      : null;
  }
  if ((spec.savepointsDir ?? '') === '') return problem('savepoint is not allowed without spec.job.savepointsDir');
  return status === undefined || isStopped(status, old)
    ? problem('savepoint is not allowed because job is not started yet or already stopped')
    : null;
}

/** A request to cancel must come alone and cannot be taken back. */
function cancelVerdict(old: ClusterSpec, updated: ClusterSpec): ClusterProblem | 'only that' | null {
  if (old.job === undefined || updated.job === undefined) return null;
  const was = old.job.cancelRequested === true;
  const is = updated.job.cancelRequested === true;
  const pointer = `${JOB}/cancelRequested`;
  if (was && !is) return {message: 'updating cancelRequested from true to false is not allowed', pointer};
  if (was || !is) return null;
  const requested = {...old, job: {...old.job, cancelRequested: true}};
  if (isEqual(requested, updated)) return 'only that';
  return {message: 'you cannot update cancelRequested with others at the same time', pointer};
}

/** A savepoint is asked for by the next number, and nothing else may change with it. */
function savepointVerdict(old: Cluster, updated: ClusterSpec): ClusterProblem | 'only that' | null {
  const oldJob = old.spec.job;
  const {job} = updated;
  if (oldJob === undefined || job === undefined) return null;
  const generation = job.savepointGeneration ?? 0;
  if ((oldJob.savepointGeneration ?? 0) === generation) return null;
  const pointer = `${JOB}/savepointGeneration`;
  const next = (old.status.components?.job?.savepointGeneration ?? 0) + 1;
  if (generation !== next) return {message: `you can only update savepointGeneration to ${next}`, pointer};
  const asked = {...old.spec, job: {...oldJob, savepointGeneration: generation}};
  if (isEqual(asked, updated)) return 'only that';
  return {message: 'you cannot update savepointGeneration with others at the same time', pointer};
}

function deploymentTypeProblem(old: Cluster, updated: Cluster): ClusterProblem | null {
  const was = old.spec.taskManager.deploymentType ?? '';
  const is = updated.spec.taskManager.deploymentType ?? '';
  const isAllowed = was === '' ? is === '' || is === 'StatefulSet' : was === is;
  if (isAllowed) return null;
  return {message: 'updating deploymentType is not allowed', pointer: '/spec/taskManager/deploymentType'};
}

function jobProblem(old: Cluster, updated: Cluster, now: number): ClusterProblem | null {
  const oldJob = old.spec.job;
  const {job} = updated.spec;
  if (oldJob === undefined && job === undefined) return null;
  if (oldJob === undefined || job === undefined) {
    const jobs = `old spec.job: ${goQuote(goJson(oldJob))}, new spec.job: ${goQuote(goJson(job))}`;
    const message = `you cannot change cluster type between session cluster and job cluster, ${jobs}`;
    return {message, pointer: JOB};
  }
  const pointer = `${JOB}/savepointsDir`;
  if ((oldJob.savepointsDir ?? '') === '') {
    return {message: 'updating job is not allowed when spec.job.savepointsDir was not provided', pointer};
  }
  if ((job.savepointsDir ?? '') === '') return {message: 'removing savepointsDir is not allowed', pointer};
  if (updated.dialect === 'gcp') return null;
  if (isHighlyAvailable(old.spec) !== isHighlyAvailable(updated.spec)) {
    return {message: 'updating highAvailability settings is not allowed', pointer: '/spec/flinkProperties'};
  }
  return (job.fromSavepoint ?? '').trim() === '' ? staleSavepointProblem(old, job, now) : null;
}

/** Where no savepoint is taken before the update, a recent one must be there. */
function staleSavepointProblem(old: Cluster, job: JobSpec, now: number): ClusterProblem | null {
  const status = old.status.components?.job;
  if (status === undefined) return null;
  const takesSavepoint = job.takeSavepointOnUpdate ?? true;
  if (takesSavepoint && !isStopped(status, old)) return null;
  if (isReadyForUpdate(status, job, now)) return null;
  const age = job.maxStateAgeToRestoreSeconds ?? 'nil';
  const facts = `spec.job.takeSavepointOnUpdate: ${job.takeSavepointOnUpdate ?? 'nil'}, spec.job.maxStateAgeToRestoreSeconds: ${age}, job status: ${goQuote(goJson(status))}`;
  const message = `cannot update spec: taking savepoint is skipped but no up-to-date savepoint, ${facts}`;
  return {message, pointer: JOB};
}

function isReadyForUpdate(status: JobStatus, job: JobSpec, now: number): boolean {
  const takesSavepoint = job.takeSavepointOnUpdate ?? true;
  const {state = ''} = status;
  if (state === 'Running' || state === 'Deploying') {
    return takesSavepoint ? status.finalSavepoint === true : isUpToDate(status, job, now);
  }
  if (state === 'Updating' && !takesSavepoint) return true;
  return isUpToDate(status, job, status.completionTime === undefined ? null : Date.parse(status.completionTime));
}

function isUpToDate(status: JobStatus, job: JobSpec, at: number | null): boolean {
  if (status.finalSavepoint === true) return true;
  const {savepointLocation = '', savepointTime = ''} = status;
  const {maxStateAgeToRestoreSeconds: age} = job;
  if (at === null || age === undefined || savepointLocation === '' || savepointTime === '') return false;
  return at <= Date.parse(savepointTime) + age * 1000;
}

function isStopped({state = ''}: JobStatus, cluster: Cluster): boolean {
  return state === 'Succeeded' || state === 'Cancelled' || isFailed(state, cluster);
}

function isFailed(state: string, {dialect}: Cluster): boolean {
  return state === 'Failed' || (dialect === 'spotify' && (state === 'Lost' || state === 'DeployFailed'));
}

function restarts(status: JobStatus, job: JobSpec, cluster: Cluster): boolean {
  const hasSavepoint = cluster.dialect === 'spotify' || (status.savepointLocation ?? '') !== '';
  return job.restartPolicy === 'FromSavepointOnFailure' && isFailed(status.state ?? '', cluster) && hasSavepoint;
}

function isHighlyAvailable({flinkProperties = {}}: ClusterSpec): boolean {
  const type = flinkProperties['high-availability'];
  if (type === undefined || type.toLowerCase() === 'none') return false;
  const others = ['kubernetes.cluster-id', 'high-availability.storageDir'];
  return others.every((key) => (flinkProperties[key] ?? '').trim() !== '');
}

/** Whatever the order of fields. */
function isEqual(a: ClusterSpec, b: ClusterSpec): boolean {
  return sortedJson(a) === sortedJson(b);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
