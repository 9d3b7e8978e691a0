/**
 * The operator's validator. Every check is made before the first problem counts, as upstream: a check that fails with an
 * exception wins over a problem found before it.
 */
import {parseQuantity} from '../../model/quantity.ts';
import type {Field} from '../field.ts';
import type {ConfigurationOption, FlinkConfiguration} from '../flinkConfiguration.ts';
import {readFlinkVersion} from '../memory/flinkVersion.ts';
import {jobManagerMemory} from '../memory/jobManagerMemory.ts';
import {taskManagerMemory} from '../memory/taskManagerMemory.ts';
import {isAtLeastFlink, type Release} from './apacheOperator.ts';
import {autoscalerProblem} from './autoscaler.ts';
import {amount, isBlank, javaInteger, memoryField, quantities, quantityText, readJob} from './deploymentSpec.ts';
import {amountInBytes} from './fabricQuantity.ts';
import {ingressTemplateError} from './ingress.ts';
import {jarUriError} from './jarUri.ts';
import {JavaFailure} from './javaFailure.ts';
import {readOperatorMemory} from './operatorMemory.ts';
import {isHighlyAvailable} from './options.ts';

export interface Problem {
  readonly message: string;
  /** JSON pointer to the field at fault. */
  readonly pointer: string;
}

type Check = Problem | undefined;

const NAME = /^[a-z]([-a-z\d]{0,43}[a-z\d])?$/;
const FORBIDDEN_KEYS = ['kubernetes.namespace', 'kubernetes.cluster-id', 'high-availability.cluster-id'] as const;
const LOG_FILES: readonly string[] = ['log4j-console.properties', 'logback-console.xml'];

const ROLLBACK: ConfigurationOption = {key: 'kubernetes.operator.deployment.rollback.enabled'};
const HEALTH_CHECK: ConfigurationOption = {key: 'kubernetes.operator.cluster.health-check.enabled'};
const RECOVERY: ConfigurationOption = {
  key: 'kubernetes.operator.jm-deployment-recovery.enabled',
  fallbacks: ['kubernetes.operator.reconciler.jm-deployment-recovery.enabled'],
};
const PERIODIC_SAVEPOINT: ConfigurationOption = {key: 'kubernetes.operator.periodic.savepoint.interval'};
const CHECKPOINT_AGE: ConfigurationOption = {
  key: 'kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age',
};
const ALLOWED_SCHEMES: ConfigurationOption = {key: 'kubernetes.operator.user.artifacts.allowed-schemes'};
const RESTRICTS_HOSTS: ConfigurationOption = {key: 'kubernetes.operator.user.artifacts.disallow-restricted-hosts'};

/** The message names the first key. */
function directories({isModern}: Release): {
  readonly checkpoints: ConfigurationOption;
  readonly savepoints: ConfigurationOption;
} {
  const checkpoints = ['state.checkpoints.dir', 'state.backend.fs.checkpointdir'];
  const savepoints = ['state.savepoints.dir', 'savepoints.state.backend.fs.dir'];
  const option = ([key = '', ...fallbacks]: readonly string[]): ConfigurationOption => ({key, fallbacks});
  return {
    checkpoints: option(isModern ? ['execution.checkpointing.dir', ...checkpoints] : checkpoints),
    savepoints: option(isModern ? ['execution.checkpointing.savepoint-dir', ...savepoints] : savepoints),
  };
}

export interface DeploymentQuestion {
  /** The whole resource. */
  readonly root: Field;
  /** Defaults of the operator with the resource's own over them. */
  readonly configuration: FlinkConfiguration;
  readonly release: Release;
  /** The spec that was deployed before, in an update. */
  readonly old: Field | undefined;
}

export function deploymentProblem(question: DeploymentQuestion): Problem | undefined {
  const {root, configuration, release, old} = question;
  const spec = root.get('spec');
  const name = root.get('metadata').get('name');
  return firstOf([
    nameProblem(name),
    versionProblem(spec, release, old),
    configurationProblem(spec, configuration),
    ingressProblem(root),
    logProblem(spec.get('logConfiguration')),
    jobProblem(spec.get('job'), spec.get('taskManager'), configuration, release),
    jobManagerProblem(spec, configuration, release),
    taskManagerProblem(spec, configuration, release),
    changeProblem(spec, old, release),
    serviceAccountProblem(spec),
    autoscalerCheck(spec, configuration, release),
  ]);
}

function firstOf(checks: readonly Check[]): Problem | undefined {
  return checks.find((check) => check !== undefined);
}

function problem(field: Field, message: string): Problem {
  return {message, pointer: field.pointer};
}

