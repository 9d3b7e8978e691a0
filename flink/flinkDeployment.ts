/**
 * FlinkDeployment (flink.apache.org/v1beta1) to the objects that Apache's flink-kubernetes-operator and, in native mode,
 * Flink's own resource manager make of it. Commands, arguments and environment of the containers are left out.
 */
import type {KubernetesObject} from '../model/kubernetes.ts';
import {
  type ComponentResources,
  componentResources,
  type FlinkComponent,
  JOB_MANAGER,
  mainContainerResources,
  TASK_MANAGER,
} from './componentResources.ts';
import {Field} from './field.ts';
import {FlinkConfiguration} from './flinkConfiguration.ts';
import {type FlinkOutcome, ownedBy, present, type Slots} from './flinkOutcome.ts';
import {MAIN_CONTAINER, mergePodTemplates, templateParts} from './podTemplate.ts';

/** Releases of Apache's operator whose objects are reproduced. */
export const APACHE_OPERATORS = ['apache-1.15.0', 'apache-1.16-SNAPSHOT-6e9caeb', 'apache-1.7.0'] as const;
export type ApacheOperator = (typeof APACHE_OPERATORS)[number];
/** The oldest release that reads `resources`, which current manifests use. */
export const DEFAULT_APACHE_OPERATOR: ApacheOperator = 'apache-1.16-SNAPSHOT-6e9caeb';

const VERSIONS_OF_1_7 = ['v1_13', 'v1_14', 'v1_15', 'v1_16', 'v1_17', 'v1_18', 'v1_19'] as const;
const VERSIONS = [...VERSIONS_OF_1_7, 'v1_20', 'v2_0', 'v2_1', 'v2_2', 'v2_3', 'v2_4'] as const;
const VERSIONS_NO_LONGER_SUPPORTED: readonly string[] = ['v1_13', 'v1_14'];
const FORBIDDEN_KEYS = ['kubernetes.namespace', 'kubernetes.cluster-id', 'high-availability.cluster-id'] as const;
const NAME = /^[a-z]([-a-z\d]{0,43}[a-z\d])?$/;

type Mode = 'native' | 'standalone';

interface Deployment {
  readonly object: KubernetesObject;
  readonly name: string;
  readonly operator: ApacheOperator;
  readonly spec: Field;
  readonly configuration: FlinkConfiguration;
  readonly mode: Mode;
  readonly flinkVersion: string;
  readonly serviceAccount: string;
  readonly slotsPerTaskManager: number;
  readonly jobManager: ComponentResources;
  readonly taskManager: ComponentResources;
}

/** Throws a Refusal where the operator refuses the resource. */
export function flinkDeploymentObjects(object: KubernetesObject, operator: ApacheOperator): FlinkOutcome {
  const root = new Field(object);
  const spec = root.get('spec');
  const configuration = new FlinkConfiguration(spec.get('flinkConfiguration'));
  const name = deploymentName(root);
  const flinkVersion = supportedVersion(spec.get('flinkVersion'), operator);
  const mode = spec.get('mode').oneOf<Mode>(['native', 'standalone']) ?? 'native';
  for (const key of FORBIDDEN_KEYS) {
    if (configuration.has(key)) configuration.refuse(key, `Forbidden Flink config key: ${key}`);
  }
  checkJob(spec);
  const readsResources = operator === 'apache-1.16-SNAPSHOT-6e9caeb';
  const jobManagerReplicas = checkJobManager(spec.get('jobManager'), configuration);
  const jobManager = componentResources(JOB_MANAGER, spec.get('jobManager'), configuration, readsResources);
  checkTaskManager(spec.get('taskManager'));
  const taskManager = componentResources(TASK_MANAGER, spec.get('taskManager'), configuration, readsResources);
  const serviceAccount = spec.get('serviceAccount').string();
  if (serviceAccount === undefined) {
    return spec.refuse(
      'spec.serviceAccount must be defined. If you use helm, its value should be the same with the name of jobServiceAccount.',
    );
  }
  if (spec.get('job').get('state').oneOf(['running', 'suspended']) === 'suspended') {
    return {kind: 'none', notes: ['job.state is suspended, so that neither JobManager nor TaskManagers run']};
  }

  const slotsPerTaskManager = configuration.integer('taskmanager.numberOfTaskSlots') ?? 1;
  if (slotsPerTaskManager < 1) {
    configuration.refuse(
      'taskmanager.numberOfTaskSlots',
      `taskmanager.numberOfTaskSlots is ${slotsPerTaskManager}, a TaskManager needs at least one slot`,
    );
  }
  const deployment: Deployment = {
    object,
    name,
    operator,
    spec,
    configuration,
    mode,
    flinkVersion,
    serviceAccount,
    slotsPerTaskManager,
    jobManager,
    taskManager,
  };
  const {count, slots, notes} = taskManagers(deployment);
  if (count > MAX_TASK_MANAGERS) {
    deployment.spec.refuse(`${count} TaskManagers are asked for; Stowage makes ${MAX_TASK_MANAGERS} of a job at most`);
  }
  const jobManagerObject = jobManagerDeployment(deployment, jobManagerReplicas);
  const taskManagerObjects =
    mode === 'standalone' ? [taskManagerDeployment(deployment, count)] : nativeTaskManagers(deployment, count);
  return {
    kind: 'objects',
    objects: [
      {component: 'jobmanager', object: jobManagerObject},
      ...taskManagerObjects.map((taskManagerObject) => ({
        component: 'taskmanager' as const,
        object: taskManagerObject,
      })),
    ],
    slots,
    notes,
  };
}

