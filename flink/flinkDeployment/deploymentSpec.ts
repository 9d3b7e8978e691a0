import {parseQuantity} from '../../model/quantity.ts';
import {Field} from '../field.ts';
import type {Release} from './apacheOperator.ts';
import type {Json} from './flinkPod.ts';
import {readOperatorMemory} from './operatorMemory.ts';

export type Mode = 'native' | 'standalone';
export type UpgradeMode = 'last-state' | 'savepoint' | 'stateless';

export interface JobSpec {
  readonly jarUri: string | undefined;
  readonly parallelism: number;
  readonly entryClass: string | undefined;
  readonly args: readonly string[];
  readonly state: 'running' | 'suspended';
  readonly upgradeMode: UpgradeMode;
  readonly allowNonRestoredState: boolean | undefined;
}

export type Quantities = Readonly<Record<string, string>>;

/** What `jobManager` or `taskManager` says. */
export interface ComponentSpec {
  readonly replicas: number | undefined;
  /** As it is set in the configuration: bytes. */
  readonly memory: string | undefined;
  /** Cores. */
  readonly cpu: number | undefined;
  /** Limit over request where `resources` gives both, as Kubernetes reads them. */
  readonly memoryLimitFactor: number | undefined;
  readonly cpuLimitFactor: number | undefined;
  /** Everything but cpu and memory: ephemeral storage, devices. */
  readonly otherRequests: Quantities;
  readonly otherLimits: Quantities;
  readonly podTemplate: Json | undefined;
}

/** The spec of a FlinkDeployment with its defaults. */
export interface DeploymentSpec {
  readonly image: string | undefined;
  readonly imagePullPolicy: string | undefined;
  readonly serviceAccount: string | undefined;
  readonly flinkVersion: string | undefined;
  readonly mode: Mode;
  readonly ingress: Json | undefined;
  readonly logConfiguration: Json | undefined;
  readonly podTemplate: Json | undefined;
  readonly job: JobSpec | undefined;
  readonly jobManager: ComponentSpec & {readonly replicas: number};
  readonly taskManager: ComponentSpec;
}

/** Reads a spec that schema and validator have let pass. */
export function readDeploymentSpec(spec: Field, release: Release): DeploymentSpec {
  const job = spec.get('job');
  const jobManager = readComponent(spec.get('jobManager'), release);
  return {
    image: spec.get('image').string(),
    imagePullPolicy: spec.get('imagePullPolicy').string(),
    serviceAccount: spec.get('serviceAccount').string(),
    flinkVersion: spec.get('flinkVersion').string(),
    mode: spec.get('mode').oneOf<Mode>(['native', 'standalone']) ?? 'native',
    ingress: spec.get('ingress').record(),
    logConfiguration: spec.get('logConfiguration').record(),
    podTemplate: spec.get('podTemplate').record(),
    job: job.isPresent ? readJob(job) : undefined,
    jobManager: {...jobManager, replicas: jobManager.replicas ?? 1},
    taskManager: readComponent(spec.get('taskManager'), release),
  };
}

export function readJob(job: Field): JobSpec {
  return {
    jarUri: job.get('jarURI').string(),
    parallelism: javaInteger(job.get('parallelism')) ?? 0,
    entryClass: job.get('entryClass').string(),
    args: job
      .get('args')
      .items()
      .map((argument) => argument.string() ?? ''),
    state: job.get('state').oneOf(['running', 'suspended']) ?? 'running',
    upgradeMode: job.get('upgradeMode').oneOf<UpgradeMode>(['last-state', 'savepoint', 'stateless']) ?? 'stateless',
    allowNonRestoredState: job.get('allowNonRestoredState').boolean(),
  };
}

function readComponent(component: Field, {readsResources}: Release): ComponentSpec {
  const resource = component.get('resource');
  const resources = readsResources ? component.get('resources') : new Field(undefined);
  const {cpu: cpuRequest, memory: memoryRequest, ...otherRequests} = quantities(resources.get('requests'));
  const {cpu: cpuLimit, memory: memoryLimit, ...otherLimits} = quantities(resources.get('limits'));
  const cpu = cpuRequest ?? cpuLimit;
  const storage = resource.get('ephemeralStorage').string();
  const ephemeral = storage === undefined || isBlank(storage) ? {} : {'ephemeral-storage': storage};
  return {
    replicas: javaInteger(component.get('replicas')),
    memory: sizeText(memoryRequest ?? memoryLimit ?? resource.get('memory').string()),
    cpu: cpu === undefined ? resource.get('cpu').number() : amount(cpu),
    memoryLimitFactor: ratio(memoryRequest, memoryLimit),
    cpuLimitFactor: ratio(cpuRequest, cpuLimit),
    otherRequests: {...ephemeral, ...otherRequests},
    otherLimits: {...ephemeral, ...otherLimits},
    podTemplate: component.get('podTemplate').record(),
  };
}

/** Where the memory of a component is written; `resources` counts before `resource`. */
export function memoryField(component: Field, {readsResources}: Release): Field {
  const candidates = readsResources
    ? ['requests', 'limits'].map((part) => component.get('resources').get(part).get('memory'))
    : [];
  return candidates.find(({isPresent}) => isPresent) ?? component.get('resource').get('memory');
}

function sizeText(memory: string | undefined): string | undefined {
  if (memory === undefined) return undefined;
  const size = readOperatorMemory(memory);
  return 'bytes' in size ? `${size.bytes} bytes` : memory;
}

/** `4096m` is 4.096 here, though Flink reads it as 4096 MiB. */
function ratio(request: string | undefined, limit: string | undefined): number | undefined {
  return request === undefined || limit === undefined ? undefined : amount(limit) / amount(request);
}

/** A quantity as the nearest double. */
export function amount(quantity: string): number {
  const parsed = parseQuantity(quantity);
  return parsed === undefined ? Number.NaN : Number(`${parsed.unscaled}e${parsed.scale}`);
}

export function quantities(field: Field): Quantities {
  return Object.fromEntries(
    field.entries().flatMap(([name, value]) => {
      const text = quantityText(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** A quantity may be written as a number. */
export function quantityText(field: Field): string | undefined {
  return typeof field.value === 'number' ? String(field.value) : field.string();
}

/** Nothing, or nothing but blanks. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

/** Fields that Java holds in 32 bits; the schema knows no such limit. */
export function javaInteger(field: Field): number | undefined {
  const value = field.integer();
  if (value === undefined || (value >= -(2 ** 31) && value < 2 ** 31)) return value;
  return field.refuse(`Numeric value (${value}) out of range of int (-2147483648 - 2147483647)`);
}
