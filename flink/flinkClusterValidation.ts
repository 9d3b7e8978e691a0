import {parseQuantity, scaledValue} from '../model/quantity.ts';
import type {Field} from './field.ts';

/** The two operators that know the kind. */
export type ClusterDialect = 'spotify' | 'gcp';

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_NAME = 48;
const DEFAULT_OFF_HEAP_MINIMUM = 600_000_000n;

/** Throws a Refusal with the message of the CRD's schema or of the operator's webhook, whichever comes first. */
export function checkFlinkCluster(root: Field, dialect: ClusterDialect): void {
  const spec = root.get('spec');
  if (dialect === 'spotify') checkSchema(spec);
  checkName(root.get('metadata').get('name'), dialect);
  const image = spec.get('image').get('name');
  if ((image.string() ?? '') === '') image.refuse('image name is unspecified');
  checkJobManager(spec.get('jobManager'), spec, dialect);
  checkTaskManager(spec.get('taskManager'), spec, dialect);
  if (spec.get('job').isPresent) checkJob(spec.get('job'), dialect);
  const account = spec.get('gcpConfig').get('serviceAccount');
  if (account.isPresent && (account.get('keyFile').string() ?? '') === '') {
    account.get('keyFile').refuse('GCP service account key file name is unspecified');
  }
}

/** The part of Spotify's CRD that an API server applies before the webhook is asked. */
function checkSchema(spec: Field): void {
  for (const field of [spec.get('flinkVersion'), spec.get('image').get('name')]) {
    if (field.string() === undefined) field.refuse(`${field.path}: Required value`);
  }
  spec.get('jobManager').get('replicas').atLeast(1);
  spec.get('taskManager').get('replicas').atLeast(1);
  spec.get('job').get('mode').oneOf(['Detached', 'Blocking', 'Application']);
}

function checkName(field: Field, dialect: ClusterDialect): void {
  const name = field.string() ?? '';
  if (dialect === 'gcp') {
    if (name === '') field.refuse('cluster name is unspecified');
    return;
  }
  if (name.length === 0 || name.length > LONGEST_NAME) {
    field.refuse('cluster name size needs to greater than 0 and less than 50');
  }
  if (!NAME.test(name)) {
    field.refuse(
      `cluster name ${name} is invalid: a DNS-1035 name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name', or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?'`,
    );
  }
}

function checkJobManager(jobManager: Field, spec: Field, dialect: ClusterDialect): void {
  const replicas = jobManager.get('replicas');
  if ((replicas.integer() ?? 1) !== 1) replicas.refuse('invalid JobManager replicas, it must be 1');
  checkResources('jobmanager', jobManager, dialect);
  checkMemory('jobmanager', jobManager, spec, dialect);
  checkPorts('jobmanager', jobManager, {rpc: 6123, blob: 6124, query: 6125, ui: 8081}, dialect);
}

function checkTaskManager(taskManager: Field, spec: Field, dialect: ClusterDialect): void {
  const replicas = taskManager.get('replicas');
  const count = replicas.integer() ?? (dialect === 'spotify' ? 3 : 0);
  if (count < 1) replicas.refuse('invalid TaskManager replicas, it must be >= 1');
  checkResources('taskmanager', taskManager, dialect);
  checkMemory('taskmanager', taskManager, spec, dialect);
  checkPorts('taskmanager', taskManager, {data: 6121, rpc: 6122, query: 6125}, dialect);
}

/** Spotify's webhook wants cpu and memory, as request or as limit, unless the CRD filled in the whole block. */
function checkResources(name: string, component: Field, dialect: ClusterDialect): void {
  const resources = component.get('resources');
  const amounts = {requests: resources.get('requests'), limits: resources.get('limits')};
  for (const list of Object.values(amounts)) {
    for (const [, value] of list.entries()) if (value.isPresent) quantity(value);
  }
  if (dialect === 'gcp' || !resources.isPresent) return;
  if (!amounts.requests.isPresent && !amounts.limits.isPresent) {
    resources.refuse(`${name} resource requests/limits are unspecified`);
  }
  for (const resource of ['cpu', 'memory']) {
    const given = Object.values(amounts).map((list) => list.get(resource));
    if (!given.some((value) => value.isPresent && quantity(value) !== 0n)) {
      resources.refuse(`${name} ${resource} request/limit is unspecified`);
    }
  }
}

