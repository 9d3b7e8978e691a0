import {parseQuantity} from '../model/quantity.ts';
import type {Field} from './field.ts';
import type {FlinkConfiguration} from './flinkConfiguration.ts';
import {formatJavaDouble} from './javaDouble.ts';
import {parseMemorySize, parseOperatorMemory} from './memorySize.ts';

/** JobManager or TaskManager, as messages, fields and configuration keys spell it. */
export interface FlinkComponent {
  readonly title: 'JobManager' | 'TaskManager';
  readonly field: 'jobManager' | 'taskManager';
  readonly name: 'jobmanager' | 'taskmanager';
}

export const JOB_MANAGER: FlinkComponent = {title: 'JobManager', field: 'jobManager', name: 'jobmanager'};
export const TASK_MANAGER: FlinkComponent = {title: 'TaskManager', field: 'taskManager', name: 'taskmanager'};

type Quantities = Readonly<Record<string, string>>;

/** What one component asks for. Flink sizes its memory from `processMiB`; the scheduler sees the same as request. */
export interface ComponentResources {
  readonly processMiB: number;
  readonly memoryLimitFactor: number;
  /** Cores; undefined where neither the resource nor the configuration gives them. */
  readonly cpu: number | undefined;
  readonly cpuLimitFactor: number;
  /** Everything but cpu and memory: ephemeral storage, devices. */
  readonly otherRequests: Quantities;
  readonly otherLimits: Quantities;
}

const INT_MAX = 2 ** 31 - 1;

/**
 * Reads `spec.jobManager` or `spec.taskManager` with the configuration behind it. `resources` (known to newer operators
 * only) counts before `resource`, and both before the configuration.
 */
export function componentResources(
  component: FlinkComponent,
  spec: Field,
  configuration: FlinkConfiguration,
  readsResources: boolean,
): ComponentResources {
  const resource = spec.get('resource');
  const requests = readsResources ? quantities(spec.get('resources').get('requests')) : {};
  const limits = readsResources ? quantities(spec.get('resources').get('limits')) : {};
  const {cpu: cpuRequest, memory: memoryRequest, ...otherRequests} = requests;
  const {cpu: cpuLimit, memory: memoryLimit, ...otherLimits} = limits;
  checkLimits(component, spec.get('resources'), requests, limits);

  const memory = memoryRequest ?? memoryLimit ?? resource.get('memory').string();
  const cpu = cpuRequest ?? cpuLimit;
  const storage = ephemeralStorage(component, resource.get('ephemeralStorage'));
  const key = `kubernetes.${component.name}`;
  return {
    processMiB: processMiB(component, spec, configuration, memory === '' ? undefined : memory, readsResources),
    memoryLimitFactor: ratio(memoryRequest, memoryLimit) ?? limitFactor(configuration, `${key}.memory.limit-factor`),
    cpu:
      (cpu === undefined ? resource.get('cpu').number() : amount(cpu)) ??
      configuration.double(`${key}.cpu.amount`, `${key}.cpu`),
    cpuLimitFactor: ratio(cpuRequest, cpuLimit) ?? limitFactor(configuration, `${key}.cpu.limit-factor`),
    otherRequests: {...storage, ...otherRequests},
    otherLimits: {...storage, ...otherLimits},
  };
}

/** Requests and limits of Flink's main container, as the Kubernetes client of Flink writes them. */
export function mainContainerResources(
  {processMiB, memoryLimitFactor, cpuLimitFactor, otherRequests, otherLimits}: ComponentResources,
  cpu: number,
  template: Field,
): {readonly requests: Record<string, unknown>; readonly limits: Record<string, unknown>} {
  const limitMiB = Math.min(Math.trunc(processMiB * memoryLimitFactor), INT_MAX);
  return {
    requests: {
      ...template.get('requests').record(),
      ...otherRequests,
      cpu: formatJavaDouble(cpu),
      memory: `${processMiB}Mi`,
    },
    limits: {
      ...template.get('limits').record(),
      ...otherLimits,
      cpu: formatJavaDouble(cpu * cpuLimitFactor),
      memory: `${limitMiB}Mi`,
    },
  };
}

