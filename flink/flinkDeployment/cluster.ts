/**
 * The objects of a cluster: those that Flink's client makes of the deployed configuration and, in native mode, the pods
 * that the JobManager asks for when it needs TaskManagers. Namespace and owner are the caller's to add.
 */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {ConfigurationOption, FlinkConfiguration} from '../flinkConfiguration.ts';
import {formatJavaDouble} from '../javaDouble.ts';
import {MAIN_CONTAINER} from '../podTemplate.ts';
import {isAtLeastFlink, type Release} from './apacheOperator.ts';
import type {DeploymentSpec, Mode} from './deploymentSpec.ts';
import {appended, type FlinkPod, type Json, merged, podSpec, recordOf, withVariables, withVolume} from './flinkPod.ts';
import {illegalArgument, JavaFailure} from './javaFailure.ts';
import {hashMapOrder} from './javaHashMap.ts';
import {
  ARTIFACTS_DIRECTORY,
  BLOB_PORT,
  CLASSPATHS,
  CONFIGURATION_DIRECTORY,
  componentOptions,
  ENTRY_PATH,
  HADOOP_CONFIG_MAP,
  HIGH_AVAILABILITY_PORT,
  HOST_NETWORK,
  IGNORES_UNCLAIMED_STATE,
  IMAGE,
  INTERNAL_SERVICE_ANNOTATIONS,
  isHighlyAvailable,
  JARS,
  JOB_MANAGER_PORT,
  JOB_MANAGER_REPLICAS,
  KERBEROS_CONFIGURATION,
  LOG_DIRECTORY,
  MAIN_CLASS,
  MOUNTS_HADOOP,
  MOUNTS_KERBEROS,
  PROGRAM_ARGUMENTS,
  PULL_POLICY,
  PULL_SECRETS,
  REST_BIND_PORT,
  REST_PORT,
  REST_SERVICE_ANNOTATIONS,
  REST_SERVICE_TYPE,
  SAVEPOINT_PATH,
  SECRET_VARIABLES,
  SECRETS,
  slotsPerTaskManager,
  TASK_MANAGER_PORT,
  TASK_MANAGER_REPLICAS,
} from './options.ts';
import {type PodTemplates, podOf} from './podTemplates.ts';
import {
  type ClusterSpecification,
  externalResources,
  nativeWorker,
  type Worker,
  workerProperties,
} from './processes.ts';

export interface ClusterContext {
  readonly name: string;
  readonly generation: number | undefined;
  readonly deployment: DeploymentSpec;
  readonly configuration: FlinkConfiguration;
  readonly templates: PodTemplates;
  readonly release: Release;
}

/** An object without data, whose keys are told beside it. */
export interface ConfigMapObject extends KubernetesObject {
  readonly dataKeys: readonly string[];
}

export interface ClusterObjects {
  readonly jobManager: KubernetesObject;
  /** Services, then ConfigMaps. */
  readonly supporting: readonly KubernetesObject[];
  /** The Deployment of a standalone cluster. */
  readonly taskManager: KubernetesObject | undefined;
}

/** Throws the exceptions with which Flink's client fails. */
export function clusterObjects(context: ClusterContext, specification: ClusterSpecification): ClusterObjects {
  if (context.deployment.mode === 'native' && context.deployment.job !== undefined) checkJar(context);
  const {configuration} = context;
  for (const option of [BLOB_PORT, TASK_MANAGER_PORT, REST_BIND_PORT]) fixedPort(configuration, option, 0);
  if (isHighlyAvailable(configuration)) fixedPort(configuration, HIGH_AVAILABILITY_PORT, jobManagerPort(configuration));
  try {
    return {
      jobManager: jobManagerDeployment(context, specification),
      supporting: [...services(context), ...configMaps(context)],
      taskManager: context.deployment.mode === 'standalone' ? taskManagerDeployment(context, specification) : undefined,
    };
  } catch (error) {
    if (!(error instanceof JavaFailure)) throw error;
    throw error.causing(
      `org.apache.flink.client.deployment.ClusterDeploymentException: Could not create Kubernetes cluster "${context.name}".`,
    );
  }
}