function deploymentName(root: Field): string {
  const field = root.get('metadata').get('name');
  const name = field.string() ?? '';
  if (NAME.test(name)) return name;
  return field.refuse(
    `The FlinkDeployment name: ${name} is invalid, must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'), and the length must be no more than 45 characters.`,
  );
}

function supportedVersion(field: Field, operator: ApacheOperator): string {
  const version = field.oneOf(operator === 'apache-1.7.0' ? VERSIONS_OF_1_7 : VERSIONS);
  if (version === undefined) return field.refuse('Flink Version must be defined.');
  if (operator !== 'apache-1.7.0' && VERSIONS_NO_LONGER_SUPPORTED.includes(version)) {
    field.refuse(`Flink version ${version} is not supported by this operator version`);
  }
  return version;
}

function checkJob(spec: Field): void {
  const job = spec.get('job');
  if (!job.isPresent || spec.get('taskManager').get('replicas').isPresent) return;
  const parallelism = job.get('parallelism');
  if ((parallelism.integer() ?? 0) < 1) parallelism.refuse('Job parallelism must be larger than 0');
}

/** Returns the replicas. */
function checkJobManager(jobManager: Field, configuration: FlinkConfiguration): number {
  const field = jobManager.get('replicas');
  const replicas = field.integer() ?? 1;
  if (replicas < 1) field.refuse('JobManager replicas should not be configured less than one.');
  const highAvailability = configuration.get('high-availability.type', 'high-availability') ?? 'NONE';
  if (replicas > 1 && highAvailability.toUpperCase() === 'NONE') {
    field.refuse('High availability should be enabled when starting standby JobManagers.');
  }
  return replicas;
}

function checkTaskManager(taskManager: Field): void {
  const field = taskManager.get('replicas');
  if ((field.integer() ?? 1) < 1) field.refuse('TaskManager replicas must be larger than 0');
}

interface TaskManagerCount {
  readonly count: number;
  readonly slots: Slots;
  readonly notes: readonly string[];
}

/** How many TaskManagers run once the job has the slots it asks for. */
/** More TaskManagers than this are taken as a mistake in a number: each is a pod object of its own in native mode. */
const MAX_TASK_MANAGERS = 100_000;

function taskManagers(deployment: Deployment): TaskManagerCount {
  const {spec, mode, slotsPerTaskManager} = deployment;
  const replicas = spec.get('taskManager').get('replicas').integer();
  if (!spec.get('job').isPresent) {
    const count = mode === 'native' ? 0 : (replicas ?? 1);
    return {
      count,
      slots: {total: count * slotsPerTaskManager, used: null},
      notes: mode === 'native' ? ['a native session cluster has no TaskManager until a job asks for slots'] : [],
    };
  }
  const parallelism = replicas === undefined ? jobParallelism(deployment) : replicas * slotsPerTaskManager;
  const redundant =
    mode === 'native' ? Math.max(0, deployment.configuration.integer('slotmanager.redundant-taskmanager-num') ?? 0) : 0;
  const count = Math.ceil(parallelism / slotsPerTaskManager) + redundant;
  return {
    count,
    slots: {total: count * slotsPerTaskManager, used: parallelism},
    notes:
      mode === 'native' && replicas === undefined
        ? [
            `Flink asks for TaskManagers as the job needs slots; ${count} counted for parallelism ${parallelism} at ${slotsPerTaskManager} slots each`,
          ]
        : [],
  };
}

/** In standalone mode the overrides of single vertices count before the job's parallelism; 1.7.0 does not know them. */
function jobParallelism({spec, configuration, mode, operator}: Deployment): number {
  const parallelism = spec.get('job').get('parallelism').integer() ?? 1;
  if (mode === 'native' || operator === 'apache-1.7.0') return parallelism;
  const overrides = Object.values(configuration.map('pipeline.jobvertex-parallelism-overrides')).map(Number);
  const largest = Math.max(0, ...overrides.filter(Number.isSafeInteger));
  return largest > 0 ? largest : parallelism;
}