/** Keys that let Flink work out a process size where none is given. */
const DERIVING_KEYS = {
  jobmanager: ['jobmanager.memory.flink.size', 'jobmanager.memory.heap.size'],
  taskmanager: ['taskmanager.memory.flink.size', 'taskmanager.memory.task.heap.size'],
} as const;

function processMiB(
  component: FlinkComponent,
  spec: Field,
  configuration: FlinkConfiguration,
  memory: string | undefined,
  readsResources: boolean,
): number {
  if (memory !== undefined) {
    const size = parseOperatorMemory(memory);
    if ('bytes' in size) return mebibytes(size.bytes);
    return memoryField(spec).refuse(`${component.title} resource memory parse error: ${size.error}`);
  }
  const key = `${component.name}.memory.process.size`;
  const configured = configuration.get(key);
  if (configured !== undefined) {
    const size = parseMemorySize(configured);
    if ('bytes' in size) return mebibytes(size.bytes);
    return configuration.refuse(key, `Could not parse value '${configured}' for key '${key}'.`);
  }
  const derivingKey = DERIVING_KEYS[component.name].find((candidate) => configuration.has(candidate));
  if (derivingKey !== undefined) {
    return configuration.refuse(
      derivingKey,
      `the memory of the ${component.title} follows from ${derivingKey}, which Stowage does not derive yet; write ${key}`,
    );
  }
  const field = `spec.${component.field}`;
  const alternative = readsResources ? ` or \`${field}.resources.requests.memory\`` : '';
  return spec.refuse(
    `${component.title} resource memory must be defined using \`${field}.resource.memory\`${alternative}`,
  );
}

/** Where the memory of a component is written. */
function memoryField(spec: Field): Field {
  const candidates = ['requests', 'limits'].map((part) => spec.get('resources').get(part).get('memory'));
  return candidates.find(({isPresent}) => isPresent) ?? spec.get('resource').get('memory');
}

function mebibytes(bytes: bigint): number {
  const mib = bytes >> 20n;
  return mib > BigInt(INT_MAX) ? INT_MAX : Number(mib);
}

function limitFactor(configuration: FlinkConfiguration, key: string): number {
  const factor = configuration.double(key) ?? 1;
  return factor < 1 ? configuration.refuse(key, `${key} should be greater or equal to 1.`) : factor;
}

/** Limit over request, both as Kubernetes reads them: `4096m` is 4.096 here, though Flink reads it as 4096 MiB. */
function ratio(request: string | undefined, limit: string | undefined): number | undefined {
  return request === undefined || limit === undefined ? undefined : amount(limit) / amount(request);
}

/** A quantity as the nearest double. */
function amount(text: string): number {
  const quantity = parseQuantity(text);
  return quantity === undefined ? Number.NaN : Number(`${quantity.unscaled}e${quantity.scale}`);
}

function quantities(field: Field): Quantities {
  return Object.fromEntries(
    field.entries().flatMap(([name, value]) => {
      if (!value.isPresent) return [];
      const text = typeof value.value === 'number' ? String(value.value) : (value.string() ?? '');
      // Flink's own size syntax is read for memory, so that only the other names must be quantities.
      if (name !== 'memory' && parseQuantity(text) === undefined) {
        value.refuse(`${value.path}: "${text}" is not a Kubernetes quantity`);
      }
      return [[name, text]];
    }),
  );
}

function checkLimits(component: FlinkComponent, resources: Field, requests: Quantities, limits: Quantities): void {
  for (const [name, request] of Object.entries(requests)) {
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    if (limit !== undefined && amount(request) > amount(limit)) {
      resources
        .get('requests')
        .get(name)
        .refuse(
          `${component.title} resource requirements ${name} request (${request}) must not exceed its limit (${limit})`,
        );
    }
  }
}

function ephemeralStorage(component: FlinkComponent, field: Field): Quantities {
  const text = field.string();
  if (text === undefined || text === '') return {};
  if (parseQuantity(text) === undefined) {
    field.refuse(`${component.title} resource ephemeral storage parse error: Invalid quantity format passed to parse`);
  }
  return {'ephemeral-storage': text};
}