const PYTHON_CLASSES: readonly string[] = [
  'org.apache.flink.client.python.PythonDriver',
  'org.apache.flink.client.python.PythonGatewayServer',
];
const PYTHON_ARGUMENTS: readonly string[] = ['-py', '-pym', '--python', '--pyModule'];

/** A program that is not Python's must name its jar; older clients took none from outside the image. */
function checkJar({deployment, configuration, release}: ClusterContext): void {
  const {job} = deployment;
  if (job === undefined) return;
  if (PYTHON_CLASSES.includes(job.entryClass ?? '')) return;
  if (job.args.some((argument) => PYTHON_ARGUMENTS.includes(argument))) return;
  const jars = configuration.list(JARS);
  if (jars === undefined) {
    throw new JavaFailure([
      'java.lang.NullPointerException: Cannot invoke "java.util.List.stream()" because the return value of "org.apache.flink.configuration.Configuration.get(org.apache.flink.configuration.ConfigOption)" is null',
    ]);
  }
  if (!release.isModern && jars.some((jar) => !/^local:/.test(jar))) {
    throw illegalArgument(
      'Only "local" is supported as schema for application mode. This assumes that the jar is located in the image, not the Flink client. An example of such path is: local:///opt/flink/examples/streaming/WindowJoin.jar',
    );
  }
  if (jars.length !== 1) throw illegalArgument('Should only have one jar');
}

/** A port that is not left to chance; 0 stands for the usual one. */
function fixedPort(configuration: FlinkConfiguration, option: ConfigurationOption, usual: number): number {
  const text = configuration.text(option) ?? '0';
  const port = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= -(2 ** 31) && port < 2 ** 31) return port === 0 ? usual : port;
  throw new JavaFailure(
    [
      `org.apache.flink.util.FlinkRuntimeException: ${option.key} should be specified to a fixed port. Do not support a range of ports.`,
      `java.lang.NumberFormatException: For input string: "${text}"`,
    ],
    option.key,
  );
}

function jobManagerPort(configuration: FlinkConfiguration): number {
  return configuration.integer(JOB_MANAGER_PORT) ?? 6123;
}

function typeLabel(mode: Mode): string {
  return `flink-${mode}-kubernetes`;
}

function commonLabels({name, deployment}: ClusterContext): Readonly<Record<string, string>> {
  return {app: name, type: typeLabel(deployment.mode)};
}

function selectors(context: ClusterContext, component: 'jobmanager' | 'taskmanager'): Readonly<Record<string, string>> {
  return {...commonLabels(context), component};
}

/** Labels of the configuration yield to Flink's own, but for a standalone JobManager. */
function labels(context: ClusterContext, component: 'jobmanager' | 'taskmanager'): Json {
  const configured = context.configuration.map(componentOptions(component).labels) ?? {};
  const own = selectors(context, component);
  return context.deployment.mode === 'standalone' && component === 'jobmanager'
    ? {...own, ...configured}
    : {...configured, ...own};
}

const GENERATION = 'flinkdeployment.flink.apache.org/generation';

function annotations({configuration, generation}: ClusterContext, component: 'jobmanager' | 'taskmanager'): Json {
  const configured = configuration.map(componentOptions(component).annotations) ?? {};
  return component === 'jobmanager' && generation !== undefined
    ? {...configured, [GENERATION]: String(generation)}
    : configured;
}

