import type {KubernetesObject, OwnerReference, PodObject} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import {qualifiedKind} from '../apiKinds.ts';
import type {ReplicatedSpec} from './claims.ts';
import {POD_TEMPLATE_HASH_LABEL} from './deployment.ts';

/** Owner chains are two or three long; a longer one is a circle. */
const LONGEST_CHAIN = 8;

/** Who controls whom among the objects of the input, by kind and name in a namespace, as dumps of two days may mix uids. */
export class Ownership {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #podsOf = new Map<KubernetesObject, PodObject[]>();
  readonly #replicaSetsOf = new Map<KubernetesObject, KubernetesObject[]>();
  readonly #handlers = new Map<PodObject, KubernetesObject>();

  constructor(objects: readonly KubernetesObject[], activePods: readonly PodObject[]) {
    for (const object of objects) this.#objects.set(objectKey(object), object);
    for (const object of objects) {
      const controller = qualifiedKind(object) === 'ReplicaSet.apps' ? this.controllerOf(object) : undefined;
      if (controller !== undefined) append(this.#replicaSetsOf, controller, object);
    }
    for (const pod of activePods) {
      const handler = this.#handlerOf(pod);
      if (handler !== undefined) this.#assign(handler, pod);
    }
    for (const object of objects) this.#adopt(object, activePods);
  }

  /** The object of the input that is the controller of another. */
  controllerOf(object: KubernetesObject): KubernetesObject | undefined {
    const reference = controllerReference(object);
    if (reference === undefined) return undefined;
    return (
      this.#objects.get(referenceKey(reference, object.metadata.namespace)) ?? this.#deploymentBehind(reference, object)
    );
  }

  /** The object of the input that keeps up the number of these pods: a Deployment rather than its ReplicaSet. */
  handlerOf(pod: PodObject): KubernetesObject | undefined {
    return this.#handlers.get(pod);
  }

  /** Active pods that a controller of the input has already, in the order of the input. */
  podsOf(controller: KubernetesObject): readonly PodObject[] {
    return this.#podsOf.get(controller) ?? [];
  }

  replicaSetsOf(deployment: KubernetesObject): readonly KubernetesObject[] {
    return this.#replicaSetsOf.get(deployment) ?? [];
  }

  /** The topmost known owner of an object, itself if nothing controls it. */
  topOf(object: KubernetesObject): {readonly kind: string; readonly name: string} {
    let current = object;
    for (let level = 0; level < LONGEST_CHAIN; level++) {
      const reference = controllerReference(current);
      if (reference === undefined) break;
      const controller = this.controllerOf(current);
      if (controller === undefined) return {kind: reference.kind, name: reference.name};
      current = controller;
    }
    return {kind: current.kind, name: current.metadata.name ?? ''};
  }

  #handlerOf(pod: PodObject): KubernetesObject | undefined {
    // Pods that a Deployment owns without a ReplicaSet are not its replicas: Flink's native mode makes such ones.
    if (controllerReference(pod)?.kind === 'Deployment') return undefined;
    const controller = this.controllerOf(pod);
    if (controller === undefined || qualifiedKind(controller) !== 'ReplicaSet.apps') return controller;
    const above = this.controllerOf(controller);
    return above !== undefined && qualifiedKind(above) === 'Deployment.apps' ? above : controller;
  }

  /** Dumps often hold Deployments and pods without the ReplicaSets between them. */
  #deploymentBehind({kind, name}: OwnerReference, pod: KubernetesObject): KubernetesObject | undefined {
    const hash = labelValue(pod.metadata.labels, POD_TEMPLATE_HASH_LABEL);
    if (kind !== 'ReplicaSet' || hash === undefined || !name.endsWith(`-${hash}`)) return undefined;
    const deployment = this.#objects.get(
      ['Deployment.apps', pod.metadata.namespace ?? '', name.slice(0, -hash.length - 1)].join('/'),
    );
    const {selector} = (deployment?.spec ?? {}) as ReplicatedSpec;
    return matchesLabelSelector(selector, pod.metadata.labels) ? deployment : undefined;
  }

  #assign(handler: KubernetesObject, pod: PodObject): void {
    this.#handlers.set(pod, handler);
    append(this.#podsOf, handler, pod);
  }

  /** ReplicaSets and ReplicationControllers take pods that match their selector and have no controller. */
  #adopt(object: KubernetesObject, activePods: readonly PodObject[]): void {
    const kind = qualifiedKind(object);
    if (kind !== 'ReplicaSet.apps' && kind !== 'ReplicationController') return;
    const spec = (object.spec ?? {}) as {selector?: unknown; template?: {metadata?: {labels?: Record<string, string>}}};
    const selector =
      kind === 'ReplicaSet.apps'
        ? (spec as ReplicatedSpec).selector
        : {matchLabels: (spec.selector ?? spec.template?.metadata?.labels ?? {}) as Record<string, string>};
    if (selector === undefined || Object.keys(selector.matchLabels ?? selector).length === 0) return;
    for (const pod of activePods) {
      if (pod.metadata.namespace !== object.metadata.namespace || this.#handlers.has(pod)) continue;
      if (controllerReference(pod) !== undefined || !matchesLabelSelector(selector, pod.metadata.labels)) continue;
      this.#assign(object, pod);
    }
  }
}

/** The reference to the controller of an object; a node that owns its static pods is none. */
export function controllerReference({metadata}: KubernetesObject): OwnerReference | undefined {
  const reference = metadata.ownerReferences?.find(({controller}) => controller === true);
  return reference?.kind === 'Node' ? undefined : reference;
}

/** `KIND.GROUP/NAMESPACE/NAME`, whatever the version of the API. */
export function objectKey(object: KubernetesObject): string {
  const {namespace = '', name = ''} = object.metadata;
  return [qualifiedKind(object), namespace, name].join('/');
}

function referenceKey({apiVersion, kind, name}: OwnerReference, namespace = ''): string {
  return objectKey({apiVersion, kind, metadata: {name, namespace}});
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
