/** Options of Flink and of the operator that decide over objects; the defaults are Flink's. */
import type {ConfigurationOption, FlinkConfiguration} from '../flinkConfiguration.ts';

export const TASK_SLOTS: ConfigurationOption = {key: 'taskmanager.numberOfTaskSlots'};
export const PARALLELISM: ConfigurationOption = {key: 'parallelism.default'};
export const PARALLELISM_OVERRIDES: ConfigurationOption = {key: 'pipeline.jobvertex-parallelism-overrides'};
export const REDUNDANT_TASK_MANAGERS: ConfigurationOption = {key: 'slotmanager.redundant-taskmanager-num'};
export const HIGH_AVAILABILITY: ConfigurationOption = {
  key: 'high-availability.type',
  fallbacks: ['recovery.mode', 'high-availability'],
};

export const SERVICE_ACCOUNT: ConfigurationOption = {key: 'kubernetes.service-account'};
export const IMAGE: ConfigurationOption = {
  key: 'kubernetes.container.image.ref',
  fallbacks: ['kubernetes.container.image'],
};
export const PULL_POLICY: ConfigurationOption = {key: 'kubernetes.container.image.pull-policy'};
export const PULL_SECRETS: ConfigurationOption = {key: 'kubernetes.container.image.pull-secrets'};
export const HOST_NETWORK: ConfigurationOption = {key: 'kubernetes.hostnetwork.enabled'};
export const ENTRY_PATH: ConfigurationOption = {key: 'kubernetes.entry.path'};
export const CONFIGURATION_DIRECTORY: ConfigurationOption = {key: 'kubernetes.flink.conf.dir'};
export const LOG_DIRECTORY: ConfigurationOption = {key: 'kubernetes.flink.log.dir'};
export const ARTIFACTS_DIRECTORY: ConfigurationOption = {key: 'user.artifacts.base-dir'};
export const SECRETS: ConfigurationOption = {key: 'kubernetes.secrets'};
export const SECRET_VARIABLES: ConfigurationOption = {key: 'kubernetes.env.secretKeyRef'};
export const HADOOP_CONFIG_MAP: ConfigurationOption = {key: 'kubernetes.hadoop.conf.config-map.name'};
export const MOUNTS_HADOOP: ConfigurationOption = {key: 'kubernetes.decorator.hadoop-conf-mount.enabled'};
export const MOUNTS_KERBEROS: ConfigurationOption = {key: 'kubernetes.decorator.kerberos-mount.enabled'};
export const KERBEROS_CONFIGURATION: ConfigurationOption = {key: 'security.kerberos.krb5-conf.path'};
export const REST_SERVICE_TYPE: ConfigurationOption = {key: 'kubernetes.rest-service.exposed.type'};
export const REST_SERVICE_ANNOTATIONS: ConfigurationOption = {key: 'kubernetes.rest-service.annotations'};
export const INTERNAL_SERVICE_ANNOTATIONS: ConfigurationOption = {key: 'kubernetes.internal-service.annotations'};
export const JOB_MANAGER_REPLICAS: ConfigurationOption = {key: 'kubernetes.jobmanager.replicas'};
export const TASK_MANAGER_REPLICAS: ConfigurationOption = {key: 'kubernetes.internal.taskmanager.replicas'};

export const REST_PORT: ConfigurationOption = {key: 'rest.port', fallbacks: ['web.port']};
export const REST_BIND_PORT: ConfigurationOption = {
  key: 'rest.bind-port',
  fallbacks: ['rest.port', 'web.port', 'jobmanager.web.port'],
};
export const JOB_MANAGER_PORT: ConfigurationOption = {key: 'jobmanager.rpc.port'};
export const BLOB_PORT: ConfigurationOption = {key: 'blob.server.port'};
export const TASK_MANAGER_PORT: ConfigurationOption = {key: 'taskmanager.rpc.port'};
export const HIGH_AVAILABILITY_PORT: ConfigurationOption = {
  key: 'high-availability.jobmanager.port',
  fallbacks: ['recovery.jobmanager.port'],
};

export const JARS: ConfigurationOption = {key: 'pipeline.jars'};
export const CLASSPATHS: ConfigurationOption = {key: 'pipeline.classpaths'};
export const MAIN_CLASS: ConfigurationOption = {key: '$internal.application.main'};
export const PROGRAM_ARGUMENTS: ConfigurationOption = {key: '$internal.application.program-args'};
export const SAVEPOINT_PATH: ConfigurationOption = {
  key: 'execution.state-recovery.path',
  fallbacks: ['execution.savepoint.path'],
};
export const IGNORES_UNCLAIMED_STATE: ConfigurationOption = {
  key: 'execution.state-recovery.ignore-unclaimed-state',
  fallbacks: ['execution.savepoint.ignore-unclaimed-state'],
};
export const EXTERNAL_RESOURCES: ConfigurationOption = {key: 'external-resources'};

export const MERGES_BY_NAME: ConfigurationOption = {key: 'kubernetes.operator.pod-template.merge-arrays-by-name'};
export const STARTUP_PROBE: ConfigurationOption = {key: 'kubernetes.operator.jm-deployment.startup.probe.enabled'};

/** Options that exist once for each component. */
export function componentOptions(component: 'jobmanager' | 'taskmanager') {
  const prefix = `kubernetes.${component}`;
  return {
    cpu: {key: `${prefix}.cpu.amount`, fallbacks: [`${prefix}.cpu`]},
    cpuLimitFactor: {key: `${prefix}.cpu.limit-factor`},
    memoryLimitFactor: {key: `${prefix}.memory.limit-factor`},
    serviceAccount: {key: `${prefix}.service-account`, fallbacks: [SERVICE_ACCOUNT.key]},
    labels: {key: `${prefix}.labels`},
    annotations: {key: `${prefix}.annotations`},
    nodeSelector: {key: `${prefix}.node-selector`},
    tolerations: {key: `${prefix}.tolerations`},
    entrypointArguments: {key: `${prefix}.entrypoint.args`},
    processSize: {key: `${component}.memory.process.size`},
    environment: `containerized.${component === 'jobmanager' ? 'master' : 'taskmanager'}.env.`,
  } as const;
}

/** `HighAvailabilityMode`: anything but nothing, NONE and the old word for it is a mode or names a class. */
export function isHighlyAvailable(configuration: FlinkConfiguration): boolean {
  const mode = configuration.text(HIGH_AVAILABILITY)?.toUpperCase();
  return mode !== undefined && mode !== 'NONE' && mode !== 'STANDALONE';
}

export function slotsPerTaskManager(configuration: FlinkConfiguration): number {
  return configuration.integer(TASK_SLOTS) ?? 1;
}