function keyProblem(spec: Field, key: string, message: string): Problem {
  return problem(spec.get('flinkConfiguration').get(key), message);
}

function nameProblem(field: Field): Check {
  const name = field.string();
  if (name === undefined) {
    throw new JavaFailure([
      'java.lang.NullPointerException: Cannot invoke "java.lang.CharSequence.length()" because "this.text" is null',
    ]);
  }
  if (NAME.test(name)) return undefined;
  return problem(
    field,
    `The FlinkDeployment name: ${name} is invalid, must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'), and the length must be no more than 45 characters.`,
  );
}

function versionProblem(spec: Field, {oldestSupported}: Release, old: Field | undefined): Check {
  const field = spec.get('flinkVersion');
  const version = field.string();
  if (version === undefined) return problem(field, 'Flink Version must be defined.');
  if (!isAtLeastFlink(version, oldestSupported)) {
    return problem(field, `Flink version ${version} is not supported by this operator version`);
  }
  const oldJob = old?.get('job');
  const job = spec.get('job');
  if (old === undefined || oldJob?.isPresent !== true || !job.isPresent) return undefined;
  const {state, upgradeMode} = readJob(oldJob);
  const isChanged = version !== old.get('flinkVersion').string() && readJob(job).upgradeMode !== 'stateless';
  if (state !== 'suspended' || upgradeMode !== 'last-state' || !isChanged) return undefined;
  return problem(
    field,
    'Changing flinkVersion after last-state suspend is not allowed. Restore your cluster with the current flinkVersion and perform the version upgrade afterwards.',
  );
}

function configurationProblem(spec: Field, configuration: FlinkConfiguration): Check {
  const forbidden = FORBIDDEN_KEYS.find((key) => configuration.has({key}));
  if (forbidden !== undefined) return keyProblem(spec, forbidden, `Forbidden Flink config key: ${forbidden}`);
  if (configuration.boolean(ROLLBACK) === true && !isHighlyAvailable(configuration)) {
    return keyProblem(spec, ROLLBACK.key, 'HA must be enabled for rollback support.');
  }
  if (configuration.boolean(HEALTH_CHECK) === true && configuration.boolean(RECOVERY) === false) {
    return keyProblem(
      spec,
      RECOVERY.key,
      `Deployment recovery (${RECOVERY.key}) must be enabled for job health check (${HEALTH_CHECK.key}) support.`,
    );
  }
  return undefined;
}

function ingressProblem(root: Field): Check {
  const ingress = root.get('spec').get('ingress');
  if (!ingress.isPresent) return undefined;
  const template = ingress.get('template').string();
  if (template === undefined) return problem(ingress, 'Ingress template must be defined');
  const metadata = root.get('metadata');
  const [name = '', namespace = 'default'] = ['name', 'namespace'].map((field) => metadata.get(field).string());
  const error = ingressTemplateError(template, name, namespace);
  return error === undefined ? undefined : problem(ingress.get('template'), error);
}

function logProblem(field: Field): Check {
  const bad = Object.keys(field.record() ?? {}).find((file) => !LOG_FILES.includes(file));
  if (bad === undefined) return undefined;
  return problem(field.get(bad), `Invalid log config key: ${bad}. Allowed keys are [${LOG_FILES.join(', ')}]`);
}

function jobProblem(
  field: Field,
  taskManager: Field | undefined,
  configuration: FlinkConfiguration,
  release: Release,
): Check {
  if (!field.isPresent) return undefined;
  const {upgradeMode, parallelism} = readJob(field);
  const {checkpoints, savepoints} = directories(release);
  const isSet = (option: ConfigurationOption) => !isBlank(configuration.text(option));
  if (!release.isModern && upgradeMode === 'last-state' && !isHighlyAvailable(configuration)) {
    return problem(field.get('upgradeMode'), 'Job could not be upgraded with last-state while HA disabled');
  }
  if (upgradeMode !== 'stateless' && !isSet(checkpoints)) {
    return problem(
      field.get('upgradeMode'),
      `Checkpoint directory[${checkpoints.key}] must be defined for last-state and savepoint upgrade modes`,
    );
  }
  if (!isSet(savepoints)) {
    const {key} = savepoints;
    if (upgradeMode === 'savepoint') {
      const message = `Job could not be upgraded with savepoint while config key[${key}] is not set`;
      return problem(field.get('upgradeMode'), message);
    }
    if (field.get('savepointTriggerNonce').isPresent) {
      const message = `Savepoint could not be manually triggered for the running job while config key[${key}] is not set`;
      return problem(field.get('savepointTriggerNonce'), message);
    }
    if (configuration.has(PERIODIC_SAVEPOINT)) {
      return problem(field, `Periodic savepoints cannot be enabled when config key[${key}] is not set`);
    }
    if (configuration.has(CHECKPOINT_AGE)) {
      const message = `In order to use max-checkpoint age functionality config key[${key}] must be set to allow triggering savepoint upgrades.`;
      return problem(field, message);
    }
  }
  const replicas = taskManager === undefined ? undefined : javaInteger(taskManager.get('replicas'));
  if (taskManager !== undefined && replicas !== undefined) {
    if (replicas >= 1) return undefined;
    return problem(taskManager.get('replicas'), 'TaskManager replicas must be larger than 0');
  }
  if (parallelism >= 1) return undefined;
  return problem(field.get('parallelism'), 'Job parallelism must be larger than 0');
}

