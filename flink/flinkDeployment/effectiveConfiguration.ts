/** What the operator makes of its own defaults and of the resource before it hands it to Flink's client. */
import type {Field} from '../field.ts';
import {type ConfigurationOption, type FlinkConfiguration, flatConfiguration} from '../flinkConfiguration.ts';
import {formatJavaDouble} from '../javaDouble.ts';
import {isAtLeastFlink, type Release} from './apacheOperator.ts';
import {type DeploymentSpec, isBlank} from './deploymentSpec.ts';
import {JavaFailure} from './javaFailure.ts';
import {parseJavaUri} from './javaUri.ts';
import {
  CLASSPATHS,
  componentOptions,
  IGNORES_UNCLAIMED_STATE,
  JARS,
  JOB_MANAGER_REPLICAS,
  MAIN_CLASS,
  PARALLELISM,
  PARALLELISM_OVERRIDES,
  PROGRAM_ARGUMENTS,
  REST_SERVICE_TYPE,
  SERVICE_ACCOUNT,
  slotsPerTaskManager,
  TASK_MANAGER_REPLICAS,
} from './options.ts';

const DEFAULTS = 'kubernetes.operator.default-configuration.';

/** The operator's defaults for a namespace and a version of Flink; the more special ones win. */
export function defaultConfiguration(
  operatorConfiguration: FlinkConfiguration,
  release: Release,
  namespace: string | undefined,
  flinkVersion: string | undefined,
): FlinkConfiguration {
  const prefixes = [
    ...(namespace === undefined ? [] : [`${DEFAULTS}namespace.${namespace}.`]),
    ...(flinkVersion === undefined ? [] : versionPrefixes(operatorConfiguration, release, flinkVersion)),
  ];
  return prefixes.reduce(
    (configuration, prefix) => configuration.with(operatorConfiguration.prefixed(prefix)),
    operatorConfiguration,
  );
}

/** `v1_17+.` counts for 1.17 and later ones, in order of age, and `v1_18.` for that version alone. */
function versionPrefixes(
  configuration: FlinkConfiguration,
  {isModern, flinkVersions}: Release,
  flinkVersion: string,
): readonly string[] {
  const exact = `${DEFAULTS}flink-version.${flinkVersion}.`;
  if (!isModern) return [exact];
  const earlier = flinkVersions
    .filter((version) => isAtLeastFlink(flinkVersion, version))
    .map((version) => `${DEFAULTS}flink-version.${version}+.`)
    .filter((prefix) => configuration.prefixed(prefix).size > 0);
  return [...earlier, exact];
}

/** The configuration that the validator looks at: defaults with what the resource says over them. */
export function validatedConfiguration(defaults: FlinkConfiguration, spec: Field): FlinkConfiguration {
  return defaults.with(flatConfiguration(spec.get('flinkConfiguration').record() ?? {}));
}

