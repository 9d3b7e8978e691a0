import type {Cluster, ClusterProblem, Fields, JobSpec, Resources} from './clusterSpec.ts';
import {offHeapRules, portRules, type RuledComponent, ratioRules} from './componentRules.ts';
import {serviceAccountRules} from './gcpConfigRules.ts';
import {annotationsError, isServiceName, labelsError, namespaceErrors} from './names.ts';
import {resourceQuantity, upperBound, wholeUnits} from './quantities.ts';
import {isBelow, parseVersion, VERSION_1_10} from './version.ts';

/** Bytes; pods have the longest names made of it. */
const LONGEST_NAME = 48;

/** What spotify's webhook refuses about a new cluster. It says only the first; the rest would come after it. */
export function* spotifyCreateProblems({name, namespace, spec, stored}: Cluster): Generator<ClusterProblem> {
  yield* nameRules(name, namespace);
  const {flinkVersion = '', jobManager, taskManager, job} = spec;
  const version = parseVersion(flinkVersion);
  if (flinkVersion !== '' && version === null) {
    yield {message: `malformed version: ${flinkVersion}`, pointer: '/spec/flinkVersion'};
  }
  yield* serviceAccountRules(spec.gcpConfig);
  const usesHeap = version === null || isBelow(version, VERSION_1_10);
  const isReadable = flinkVersion === '' || version !== null;
  const components: readonly RuledComponent[] = [
    {name: 'jobmanager', pointer: '/spec/jobManager', spec: jobManager, ports: ['rpc', 'blob', 'query', 'ui']},
    {name: 'taskmanager', pointer: '/spec/taskManager', spec: taskManager, ports: ['rpc', 'data', 'query']},
  ];
  for (const component of components) {
    yield* podRules(component.spec, component.pointer);
    yield* portRules(component);
    yield* resourceRules(component, stored);
    if (isReadable) yield* usesHeap ? heapRules(component) : processRules(component);
  }
  if (job !== undefined) yield* jobRules(job);
}

function* nameRules(name: string, namespace: string): Generator<ClusterProblem> {
  const pointer = '/metadata/name';
  if (name.length === 0 || name.length > LONGEST_NAME) {
    yield {message: 'cluster name size needs to greater than 0 and less than 50', pointer};
  } else if (!isServiceName(name)) {
    yield {
      message: `cluster name ${name} is invalid: a DNS-1035 name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name', or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?'`,
      pointer,
    };
  }
  if (namespace === '') {
    yield {message: 'cluster namesapce is unspecified', pointer: '/metadata/namespace'};
    return;
  }
  const errors = namespaceErrors(namespace);
  if (errors.length > 0) {
    const message = `cluster namespace ${namespace} is invalid: ${errors.join(',')}`;
    yield {message, pointer: '/metadata/namespace'};
  }
}

interface Labelled {
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly podLabels?: Readonly<Record<string, string>>;
}

function* podRules({podAnnotations = {}, podLabels = {}}: Labelled, pointer: string): Generator<ClusterProblem> {
  const path = pointer.slice(1).replaceAll('/', '.');
  const annotations = annotationsError(podAnnotations, `${path}.podAnnotations`);
  if (annotations !== null) yield {message: annotations, pointer: `${pointer}/podAnnotations`};
  const labels = labelsError(podLabels, `${path}.podLabels`);
  if (labels !== null) yield {message: labels, pointer: `${pointer}/podLabels`};
}

/** CPU and memory are wanted, as request or as limit. A list with nothing in it is there all the same. */
function* resourceRules({name, pointer: parent, spec}: RuledComponent, stored: Fields): Generator<ClusterProblem> {
  const pointer = `${parent}/resources`;
  const {requests, limits} = spec.resources;
  const given = (stored[parent.slice(parent.lastIndexOf('/') + 1)] as {resources?: Resources}).resources;
  if (given?.requests === undefined && given?.limits === undefined) {
    yield {message: `${name} resource requests/limits are unspecified`, pointer};
    return;
  }
  for (const resource of ['cpu', 'memory'] as const) {
    const isZero = [requests, limits].every((list) => resourceQuantity(list, resource).unscaled === 0n);
    if (isZero) yield {message: `${name} ${resource} request/limit is unspecified`, pointer};
  }
}

function* heapRules(component: RuledComponent): Generator<ClusterProblem> {
  const {spec, pointer} = component;
  if (spec.memoryProcessRatio !== undefined) {
    yield {
      message: "MemoryProcessRatio config cannot be used with flinkVersion < 1.11', use memoryOffHeapRatio instead",
      pointer: `${pointer}/memoryProcessRatio`,
    };
  }
  yield* ratioRules(component, 'memoryOffHeapRatio');
  yield* offHeapRules(component, wholeUnits(upperBound(spec.resources, 'memory')));
}

function* processRules(component: RuledComponent): Generator<ClusterProblem> {
  const {spec, pointer} = component;
  const hasRatio = spec.memoryOffHeapRatio !== undefined;
  if (hasRatio || spec.memoryOffHeapMin !== '0') {
    yield {
      message:
        "MemoryOffHeapRatio or MemoryOffHeapMin config cannot be used with flinkVersion >= 1.11'; use memoryProcessRatio istead",
      pointer: `${pointer}/${hasRatio ? 'memoryOffHeapRatio' : 'memoryOffHeapMin'}`,
    };
  }
  yield* ratioRules(component, 'memoryProcessRatio');
}

function* jobRules(job: JobSpec): Generator<ClusterProblem> {
  const pointer = '/spec/job';
  yield* podRules(job, pointer);
  const hasProgram = [job.jarFile, job.pyFile, job.pyModule].some((program) => program !== undefined);
  if (job.mode !== 'Application' && !hasProgram) {
    yield {message: 'job jarFile or pythonFile or pythonModule is unspecified', pointer};
  }
  if (job.parallelism !== undefined && job.parallelism < 1) {
    yield {message: 'job parallelism must be >= 1', pointer: `${pointer}/parallelism`};
  }
  const hasAge = job.maxStateAgeToRestoreSeconds !== undefined;
  const required = 'maxStateAgeToRestoreSeconds must be specified when';
  if (job.restartPolicy === 'FromSavepointOnFailure' && !hasAge) {
    const message = `${required} restartPolicy is set as FromSavepointOnFailure`;
    yield {message, pointer: `${pointer}/restartPolicy`};
  }
  if (job.takeSavepointOnUpdate === false && !hasAge) {
    const message = `${required} takeSavepointOnUpdate is set as false`;
    yield {message, pointer: `${pointer}/takeSavepointOnUpdate`};
  }
  if (job.cancelRequested === true) {
    const message = 'property `cancelRequested` cannot be set to true for a new job';
    yield {message, pointer: `${pointer}/cancelRequested`};
  }
}
