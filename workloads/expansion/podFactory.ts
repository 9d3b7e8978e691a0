import type {RejectedPod} from '../../model/clusterModel.ts';
import {type Diagnostics, type Place, placeOf} from '../../model/diagnostic.ts';
import {
  type KubernetesObject,
  objectReference,
  type PodObject,
  type PodSpec,
  type PodTemplateSpec,
} from '../../model/kubernetes.ts';
import {type Pod, type PodClass, toPodClass, type Workload} from '../../model/pod.ts';
import {effectiveRequests, nonZeroRequests} from '../../model/podRequests.ts';
import {type PodResize, podResize, withResize} from '../../model/podResize.ts';
import {type Admission, type AdmissionObjects, admit} from '../admission/admission.ts';
import {withDefaultStorageClass} from '../admission/defaultStorageClass.ts';
import {checkClaimLimits} from '../admission/limitRanger.ts';
import {claimUsage} from '../admission/objectUsage.ts';
import {forbid, type Refusal, refusalMessage} from '../admission/refusal.ts';
import {defaultPod} from '../defaulting/podDefaults.ts';
import {defaultClaimSpec} from '../defaulting/volumeDefaults.ts';
import type {InputObject} from '../inputObject.ts';
import type {PodNames} from '../names.ts';
import type {ServerLog} from '../serverLog.ts';
import {nodeOfAffinity, withoutRequiredNodeAffinity} from './daemonSet.ts';
import type {DirectOwner, Expansion, PodNaming, PodSet} from './podSet.ts';

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

/** Turns what controllers ask for, and pods that exist already, into pods and classes of the model. */
export class PodFactory {
  readonly rejected: RejectedPod[] = [];
  /** Claims made for pods of StatefulSets. */
  readonly claims: KubernetesObject[] = [];
  readonly #claimIndex = new Map<string, number>();
  readonly #objects: AdmissionObjects;
  readonly #names: PodNames;
  readonly #diagnostics: Diagnostics;
  readonly #reschedule: boolean;
  readonly #log: ServerLog | undefined;
  readonly #classes: PodClass[] = [];
  readonly #classByTemplate = new Map<string, PodClass>();
  readonly #bound: Mutable<Pod>[] = [];
  readonly #pending: Mutable<Pod>[] = [];

  constructor(
    objects: AdmissionObjects,
    names: PodNames,
    diagnostics: Diagnostics,
    {reschedule, log}: {readonly reschedule: boolean; readonly log?: ServerLog},
  ) {
    this.#objects = objects;
    this.#names = names;
    this.#diagnostics = diagnostics;
    this.#reschedule = reschedule;
    this.#log = log;
  }

  /** Pods made or refused so far. */
  get count(): number {
    return this.#bound.length + this.#pending.length + this.rejected.length;
  }

