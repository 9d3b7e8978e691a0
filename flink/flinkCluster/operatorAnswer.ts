/** What an operator answers to a FlinkCluster, in the form in which its own code prints the objects. */
import {isRecord} from '../field.ts';
import {clusterOutcome} from './clusterOutcome.ts';
import type {Cluster, ClusterDialect, Fields} from './clusterSpec.ts';
import {configurationFile, flinkConf, jobParallelism, otherConfigurationFiles, taskManagerSlots} from './flinkConf.ts';
import type {ClusterObjects} from './objects.ts';
import {revisionNamed} from './revision.ts';

export interface OperatorQuestion {
  readonly resource: unknown;
  /** The resource before an update. */
  readonly old?: unknown;
  /** Milliseconds since 1970; without it a savepoint taken before an update is never too old. */
  readonly now?: number;
}

/** A refusal of the API server or the webhook, or the objects; keys as in the answers of the real operators. */
export interface OperatorAnswer {
  readonly schemaErrors?: readonly string[];
  readonly validation?: string | null;
  /** The operator's own failure, after the webhook let the resource through. */
  readonly error?: readonly string[];
  readonly slotsPerTaskManager?: number;
  readonly parallelism?: number;
  readonly objects?: Fields;
  readonly podGroup?: Fields;
  readonly batchScheduler?: 'not volcano';
}

/** Both operators are asked without a cluster, so that nothing has a uid and a revision is named as the cluster. */
export function operatorAnswer({resource, old, now}: OperatorQuestion, dialect: ClusterDialect): OperatorAnswer {
  const outcome = clusterOutcome(resource, {dialect, old, now, revision: ({name}) => revisionNamed(name, 1)});
  if (outcome.kind === 'refused') {
    const messages = outcome.problems.map(({message}) => message);
    switch (outcome.gate) {
      case 'schema':
        return {schemaErrors: messages};
      case 'validation':
        return {validation: messages[0] ?? null};
      case 'deployment':
        return {validation: null, error: messages};
    }
  }
  const {cluster, desired, scheduled, podGroup, batchScheduler} = outcome;
  const isSpotify = dialect === 'spotify';
  const parallelism = jobParallelism(cluster);
  const slots = taskManagerSlots(cluster);
  return {
    validation: null,
    objects: printed(cluster, isSpotify ? scheduled : desired),
    ...(isSpotify && slots !== null ? {slotsPerTaskManager: slots} : {}),
    ...(isSpotify && parallelism !== null ? {parallelism} : {}),
    ...(isSpotify && podGroup !== undefined ? {podGroup: {name: podGroup.metadata.name, spec: podGroup.spec}} : {}),
    ...(isSpotify && batchScheduler === 'unknown' ? {batchScheduler: 'not volcano'} : {}),
  };
}

/** What Go prints of a new object beside what was set in it. */
const PRINTED_STATUS: Readonly<Record<ClusterDialect, Readonly<Record<string, Fields>>>> = {
  spotify: {
    StatefulSet: {replicas: 0, availableReplicas: 0},
    Service: {loadBalancer: {}},
    Ingress: {loadBalancer: {}},
    PodDisruptionBudget: {disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0},
    HorizontalPodAutoscaler: {desiredReplicas: 0, currentMetrics: null},
  },
  gcp: {StatefulSet: {replicas: 0}, Service: {loadBalancer: {}}, Ingress: {loadBalancer: {}}},
};

const PRINTED_STRATEGY: Readonly<Record<string, Fields>> = {
  StatefulSet: {updateStrategy: {}},
  Deployment: {strategy: {}},
};

function printed(cluster: Cluster, objects: ClusterObjects): Fields {
  const {configMap, ...others} = objects;
  const files = [...otherConfigurationFiles(cluster), configurationFile(cluster)];
  return {
    configMap: {
      name: configMap.metadata.name,
      dataKeys: [...new Set(files)].sort(),
      flinkConf: flinkConf(cluster),
    },
    ...Object.fromEntries(
      Object.entries(others).map(([part, object]) => {
        const {kind, metadata, spec} = object;
        const status = PRINTED_STATUS[cluster.dialect][kind] ?? {};
        const shown = kind === 'Service' ? withTargetPorts(spec) : {...spec, ...PRINTED_STRATEGY[kind]};
        return [part, withUids({metadata, spec: shown, status})];
      }),
    ),
  };
}

function withTargetPorts(spec: Fields): Fields {
  const ports = (spec.ports as readonly Fields[]).map((port) => ({targetPort: 0, ...port}));
  return {...spec, ports};
}

/** A reference to an owner always has a uid, if an empty one. */
function withUids(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUids);
  if (!isRecord(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withUids(child)]));
  return 'blockOwnerDeletion' in copy ? {uid: '', ...copy} : copy;
}
