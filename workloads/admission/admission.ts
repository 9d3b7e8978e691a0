import type {KubernetesObject, PodSpec, PodTemplateSpec} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {FieldPath} from '../validation/fieldError.ts';
import {labelErrors, podSpecErrors} from '../validation/podValidation.ts';
import {isDefaultStorageClass} from './defaultStorageClass.ts';
import {addDefaultTolerations} from './defaultTolerationSeconds.ts';
import {applyLimitRangeDefaults, checkLimitRanges, type LimitRange} from './limitRanger.ts';
import {checkPodSecurity} from './podSecurity.ts';
import {addTopologyLabels} from './podTopologyLabels.ts';
import {admitPriority, PriorityClasses} from './priority.ts';
import type {Refusal} from './refusal.ts';
import {ResourceQuotas} from './resourceQuota.ts';
import {admitRuntimeClass, type RuntimeClass} from './runtimeClass.ts';
import {admitServiceAccount, ServiceAccounts} from './serviceAccount.ts';

/** The objects that admission plugins look at; all of them are in force before the first pod. */
export class AdmissionObjects {
  readonly priorityClasses = new PriorityClasses();
  readonly runtimeClasses = new Map<string, RuntimeClass>();
  readonly quotas = new ResourceQuotas();
  readonly serviceAccounts: ServiceAccounts;
  readonly namespaceLabels = new Map<string, Labels>();
  readonly #limitRanges = new Map<string, LimitRange[]>();
  readonly #nodeLabels: ReadonlyMap<string, Labels>;
  readonly #defaultStorageClasses: string[] = [];

  constructor(nodeLabels: ReadonlyMap<string, Labels>, serviceAccounts: 'Assumed' | 'AsGiven' = 'Assumed') {
    this.#nodeLabels = nodeLabels;
    this.serviceAccounts = new ServiceAccounts(serviceAccounts);
  }

  /** Adds a StorageClass of storage.k8s.io/v1. */
  addStorageClass(object: KubernetesObject): void {
    if (isDefaultStorageClass(object)) this.#defaultStorageClasses.push(object.metadata.name ?? '');
  }

  /** The class of claims that name none; of several of one age the first by name. */
  get defaultStorageClass(): string | null {
    return this.#defaultStorageClasses.toSorted()[0] ?? null;
  }

  /** Adds a v1 ServiceAccount. */
  addServiceAccount(object: KubernetesObject): void {
    this.serviceAccounts.add(object);
  }

  addLimitRange(namespace: string, range: LimitRange): void {
    const ranges = this.#limitRanges.get(namespace);
    if (ranges === undefined) this.#limitRanges.set(namespace, [range]);
    else ranges.push(range);
  }

  limitRanges(namespace: string): readonly LimitRange[] {
    return this.#limitRanges.get(namespace) ?? [];
  }

  nodeLabels(node: string): Labels | undefined {
    return this.#nodeLabels.get(node);
  }
}

/** A pod as stored, or why it is not. */
export type Admission =
  | {readonly kind: 'admitted'; readonly pod: PodTemplateSpec}
  | {readonly kind: 'refused'; readonly refusal: Refusal};

/**
 * Takes a pod with the API's defaults through admission in the API server's order: mutating plugins, validation of
 * the outcome, validating plugins. ResourceQuota comes after this, as it looks at how many pods there are.
 */
export function admit(pod: PodTemplateSpec, namespace: string, objects: AdmissionObjects): Admission {
  const ranges = objects.limitRanges(namespace);
  const filled = applyLimitRangeDefaults(pod, ranges);
  const mutated = mutateSpec(filled.spec, namespace, objects);
  if (isRefusal(mutated)) return {kind: 'refused', refusal: mutated};
  const errors = [
    ...labelErrors(filled.metadata, FieldPath.root.child('metadata')),
    ...podSpecErrors(mutated, FieldPath.root.child('spec')),
  ];
  if (errors.length > 0) return {kind: 'refused', refusal: {kind: 'invalid', errors}};
  const refusal =
    checkLimitRanges(mutated, ranges) ??
    checkPodSecurity({...filled, spec: mutated}, objects.namespaceLabels.get(namespace) ?? {});
  if (refusal !== undefined) return {kind: 'refused', refusal};
  return {kind: 'admitted', pod: withTopologyLabels({...filled, spec: mutated}, objects)};
}

function mutateSpec(spec: PodSpec, namespace: string, objects: AdmissionObjects): PodSpec | Refusal {
  const accounted = admitServiceAccount(spec, namespace, objects.serviceAccounts);
  if (isRefusal(accounted)) return accounted;
  const prioritised = admitPriority(accounted, objects.priorityClasses);
  if (isRefusal(prioritised)) return prioritised;
  return admitRuntimeClass(addDefaultTolerations(prioritised), objects.runtimeClasses);
}

function withTopologyLabels(pod: PodTemplateSpec, objects: AdmissionObjects): PodTemplateSpec {
  const {nodeName = ''} = pod.spec;
  const nodeLabels = nodeName === '' ? undefined : objects.nodeLabels(nodeName);
  if (nodeLabels === undefined) return pod;
  return {...pod, metadata: {...pod.metadata, labels: addTopologyLabels(pod.metadata?.labels ?? {}, nodeLabels)}};
}

function isRefusal(outcome: PodSpec | Refusal): outcome is Refusal {
  return 'kind' in outcome && !('containers' in outcome);
}
