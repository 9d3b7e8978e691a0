import type {PodSpec, PodTemplateSpec} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {FieldPath} from '../validation/fieldError.ts';
import {labelErrors, podSpecErrors} from '../validation/podValidation.ts';
import {addDefaultTolerations} from './defaultTolerationSeconds.ts';
import {applyLimitRangeDefaults, checkLimitRanges, type LimitRange} from './limitRanger.ts';
import {addTopologyLabels} from './podTopologyLabels.ts';
import {admitPriority, PriorityClasses} from './priority.ts';
import type {Refusal} from './refusal.ts';
import {ResourceQuotas} from './resourceQuota.ts';
import {admitRuntimeClass, type RuntimeClass} from './runtimeClass.ts';

/** The objects that admission plugins look at; all of them are in force before the first pod. */
export class AdmissionObjects {
  readonly priorityClasses = new PriorityClasses();
  readonly runtimeClasses = new Map<string, RuntimeClass>();
  readonly quotas = new ResourceQuotas();
  readonly #limitRanges = new Map<string, LimitRange[]>();
  readonly #nodeLabels: ReadonlyMap<string, Labels>;

  constructor(nodeLabels: ReadonlyMap<string, Labels>) {
    this.#nodeLabels = nodeLabels;
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
  const mutated = mutateSpec(filled.spec, objects);
  if (isRefusal(mutated)) return {kind: 'refused', refusal: mutated};
  const errors = [
    ...labelErrors(filled.metadata, FieldPath.root.child('metadata')),
    ...podSpecErrors(mutated, FieldPath.root.child('spec')),
  ];
  if (errors.length > 0) return {kind: 'refused', refusal: {kind: 'invalid', errors}};
  const refusal = checkLimitRanges(mutated, ranges);
  if (refusal !== undefined) return {kind: 'refused', refusal};
  return {kind: 'admitted', pod: withTopologyLabels({...filled, spec: mutated}, objects)};
}

function mutateSpec(spec: PodSpec, objects: AdmissionObjects): PodSpec | Refusal {
  const prioritised = admitPriority(withServiceAccount(spec), objects.priorityClasses);
  if (isRefusal(prioritised)) return prioritised;
  return admitRuntimeClass(addDefaultTolerations(prioritised), objects.runtimeClasses);
}

/** The plugin ServiceAccount; accounts are assumed to exist, as the input rarely holds them. */
function withServiceAccount(spec: PodSpec): PodSpec {
  const {serviceAccount} = spec;
  const name = spec.serviceAccountName || (typeof serviceAccount === 'string' && serviceAccount) || 'default';
  return {...spec, serviceAccountName: name, serviceAccount: name};
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
