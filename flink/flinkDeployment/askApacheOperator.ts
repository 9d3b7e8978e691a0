import type {KubernetesObject} from '../../model/kubernetes.ts';
import {Refusal} from '../field.ts';
import type {FlinkConfiguration} from '../flinkConfiguration.ts';
import {type ApacheOperator, type Release, releaseOf} from './apacheOperator.ts';
import {type ClusterContext, clusterObjects, taskManagerPod, workerOf} from './cluster.ts';
import {taskManagersFor} from './effectiveConfiguration.ts';
import {type Json, recordOf} from './flinkPod.ts';
import {JavaFailure} from './javaFailure.ts';
import {PARALLELISM, slotsPerTaskManager} from './options.ts';
import {type Circumstances, prepareDeployment, prepareSessionJob} from './prepareDeployment.ts';
import {clusterSpecification, describeSpecification, jobManagerArguments} from './processes.ts';

export interface ApacheQuestion {
  readonly resource: KubernetesObject;
  /** The operator's own configuration. */
  readonly operator?: Readonly<Record<string, unknown>>;
  /** The FlinkDeployment that a session job names. */
  readonly session?: KubernetesObject;
  /** The resource before an update. */
  readonly old?: KubernetesObject;
}

/** What the operator says and makes; fields that have no meaning for the resource are absent. */
export interface ApacheAnswer {
  /** What the API server refuses; then there is nothing else. */
  readonly schemaErrors?: readonly string[];
  /** Chain of exceptions before any answer. */
  readonly error?: readonly string[];
  /** What the validator refuses, or null. */
  readonly validation?: string | null;
  readonly mode?: 'native' | 'standalone';
  readonly kind?: 'application' | 'session';
  readonly slotsPerTaskManager?: number;
  readonly parallelism?: number;
  readonly taskManagersForJob?: number;
  readonly objects?: readonly Json[];
  readonly clusterSpecification?: string;
  /** Chain of exceptions while the cluster is deployed. */
  readonly deployError?: readonly string[];
  readonly jobManagerProcess?: bigint;
  readonly jobManagerJvm?: string;
  /** Chain of exceptions when the JobManager asks for its first TaskManager. */
  readonly taskManagerError?: readonly string[];
  readonly taskManagerProcess?: bigint;
  readonly taskManagerJvm?: string;
}

/** Asks an operator about one FlinkDeployment or FlinkSessionJob, and Flink's client and resource manager behind it. */
export function askApacheOperator(question: ApacheQuestion, operator: ApacheOperator): ApacheAnswer {
  const circumstances: Circumstances = {
    release: releaseOf(operator),
    operatorConfiguration: question.operator,
    old: question.old,
  };
  try {
    return question.resource.kind === 'FlinkSessionJob'
      ? sessionJobAnswer(question, circumstances)
      : deploymentAnswer(question.resource, circumstances);
  } catch (error) {
    if (error instanceof JavaFailure) return {error: error.chain};
    // What is no resource at all fails in the operator's JSON library, in words that are not followed further.
    if (error instanceof Refusal) return {error: [`${UNREADABLE}: An error has occurred.`, error.message]};
    throw error;
  }
}

const UNREADABLE = 'io.fabric8.kubernetes.client.KubernetesClientException';

function sessionJobAnswer({resource, session}: ApacheQuestion, circumstances: Circumstances): ApacheAnswer {
  const prepared = prepareSessionJob(resource, session, circumstances);
  if (prepared.kind === 'schema') return {schemaErrors: prepared.errors.map(({message}) => message)};
  if (prepared.kind === 'validation') return {validation: prepared.problem.message};
  if (session === undefined) return {validation: null};
  const {configuration, parallelism} = prepared.accepted;
  const slots = slotsPerTaskManager(configuration);
  return {
    validation: null,
    slotsPerTaskManager: slots,
    parallelism,
    taskManagersForJob: taskManagersFor(parallelism, slots),
  };
}

