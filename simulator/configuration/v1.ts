/** kubescheduler.config.k8s.io/v1 as kube-scheduler declares it. */
import {EXTENSION_POINTS} from '../framework/defaultPlugins.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import {
  bool,
  type Decoded,
  duration,
  embedded,
  float32,
  type GoType,
  int32,
  int64,
  list,
  optional,
  raw,
  string,
  struct,
  withoutFields,
} from './goType.ts';

export const API_VERSION = 'kubescheduler.config.k8s.io/v1';
export const KIND = 'KubeSchedulerConfiguration';

export const typeMeta = {apiVersion: string, kind: string};

const plugin = struct('Plugin', {name: string, weight: optional(int32)});
const pluginSet = struct('PluginSet', {enabled: list(plugin), disabled: list(plugin)});
const pluginSets = Object.fromEntries(EXTENSION_POINTS.map((point) => [point, pluginSet])) as Record<
  (typeof EXTENSION_POINTS)[number],
  typeof pluginSet
>;
const plugins = struct('Plugins', {multiPoint: pluginSet, ...pluginSets});
const pluginConfig = struct('PluginConfig', {name: string, args: raw});

const leaderElection = struct(
  'LeaderElectionConfiguration',
  {
    leaderElect: optional(bool),
    leaseDuration: duration,
    renewDeadline: duration,
    retryPeriod: duration,
    resourceLock: string,
    resourceName: string,
    resourceNamespace: string,
  },
  {packageName: 'v1alpha1'},
);

const clientConnection = struct(
  'ClientConnectionConfiguration',
  {kubeconfig: string, acceptContentTypes: string, contentType: string, qps: float32, burst: int32},
  {packageName: 'v1alpha1'},
);

/** In base64; what is in it bears on nothing here. */
const bytes = {...raw, name: '[]uint8'};

const extender = struct('Extender', {
  urlPrefix: string,
  filterVerb: string,
  preemptVerb: string,
  prioritizeVerb: string,
  weight: int64,
  bindVerb: string,
  enableHTTPS: bool,
  tlsConfig: optional(
    struct('ExtenderTLSConfig', {
      insecure: bool,
      serverName: string,
      certFile: string,
      keyFile: string,
      caFile: string,
      certData: bytes,
      keyData: bytes,
      caData: bytes,
    }),
  ),
  httpTimeout: duration,
  nodeCacheCapable: bool,
  managedResources: list(struct('ExtenderManagedResource', {name: string, ignoredByScheduler: bool})),
  ignorable: bool,
});

export type V1Plugin = Decoded<typeof plugin>;
export type V1PluginSet = Decoded<typeof pluginSet>;
export type V1Plugins = Decoded<typeof plugins>;
export type V1Extender = Decoded<typeof extender>;
export type V1LeaderElection = Decoded<typeof leaderElection>;
export type V1Configuration = Decoded<ReturnType<typeof configurationType>>;
export type V1Profile = NonNullable<V1Configuration['profiles']>[number];

/** KubeSchedulerConfiguration with the fields that a version has. */
export function configurationType(version: KubernetesVersion) {
  const known: GoType<V1Plugins> = isAtLeast(version, '1.36')
    ? plugins
    : withoutFields(plugins, 'placementGenerate', 'placementScore');
  const profile = struct('KubeSchedulerProfile', {
    schedulerName: optional(string),
    percentageOfNodesToScore: optional(int32),
    plugins: optional(known),
    pluginConfig: list(pluginConfig),
  });
  return struct(KIND, {
    ...typeMeta,
    parallelism: optional(int32),
    leaderElection,
    clientConnection,
    enableProfiling: embedded('DebuggingConfiguration', optional(bool)),
    enableContentionProfiling: embedded('DebuggingConfiguration', optional(bool)),
    percentageOfNodesToScore: optional(int32),
    podInitialBackoffSeconds: optional(int64),
    podMaxBackoffSeconds: optional(int64),
    profiles: list(profile),
    extenders: list(extender),
    delayCacheUntilActive: bool,
  });
}