/** The configuration with which the cluster is deployed. */
export function deployedConfiguration(
  validated: FlinkConfiguration,
  deployment: DeploymentSpec,
  release: Release,
): FlinkConfiguration {
  let configuration = validated.withDefaults([[REST_SERVICE_TYPE, 'ClusterIP']]);
  const set = (option: ConfigurationOption | string, value: string | undefined) => {
    const key = typeof option === 'string' ? option : option.key;
    if (value !== undefined) configuration = configuration.with([[key, value]]);
  };
  const {image, imagePullPolicy, flinkVersion, serviceAccount, job, jobManager, taskManager, mode} = deployment;
  const knowsNewKeys = isAtLeastFlink(flinkVersion, 'v1_17');
  if (!isBlank(image)) set(knowsNewKeys ? 'kubernetes.container.image.ref' : 'kubernetes.container.image', image);
  if (!isBlank(imagePullPolicy)) set('kubernetes.container.image.pull-policy', pullPolicy(imagePullPolicy!));
  set(SERVICE_ACCOUNT, serviceAccount);
  // The ingress leads to a service inside the cluster, whatever type is configured; newer releases leave the type.
  if (deployment.ingress !== undefined && !release.isModern) set(REST_SERVICE_TYPE, 'ClusterIP');

  for (const [name, component] of [['jobmanager', jobManager] as const, ['taskmanager', taskManager] as const]) {
    const options = componentOptions(name);
    set(options.processSize, component.memory);
    const cpu = component.cpu === undefined ? undefined : formatJavaDouble(component.cpu);
    if (knowsNewKeys || release.isModern) set(options.cpu, cpu);
    if (!knowsNewKeys) set(`kubernetes.${name}.cpu`, cpu);
    set(options.memoryLimitFactor, factorText(component.memoryLimitFactor));
    set(options.cpuLimitFactor, factorText(component.cpuLimitFactor));
  }
  if (jobManager.replicas > 0) set(JOB_MANAGER_REPLICAS, String(jobManager.replicas));
  if (taskManager.replicas !== undefined && taskManager.replicas > 0) {
    set(TASK_MANAGER_REPLICAS, String(taskManager.replicas));
  }
  if (job === undefined) return configuration;

  const parallelism = jobParallelism(deployment, configuration, release);
  if (mode === 'standalone' && !configuration.has(TASK_MANAGER_REPLICAS)) {
    set(TASK_MANAGER_REPLICAS, String(taskManagersFor(parallelism, slotsPerTaskManager(configuration))));
  }
  set(PARALLELISM, String(parallelism));
  set(IGNORES_UNCLAIMED_STATE, job.allowNonRestoredState === undefined ? undefined : String(job.allowNonRestoredState));
  set(MAIN_CLASS, job.entryClass);
  set(PROGRAM_ARGUMENTS, listText(job.args));
  if (job.jarUri !== undefined) {
    set(JARS, listText([checkedUri(job.jarUri)]));
    if (mode === 'standalone') set(CLASSPATHS, listText([standaloneJar(job.jarUri)]));
  }
  return configuration;
}

/** ceil(parallelism / slots), in Java's integers. */
export function taskManagersFor(parallelism: number, slots: number): number {
  if (slots === 0) throw new JavaFailure(['java.lang.ArithmeticException: / by zero'], 'taskmanager.numberOfTaskSlots');
  return Math.trunc(((parallelism + slots - 1) | 0) / slots);
}

/** With replicas of the TaskManager, the parallelism is what their slots are, whatever the job says. */
function jobParallelism(
  {job, taskManager, mode}: DeploymentSpec,
  configuration: FlinkConfiguration,
  {isModern}: Release,
): number {
  if (taskManager.replicas !== undefined) return Math.imul(taskManager.replicas, slotsPerTaskManager(configuration));
  const overrides = isModern && mode === 'standalone' ? configuration.map(PARALLELISM_OVERRIDES) : undefined;
  const largest = Math.max(0, ...Object.values(overrides ?? {}).map(override));
  return largest > 0 ? largest : (job?.parallelism ?? 0);
}

function override(text: string): number {
  if (/^[+-]?\d{1,10}$/.test(text)) return Number(text);
  throw new JavaFailure([`java.lang.NumberFormatException: For input string: "${text}"`], PARALLELISM_OVERRIDES.key);
}

function checkedUri(text: string): string {
  const uri = parseJavaUri(text);
  if ('error' in uri) throw new JavaFailure([`java.net.URISyntaxException: ${uri.error}`]);
  return text;
}

/** A standalone process reads its jar as a file of its image. */
function standaloneJar(text: string): string {
  const uri = parseJavaUri(text);
  if ('error' in uri) throw new JavaFailure([`java.net.URISyntaxException: ${uri.error}`]);
  if (uri.scheme === undefined) {
    throw new JavaFailure([
      'java.lang.NullPointerException: Cannot invoke "String.equals(Object)" because the return value of "java.net.URI.getScheme()" is null',
    ]);
  }
  return uri.scheme === 'local' ? text.replace(/^local:(?:\/\/)?/, 'file://') : text;
}

const PULL_POLICIES = ['IfNotPresent', 'Always', 'Never'];

function pullPolicy(text: string): string {
  if (PULL_POLICIES.includes(text)) return text;
  throw new JavaFailure([
    `java.lang.IllegalArgumentException: No enum constant org.apache.flink.kubernetes.configuration.KubernetesConfigOptions.ImagePullPolicy.${text}`,
  ]);
}

/** Items that hold a separator or a quote are quoted, as Flink writes lists. */
function listText(items: readonly string[]): string {
  return items.map((item) => (/[;"']/.test(item) ? `'${item.replaceAll("'", "''")}'` : item)).join(';');
}

function factorText(factor: number | undefined): string | undefined {
  return factor === undefined ? undefined : formatJavaDouble(factor);
}