function jobManagerDeployment(deployment: Deployment, replicas: number): KubernetesObject {
  const {configuration} = deployment;
  const ports = containerPorts(deployment, [
    ['rest', configuration.get('rest.port') ?? '8081'],
    ['jobmanager-rpc', configuration.get('jobmanager.rpc.port') ?? '6123'],
    ['blobserver', configuration.get('blob.server.port') ?? '6124'],
  ]);
  const template = podTemplate(deployment, JOB_MANAGER, deployment.jobManager.cpu ?? 1, ports);
  return workload(deployment, JOB_MANAGER, deployment.name, replicas, template);
}

function taskManagerDeployment(deployment: Deployment, replicas: number): KubernetesObject {
  const {cpu} = deployment.taskManager;
  if (cpu === undefined || cpu <= 0) {
    return deployment.spec
      .get('taskManager')
      .refuse(
        'a standalone cluster without TaskManager cpu makes a Deployment that requests "-1.0" cpu, which the API server refuses',
      );
  }
  const template = podTemplate(deployment, TASK_MANAGER, cpu, taskManagerPorts(deployment));
  return workload(deployment, TASK_MANAGER, `${deployment.name}-taskmanager`, replicas, template);
}

/** The pods of the first attempt, `NAME-taskmanager-1-1` and on. */
function nativeTaskManagers(deployment: Deployment, count: number): readonly KubernetesObject[] {
  const {cpu} = deployment.taskManager;
  const cores =
    cpu !== undefined && cpu > 0
      ? cpu
      : (deployment.configuration.double('taskmanager.cpu.cores') ?? deployment.slotsPerTaskManager);
  const template = podTemplate(deployment, TASK_MANAGER, cores, taskManagerPorts(deployment));
  const spec = {...template.spec, restartPolicy: 'Never'};
  return Array.from({length: count}, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      ...objectMeta(deployment, `${deployment.name}-taskmanager-1-${index + 1}`),
      labels: template.metadata.labels,
    },
    spec,
  }));
}

function taskManagerPorts(deployment: Deployment): readonly object[] {
  return containerPorts(deployment, [
    ['taskmanager-rpc', deployment.configuration.get('taskmanager.rpc.port') ?? '6122'],
  ]);
}

/** A process on the host's network declares no ports; 0 and ranges are chosen at run time and not declared either. */
function containerPorts(
  {configuration}: Deployment,
  ports: readonly (readonly [name: string, port: string])[],
): readonly object[] {
  if (configuration.boolean('kubernetes.hostnetwork.enabled')) return [];
  return ports
    .filter(([, port]) => /^[1-9]\d{0,4}$/.test(port))
    .map(([name, port]) => ({containerPort: Number(port), name}));
}

interface Template {
  readonly metadata: {readonly labels: Record<string, string>; readonly [field: string]: unknown};
  readonly spec: Readonly<Record<string, unknown>>;
}

function podTemplate(
  deployment: Deployment,
  component: FlinkComponent,
  cpu: number,
  ports: readonly object[],
): Template {
  const {spec, configuration, mode, serviceAccount} = deployment;
  const arrays = configuration.boolean('kubernetes.operator.pod-template.merge-arrays-by-name') ? 'byName' : 'byIndex';
  const componentTemplate = spec.get(component.field).get('podTemplate');
  const merged = mergePodTemplates(spec.get('podTemplate').record() ?? {}, componentTemplate.record(), arrays);
  const template = new Field(
    merged,
    componentTemplate.isPresent ? componentTemplate.pointer : spec.get('podTemplate').pointer,
  );
  const parts = templateParts(template);
  const main = new Field(parts.main, template.pointer);
  const volumes = mountedVolumes(deployment, component);
  const hostNetwork = configuration.boolean('kubernetes.hostnetwork.enabled');
  const key = `kubernetes.${component.name}`;
  const annotations = {...parts.annotations, ...configuration.map(`${key}.annotations`)};
  const nodeSelector = {
    ...template.get('spec').get('nodeSelector').record(),
    ...configuration.map(`${key}.node-selector`),
  };
  const tolerations = [
    ...template
      .get('spec')
      .get('tolerations')
      .items()
      .map(({value}) => value),
    ...configuration.maps(`${key}.tolerations`).map(toleration),
  ];
  const container = {
    ...parts.main,
    ...present({
      name: MAIN_CONTAINER,
      image:
        spec.get('image').string() ?? configuration.get('kubernetes.container.image.ref', 'kubernetes.container.image'),
      imagePullPolicy:
        spec.get('imagePullPolicy').string() ??
        configuration.get('kubernetes.container.image.pull-policy') ??
        'IfNotPresent',
      ports: appended(main.get('ports'), ports),
      volumeMounts: appended(
        main.get('volumeMounts'),
        volumes.map(({volume, mountPath}) => ({name: volume.name, mountPath})),
      ),
    }),
    resources: mainContainerResources(deployment[component.field], cpu, main.get('resources')),
  };
  return {
    metadata: {
      ...parts.metadata,
      ...(Object.keys(annotations).length === 0 ? {} : {annotations}),
      labels: {...(parts.labels as Record<string, string>), ...labels(deployment, component)},
    },
    spec: {
      ...parts.spec,
      containers: [...parts.others, container],
      ...(mode === 'native' || component === JOB_MANAGER
        ? {hostNetwork, dnsPolicy: hostNetwork ? 'ClusterFirstWithHostNet' : 'ClusterFirst'}
        : {}),
      ...(Object.keys(nodeSelector).length === 0 ? {} : {nodeSelector}),
      ...(tolerations.length === 0 ? {} : {tolerations}),
      serviceAccount,
      serviceAccountName: serviceAccount,
      volumes: appended(
        template.get('spec').get('volumes'),
        volumes.map(({volume}) => volume),
      ),
    },
  };
}

