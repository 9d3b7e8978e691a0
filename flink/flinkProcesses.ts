/** The processes that an operator starts for a resource, what Flink makes of their memory, and what would help. */
import type {KubernetesObject} from '../model/kubernetes.ts';
import {type Component, type ComponentMemory, componentMemory} from './memory/component.ts';
import {readFlinkVersion} from './memory/flinkVersion.ts';
import type {MemoryAnswer, MemoryQuestion} from './memory/memoryAnswer.ts';
import {memoryRemedies, type Remedy} from './memory/memoryRemedies.ts';
import {resourceConfiguration} from './memory/resourceConfiguration.ts';
import {resourceRemedy, withValue} from './memory/resourceRemedy.ts';
import {specPath} from './specPath.ts';

export interface FlinkProcess {
  readonly component: Component;
  /** The whole configuration by flat keys. */
  readonly values: ReadonlyMap<string, string>;
  readonly question: MemoryQuestion;
  readonly answer: MemoryAnswer<ComponentMemory>;
}

/** None where the resource is refused, or its version of Flink is not known. */
export function flinkProcesses(object: KubernetesObject, operator: string | null): readonly FlinkProcess[] {
  const configuration = resourceConfiguration(object, operator);
  if (configuration.kind !== 'configuration') return [];
  const {environment, flinkVersion = '', processes} = configuration;
  const version = readFlinkVersion(flinkVersion);
  if (version === undefined) return [];
  const question = {version, environment};
  return processes.map(({component, values}) => ({
    component,
    values,
    question,
    answer: componentMemory(component, values, question),
  }));
}

/** The same process of a changed resource; undefined where that is refused. */
export function processOf(
  object: KubernetesObject,
  operator: string | null,
  component: Component,
): FlinkProcess | undefined {
  return flinkProcesses(object, operator).find((process) => process.component === component);
}

/** Total process memory in bytes; undefined where the process does not start, or is older than the term. */
export function processSize({answer}: Pick<FlinkProcess, 'answer'>): bigint | undefined {
  return 'memory' in answer && 'process' in answer.memory ? answer.memory.process : undefined;
}

/**
 * The smallest changes of the resource with which a process starts that does not, by paths of fields: first its memory,
 * then options of Flink. Each has been asked of the model.
 */
export function startRemedies(
  object: KubernetesObject,
  operator: string | null,
  {component, values, question, answer}: FlinkProcess,
): readonly Remedy[] {
  if ('memory' in answer) return [];
  const starts = (changed: KubernetesObject): boolean => {
    const process = processOf(changed, operator, component);
    return process !== undefined && 'memory' in process.answer;
  };
  const enlarged = answer.misfit?.leaves === 'too little' ? resourceRemedy(object, component, starts) : undefined;
  if (enlarged !== undefined) return [enlarged];
  return memoryRemedies(component, values, question).flatMap(({set, why}) => {
    const changes = Object.entries(set).map(([key, text]) => [[...optionsPath(object), key], text] as const);
    if (!starts(changes.reduce((changed, [path, text]) => withValue(changed, path, text), object))) return [];
    return [{set: Object.fromEntries(changes.map(([path, text]) => [fieldText(path), text])), why}];
  });
}

/** Where a resource writes options of Flink. */
export function optionsPath(object: KubernetesObject): readonly string[] {
  return [...specPath(object), object.kind === 'FlinkCluster' ? 'flinkProperties' : 'flinkConfiguration'];
}

/** `spec.flinkProperties[jobmanager.heap.size]`: keys of Flink have dots of their own. */
export function fieldText(path: readonly string[]): string {
  return path.reduce((text, key) => (key.includes('.') ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`), '');
}
