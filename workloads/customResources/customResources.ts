import type {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject, PodObject} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import type {Workload} from '../../model/pod.ts';
import {qualifiedKind, WORKLOAD_KINDS} from '../apiKinds.ts';
import type {ScaleBounds} from '../expansion/autoscaler.ts';
import {controllerReference, type Ownership, objectKey} from '../expansion/ownership.ts';
import {type Expansion, expansion, podSet} from '../expansion/podSet.ts';
import type {InputObject} from '../inputObject.ts';
import {BUILT_IN_RULES} from './builtInRules.ts';
import {type CustomResourcePart, customResourceParts} from './parts.ts';
import {type CustomResourceRule, customResourceRuleSchema} from './rule.ts';
import {replicasPaths} from './scale.ts';

/** A part of a custom resource and what the input holds of it already. */
export interface OwnedPart extends CustomResourcePart {
  readonly resource: KubernetesObject;
  /** Its pods among those of the input. */
  readonly pods: readonly PodObject[];
  /** The controller that the operator has made for it, where that is in the input. */
  readonly controller: KubernetesObject | null;
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};
type OpenPart = Mutable<Omit<OwnedPart, 'pods'>> & {readonly pods: PodObject[]};

const BUILT_IN = new Map(BUILT_IN_RULES.map((rule) => [ruleKey(rule), rule]));

/** Owner chains are two or three long; a longer one is a circle. */
const LONGEST_CHAIN = 8;

/** The custom resources of the input that have a rule, their parts, and which objects of the input are those already. */
export class CustomResources {
  readonly #rules = new Map<string, CustomResourceRule>();
  readonly #parts = new Map<KubernetesObject, OpenPart[]>();
  readonly #partOf = new Map<KubernetesObject, OpenPart>();

  /** Rules of the user outrank those built in. `activePods` are in the order of the input. */
  constructor(
    inputs: readonly InputObject[],
    rules: readonly CustomResourceRule[],
    ownership: Ownership,
    bounds: ReadonlyMap<string, ScaleBounds>,
    activePods: readonly PodObject[],
    diagnostics: Diagnostics,
  ) {
    for (const rule of rules) this.#rules.set(ruleKey(rule), rule);
    const scales = replicasPaths(inputs.map(({object}) => object));
    for (const input of inputs) {
      const {object} = input;
      const rule = this.#ruleOf(object);
      if (rule === undefined) continue;
      const options = {replicasPath: scales.get(qualifiedKind(object)), bounds: bounds.get(objectKey(object))};
      const parts = customResourceParts(rule, input, options, diagnostics);
      const open = parts.map((part): OpenPart => ({...part, resource: object, pods: [], controller: null}));
      this.#parts.set(object, open);
      for (const part of open) this.#partOf.set(part.object, part);
    }
    if (this.#parts.size === 0) return;
    for (const {object} of inputs) this.#claimController(object, ownership);
    const byOwner = this.#partsByOwner();
    for (const pod of activePods) this.#claimPod(pod, ownership, byOwner);
  }

  /** Whether a rule says what the object makes. */
  has(object: KubernetesObject): boolean {
    return this.#parts.has(object);
  }

  isGang(object: KubernetesObject): boolean {
    return this.#ruleOf(object)?.gang === true;
  }

  partsOf(object: KubernetesObject): readonly OwnedPart[] {
    return this.#parts.get(object) ?? [];
  }

  /** The part that a pod or controller of the input is, or is of. */
  partOf(object: KubernetesObject): OwnedPart | undefined {
    return this.#partOf.get(object);
  }

  /** Built-in rules are checked when the first object of their kind is met, as most inputs have none. */
  #ruleOf(object: KubernetesObject): CustomResourceRule | undefined {
    const key = qualifiedKind(object);
    const known = this.#rules.get(key);
    const builtIn = known === undefined ? BUILT_IN.get(key) : undefined;
    if (builtIn === undefined) return known;
    const rule = customResourceRuleSchema.parse(builtIn);
    this.#rules.set(key, rule);
    return rule;
  }