function appended(list: Field, items: readonly object[]): readonly unknown[] | undefined {
  const all = [...list.items().map(({value}) => value), ...items];
  return all.length === 0 ? undefined : all;
}

interface MountedVolume {
  readonly volume: {readonly name: string; readonly [source: string]: unknown};
  readonly mountPath: string;
}

/** Volumes of Flink's own container, in the order in which operator and Flink add them. */
function mountedVolumes(deployment: Deployment, component: FlinkComponent): readonly MountedVolume[] {
  const {name, operator, spec, configuration, mode, flinkVersion} = deployment;
  const isJobManager = component === JOB_MANAGER;
  const volumes: MountedVolume[] = [];
  const emptyDir = (volumeName: string, mountPath: string) =>
    volumes.push({volume: {name: volumeName, emptyDir: {}}, mountPath});
  const configMap = (volumeName: string, mapName: string, files: readonly string[], mountPath: string) => {
    const items = files.map((key) => ({key, path: key}));
    volumes.push({volume: {name: volumeName, configMap: {name: mapName, items}}, mountPath});
  };
  if (isJobManager && operator !== 'apache-1.7.0') emptyDir('user-artifacts-volume', '/opt/flink/artifacts');
  for (const [secretName, mountPath] of Object.entries(configuration.map('kubernetes.secrets'))) {
    volumes.push({volume: {name: `${secretName}-volume`, secret: {secretName}}, mountPath});
  }
  const configFile = flinkVersion.startsWith('v1_') ? 'flink-conf.yaml' : 'config.yaml';
  const configFiles = ['log4j-console.properties', configFile];
  configMap('flink-config-volume', `flink-config-${name}`, configFiles, '/opt/flink/conf');
  if (isJobManager && mode === 'native' && hasTaskManagerTemplate(deployment)) {
    const files = ['taskmanager-pod-template.yaml'];
    configMap('pod-template-volume', `pod-template-${name}`, files, '/opt/flink/pod-template');
  }
  if (isJobManager && mode === 'standalone' && spec.get('job').isPresent) {
    emptyDir('user-lib-dir', '/opt/flink/usrlib');
  }
  return volumes;
}

/** In native mode Flink itself makes the TaskManagers, from a template that the JobManager mounts. */
function hasTaskManagerTemplate({spec, taskManager}: Deployment): boolean {
  return (
    spec.get('podTemplate').isPresent ||
    spec.get('taskManager').get('podTemplate').isPresent ||
    Object.keys(taskManager.otherRequests).length > 0 ||
    Object.keys(taskManager.otherLimits).length > 0
  );
}

function toleration(parts: Readonly<Record<string, string>>): object {
  const {tolerationSeconds, ...rest} = parts;
  return tolerationSeconds === undefined ? rest : {...rest, tolerationSeconds: Number(tolerationSeconds)};
}

/** Labels of Flink itself; they win over those of the template and of the configuration. */
function commonLabels({name, mode}: Deployment, component: FlinkComponent): Record<string, string> {
  return {app: name, component: component.name, type: `flink-${mode}-kubernetes`};
}

function labels(deployment: Deployment, component: FlinkComponent): Record<string, string> {
  const configured = deployment.configuration.map(`kubernetes.${component.name}.labels`);
  return {...configured, ...commonLabels(deployment, component)};
}

function workload(
  deployment: Deployment,
  component: FlinkComponent,
  name: string,
  replicas: number,
  template: Template,
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {...objectMeta(deployment, name), labels: labels(deployment, component)},
    spec: {replicas, selector: {matchLabels: commonLabels(deployment, component)}, template},
  };
}

function objectMeta({object}: Deployment, name: string) {
  const {namespace} = object.metadata;
  return {name, ...(namespace === undefined ? {} : {namespace}), ownerReferences: [ownedBy(object)]};
}