function jobManagerProblem(spec: Field, configuration: FlinkConfiguration, release: Release): Check {
  const field = spec.get('jobManager');
  const replicas = javaInteger(field.get('replicas')) ?? 1;
  return firstOf([
    memoryProblem('JobManager', field, configuration, release),
    resourceProblem('JobManager', field, release),
    replicas < 1
      ? problem(field.get('replicas'), 'JobManager replicas should not be configured less than one.')
      : undefined,
    replicas > 1 && !isHighlyAvailable(configuration)
      ? problem(field.get('replicas'), 'High availability should be enabled when starting standby JobManagers.')
      : undefined,
  ]);
}

function taskManagerProblem(spec: Field, configuration: FlinkConfiguration, release: Release): Check {
  const field = spec.get('taskManager');
  const replicas = javaInteger(field.get('replicas')) ?? 1;
  return firstOf([
    memoryProblem('TaskManager', field, configuration, release),
    resourceProblem('TaskManager', field, release),
    replicas < 1
      ? problem(field.get('replicas'), 'TaskManager replicas should not be configured less than one.')
      : undefined,
  ]);
}

/** Without a memory in the spec, the configuration must be enough for Flink to derive one. */
function memoryProblem(
  title: 'JobManager' | 'TaskManager',
  field: Field,
  configuration: FlinkConfiguration,
  release: Release,
): Check {
  if (!isBlank(quantityText(memoryField(field, release)))) return undefined;
  if (canDerive(title, configuration, release)) return undefined;
  const path = `spec.${title === 'JobManager' ? 'jobManager' : 'taskManager'}`;
  const alternative = release.readsResources ? ` or \`${path}.resources.requests.memory\`` : '';
  return problem(field, `${title} resource memory must be defined using \`${path}.resource.memory\`${alternative}`);
}

/** An old heap size counts for the JobManager as for Flink's own scripts, and for the TaskManager not at all. */
function canDerive(title: string, configuration: FlinkConfiguration, {flinkClient}: Release): boolean {
  const question = {version: readFlinkVersion(flinkClient)!, environment: 'standalone'} as const;
  if (title === 'JobManager') return 'memory' in jobManagerMemory(configuration.values, question);
  const values = new Map(configuration.values);
  for (const key of ['taskmanager.heap.size', 'taskmanager.heap.mb']) values.delete(key);
  return 'memory' in taskManagerMemory(values, question);
}

function resourceProblem(title: string, field: Field, release: Release): Check {
  const memory = memoryField(field, release);
  const storage = field.get('resource').get('ephemeralStorage');
  const memoryText = quantityText(memory);
  const storageText = storage.string();
  const size = memoryText === undefined ? undefined : readOperatorMemory(memoryText);
  const bytes = storageText === undefined ? undefined : amountInBytes(storageText);
  const memoryError =
    size !== undefined && 'error' in size ? `${title} resource memory parse error: ${size.error}` : '';
  const storageError =
    bytes !== undefined && 'error' in bytes ? `${title} resource ephemeral storage parse error: ${bytes.error}` : '';
  if (memoryError !== '' || storageError !== '') {
    return problem(memoryError === '' ? storage : memory, `${memoryError}${storageError}`);
  }
  return release.readsResources ? requirementsProblem(title, field.get('resources')) : undefined;
}