  /** The outcome: bound pods first, the others in the order they were asked for. */
  finish(): {pods: readonly Pod[]; classes: readonly PodClass[]} {
    const pods = [...this.#bound];
    for (const pod of this.#pending) pods.push(pod);
    for (let index = 0; index < pods.length; index++) pods[index]!.index = index;
    return {pods, classes: this.#classes};
  }

  /** Adds a pod that the cluster has accepted already: nothing can refuse it any more. */
  addLive(pod: PodObject, workload: Workload, owner: DirectOwner | null): void {
    const {metadata, spec, status} = pod;
    const daemonSetNode = owner?.kind === 'DaemonSet' ? nodeOfAffinity(spec) : null;
    const {nodeName = '', ...unbound} = spec;
    const template = {metadata, spec: withoutToken(unbound)};
    const shared = daemonSetNode === null ? template : withoutRequiredNodeAffinity(template);
    const resize = podResize(shared.spec, status);
    const podClass = this.#cached(shared, resize, workload, owner);
    const startTime = Date.parse(status?.startTime ?? '');
    const boundTo = nodeName === '' || this.#reschedule ? null : nodeName;
    const pods = boundTo === null ? this.#pending : this.#bound;
    pods.push({
      index: -1,
      class: podClass,
      name: metadata.name ?? this.#names.generate(workload.namespace, metadata.generateName ?? ''),
      nodeName: boundTo,
      daemonSetNode,
      nominatedNodeName: status?.nominatedNodeName || null,
      startTime: Number.isNaN(startTime) ? null : startTime,
      terminating: metadata.deletionTimestamp !== undefined,
      preempted: isPreempted(pod),
      ...(metadata.uid === undefined ? {} : {uid: metadata.uid}),
      ...claimNames(pod),
    });
  }

  /** Asks the API server for the pods of a controller, set by set. */
  addExpansion({sets, perNode, stopsAtRefusal}: Expansion, workload: Workload, input: InputObject): void {
    if (perNode !== null) this.#addTemplate(perNode, workload, input);
    let blocked: string | null = null;
    for (const set of sets) {
      if (blocked === null) blocked = this.#addSet(set, workload, input, stopsAtRefusal);
      else this.#reject(set, 0, workload, () => blocked!);
    }
  }

  /** Makes a class without pods. */
  #addTemplate(set: PodSet, workload: Workload, input: InputObject): void {
    const outcome = this.#admit(set, workload);
    if (outcome.kind === 'admitted') this.#classOf(outcome.pod, workload, set.owner);
    else this.#warn(refusalMessage(outcome.refusal, `${set.owner?.name}-`, null), 1, workload, input);
  }

  #admit({template}: PodSet, {namespace}: Workload): Admission {
    return admit(defaultPod({...template, metadata: {...template.metadata, namespace}}), namespace, this.#objects);
  }

  /** Makes the pods of a set; the message of the refusal that keeps the controller from going on, else null. */
  #addSet(set: PodSet, workload: Workload, input: InputObject, stopsAtRefusal: boolean): string | null {
    for (const claim of set.claims) {
      if (this.#retainClaim(claim)) continue;
      const reason = this.createClaim(claim);
      if (reason === null) continue;
      const {name = ''} = claim.metadata;
      const message = `failed to create PVC ${name}: persistentvolumeclaims ${JSON.stringify(name)} is forbidden: ${reason}`;
      this.#warn(message, set.count, workload, input);
      const first = this.rejected.length;
      this.#reject(set, 0, workload, () => message);
      this.#logFailure(set, 0, this.rejected[first]!, message);
      return stopsAtRefusal ? message : null;
    }
    const {namespace} = workload;
    const outcome = this.#admit(set, workload);
    if (outcome.kind === 'refused') return this.#refuse(set, 0, workload, input, outcome.refusal, stopsAtRefusal);

    const {spec} = outcome.pod;
    const {allowed, reason, otherReasons} = this.#objects.quotas.admitPods(namespace, spec, set.count);
    if (allowed > 0) this.#create(set, allowed, outcome.pod, workload);
    if (allowed > 0 && input.object.kind === 'Pod') this.#log?.warn(input.object, this.#objects);
    if (reason === null) return null;
    const refusal = forbid('validating', reason, otherReasons);
    return this.#refuse(set, allowed, workload, input, refusal, stopsAtRefusal);
  }

  /** Millions of pods may come from one set, so that nothing but the pod itself is made for each. */
  #create(
    {naming, nodes, ordinal, owner}: PodSet,
    count: number,
    {metadata, spec}: PodTemplateSpec,
    workload: Workload,
  ): void {
    const {nodeName: givenNode = '', ...unbound} = spec;
    const podClass = this.#classOf({...(metadata === undefined ? {} : {metadata}), spec: unbound}, workload, owner);
    const nodeName = givenNode === '' || this.#reschedule ? null : givenNode;
    const nextName = this.#namer(naming, workload.namespace);
    const pods = nodeName === null ? this.#pending : this.#bound;
    for (let index = 0; index < count; index++) {
      const pod: Mutable<Pod> = {
        index: -1,
        name: nextName(index),
        class: podClass,
        nodeName,
        daemonSetNode: nodes === null ? null : nodes[index]!,
        nominatedNodeName: null,
        startTime: null,
        terminating: false,
        preempted: false,
      };
      if (ordinal !== null) pod.ordinal = ordinal(index);
      pods.push(pod);
    }
  }

  /** Whether a controller finds its claim made already; then it only puts its own reference there. */
  #retainClaim({metadata}: KubernetesObject): boolean {
    const at = this.#claimIndex.get(`${metadata.namespace}/${metadata.name}`);
    const {ownerReferences} = metadata;
    if (at === undefined) return false;
    const known = this.claims[at]!;
    if (ownerReferences !== undefined) this.claims[at] = {...known, metadata: {...known.metadata, ownerReferences}};
    return true;
  }

