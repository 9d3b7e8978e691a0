import type {KubernetesObject, PodSpec} from '../../model/kubernetes.ts';
import {forbid, type Refusal} from './refusal.ts';

/** What a PriorityClass says. */
export interface PriorityClass {
  readonly name: string;
  readonly value: number;
  readonly globalDefault: boolean;
  readonly preemptionPolicy: string;
}

/** The classes every cluster has (pkg/apis/scheduling/v1/helpers.go). */
const SYSTEM_CLASSES: readonly PriorityClass[] = [
  {name: 'system-node-critical', value: 2_000_001_000, globalDefault: false, preemptionPolicy: 'PreemptLowerPriority'},
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    globalDefault: false,
    preemptionPolicy: 'PreemptLowerPriority',
  },
];

/** The PriorityClasses of a cluster by name; the one that is the default for pods that name none. */
export class PriorityClasses {
  readonly #byName = new Map<string, PriorityClass>(SYSTEM_CLASSES.map((known) => [known.name, known]));
  #default: PriorityClass | null = null;

  get(name: string): PriorityClass | undefined {
    return this.#byName.get(name);
  }

  get globalDefault(): PriorityClass | null {
    return this.#default;
  }

  add(priorityClass: PriorityClass): void {
    this.#byName.set(priorityClass.name, priorityClass);
    if (priorityClass.globalDefault) this.#default ??= priorityClass;
  }
}

/** Reads a PriorityClass of scheduling.k8s.io/v1. */
export function toPriorityClass(object: KubernetesObject): PriorityClass {
  const {value, globalDefault, preemptionPolicy} = object;
  return {
    name: object.metadata.name ?? '',
    value: typeof value === 'number' ? value : 0,
    globalDefault: globalDefault === true,
    preemptionPolicy: typeof preemptionPolicy === 'string' ? preemptionPolicy : 'PreemptLowerPriority',
  };
}

/** The plugin Priority: turns the class into a number; a number of the pod's own must be the same. */
export function admitPriority(spec: PodSpec, classes: PriorityClasses): PodSpec | Refusal {
  const {priorityClassName = ''} = spec;
  const found = priorityClassName === '' ? classes.globalDefault : classes.get(priorityClassName);
  if (found === undefined) return forbid('mutating', `no PriorityClass with name ${priorityClassName} was found`);
  const priority = found?.value ?? 0;
  const preemptionPolicy = found?.preemptionPolicy ?? 'PreemptLowerPriority';
  if (spec.priority !== undefined && spec.priority !== priority) {
    return forbid(
      'mutating',
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    return forbid(
      'mutating',
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  }
  return {...spec, ...(found === null ? {} : {priorityClassName: found.name}), priority, preemptionPolicy};
}
