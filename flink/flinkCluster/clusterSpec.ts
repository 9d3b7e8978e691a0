/** The two operators that know the kind. */
export type ClusterDialect = 'spotify' | 'gcp';

export type Fields = Readonly<Record<string, unknown>>;
export type Texts = Readonly<Record<string, string>>;

export interface Resources {
  readonly requests?: Texts;
  readonly limits?: Texts;
}

export interface VolumeMount extends Fields {
  readonly name: string;
  readonly mountPath: string;
}

export interface EnvironmentVariable extends Fields {
  readonly name: string;
}

export interface Volume extends Fields {
  readonly name: string;
}

export interface Container extends Fields {
  readonly name: string;
  readonly env?: readonly EnvironmentVariable[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly resources?: Resources;
}

export interface Claim extends Fields {
  readonly metadata: {readonly name?: string} & Fields;
  readonly spec: {readonly resources?: Resources} & Fields;
}

export interface NamedPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

export interface Probe extends Fields {
  readonly tcpSocket?: Fields;
}

/** What all three kinds of pods may say about themselves. */
export interface PodOptions {
  readonly volumes?: readonly Volume[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly initContainers?: readonly Container[];
  readonly affinity?: Fields;
  readonly nodeSelector?: Texts;
  readonly tolerations?: readonly Fields[];
  readonly hostAliases?: readonly Fields[];
  readonly podAnnotations?: Texts;
  readonly podLabels?: Texts;
  readonly securityContext?: Fields;
  readonly resources: Resources;
}

export interface ComponentSpec extends PodOptions {
  readonly replicas: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly extraPorts?: readonly NamedPort[];
  readonly memoryOffHeapRatio?: number;
  readonly memoryOffHeapMin: string;
  readonly memoryProcessRatio?: number;
  readonly volumeClaimTemplates?: readonly Claim[];
  readonly sidecars?: readonly Container[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

export interface IngressSpec {
  readonly hostFormat?: string;
  readonly annotations?: Texts;
  readonly useTls?: boolean;
  readonly tlsSecretName?: string;
}

export interface JobManagerSpec extends ComponentSpec {
  readonly accessScope: string;
  readonly ingress?: IngressSpec;
  readonly ServiceAnnotations?: Texts;
  readonly ServiceLabels?: Texts;
}

export interface TaskManagerSpec extends ComponentSpec {
  readonly deploymentType?: string;
  readonly horizontalPodAutoscaler?: Fields;
}

export interface JobSpec extends PodOptions {
  readonly classPath?: readonly string[];
  readonly jarFile?: string;
  readonly className?: string;
  readonly pyFile?: string;
  readonly pyFiles?: string;
  readonly pyModule?: string;
  readonly args?: readonly string[];
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
  readonly savepointsDir?: string;
  readonly takeSavepointOnUpdate?: boolean;
  readonly maxStateAgeToRestoreSeconds?: number;
  readonly savepointGeneration?: number;
  readonly parallelism?: number;
  readonly noLoggingToStdout?: boolean;
  readonly restartPolicy?: string;
  readonly cleanupPolicy?: Texts;
  readonly cancelRequested?: boolean;
  readonly mode?: string;
}

/** The specification as its operator sees it: every default filled in, quantities canonical. */
export interface ClusterSpec {
  /** Spotify's only. */
  readonly flinkVersion?: string;
  readonly image: {readonly name: string; readonly pullPolicy?: string; readonly pullSecrets?: readonly Fields[]};
  readonly serviceAccountName?: string;
  readonly batchSchedulerName?: string;
  readonly batchScheduler?: {readonly name: string; readonly queue?: string; readonly priorityClassName?: string};
  readonly podDisruptionBudget?: {readonly selector?: {readonly matchLabels?: Texts}} & Fields;
  readonly jobManager: JobManagerSpec;
  readonly taskManager: TaskManagerSpec;
  readonly job?: JobSpec;
  readonly envVars?: readonly EnvironmentVariable[];
  readonly envFrom?: readonly Fields[];
  readonly flinkProperties?: Texts;
  readonly hadoopConfig?: {readonly configMapName?: string; readonly mountPath?: string};
  readonly gcpConfig?: {readonly serviceAccount?: ServiceAccountKey};
  readonly logConfig?: Texts;
}

export interface ServiceAccountKey {
  readonly secretName?: string;
  readonly keyFile?: string;
  readonly mountPath?: string;
}

/** What the operator last recorded of the job. */
export interface JobStatus extends Fields {
  readonly state?: string;
  readonly savepointGeneration?: number;
  readonly savepointLocation?: string;
  readonly savepointTime?: string;
  readonly finalSavepoint?: boolean;
  readonly completionTime?: string;
}

export interface ClusterStatus {
  readonly control?: {readonly state?: string};
  readonly components?: {readonly job?: JobStatus};
}

/** A FlinkCluster that the API server has let through, with the operator's defaults. */
export interface Cluster {
  readonly dialect: ClusterDialect;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string | undefined;
  readonly annotations: Texts;
  readonly spec: ClusterSpec;
  /** The specification as the API server keeps it, before the operator has read it. */
  readonly stored: Fields;
  readonly status: ClusterStatus;
}

/** Something that the operator refuses about a cluster. */
export interface ClusterProblem {
  readonly message: string;
  /** JSON pointer to the field at fault. */
  readonly pointer: string;
}

/** Application mode runs the program in the JobManager itself; GCP's fork knows no modes. */
export function isApplication({dialect, spec}: Cluster): boolean {
  return dialect === 'spotify' && spec.job?.mode === 'Application';
}