  /** Why a claim that has no API object yet may not be created; null when it was, or was there before. */
  ensureClaim(claim: KubernetesObject): string | null {
    const {namespace, name} = claim.metadata;
    return this.#claimIndex.has(`${namespace}/${name}`) ? null : this.createClaim(claim);
  }

  /** Whether a claim may be created, and why not. */
  createClaim(asked: KubernetesObject): string | null {
    const {namespace = ''} = asked.metadata;
    const defaulted = {...asked, spec: defaultClaimSpec(asked.spec)};
    const claim = withDefaultStorageClass(defaulted, this.#objects.defaultStorageClass);
    const {resources} = (claim.spec ?? {}) as {resources?: {requests?: Record<string, string | number>}};
    const reason =
      checkClaimLimits(resources?.requests ?? {}, this.#objects.limitRanges(namespace)) ??
      this.#objects.quotas.admitObject(namespace, claimUsage(claim)).reason;
    if (reason === null) {
      this.#claimIndex.set(`${namespace}/${claim.metadata.name}`, this.claims.length);
      this.claims.push(claim);
    }
    return reason;
  }

  #refuse(
    set: PodSet,
    from: number,
    workload: Workload,
    input: InputObject,
    refusal: Refusal,
    stopsAtRefusal: boolean,
  ): string | null {
    const message = (name: string, index: number): string => refusalMessage(refusal, name, generateName(set, index));
    const first = this.rejected.length;
    let blocking: string | null = null;
    this.#reject(set, from, workload, (name, index) => {
      if (!stopsAtRefusal) return message(name, index);
      blocking ??= message(name, index);
      return blocking;
    });
    const {message: reason} = this.rejected[first]!;
    this.#warn(reason, set.count - from, workload, input);
    const others =
      refusal.kind === 'invalid'
        ? []
        : refusal.otherReasons.map((other) =>
            refusalMessage({...refusal, reason: other}, this.rejected[first]!.name, generateName(set, from)),
          );
    if (input.object.kind === 'Pod') this.#log?.refusePod(input.object, refusal, reason, others);
    else this.#logFailure(set, from, this.rejected[first]!, reason, others);
    return blocking;
  }

  #logFailure(
    set: PodSet,
    index: number,
    {namespace, name}: RejectedPod,
    message: string,
    others: readonly string[] = [],
  ): void {
    if (set.owner === null || this.#log === undefined) return;
    this.#log.failures.push({
      namespace,
      owner: set.owner,
      pod: name,
      generateName: generateName(set, index),
      message,
      others,
    });
  }

  #reject(set: PodSet, from: number, workload: Workload, message: (name: string, index: number) => string): void {
    const {namespace} = workload;
    const nextName = this.#namer(set.naming, namespace);
    for (let index = from; index < set.count; index++) {
      const name = nextName(index);
      this.rejected.push({namespace, name, workload, message: message(name, index)});
    }
  }

  #warn(message: string, pods: number, {kind, namespace, name}: Workload, {origin}: InputObject): void {
    const object = objectReference(kind, namespace, name);
    const place: Place = placeOf(origin, '');
    const count = pods === 1 ? '1 pod is' : `${pods} pods are`;
    this.#diagnostics.warn('STW-2004', `${count} refused: ${message}`, {place, object});
  }

  /** Pods of a dump share a class when all that the scheduler looks at is the same. */
  #cached(
    template: PodTemplateSpec,
    resize: PodResize | null,
    workload: Workload,
    owner: DirectOwner | null,
  ): PodClass {
    const {labels, annotations} = template.metadata ?? {};
    const key = JSON.stringify([workload.index, owner, labels, annotations, template.spec, resize]);
    const known = this.#classByTemplate.get(key);
    if (known !== undefined) return known;
    const podClass = this.#classOf(withPriority(defaultPod(template), this.#objects), workload, owner, resize);
    this.#classByTemplate.set(key, podClass);
    return podClass;
  }

  #classOf(
    {metadata, spec}: PodTemplateSpec,
    workload: Workload,
    owner: DirectOwner | null,
    resize: PodResize | null = null,
  ): PodClass {
    const asked = toPodClass({
      index: this.#classes.length,
      namespace: workload.namespace,
      labels: metadata?.labels ?? {},
      ...(metadata?.annotations === undefined ? {} : {annotations: metadata.annotations}),
      spec,
      workload,
      owner,
    });
    const podClass = resize === null ? asked : duringResize(asked, resize);
    this.#classes.push(podClass);
    return podClass;
  }

  #namer(naming: PodNaming, namespace: string): (index: number) => string {
    if (naming.kind === 'fixed') return naming.name;
    if (naming.kind === 'generated') return this.#names.generator(namespace, naming.generateName);
    return (index) => this.#names.generate(namespace, naming.generateName(index));
  }
}