function deploymentAnswer(resource: KubernetesObject, circumstances: Circumstances): ApacheAnswer {
  const prepared = prepareDeployment(resource, circumstances);
  if (prepared.kind === 'schema') return {schemaErrors: prepared.errors.map(({message}) => message)};
  if (prepared.kind === 'validation') return {validation: prepared.problem.message};
  const {deployment, load} = prepared.accepted;
  let answer: ApacheAnswer = {validation: null};
  try {
    const context = load();
    const isSession = deployment.job === undefined;
    answer = {...answer, mode: deployment.mode, kind: isSession ? 'session' : 'application'};
    const {configuration} = context;
    answer = {...answer, slotsPerTaskManager: slotsPerTaskManager(configuration)};
    if (!isSession) {
      answer = {...answer, parallelism: configuration.integer(PARALLELISM) ?? 1};
      answer = {...answer, taskManagersForJob: taskManagersOf(configuration)};
    }
    return {...answer, ...deploymentResult(context)};
  } catch (error) {
    // What was answered before the exception stays.
    return {...answer, error: chainOf(error)};
  }
}

function taskManagersOf(configuration: FlinkConfiguration): number {
  return taskManagersFor(configuration.integer(PARALLELISM) ?? 1, slotsPerTaskManager(configuration));
}

function deploymentResult(context: ClusterContext): ApacheAnswer {
  const {configuration, release, deployment} = context;
  let specification: ReturnType<typeof clusterSpecification>;
  try {
    specification = clusterSpecification(configuration, release);
  } catch (error) {
    return {objects: [], deployError: chainOf(error)};
  }
  const described = {clusterSpecification: describeSpecification(specification)};
  let made: ReturnType<typeof clusterObjects>;
  try {
    made = clusterObjects(context, specification);
  } catch (error) {
    return {objects: [], ...described, deployError: chainOf(error)};
  }
  const {jobManager} = specification;
  const objects = [made.jobManager, ...made.supporting, ...(made.taskManager === undefined ? [] : [made.taskManager])];
  const answer: ApacheAnswer = {
    objects: objects.map((object) => asWritten(object, release)),
    ...described,
    jobManagerProcess: jobManager.process,
    jobManagerJvm: jobManagerArguments(jobManager),
  };
  if (deployment.mode === 'standalone') return answer;
  try {
    const worker = workerOf(context);
    const pod = asWritten(taskManagerPod(context, worker, 1), release);
    return {
      ...answer,
      objects: [...(answer.objects ?? []), pod],
      taskManagerProcess: worker.memory.process,
      taskManagerJvm: worker.memory.jvm,
    };
  } catch (error) {
    return {...answer, taskManagerError: chainOf(error)};
  }
}

function chainOf(error: unknown): readonly string[] {
  if (error instanceof JavaFailure) return error.chain;
  throw error;
}

/** An object as the Kubernetes client of the release writes it: older ones keep empty maps that they have touched. */
function asWritten(object: KubernetesObject, {isModern}: Release): Json {
  const written = recordOf(withoutEmpty(object));
  if (isModern) return written;
  const {kind, spec} = written;
  const metadata = recordOf(written.metadata);
  const annotated = {...written, metadata: {annotations: {}, ...metadata}};
  if (kind === 'Pod') return {...annotated, spec: {nodeSelector: {}, ...recordOf(spec)}};
  if (kind === 'Service') return String(metadata.name).endsWith('-rest') ? annotated : written;
  if (kind !== 'Deployment') return written;
  const template = recordOf(recordOf(spec).template);
  return {
    ...annotated,
    spec: {
      ...recordOf(spec),
      template: {
        metadata: {annotations: {}, ...recordOf(template.metadata)},
        spec: {nodeSelector: {}, ...recordOf(template.spec)},
      },
    },
  };
}

const MAPS: ReadonlySet<string> = new Set([
  'overhead',
  'annotations',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'requests',
]);
const QUANTITIES: ReadonlySet<string> = new Set(['limits', 'requests']);

/** Nulls, empty lists and empty maps are not written; a quantity is a text. */
function withoutEmpty(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutEmpty(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, child]) => {
    if (child === null || child === undefined || (Array.isArray(child) && child.length === 0)) return [];
    if (QUANTITIES.has(name) && typeof child === 'number') return [[key, String(child)]];
    if (MAPS.has(key) && Object.keys(child as object).length === 0) return [];
    return [[key, withoutEmpty(child, key)]];
  });
  return Object.fromEntries(entries);
}
