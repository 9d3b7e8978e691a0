import {isRecord} from '../field.ts';
import {type Cluster, type ClusterDialect, type ClusterProblem, isApplication} from './clusterSpec.ts';
import {gcpObjects} from './gcpObjects.ts';
import {gcpCreateProblems} from './gcpRules.ts';
import type {ClusterObjects, Revision} from './objects.ts';
import {batchSchedulerName, type PodGroupObject, VOLCANO, withVolcano} from './podGroup.ts';
import {readCluster, SERVED_VERSION} from './readCluster.ts';
import {spotifyObjects} from './spotifyObjects.ts';
import {spotifyCreateProblems} from './spotifyRules.ts';
import {updateVerdict} from './updateRules.ts';

/** Where a resource fails: at the API server's schema, at the webhook, or in the operator itself. */
export type Gate = 'schema' | 'validation' | 'deployment';

export interface ClusterQuestion {
  readonly dialect: ClusterDialect;
  /** The resource before an update. */
  readonly old?: unknown;
  /** When it is asked, in milliseconds since 1970; without it a savepoint taken before an update is never too old. */
  readonly now?: number | undefined;
  readonly revision: (cluster: Cluster) => Revision;
}

export type ClusterOutcome =
  | {readonly kind: 'refused'; readonly gate: Gate; readonly problems: readonly ClusterProblem[]}
  | {
      readonly kind: 'objects';
      readonly cluster: Cluster;
      /** Before the batch scheduler had a say, and after. */
      readonly desired: ClusterObjects;
      readonly scheduled: ClusterObjects;
      readonly podGroup?: PodGroupObject;
      readonly batchScheduler: 'none' | 'volcano' | 'unknown';
    };

const CRASH = 'runtime error: invalid memory address or nil pointer dereference';

/** What becomes of a FlinkCluster: the problems of the first gate that it does not pass, or its objects. */
export function clusterOutcome(resource: unknown, {dialect, old, now, revision}: ClusterQuestion): ClusterOutcome {
  const unserved = servedProblem(resource);
  if (unserved !== null) return refused('schema', [unserved]);
  const read = readCluster(resource, dialect);
  if ('errors' in read) return refused('schema', read.errors);
  const {cluster} = read;
  const problems = webhookProblems(cluster, old, now);
  if (problems.length > 0) return refused('validation', problems);
  const crash = crashProblem(cluster);
  if (crash !== null) return refused('deployment', [crash]);

  const desired =
    dialect === 'spotify' ? spotifyObjects(cluster, revision(cluster)) : gcpObjects(cluster, revision(cluster));
  const batchScheduler = batchSchedulerName(cluster);
  if (batchScheduler === VOLCANO) {
    const {objects: scheduled, podGroup} = withVolcano(cluster, desired);
    const group = podGroup === undefined ? {} : {podGroup};
    return {kind: 'objects', cluster, desired, scheduled, batchScheduler: 'volcano', ...group};
  }
  const known = batchScheduler === null ? 'none' : 'unknown';
  return {kind: 'objects', cluster, desired, scheduled: desired, batchScheduler: known};
}

function servedProblem(resource: unknown): ClusterProblem | null {
  const apiVersion = isRecord(resource) ? resource.apiVersion : undefined;
  if (apiVersion === SERVED_VERSION) return null;
  const message = `no matches for kind "FlinkCluster" in version ${JSON.stringify(apiVersion ?? '')}`;
  return {message, pointer: '/apiVersion'};
}

/** The first is what the webhook says; the others it would say after it. */
function webhookProblems(cluster: Cluster, old: unknown, now = Number.NEGATIVE_INFINITY): readonly ClusterProblem[] {
  if (old !== undefined && old !== null) {
    const stored = readCluster(old, cluster.dialect);
    // What is stored was let in once; one that would not be now tells nothing about the update.
    if ('cluster' in stored) {
      const verdict = updateVerdict(stored.cluster, cluster, now);
      if (verdict === 'accepted') return [];
      if (verdict !== 'check as new') return [verdict];
    }
  }
  return [...(cluster.dialect === 'spotify' ? spotifyCreateProblems(cluster) : gcpCreateProblems(cluster))];
}

/** Both operators take for granted that a gcpConfig names an account, and spotify's that an application has a class. */
function crashProblem(cluster: Cluster): ClusterProblem | null {
  const {gcpConfig, job} = cluster.spec;
  if (gcpConfig !== undefined && gcpConfig.serviceAccount === undefined) {
    return {message: CRASH, pointer: '/spec/gcpConfig/serviceAccount'};
  }
  return isApplication(cluster) && job?.className === undefined
    ? {message: CRASH, pointer: '/spec/job/className'}
    : null;
}

function refused(gate: Gate, problems: readonly ClusterProblem[]): ClusterOutcome {
  return {kind: 'refused', gate, problems};
}
