/** The field of a custom resource to raise when its operator gives a process too little memory. */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {isRecord} from '../field.ts';
import {specPath} from '../specPath.ts';
import type {Component} from './component.ts';
import type {Remedy} from './memoryRemedies.ts';

/** Nobody asks for containers of more than a tebibyte. */
const LARGEST_MEBIBYTES = 2 ** 20;

/**
 * The least memory, in whole MiB, with which the process of a resource starts; `starts` asks it of a changed resource.
 * Undefined where more memory does not help.
 */
export function resourceRemedy(
  object: KubernetesObject,
  component: Component,
  starts: (changed: KubernetesObject) => boolean,
): Remedy | undefined {
  const {path, unit} = memoryField(object, component);
  const holds = (mebibytes: number): boolean => starts(withValue(object, path, `${mebibytes}${unit}`));
  let low = 1;
  let high = LARGEST_MEBIBYTES;
  if (!holds(high)) return undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return {
    set: {[path.join('.')]: `${low}${unit}`},
    why: 'the least of this field with which the process starts, everything else as it is',
  };
}

/** Where the resource says how much memory a component has, and what a MiB is called there. */
function memoryField(object: KubernetesObject, component: Component): {path: readonly string[]; unit: 'm' | 'Mi'} {
  const field = component === 'taskmanager' ? 'taskManager' : 'jobManager';
  const at = [...specPath(object), field];
  if (object.kind === 'FlinkCluster') return {path: [...at, 'resources', 'limits', 'memory'], unit: 'Mi'};
  const requests = [...at, 'resources', 'requests', 'memory'];
  return valueAt(object, requests) === undefined
    ? {path: [...at, 'resource', 'memory'], unit: 'm'}
    : {path: requests, unit: 'Mi'};
}

export function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  return isRecord(value) ? valueAt(value[key], rest) : undefined;
}

/** The resource with another text at a path; what is missing on the way is made. */
export function withValue(object: KubernetesObject, path: readonly string[], text: string): KubernetesObject {
  return changed(object, path, text) as KubernetesObject;
}

function changed(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  const record = isRecord(value) ? value : {};
  return {...record, [key]: changed(record[key], rest, text)};
}