function checkMemory(name: string, component: Field, spec: Field, dialect: ClusterDialect): void {
  const processRatio = component.get('memoryProcessRatio');
  const offHeapRatio = component.get('memoryOffHeapRatio');
  for (const ratio of [processRatio, offHeapRatio]) {
    const value = ratio.integer() ?? 0;
    if (value < 0 || value > 100) {
      ratio.refuse(`invalid ${name} ${lastSegment(ratio)}, it must be between 0 and 100`);
    }
  }
  const limit = component.get('resources').get('limits').get('memory');
  const usesHeap = dialect === 'gcp' || isBefore110(spec.get('flinkVersion'));
  if (!usesHeap || !limit.isPresent) return;
  const minimumField = component.get('memoryOffHeapMin');
  const minimum = minimumField.isPresent ? quantity(minimumField) : DEFAULT_OFF_HEAP_MINIMUM;
  const bytes = quantity(limit);
  if (bytes < minimum) {
    const range = `memory limit: ${bytes} bytes, memoryOffHeapMin: ${minimum} bytes`;
    (minimumField.isPresent ? minimumField : limit).refuse(
      `invalid ${name} memory configuration, memory limit must be larger than MemoryOffHeapMin, ${range}`,
    );
  }
}

/** An empty version counts as an old one. */
function isBefore110(field: Field): boolean {
  const version = field.string() ?? '';
  if (version === '') return true;
  const [, major, minor = '0'] = /^v?(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (major === undefined) return field.refuse(`malformed version: ${version}`);
  return Number(major) < 1 || (Number(major) === 1 && Number(minor) < 10);
}

function checkPorts(
  name: string,
  component: Field,
  defaults: Readonly<Record<string, number>>,
  dialect: ClusterDialect,
): void {
  const ports = Object.entries(defaults).map(([port, number]) => ({
    field: component.get('ports').get(port),
    number: component.get('ports').get(port).integer() ?? number,
  }));
  const extra = component
    .get('extraPorts')
    .items()
    .map((item) => ({field: item, number: item.get('containerPort').integer()}));
  if (dialect === 'gcp') return;
  const seen = new Set<number>();
  for (const {field, number} of [...ports, ...extra]) {
    if (number === undefined) continue;
    if (seen.has(number)) {
      field.refuse(
        `duplicate containerPort ${number} in ${name}, each port number of ports and extraPorts must be unique`,
      );
    }
    seen.add(number);
  }
}

function checkJob(job: Field, dialect: ClusterDialect): void {
  const parallelism = job.get('parallelism');
  const programs = dialect === 'spotify' ? ['jarFile', 'pyFile', 'pyModule'] : ['jarFile'];
  const hasProgram = programs.some((program) => (job.get(program).string() ?? '') !== '');
  if (!hasProgram && job.get('mode').string() !== 'Application') {
    job.refuse(
      dialect === 'spotify' ? 'job jarFile or pythonFile or pythonModule is unspecified' : 'job jarFile is unspecified',
    );
  }
  if ((parallelism.integer() ?? 1) < 1) parallelism.refuse('job parallelism must be >= 1');
}

/** In whole units; refuses what is no quantity. */
function quantity(field: Field): bigint {
  const {value} = field;
  const parsed = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
  return parsed === undefined ? field.refuse(`${field.path} is not a Kubernetes quantity`) : scaledValue(parsed, 0);
}

function lastSegment({pointer}: Field): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1);
}
