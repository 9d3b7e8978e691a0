import type {KubernetesObject, PodSpec, ResourceList, Toleration} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {compareQuantities} from '../../model/quantity.ts';
import {toQuantities} from '../../model/resources.ts';
import {canonicalResources} from '../defaulting/quantities.ts';
import {forbid, type Refusal} from './refusal.ts';

/** What a RuntimeClass adds to the pods that name it. */
export interface RuntimeClass {
  readonly name: string;
  readonly overhead: ResourceList | null;
  readonly nodeSelector: Labels;
  readonly tolerations: readonly Toleration[];
  /** Whether the class says anything about scheduling: then the pod's tolerations are merged with its own. */
  readonly isScheduled: boolean;
}

/** Reads a RuntimeClass of node.k8s.io/v1. */
export function toRuntimeClass(object: KubernetesObject): RuntimeClass {
  const {overhead, scheduling} = object as {
    overhead?: {podFixed?: ResourceList};
    scheduling?: {nodeSelector?: Labels; tolerations?: readonly Toleration[]};
  };
  return {
    name: object.metadata.name ?? '',
    overhead: overhead?.podFixed === undefined ? null : canonicalResources(overhead.podFixed),
    nodeSelector: scheduling?.nodeSelector ?? {},
    tolerations: scheduling?.tolerations ?? [],
    isScheduled: scheduling !== undefined,
  };
}

/** The plugin RuntimeClass: overhead, node selector and tolerations of the class go into the pod. */
export function admitRuntimeClass(spec: PodSpec, classes: ReadonlyMap<string, RuntimeClass>): PodSpec | Refusal {
  const {runtimeClassName = ''} = spec;
  const found = runtimeClassName === '' ? undefined : classes.get(runtimeClassName);
  if (runtimeClassName !== '' && found === undefined) {
    return forbid('mutating', `pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
  }
  const overhead = found?.overhead ?? null;
  if (overhead === null && spec.overhead !== undefined) {
    return forbid('mutating', 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  }
  if (overhead !== null && spec.overhead !== undefined && !equalResources(overhead, spec.overhead)) {
    return forbid('mutating', "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  if (found === undefined) return spec;
  const own = spec.nodeSelector ?? {};
  for (const [key, value] of Object.entries(found.nodeSelector)) {
    if (Object.hasOwn(own, key) && own[key] !== value) {
      return forbid(
        'mutating',
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`,
      );
    }
  }
  const tolerations = found.isScheduled
    ? mergeTolerations(spec.tolerations ?? [], found.tolerations)
    : spec.tolerations;
  return {
    ...spec,
    ...(overhead === null ? {} : {overhead}),
    ...(Object.keys(found.nodeSelector).length === 0 ? {} : {nodeSelector: {...own, ...found.nodeSelector}}),
    ...(tolerations === undefined ? {} : {tolerations}),
  };
}

function equalResources(a: ResourceList, b: ResourceList): boolean {
  const [first, second] = [toQuantities(a), toQuantities(b)];
  if (first.size !== second.size) return false;
  return [...first].every(([name, quantity]) => {
    const other = second.get(name);
    return other !== undefined && compareQuantities(quantity, other) === 0;
  });
}

/** Both lists without those that another one includes (pkg/util/tolerations). */
function mergeTolerations(own: readonly Toleration[], added: readonly Toleration[]): readonly Toleration[] {
  const all = [...own, ...added];
  const merged: Toleration[] = [];
  all.forEach((toleration, index) => {
    const others = [...merged, ...all.slice(index + 1)];
    if (!others.some((other, at) => includesToleration(other, toleration, at < merged.length))) merged.push(toleration);
  });
  return merged;
}

/** Whether one toleration tolerates all that another does; of two equal ones the earlier stays. */
function includesToleration(wide: Toleration, narrow: Toleration, isEarlier: boolean): boolean {
  if (sameToleration(wide, narrow)) return isEarlier;
  const {key = '', operator = '', effect = '', value = '', tolerationSeconds} = wide;
  if ((narrow.key ?? '') !== key && (key !== '' || operator !== 'Exists')) return false;
  if ((narrow.effect ?? '') !== effect && effect !== '') return false;
  if (tolerationSeconds !== undefined && (narrow.tolerationSeconds ?? Infinity) > tolerationSeconds) return false;
  return operator === 'Exists' || ((narrow.operator || 'Equal') === 'Equal' && (narrow.value ?? '') === value);
}

function sameToleration(a: Toleration, b: Toleration): boolean {
  return (
    (a.key ?? '') === (b.key ?? '') &&
    (a.operator ?? '') === (b.operator ?? '') &&
    (a.value ?? '') === (b.value ?? '') &&
    (a.effect ?? '') === (b.effect ?? '') &&
    a.tolerationSeconds === b.tolerationSeconds
  );
}
