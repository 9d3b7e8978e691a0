/** CEL selectors of devices, in the environment of k8s.io/dynamic-resource-allocation/cel. */
import {Environment, EvaluationError} from '@marcbachmann/cel-js';
import type {PoolDevice} from '../pools.ts';
import type {Device, DeviceAttribute} from '../resourceApi.ts';
import {addPresenceMacro, DOMAINS, toLibraryDialect} from './dialect.ts';
import {addKubernetesLibrary, CelQuantity, CelSemver} from './library.ts';
import {parseVersion} from './semver.ts';

/** Whether the selector takes the device, or why that cannot be told. */
export type SelectorResult = boolean | {readonly error: string};

type Program = (device: PoolDevice) => SelectorResult;

/** Evaluates selectors; every expression is compiled once, and asked about every device once. */
export class DeviceSelectors {
  readonly #environment: Environment;
  readonly #programs = new Map<string, Program>();
  readonly #values = new Map<PoolDevice['device'], Map<string, unknown>>();

  constructor({consumableCapacity}: {readonly consumableCapacity: boolean}) {
    this.#environment = newEnvironment(consumableCapacity);
  }

  evaluate(expression: string, device: PoolDevice): SelectorResult {
    let program = this.#programs.get(expression);
    if (program === undefined) {
      program = remembering(this.#compile(expression));
      this.#programs.set(expression, program);
    }
    return program(device);
  }

  #compile(expression: string): Program {
    const compileError = (text: string): Program => {
      const result = {error: `CEL compile error: ${text}`};
      return () => result;
    };
    let evaluate: ReturnType<Environment['parse']>;
    try {
      evaluate = this.#environment.parse(toLibraryDialect(expression));
    } catch (error) {
      return compileError(`compilation failed: ${summaryOf(error)}`);
    }
    const {valid, type, error} = evaluate.check();
    if (!valid) return compileError(`compilation failed: ${summaryOf(error)}`);
    if (type !== 'bool' && type !== 'dyn') {
      return compileError(`must evaluate to bool or the unknown type, not ${type}`);
    }
    return (device) => {
      try {
        const result: unknown = evaluate({device: this.#valueOf(device)});
        if (typeof result === 'boolean') return result;
        return runtimeError(`CEL result of type ${typeOf(result)} could not be converted to bool`);
      } catch (error) {
        return runtimeError(summaryOf(error));
      }
    };
  }

  /** The variable `device`. Throws where an attribute cannot be read. */
  #valueOf({device, slice}: PoolDevice): Map<string, unknown> {
    const known = this.#values.get(device);
    if (known !== undefined) return known;
    const attributes = byDomain(device.attributes, slice.driver, toAttributeValue);
    const capacity = byDomain(device.capacity, slice.driver, (_name, amount) => new CelQuantity(amount.value));
    const value = new Map<string, unknown>([
      ['driver', slice.driver],
      ['allowMultipleAllocations', device.allowMultipleAllocations],
      ['attributes', withDefault(attributes)],
      [`attributes${DOMAINS}`, attributes],
      ['capacity', withDefault(capacity)],
      [`capacity${DOMAINS}`, capacity],
    ]);
    this.#values.set(device, value);
    return value;
  }
}

function newEnvironment(consumableCapacity: boolean): Environment {
  const environment = addKubernetesLibrary(new Environment({enableOptionalTypes: true}));
  return addPresenceMacro(environment).registerVariable('device', {
    schema: {
      driver: 'string',
      ...(consumableCapacity ? {allowMultipleAllocations: 'bool'} : {}),
      attributes: 'map<string, map<string, dyn>>',
      [`attributes${DOMAINS}`]: 'map<string, map<string, dyn>>',
      capacity: 'map<string, map<string, kubernetes.Quantity>>',
      [`capacity${DOMAINS}`]: 'map<string, map<string, kubernetes.Quantity>>',
    },
  });
}

function remembering(program: Program): Program {
  const results = new Map<Device, SelectorResult>();
  return (device) => {
    const known = results.get(device.device);
    if (known !== undefined) return known;
    const result = program(device);
    results.set(device.device, result);
    return result;
  };
}

/** Values by domain and name, where the domain of a bare name is the driver. */
function byDomain<Value>(
  values: ReadonlyMap<string, Value>,
  driver: string,
  convert: (name: string, value: Value) => unknown,
): Map<string, Map<string, unknown>> {
  const domains = new Map<string, Map<string, unknown>>();
  for (const [name, value] of values) {
    const slash = name.indexOf('/');
    const domain = slash < 0 ? driver : name.slice(0, slash);
    const members = domains.get(domain) ?? new Map<string, unknown>();
    domains.set(domain, members.set(name.slice(slash + 1), convert(name, value)));
  }
  return domains;
}

/** Where a domain without values is an empty map, as long as one does not ask which there are. */
function withDefault(domains: ReadonlyMap<string, ReadonlyMap<string, unknown>>): typeof domains {
  const lenient = new Map(domains);
  const empty = new Map<string, unknown>();
  // A subclass of Map would be no map to the library.
  lenient.get = (domain) => domains.get(domain) ?? empty;
  return lenient;
}

function toAttributeValue(name: string, {int, bool, string, version}: DeviceAttribute): unknown {
  const value = int ?? bool ?? string;
  if (value !== undefined) return value;
  if (version === undefined) throw new Error(`attribute ${name}: unsupported attribute value`);
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error(`attribute ${name}: parse semantic version: ${JSON.stringify(version)}`);
  return new CelSemver(parsed);
}

function runtimeError(text: string): SelectorResult {
  return {error: `CEL runtime error: ${text}`};
}

/** The text of an error in cel-go's words, where the library's differ. */
function summaryOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [summary = ''] = error.message.split('\n');
  if (!(error instanceof EvaluationError)) return summary;
  if (summary.startsWith('No such key: ')) return `n${summary.slice(1)}`;
  const isOverload = summary.startsWith('no such overload') || summary.startsWith('Logical operator requires bool');
  return isOverload ? 'no such overload' : summary;
}

function typeOf(value: unknown): string {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  return typeof value === 'string' ? 'string' : 'dyn';
}