function jobManagerDeployment(context: ClusterContext, {jobManagerMiB}: ClusterSpecification): KubernetesObject {
  const {configuration, release, deployment} = context;
  const options = componentOptions('jobmanager');
  const template = podOf(context.templates.jobManager);
  const resources = containerResources(recordOf(template.main.resources), {
    mebibytes: jobManagerMiB,
    memoryLimitFactor: checkedFactor(configuration, options.memoryLimitFactor),
    cpu: configuration.double(options.cpu) ?? 1,
    cpuLimitFactor: checkedFactor(configuration, options.cpuLimitFactor),
  });
  let pod = initialized(context, 'jobmanager', template, resources, jobManagerPorts(context));
  if (release.isModern) {
    const mountPath = configuration.text(ARTIFACTS_DIRECTORY) ?? '/opt/flink/artifacts';
    pod = withVolume(pod, {emptyDir: {}, name: 'user-artifacts-volume'}, {mountPath});
  }
  pod = withVariables(pod, [
    ...environment(configuration, options.environment),
    {name: '_POD_IP_ADDRESS', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: 'status.podIP'}}},
    ...logDirectory(configuration),
  ]);
  pod = withSecrets(context, pod);
  pod = deployment.mode === 'native' ? withNativeCommand(context, pod) : withStandaloneCommand(context, pod);
  pod = withMounts(context, pod);
  if (deployment.mode === 'native') pod = withTaskManagerTemplate(context, pod);
  else pod = withUserLibrary(context, pod);
  const replicas = configuration.integer(JOB_MANAGER_REPLICAS) ?? 1;
  return deploymentObject(context, 'jobmanager', context.name, replicas, pod);
}

function jobManagerPorts({configuration}: ClusterContext): readonly Json[] {
  return [
    {containerPort: configuration.integer(REST_PORT) ?? 8081, name: 'rest'},
    {containerPort: jobManagerPort(configuration), name: 'jobmanager-rpc'},
    {containerPort: fixedPort(configuration, BLOB_PORT, 6124), name: 'blobserver'},
  ];
}

function taskManagerPorts({configuration}: ClusterContext): readonly Json[] {
  return [{containerPort: fixedPort(configuration, TASK_MANAGER_PORT, 6122), name: 'taskmanager-rpc'}];
}

function taskManagerDeployment(context: ClusterContext, {taskManagerMiB}: ClusterSpecification): KubernetesObject {
  const {configuration, name} = context;
  const options = componentOptions('taskmanager');
  const template = podOf(context.templates.taskManager);
  const resources = containerResources(recordOf(template.main.resources), {
    mebibytes: taskManagerMiB,
    memoryLimitFactor: configuration.double(options.memoryLimitFactor) ?? 1,
    // Without cores, what is asked for is -1.0, which the API server refuses.
    cpu: configuration.double(options.cpu) ?? -1,
    cpuLimitFactor: configuration.double(options.cpuLimitFactor) ?? 1,
  });
  let pod = initialized(context, 'taskmanager', template, resources, taskManagerPorts(context));
  pod = withSecrets(context, withVariables(pod, logDirectory(configuration)));
  pod = withMounts(context, withCommand(context, pod, ['taskmanager']));
  const replicas = configuration.integer(TASK_MANAGER_REPLICAS) ?? 1;
  if (replicas < 1) {
    throw illegalArgument(`'${TASK_MANAGER_REPLICAS.key}' should not be configured less than 1.`);
  }
  return deploymentObject(context, 'taskmanager', `${name}-taskmanager`, replicas, pod);
}

/** A TaskManager of a native cluster, by its number; they are alike but for the name. */
export function taskManagerPod(context: ClusterContext, worker: Worker, index: number): KubernetesObject {
  const {configuration, name} = context;
  const options = componentOptions('taskmanager');
  const template = podOf(context.templates.taskManager);
  const keys = new Map(externalResources(configuration).map((resource) => [resource, externalKey(resource)] as const));
  const devices = [...worker.externalResources].flatMap(([resource, amount]) => {
    const key = configuration.text(keys.get(resource)!);
    return key === undefined || key.trim() === '' ? [] : [[key, String(amount)] as const];
  });
  const resources = containerResources(recordOf(template.main.resources), {
    mebibytes: worker.mebibytes,
    memoryLimitFactor: checkedFactor(configuration, options.memoryLimitFactor),
    cpu: worker.cpu,
    cpuLimitFactor: checkedFactor(configuration, options.cpuLimitFactor),
    devices: Object.fromEntries(devices),
  });
  let pod = initialized(context, 'taskmanager', template, resources, taskManagerPorts(context));
  pod = {...pod, spec: {...pod.spec, restartPolicy: 'Never'}};
  pod = withVariables(pod, [
    ...environment(configuration, options.environment),
    {name: '_POD_NODE_ID', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: 'spec.nodeName'}}},
    ...logDirectory(configuration),
  ]);
  pod = withSecrets(context, pod);
  const slots = slotsPerTaskManager(configuration);
  const more = configuration.text(options.entrypointArguments) ?? '';
  const command = `kubernetes-taskmanager.sh  ${workerProperties(worker, slots)} ${more}`;
  pod = withVariables(withCommand(context, pod, ['bash', '-c', command]), [
    {name: 'FLINK_TM_JVM_MEM_OPTS', value: worker.memory.jvm},
  ]);
  pod = withMounts(context, pod);
  const metadata = {...pod.metadata, name: `${name}-taskmanager-1-${index}`};
  return {apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec(pod)};
}