  /** What an operator has made already is not made again: a controller, or another custom resource with all its pods. */
  #claimController(object: KubernetesObject, ownership: Ownership): void {
    const isResource = this.#parts.has(object);
    if (!isResource && (!WORKLOAD_KINDS.has(qualifiedKind(object)) || object.kind === 'Pod')) return;
    const resource = this.#resourceAbove(object, ownership);
    if (resource === undefined) return;
    if (isResource) {
      this.#parts.set(resource, []);
      return;
    }
    const free = this.#parts
      .get(resource)!
      .filter(({controller, object: made}) => controller === null && made.kind === object.kind);
    const part = free.find(({name}) => name === object.metadata.name) ?? free[0];
    if (part === undefined) return;
    part.controller = object;
    this.#partOf.set(object, part);
  }

  #claimPod(pod: PodObject, ownership: Ownership, byOwner: ReadonlyMap<string, OpenPart>): void {
    const reference = controllerReference(pod);
    if (reference === undefined || this.#partOf.has(pod)) return;
    const resource = this.#resourceAbove(pod, ownership);
    const parts = (resource === undefined ? [] : this.#parts.get(resource)!).filter(
      ({object}) => object.kind === 'Pod',
    );
    const owner = ownerKey(pod.metadata.namespace, reference.kind, reference.name);
    const part = mostLike(pod, parts) ?? byOwner.get(owner);
    if (part === undefined) return;
    // Pods of a controller in the input are that controller's.
    const handler = ownership.handlerOf(pod);
    if (handler !== undefined && handler.kind !== 'Pod' && WORKLOAD_KINDS.has(qualifiedKind(handler))) return;
    part.pods.push(pod);
    this.#partOf.set(pod, part);
  }

  /** The nearest custom resource with a rule among the controllers of an object. */
  #resourceAbove(object: KubernetesObject, ownership: Ownership): KubernetesObject | undefined {
    let current = ownership.controllerOf(object);
    for (let level = 0; current !== undefined && level < LONGEST_CHAIN; level++) {
      if (current !== object && this.#parts.has(current)) return current;
      current = ownership.controllerOf(current);
    }
    return undefined;
  }

  /** Parts whose pods have an owner of another kind, which dumps often leave out. */
  #partsByOwner(): ReadonlyMap<string, OpenPart> {
    const byOwner = new Map<string, OpenPart>();
    for (const part of [...this.#parts.values()].flat()) {
      const {kind, name} = part.owner;
      if (kind !== part.resource.kind) byOwner.set(ownerKey(part.resource.metadata.namespace, kind, name), part);
    }
    return byOwner;
  }
}

/** How results name the workload that a part is. */
export function customIdentity({
  component,
  resource: {kind, metadata},
}: OwnedPart): Pick<Workload, 'kind' | 'namespace' | 'name' | 'component'> {
  return {kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '', component};
}

/** The pods of a part that the input lacks. */
export function partPods({object, owner, name, replicas, firstOrdinal, pods}: OwnedPart): Expansion {
  const {name: _name, namespace: _namespace, ...metadata} = object.metadata;
  const template = {metadata, spec: (object as PodObject).spec};
  const missing = Math.max(0, replicas - pods.length);
  const generateName = `${name}-`;
  if (firstOrdinal === null) {
    return expansion(replicas, [podSet(owner, template, missing, {naming: {kind: 'generated', generateName}})]);
  }
  const taken = new Set(pods.map((pod) => pod.metadata.name));
  const names: string[] = [];
  for (let ordinal = firstOrdinal; names.length < missing; ordinal++) {
    if (!taken.has(generateName + ordinal)) names.push(generateName + ordinal);
  }
  return expansion(replicas, [
    podSet(owner, template, missing, {naming: {kind: 'fixed', name: (index) => names[index]!}}),
  ]);
}

/** The part whose labels a pod has all, most of them first; then the one with the longest name in front of the pod's. */
function mostLike(pod: PodObject, parts: readonly OpenPart[]): OpenPart | undefined {
  const {labels, name = ''} = pod.metadata;
  const likeness = (part: OpenPart): readonly [number, number] => {
    const own = Object.entries(part.labels);
    const hasAll = own.every(([key, value]) => labelValue(labels, key) === value);
    return [hasAll ? own.length : 0, name.startsWith(`${part.name}-`) ? part.name.length : 0];
  };
  let best: {readonly part: OpenPart; readonly score: readonly [number, number]} | undefined;
  for (const part of parts) {
    const score = likeness(part);
    if (best === undefined || score[0] > best.score[0] || (score[0] === best.score[0] && score[1] > best.score[1])) {
      best = {part, score};
    }
  }
  return best?.part;
}

function ownerKey(namespace: string | undefined, kind: string, name: string): string {
  return [namespace ?? '', kind, name].join('/');
}

function ruleKey({kind, group}: Pick<CustomResourceRule, 'kind' | 'group'>): string {
  return `${kind}.${group}`;
}
