import type {
  Cluster,
  ComponentSpec,
  Container,
  EnvironmentVariable,
  Fields,
  PodOptions,
  ServiceAccountKey,
  Texts,
  Volume,
  VolumeMount,
} from './clusterSpec.ts';

export const CONFIG_VOLUME = 'flink-config-volume';
export const CONFIG_MOUNT: VolumeMount = {name: CONFIG_VOLUME, mountPath: '/opt/flink/conf'};
export const SUBMIT_SCRIPT = '/opt/flink-operator/submit-job.sh';
export const SUBMIT_MOUNT: VolumeMount = {name: CONFIG_VOLUME, mountPath: SUBMIT_SCRIPT, subPath: 'submit-job.sh'};

/** A volume that every pod of the cluster gets, with its place and the variable that names it. */
export interface SharedConfiguration {
  readonly volume: Volume;
  readonly mount: VolumeMount;
  readonly variable?: EnvironmentVariable;
}

export function configurationVolume({name}: Cluster): Volume {
  return {name: CONFIG_VOLUME, configMap: {name: `${name}-configmap`}};
}

/** Hadoop's configuration and the key of a GCP service account, where the cluster has them. */
export function sharedConfigurations({spec}: Cluster): readonly SharedConfiguration[] {
  const {hadoopConfig, gcpConfig} = spec;
  const shared: SharedConfiguration[] = [];
  if (hadoopConfig !== undefined) {
    const {configMapName, mountPath = ''} = hadoopConfig;
    const name = 'hadoop-config-volume';
    shared.push({
      volume: {name, configMap: configMapName === undefined ? {} : {name: configMapName}},
      mount: {name, mountPath, readOnly: true},
      variable: {name: 'HADOOP_CONF_DIR', ...(mountPath === '' ? {} : {value: mountPath})},
    });
  }
  if (gcpConfig?.serviceAccount !== undefined) shared.push(serviceAccountKey(gcpConfig.serviceAccount));
  return shared;
}

function serviceAccountKey({secretName = '', keyFile = '', mountPath = ''}: ServiceAccountKey): SharedConfiguration {
  const name = 'gcp-service-account-volume';
  const path = mountPath.endsWith('/') ? mountPath : `${mountPath}/`;
  return {
    volume: {name, secret: secretName === '' ? {} : {secretName}},
    mount: {name, mountPath: path, readOnly: true},
    variable: {name: 'GOOGLE_APPLICATION_CREDENTIALS', value: `${path}${keyFile}`},
  };
}

export function containerPorts({ports, extraPorts = []}: ComponentSpec, names: readonly string[]): readonly Fields[] {
  return [...names.map((name) => ({name, containerPort: ports[name]})), ...extraPorts.map((port) => ({...port}))];
}

/** With those of the mounts whose place is not taken yet. */
export function withMounts(container: Container, mounts: readonly VolumeMount[]): Container {
  const volumeMounts = [...(container.volumeMounts ?? [])];
  for (const mount of mounts) {
    if (!volumeMounts.some(({mountPath}) => mountPath === mount.mountPath)) volumeMounts.push(mount);
  }
  return volumeMounts.length === 0 ? container : {...container, volumeMounts};
}

/** With those of the variables that it does not set itself. */
export function withVariables(container: Container, variables: readonly EnvironmentVariable[]): Container {
  const env = [...(container.env ?? [])];
  for (const variable of variables) {
    if (!env.some(({name}) => name === variable.name)) env.push(variable);
  }
  return env.length === 0 ? container : {...container, env};
}

export function image({spec}: Cluster): Fields {
  return {image: spec.image.name, imagePullPolicy: spec.image.pullPolicy};
}

/** What every pod takes over from the cluster and from its own options. */
export function podOptions({spec}: Cluster, options: Partial<PodOptions>): Fields {
  const {nodeSelector, tolerations, affinity, hostAliases, securityContext} = options;
  const entries = {
    nodeSelector,
    tolerations,
    affinity,
    hostAliases,
    securityContext,
    serviceAccountName: spec.serviceAccountName === '' ? undefined : spec.serviceAccountName,
    imagePullSecrets: spec.image.pullSecrets,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

export function podMetadata(
  labels: Texts,
  annotations: Texts | undefined,
): {readonly labels: Texts; readonly annotations?: Texts} {
  return annotations === undefined ? {labels} : {labels, annotations};
}

/** A list that is left out when there is nothing in it. */
export function listed<K extends string>(name: K, list: readonly unknown[]): Fields {
  return list.length === 0 ? {} : {[name]: list};
}