function externalKey(resource: string): ConfigurationOption {
  return {key: `external-resource.${resource}.kubernetes.config-key`};
}

export function workerOf({configuration, release}: ClusterContext): Worker {
  return nativeWorker(configuration, release);
}

/** What both components start from: account, image, resources, ports, labels and what else the configuration says. */
function initialized(
  context: ClusterContext,
  component: 'jobmanager' | 'taskmanager',
  {metadata, spec, main}: FlinkPod,
  resources: Json,
  ports: readonly Json[],
): FlinkPod {
  const {configuration, deployment} = context;
  const options = componentOptions(component);
  const hostNetwork = configuration.boolean(HOST_NETWORK) ?? false;
  const overlooksTemplate = deployment.mode === 'standalone' && component === 'taskmanager';
  const resolved = (option: ConfigurationOption, usual: string, own: unknown) =>
    overlooksTemplate || own === undefined || own === null || configuration.has(option)
      ? (configuration.text(option) ?? usual)
      : own;
  const account = resolved(options.serviceAccount, 'default', spec.serviceAccount ?? spec.serviceAccountName);
  const network = overlooksTemplate
    ? {}
    : {hostNetwork, dnsPolicy: hostNetwork ? 'ClusterFirstWithHostNet' : (spec.dnsPolicy ?? 'ClusterFirst')};
  const tolerations = (configuration.maps(options.tolerations) ?? []).map(toleration);
  const pullSecrets = (configuration.list(PULL_SECRETS) ?? []).map((secret) => secret.trim()).filter(Boolean);
  const withAccount = {...spec, serviceAccount: account, serviceAccountName: account, ...network};
  const selected = merged(withAccount, 'nodeSelector', configuration.map(options.nodeSelector));
  const withSecretNames = appended(
    selected,
    'imagePullSecrets',
    pullSecrets.map((name) => ({name})),
  );
  return {
    metadata: merged(
      merged(metadata, 'labels', labels(context, component)),
      'annotations',
      annotations(context, component),
    ),
    spec: appended(withSecretNames, 'tolerations', tolerations),
    main: {
      ...main,
      name: MAIN_CONTAINER,
      image: resolved(IMAGE, defaultImage(context.release), main.image),
      imagePullPolicy:
        overlooksTemplate || !isText(main.imagePullPolicy) || configuration.has(PULL_POLICY)
          ? pullPolicy(configuration)
          : main.imagePullPolicy,
      resources,
      ...(hostNetwork && !overlooksTemplate ? {} : {ports: [...listOfPorts(main), ...ports]}),
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOfPorts({ports}: Json): readonly unknown[] {
  return Array.isArray(ports) ? ports : [];
}

function defaultImage({flinkClient}: Release): string {
  return `apache/flink:${flinkClient}-scala_2.12`;
}

const TOLERATION_FIELDS: Readonly<Record<string, string>> = {
  effect: 'effect',
  key: 'key',
  operator: 'operator',
  tolerationseconds: 'tolerationSeconds',
  value: 'value',
};

/** Fields are known in any case, others are left out. */
function toleration(parts: Readonly<Record<string, string>>): Json {
  const entries = Object.entries(parts).flatMap(([name, value]) => {
    const field = TOLERATION_FIELDS[name.toLowerCase()];
    if (field === undefined) return [];
    return [[field, field === 'tolerationSeconds' ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}

interface Amounts {
  readonly mebibytes: number;
  readonly memoryLimitFactor: number;
  /** Cores. */
  readonly cpu: number;
  readonly cpuLimitFactor: number;
  readonly devices?: Readonly<Record<string, string>>;
}

/** Requests and limits of Flink's container, over those of its template. */
function containerResources({requests, limits, ...rest}: Json, amounts: Amounts): Json {
  const {mebibytes, memoryLimitFactor, cpu, cpuLimitFactor, devices} = amounts;
  return {
    ...rest,
    requests: {...recordOf(requests), memory: `${mebibytes}Mi`, cpu: formatJavaDouble(cpu), ...devices},
    limits: {
      ...recordOf(limits),
      memory: `${javaInteger(mebibytes * memoryLimitFactor)}Mi`,
      cpu: formatJavaDouble(cpu * cpuLimitFactor),
      ...devices,
    },
  };
}

/** Java's `(int)` of a double. */
function javaInteger(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value))) + 0;
}

function checkedFactor(configuration: FlinkConfiguration, option: ConfigurationOption): number {
  const factor = configuration.double(option) ?? 1;
  if (factor >= 1) return factor;
  throw illegalArgument(`${option.key} should be greater or equal to 1.`, option.key);
}

function environment(configuration: FlinkConfiguration, prefix: string): readonly Json[] {
  const variables = configuration.prefixed(prefix);
  return hashMapOrder([...variables.keys()]).map((name) => ({name, value: variables.get(name)}));
}

function logDirectory(configuration: FlinkConfiguration): readonly Json[] {
  const value = configuration.text(LOG_DIRECTORY);
  return value === undefined ? [] : [{name: 'FLINK_LOG_DIR', value}];
}

/** Variables and files from Secrets. */
function withSecrets({configuration}: ClusterContext, pod: FlinkPod): FlinkPod {
  const variables = (configuration.maps(SECRET_VARIABLES) ?? []).map(({env, secret, key}) => ({
    name: env,
    valueFrom: {secretKeyRef: {key, name: secret}},
  }));
  const secrets = configuration.map(SECRETS) ?? {};
  return hashMapOrder(Object.keys(secrets)).reduce(
    (mounted, secretName) =>
      withVolume(mounted, {name: `${secretName}-volume`, secret: {secretName}}, {mountPath: secrets[secretName]}),
    withVariables(pod, variables),
  );
}

function withCommand({configuration}: ClusterContext, pod: FlinkPod, args: readonly string[]): FlinkPod {
  const entry = configuration.text(ENTRY_PATH) ?? '/docker-entrypoint.sh';
  return {...pod, main: {...pod.main, command: [entry], args}};
}

function withNativeCommand(context: ClusterContext, pod: FlinkPod): FlinkPod {
  const {configuration, deployment} = context;
  const target = deployment.job === undefined ? 'kubernetes-session' : 'kubernetes-application';
  const more = configuration.text(componentOptions('jobmanager').entrypointArguments) ?? '';
  return withCommand(context, pod, ['bash', '-c', `kubernetes-jobmanager.sh ${target} ${more}`]);
}

const POD_ADDRESS = '$(_POD_IP_ADDRESS)';

function withStandaloneCommand(context: ClusterContext, pod: FlinkPod): FlinkPod {
  const {configuration, deployment, release} = context;
  const isAvailable = isHighlyAvailable(configuration);
  const property = ['-D', `jobmanager.rpc.address=${POD_ADDRESS}`];
  if (deployment.job === undefined) {
    const own = Array.isArray(pod.main.args) ? pod.main.args : [];
    const address = release.addressAsProperty ? property : [POD_ADDRESS];
    return withCommand(context, pod, [...own, 'jobmanager', ...(isAvailable ? address : [])]);
  }
  const address = release.addressAsProperty ? property : ['--host', POD_ADDRESS];
  const mainClass = configuration.text(MAIN_CLASS);
  const savepoint = configuration.text(SAVEPOINT_PATH);
  return withCommand(context, pod, [
    'standalone-job',
    ...(mainClass === undefined ? [] : ['--job-classname', mainClass]),
    ...(configuration.boolean(IGNORES_UNCLAIMED_STATE) === true ? ['--allowNonRestoredState'] : []),
    ...(savepoint === undefined ? [] : ['--fromSavepoint', savepoint]),
    ...(isAvailable ? address : []),
    ...(configuration.list(PROGRAM_ARGUMENTS) ?? []),
  ]);
}

/** Hadoop's and Kerberos' configuration where they are named, and Flink's own. */
function withMounts(context: ClusterContext, pod: FlinkPod): FlinkPod {
  const {configuration, name} = context;
  let mounted = pod;
  const hadoop = configuration.text(HADOOP_CONFIG_MAP)?.trim() ?? '';
  if (hadoop !== '' && (configuration.boolean(MOUNTS_HADOOP) ?? true)) {
    const mountPath = '/opt/hadoop/conf';
    mounted = withVolume(mounted, {configMap: {name: hadoop}, name: 'hadoop-config-volume'}, {mountPath});
    mounted = withVariables(mounted, [{name: 'HADOOP_CONF_DIR', value: mountPath}]);
  }
  const kerberos = configuration.text(KERBEROS_CONFIGURATION)?.trim() ?? '';
  if (kerberos !== '' && (configuration.boolean(MOUNTS_KERBEROS) ?? true)) {
    const items = [{key: kerberos.split('/').at(-1), path: 'krb5.conf'}];
    const volume = {configMap: {items, name: `kerberos-krb5conf-${name}`}, name: 'kerberos-krb5conf-volume'};
    mounted = withVolume(mounted, volume, {mountPath: '/etc/krb5.conf', subPath: 'krb5.conf'});
  }
  const mountPath = configuration.text(CONFIGURATION_DIRECTORY) ?? '/opt/flink/conf';
  return withVolume(mounted, configurationVolume(context), {mountPath});
}

function configurationVolume(context: ClusterContext): Json {
  const items = configurationFiles(context).map((key) => ({key, path: key}));
  return {configMap: {items, name: `flink-config-${context.name}`}, name: 'flink-config-volume'};
}

/** The operator brings a log4j file of its own; the resource's log configuration takes its place. */
function configurationFiles({deployment}: ClusterContext): readonly string[] {
  const {logConfiguration, flinkVersion} = deployment;
  const logs = logConfiguration ?? {'log4j-console.properties': ''};
  return [
    ...['logback-console.xml', 'log4j-console.properties'].filter((file) => Object.hasOwn(logs, file)),
    isAtLeastFlink(flinkVersion, 'v2_0') ? 'config.yaml' : 'flink-conf.yaml',
  ];
}

const TEMPLATE_FILE = 'taskmanager-pod-template.yaml';

/** A native JobManager makes TaskManagers from a template that it mounts. */
function withTaskManagerTemplate({templates, name}: ClusterContext, pod: FlinkPod): FlinkPod {
  if (templates.taskManager === undefined) return pod;
  const items = [{key: TEMPLATE_FILE, path: TEMPLATE_FILE}];
  const volume = {configMap: {items, name: `pod-template-${name}`}, name: 'pod-template-volume'};
  return withVolume(pod, volume, {mountPath: '/opt/flink/pod-template'});
}

const USER_LIBRARY = '/opt/flink/usrlib';

/** A place for the jar of a standalone application, unless the template mounts one there. */
function withUserLibrary({configuration, deployment}: ClusterContext, pod: FlinkPod): FlinkPod {
  if (deployment.job === undefined || !configuration.has(CLASSPATHS)) return pod;
  const mounts = Array.isArray(pod.main.volumeMounts) ? pod.main.volumeMounts : [];
  if (mounts.some((mount) => String(recordOf(mount).mountPath).startsWith(USER_LIBRARY))) return pod;
  return withVolume(pod, {emptyDir: {}, name: 'user-lib-dir'}, {mountPath: USER_LIBRARY});
}

function deploymentObject(
  context: ClusterContext,
  component: 'jobmanager' | 'taskmanager',
  name: string,
  replicas: number,
  pod: FlinkPod,
): KubernetesObject {
  const own = annotations(context, component);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...(Object.keys(own).length === 0 ? {} : {annotations: own as Record<string, string>}),
      labels: labels(context, component) as Record<string, string>,
      name,
    },
    spec: {
      replicas,
      selector: {matchLabels: selectors(context, component)},
      template: {metadata: pod.metadata, spec: podSpec(pod)},
    },
  };
}

/** Ways to the JobManager: inside the cluster, unless TaskManagers find it by high availability, and to its REST port. */
function services(context: ClusterContext): readonly KubernetesObject[] {
  const {configuration, name, deployment, release} = context;
  const selector = selectors(context, 'jobmanager');
  const rest = {
    name: 'rest',
    port: configuration.integer(REST_PORT) ?? 8081,
    targetPort: fixedPort(configuration, REST_BIND_PORT, 8081) || 8081,
  };
  const type = restServiceType(configuration);
  const internal =
    deployment.mode === 'standalone' || !isHighlyAvailable(configuration)
      ? [
          serviceObject(context, name, release.isModern ? INTERNAL_SERVICE_ANNOTATIONS : undefined, {
            clusterIP: 'None',
            ports: [
              {name: 'jobmanager-rpc', port: jobManagerPort(configuration)},
              {name: 'blobserver', port: fixedPort(configuration, BLOB_PORT, 6124)},
            ],
            selector,
          }),
        ]
      : [];
  return [
    ...internal,
    serviceObject(context, `${name}-rest`, REST_SERVICE_ANNOTATIONS, {
      ...(type === 'Headless_ClusterIP' ? {clusterIP: 'None'} : {}),
      ports: [rest],
      selector,
      type: type === 'Headless_ClusterIP' ? 'ClusterIP' : type,
    }),
  ];
}

const SERVICE_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'Headless_ClusterIP'] as const;
const PULL_POLICIES = ['IfNotPresent', 'Always', 'Never'] as const;

function restServiceType(configuration: FlinkConfiguration): (typeof SERVICE_TYPES)[number] {
  return enumValue(configuration, REST_SERVICE_TYPE, 'ServiceExposedType', SERVICE_TYPES);
}

function pullPolicy(configuration: FlinkConfiguration): string {
  return enumValue(configuration, PULL_POLICY, 'ImagePullPolicy', PULL_POLICIES);
}

/** One of a Java enum's names, in any case; the first is the default. */
function enumValue<T extends string>(
  configuration: FlinkConfiguration,
  option: ConfigurationOption,
  enumName: string,
  names: readonly [T, ...T[]],
): T {
  const text = configuration.text(option);
  if (text === undefined) return names[0];
  const found = names.find((name) => name.toUpperCase() === text.toUpperCase());
  if (found !== undefined) return found;
  const type = `org.apache.flink.kubernetes.configuration.KubernetesConfigOptions$${enumName}`;
  throw illegalArgument(
    `Could not parse value for enum class ${type}. Expected one of: [[${names.join(', ')}]]`,
    option.key,
  ).causing(`java.lang.IllegalArgumentException: Could not parse value '${text}' for key '${option.key}'.`);
}

function serviceObject(
  context: ClusterContext,
  name: string,
  annotationsOption: ConfigurationOption | undefined,
  spec: Json,
): KubernetesObject {
  const own = annotationsOption === undefined ? undefined : context.configuration.map(annotationsOption);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {...(own === undefined ? {} : {annotations: own}), labels: commonLabels(context), name},
    spec,
  };
}

function configMaps(context: ClusterContext): readonly ConfigMapObject[] {
  const {name, deployment, templates} = context;
  const maps = [configMapObject(context, `flink-config-${name}`, hashMapOrder(configurationFiles(context)))];
  if (deployment.mode === 'native' && templates.taskManager !== undefined) {
    maps.push(configMapObject(context, `pod-template-${name}`, [TEMPLATE_FILE]));
  }
  return maps;
}

function configMapObject(context: ClusterContext, name: string, dataKeys: readonly string[]): ConfigMapObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {labels: commonLabels(context), name}, dataKeys};
}