/** A request must be a quantity and no more than its limit. */
function requirementsProblem(title: string, resources: Field): Check {
  const requests = quantities(resources.get('requests'));
  const limits = quantities(resources.get('limits'));
  for (const [part, entries] of [['requests', requests] as const, ['limits', limits] as const]) {
    for (const [name, text] of Object.entries(entries)) {
      // Flink's own syntax is read for memory, so that only the other names must be quantities.
      if (name === 'memory' || parseQuantity(text) !== undefined) continue;
      const field = resources.get(part).get(name);
      return problem(field, `${field.path}: "${text}" is not a Kubernetes quantity`);
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    if (limit === undefined || !(amount(request) > amount(limit))) continue;
    return problem(
      resources.get('requests').get(name),
      `${title} resource requirements ${name} request (${request}) must not exceed its limit (${limit})`,
    );
  }
  return undefined;
}

function changeProblem(spec: Field, old: Field | undefined, {isModern}: Release): Check {
  if (old === undefined) return undefined;
  const job = spec.get('job');
  const oldJob = old.get('job');
  if (job.isPresent && !oldJob.isPresent) return problem(job, 'Cannot switch from session to job cluster');
  if (!job.isPresent && oldJob.isPresent) return problem(spec, 'Cannot switch from job to session cluster');
  const [mode, oldMode] = [spec, old].map((each) => each.get('mode').string() ?? 'native');
  if (mode !== oldMode) {
    const direction = oldMode === 'native' ? 'native kubernetes to standalone' : 'standalone kubernetes to native';
    return problem(spec.get('mode'), `Cannot switch from ${direction} kubernetes cluster`);
  }
  const nonce = job.get('savepointRedeployNonce').value;
  if (!isModern || nonce === undefined || nonce === oldJob.get('savepointRedeployNonce').value) return undefined;
  if (!isBlank(job.get('initialSavepointPath').string())) return undefined;
  return problem(job, 'InitialSavepointPath must not be empty for savepoint redeployment');
}

function serviceAccountProblem(spec: Field): Check {
  if (spec.get('serviceAccount').isPresent) return undefined;
  return problem(
    spec,
    'spec.serviceAccount must be defined. If you use helm, its value should be the same with the name of jobServiceAccount.',
  );
}

function autoscalerCheck(spec: Field, configuration: FlinkConfiguration, release: Release): Check {
  const found = autoscalerProblem(configuration, release);
  return found === undefined ? undefined : keyProblem(spec, found.key, found.message);
}

export interface SessionJobQuestion {
  readonly root: Field;
  /** The FlinkDeployment that the job names, if it is known. */
  readonly session: Field | undefined;
  /** Defaults with the session's configuration and, in newer releases, the job's own over them. */
  readonly configuration: FlinkConfiguration;
  /** The operator's own configuration, which a resource cannot change. */
  readonly operatorConfiguration: FlinkConfiguration;
  readonly release: Release;
  readonly old: Field | undefined;
}

export function sessionJobProblem(question: SessionJobQuestion): Problem | undefined {
  const {root, session, configuration, operatorConfiguration, release, old} = question;
  const spec = root.get('spec');
  const job = spec.get('job');
  const deploymentName = spec.get('deploymentName');
  const own = [
    nameProblem(deploymentName),
    job.isPresent ? undefined : problem(spec, 'The job spec should not be empty'),
    release.isModern ? jarProblem(job, operatorConfiguration) : lastStateProblem(job),
    old !== undefined && old.get('deploymentName').value !== deploymentName.value
      ? problem(deploymentName, "The deploymentName can't be changed")
      : undefined,
  ];
  if (session === undefined) return firstOf(own);
  return firstOf([
    ...own,
    session.get('spec').get('job').isPresent
      ? problem(deploymentName, 'Can not submit session job to application cluster')
      : undefined,
    session.get('metadata').get('name').value === deploymentName.value
      ? undefined
      : problem(deploymentName, "The session job's cluster id is not match with the session cluster"),
    jobProblem(job, undefined, configuration, release),
    autoscalerCheck(spec, configuration, release),
  ]);
}

function jarProblem(job: Field, operatorConfiguration: FlinkConfiguration): Check {
  const jar = job.get('jarURI').string();
  if (jar === undefined) return undefined;
  const error = jarUriError(jar, {
    allowedSchemes: operatorConfiguration.list(ALLOWED_SCHEMES) ?? ['https'],
    disallowRestrictedHosts: operatorConfiguration.boolean(RESTRICTS_HOSTS) ?? true,
  });
  return error === undefined ? undefined : problem(job.get('jarURI'), error);
}

function lastStateProblem(job: Field): Check {
  if (!job.isPresent) {
    throw new JavaFailure([
      'java.lang.NullPointerException: Cannot invoke "org.apache.flink.kubernetes.operator.api.spec.JobSpec.getUpgradeMode()" because the return value of "org.apache.flink.kubernetes.operator.api.spec.FlinkSessionJobSpec.getJob()" is null',
    ]);
  }
  if (readJob(job).upgradeMode !== 'last-state') return undefined;
  return problem(job.get('upgradeMode'), 'The LAST_STATE upgrade mode is not supported in session job now.');
}
