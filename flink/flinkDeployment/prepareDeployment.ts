import type {KubernetesObject} from '../../model/kubernetes.ts';
import {Field, Refusal} from '../field.ts';
import {FlinkConfiguration, flatConfiguration} from '../flinkConfiguration.ts';
import {pruneAndDefault} from '../schema/pruneAndDefault.ts';
import {type SchemaError, schemaErrors} from '../schema/schemaErrors.ts';
import type {Release} from './apacheOperator.ts';
import type {ClusterContext} from './cluster.ts';
import {customResourceSchema} from './customResourceSchema.ts';
import {type DeploymentSpec, readDeploymentSpec} from './deploymentSpec.ts';
import {defaultConfiguration, deployedConfiguration, validatedConfiguration} from './effectiveConfiguration.ts';
import {readAsJackson} from './jackson.ts';
import {JavaFailure} from './javaFailure.ts';
import {checkPodTemplates, podTemplates} from './podTemplates.ts';
import {deploymentProblem, type Problem, sessionJobProblem} from './validation.ts';

/** What is asked of the operator beside the resource itself. */
export interface Circumstances {
  readonly release: Release;
  /** The operator's own configuration, flat or nested. */
  readonly operatorConfiguration: Readonly<Record<string, unknown>> | undefined;
  /** The resource before an update. */
  readonly old: KubernetesObject | undefined;
}

/** How far a resource comes. */
export type Prepared<T> =
  | {readonly kind: 'schema'; readonly errors: readonly SchemaError[]}
  | {readonly kind: 'validation'; readonly problem: Problem}
  | {readonly kind: 'accepted'; readonly accepted: T};

/** What the validator has let pass; the configuration that is deployed may still fail to load. */
export interface AcceptedDeployment {
  readonly deployment: DeploymentSpec;
  /** Throws a JavaFailure. */
  readonly load: () => ClusterContext;
}

/** Throws a JavaFailure where the operator fails before it answers, and a Refusal where it cannot be asked. */
export function prepareDeployment(
  object: KubernetesObject,
  circumstances: Circumstances,
): Prepared<AcceptedDeployment> {
  const {release, old} = circumstances;
  readAsJackson(object, release);
  const {stored, errors} = throughApiServer(object, release);
  if (errors.length > 0) return {kind: 'schema', errors};
  const root = new Field(stored);
  const spec = root.get('spec');
  const {namespace, name = ''} = object.metadata;
  const operatorConfiguration = configurationOf(circumstances);
  const defaults = defaultConfiguration(operatorConfiguration, release, namespace, spec.get('flinkVersion').string());
  const validated = validatedConfiguration(defaults, spec);
  const oldSpec = old === undefined ? undefined : new Field(throughApiServer(old, release).stored).get('spec');
  const problem = deploymentProblem({root, configuration: validated, release, old: oldSpec});
  if (problem !== undefined) return {kind: 'validation', problem};
  checkPodTemplates(spec);
  const deployment = readDeploymentSpec(spec, release);
  const {generation} = object.metadata as {readonly generation?: unknown};
  const load = (): ClusterContext => {
    const configuration = loaded(release, () => deployedConfiguration(validated, deployment, release));
    return {
      name,
      generation: typeof generation === 'number' ? generation : undefined,
      deployment,
      configuration,
      templates: podTemplates(deployment, configuration),
      release,
    };
  };
  return {kind: 'accepted', accepted: {deployment, load}};
}

/** The operator keeps configurations in a cache, which wraps what goes wrong in making one. */
function loaded<T>({isModern}: Release, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof JavaFailure)) throw error;
    const failed = 'java.lang.RuntimeException: Failed to load configuration';
    const guava = `org.apache.flink.shaded.guava${isModern ? 31 : 30}.com.google.common.util.concurrent`;
    throw error.causing(failed).causing(`${guava}.UncheckedExecutionException: ${failed}`);
  }
}

/** The configuration of the cluster on which a session job runs, and what the job says. */
export interface AcceptedSessionJob {
  readonly configuration: FlinkConfiguration;
  readonly parallelism: number;
}

export function prepareSessionJob(
  object: KubernetesObject,
  session: KubernetesObject | undefined,
  circumstances: Circumstances,
): Prepared<AcceptedSessionJob> {
  const {release, old} = circumstances;
  readAsJackson(object, release);
  if (session !== undefined) readAsJackson(session, release);
  const {stored, errors} = throughApiServer(object, release);
  if (errors.length > 0) return {kind: 'schema', errors};
  const root = new Field(stored);
  const spec = root.get('spec');
  const cluster = session === undefined ? undefined : new Field(throughApiServer(session, release).stored);
  const operatorConfiguration = configurationOf(circumstances);
  const sessionConfiguration = defaultConfiguration(
    operatorConfiguration,
    release,
    object.metadata.namespace,
    cluster?.get('spec').get('flinkVersion').string(),
  ).with(flatConfiguration(cluster?.get('spec').get('flinkConfiguration').record() ?? {}));
  const withJob = validatedConfiguration(sessionConfiguration, spec);
  const problem = sessionJobProblem({
    root,
    session: cluster,
    configuration: release.isModern ? withJob : sessionConfiguration,
    operatorConfiguration,
    release,
    old: old === undefined ? undefined : new Field(old).get('spec'),
  });
  if (problem !== undefined) return {kind: 'validation', problem};
  const parallelism = spec.get('job').get('parallelism').integer() ?? 0;
  return {kind: 'accepted', accepted: {configuration: sessionConfiguration, parallelism}};
}

function configurationOf({operatorConfiguration}: Circumstances): FlinkConfiguration {
  return new FlinkConfiguration(new Map(flatConfiguration(operatorConfiguration ?? {})));
}

/** What the API server stores, and what it refuses. */
function throughApiServer(
  object: KubernetesObject,
  release: Release,
): {readonly stored: unknown; readonly errors: readonly SchemaError[]} {
  checkDepth(object);
  const schema = customResourceSchema(
    object.kind === 'FlinkSessionJob' ? 'FlinkSessionJob' : 'FlinkDeployment',
    release,
  );
  const stored = pruneAndDefault(object, schema);
  return {stored, errors: schemaErrors(stored, schema)};
}

/** What the API server itself refuses is deeper by far. */
const DEEPEST = 500;

function checkDepth(object: KubernetesObject): void {
  let level: readonly unknown[] = [object];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new Refusal(`nested more than ${DEEPEST} levels deep`, '');
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}