/** The node keeps what the pod has now and what it is to have. */
function duringResize(podClass: PodClass, resize: PodResize): PodClass {
  const counted = withResize(podClass.spec, resize);
  return {...podClass, requests: effectiveRequests(counted), nonZeroRequests: nonZeroRequests(counted)};
}

/** The claims that exist for a pod. */
function claimNames({status}: PodObject): Pick<Pod, 'claimNames'> {
  const statuses = (status?.resourceClaimStatuses ?? []) as readonly {
    readonly name: string;
    readonly resourceClaimName?: string;
  }[];
  if (statuses.length === 0) return {};
  return {
    claimNames: Object.fromEntries(statuses.map(({name, resourceClaimName = null}) => [name, resourceClaimName])),
  };
}

/** Whether the scheduler asked for the pod's end (DisruptionTarget, PreemptionByScheduler). */
export function isPreempted({status}: PodObject): boolean {
  const conditions = (status?.conditions ?? []) as readonly {
    readonly type?: string;
    readonly status?: string;
    readonly reason?: string;
  }[];
  const target = conditions.find(({type}) => type === 'DisruptionTarget');
  return target?.status === 'True' && target.reason === 'PreemptionByScheduler';
}

function generateName({naming}: PodSet, index: number): string | null {
  if (naming.kind === 'fixed') return null;
  return naming.kind === 'generated' ? naming.generateName : naming.generateName(index);
}

/** Without the volume of the service-account token, whose random name would set equal pods apart. */
function withoutToken(spec: PodSpec): PodSpec {
  const isToken = ({name}: {readonly name?: string}): boolean => name?.startsWith('kube-api-access-') === true;
  if (spec.volumes === undefined || !spec.volumes.some(isToken)) return spec;
  const strip = <T extends {readonly [field: string]: unknown}>(container: T): T => {
    const mounts = container.volumeMounts;
    return Array.isArray(mounts) ? {...container, volumeMounts: mounts.filter((mount) => !isToken(mount))} : container;
  };
  return {
    ...spec,
    volumes: spec.volumes.filter((volume) => !isToken(volume)),
    containers: spec.containers.map(strip),
    ...(spec.initContainers === undefined ? {} : {initContainers: spec.initContainers.map(strip)}),
  };
}

/** A dump that was cleaned up may have kept the class of a priority but not its number. */
function withPriority(pod: PodTemplateSpec, {priorityClasses}: AdmissionObjects): PodTemplateSpec {
  const {priority, priorityClassName = ''} = pod.spec;
  const found = priority === undefined ? priorityClasses.get(priorityClassName) : undefined;
  if (found === undefined) return pod;
  return {...pod, spec: {...pod.spec, priority: found.value, preemptionPolicy: found.preemptionPolicy}};
}
