import {type Diagnostics, type Origin, placeOf} from '../../model/diagnostic.ts';
import {type KubernetesObject, type OwnerReference, objectReference} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import type {ScaleBounds} from '../expansion/autoscaler.ts';
import type {DirectOwner} from '../expansion/podSet.ts';
import type {InputObject} from '../inputObject.ts';
import {safeHash} from '../names.ts';
import {decodeStrict} from '../strict/strictDecoding.ts';
import {evaluate, evaluateCount, evaluateQuantity, evaluateText, FormulaError, firstAt, type Scope} from './formula.ts';
import {type Found, findAll, parsePath} from './path.ts';
import type {ContainerRule, CustomResourceRule, Formula, PodRule} from './rule.ts';

/** One part of a custom resource: what its operator makes for it. */
export interface CustomResourcePart {
  readonly component: string | null;
  /** The name of the controller, or what the names of the pods begin with. */
  readonly name: string;
  /** A controller of pods, or one pod that stands for `replicas` of them. */
  readonly object: KubernetesObject;
  /** Knows where in the custom resource the fields of `object` stand. */
  readonly origin: Origin;
  readonly replicas: number;
  /** Who owns the pods where the part is pods. */
  readonly owner: DirectOwner;
  readonly firstOrdinal: number | null;
  /** What tells the part's pods from those of the others. */
  readonly labels: Labels;
}

export interface PartOptions {
  /** Where the CustomResourceDefinition says the replicas are. */
  readonly replicasPath: string | undefined;
  readonly bounds: ScaleBounds | undefined;
}

/** A template, however much of it the object gives. */
interface DraftTemplate {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Where in the object the template stands, null when it is put together from fields. */
  readonly pointer: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Where the operator chooses the image; no node has it. */
const UNKNOWN_IMAGE = 'stowage.dev/unknown';

/** The parts of a custom resource by its rule. What cannot be made is reported and left out. */
export function customResourceParts(
  rule: CustomResourceRule,
  input: InputObject,
  options: PartOptions,
  diagnostics: Diagnostics,
): CustomResourcePart[] {
  const root: Found = {value: input.object, pointer: '', key: null};
  const places = rule.pods.flatMap((pods) =>
    placesOf(pods, root)
      .map((here) => ({pods, scope: {root, here}}))
      .filter(({scope}) => pods.when === undefined || firstAt(pods.when, scope) !== undefined),
  );
  if (places.length === 0) {
    diagnostics.warn('STW-2002', 'the object has none of the parts that make pods by the rule of its kind', {
      place: placeOf(input.origin, ''),
      object: referenceTo(input.object),
    });
  }
  return places.flatMap(({pods, scope}) => {
    try {
      const part = new PartBuilder(pods, input, scope, options, diagnostics).build();
      return part === undefined ? [] : [part];
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      diagnostics.error('STW-1003', error.message, {
        place: placeOf(input.origin, error.pointer),
        object: referenceTo(input.object),
      });
      return [];
    }
  });
}

function placesOf({each}: PodRule, root: Found): readonly Found[] {
  const path = each === undefined ? undefined : parsePath(each);
  return path === undefined ? [root] : findAll(path, root);
}

class PartBuilder {
  readonly #rule: PodRule;
  readonly #input: InputObject;
  readonly #scope: Scope;
  readonly #options: PartOptions;
  readonly #diagnostics: Diagnostics;

  constructor(rule: PodRule, input: InputObject, scope: Scope, options: PartOptions, diagnostics: Diagnostics) {
    this.#rule = rule;
    this.#input = input;
    this.#scope = scope;
    this.#options = options;
    this.#diagnostics = diagnostics;
  }

  build(): CustomResourcePart | undefined {
    const {metadata} = this.#input.object;
    const component = this.#component();
    const name = this.#name(component);
    const replicas = this.#replicas();
    const template = this.#template();
    const {containers} = template.spec;
    if (Array.isArray(containers) && containers.length === 0) {
      const part = component === null ? 'the object' : `its part ${component}`;
      this.#diagnostics.warn('STW-2002', `${part} has no containers where the rule of the kind looks for them`, {
        place: placeOf(this.#input.origin, this.#scope.here.pointer),
        object: referenceTo(this.#input.object),
      });
      return undefined;
    }
    const labels = this.#labels(template);
    const pod = this.#decoded(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {...template.metadata, labels, name, namespace: metadata.namespace ?? ''},
        spec: template.spec,
      },
      template.pointer,
    );
    if (pod === undefined) return undefined;
    const {as, owner, firstOrdinal = null} = this.#rule;
    return {
      component,
      name,
      object: as === 'Pod' ? pod : this.#controller(as, name, replicas, pod),
      origin: this.#originOf(template.pointer, as === 'Pod' ? '' : '/spec/template'),
      replicas,
      owner: owner === undefined ? {kind: this.#input.object.kind, name: metadata.name ?? ''} : {kind: owner, name},
      firstOrdinal,
      labels,
    };
  }

  #component(): string | null {
    const {component, each} = this.#rule;
    const text = component === undefined ? undefined : evaluateText(component, this.#scope);
    return (text ?? (each === undefined ? null : this.#scope.here.key))?.toLowerCase() ?? null;
  }

  #name(component: string | null): string {
    const {name} = this.#rule;
    const own = this.#input.object.metadata.name ?? '';
    if (name === undefined) return component === null ? own : `${own}-${component}`;
    return name
      .map((formula) => evaluateText(formula, this.#scope) ?? '')
      .filter((text) => text !== '')
      .join('-');
  }

  #replicas(): number {
    const {replicas} = this.#rule;
    const {replicasPath, bounds} = this.#options;
    const formula: Formula = replicas ?? (replicasPath === undefined ? 1 : {path: `$${replicasPath}`});
    const {count, pointer} = evaluateCount(formula, this.#scope) ?? {count: 1, pointer: null};
    const scaled = parsePath(replicasPath ?? '.spec.replicas');
    const isScaled =
      scaled !== undefined && findAll(scaled, this.#scope.root).some((found) => found.pointer === pointer);
    // An autoscaler without metrics acts by its bounds alone, and not on a workload scaled to zero.
    if (bounds === undefined || count === 0 || !(isScaled || pointer === null)) return count;
    return Math.min(bounds.max, Math.max(bounds.min, count));
  }

  /** What the object gives of a template, and what the rule adds to it. */
  #template(): DraftTemplate {
    const given = this.#given();
    const fields: [string, unknown][] = [];
    for (const [field, formula] of Object.entries(this.#rule.spec ?? {})) {
      const value = evaluate(formula, this.#scope)?.value;
      if (value !== undefined) fields.push([field, value]);
    }
    const spec: Fields = {...Object.fromEntries(fields), ...given.spec};
    const {containers = [], initContainers = []} = spec;
    return {
      ...given,
      spec: {
        ...spec,
        containers: this.#containers(containers, false),
        ...(spec.initContainers === undefined && !this.#rule.containers?.some(({init}) => init === true)
          ? {}
          : {initContainers: this.#containers(initContainers, true)}),
      },
    };
  }

  /** What is not a list of maps is left to the check of the pod. */
  #containers(given: unknown, init: boolean): unknown {
    if (!Array.isArray(given)) return given;
    const list: unknown[] = given.map((container: unknown, index) =>
      isRecord(container) ? {name: index === 0 ? 'main' : `main-${index}`, ...container} : container,
    );
    for (const rule of this.#rule.containers ?? []) {
      if ((rule.init ?? false) !== init) continue;
      if (rule.when !== undefined && firstAt(rule.when, this.#scope) === undefined) continue;
      const container = this.#container(rule);
      const index = list.findIndex((known) => isRecord(known) && known.name === container.name);
      if (index < 0) list.push(container);
      else list[index] = {...container, ...(list[index] as Fields)};
    }
    return list.map((container) => (isRecord(container) ? {image: UNKNOWN_IMAGE, ...container} : container));
  }

  #given(): DraftTemplate {
    const {template, podSpec} = this.#rule;
    const whole = template === undefined ? undefined : firstAt(template, this.#scope);
    if (whole !== undefined) {
      const {metadata, spec} = recordOf(whole);
      return {metadata: orEmpty(metadata), spec: orEmpty(spec), pointer: whole.pointer};
    }
    const spec = podSpec === undefined ? undefined : firstAt(podSpec, this.#scope);
    // Other fields of the resource stand beside those of the PodSpec, so that strangers in it are no mistakes.
    return {metadata: {}, spec: spec === undefined ? {} : recordOf(spec), pointer: null};
  }

  #container({name, image, resources, requests, limits}: ContainerRule): Fields {
    const given = resources === undefined ? undefined : firstAt(resources, this.#scope);
    const whole = given === undefined ? {} : recordOf(given);
    const built = {
      requests: {...this.#quantities(requests), ...orEmpty(whole.requests)},
      limits: {...this.#quantities(limits), ...orEmpty(whole.limits)},
    };
    const imageText = image === undefined ? undefined : evaluateText(image, this.#scope);
    return {
      name: evaluateText(name, this.#scope) ?? 'main',
      ...(imageText === undefined ? {} : {image: imageText}),
      resources: built,
    };
  }

  #quantities(formulas: Readonly<Record<string, Formula>> = {}): Readonly<Record<string, string | number>> {
    const entries: [string, string | number][] = [];
    for (const [resource, formula] of Object.entries(formulas)) {
      const quantity = evaluateQuantity(formula, this.#scope);
      if (quantity !== undefined) entries.push([resource, quantity]);
    }
    return Object.fromEntries(entries);
  }

  #labels({metadata}: DraftTemplate): Labels {
    const entries: [string, string][] = [];
    for (const [label, formula] of Object.entries(this.#rule.labels ?? {})) {
      const text = evaluateText(formula, this.#scope);
      if (text !== undefined) entries.push([label, text]);
    }
    return {...(orEmpty(metadata.labels) as Labels), ...Object.fromEntries(entries)};
  }

  /** Checks the pod field by field; places of a template in the object are its own. */
  #decoded(pod: KubernetesObject, pointer: string | null): KubernetesObject | undefined {
    const input = {object: pod, origin: this.#originOf(pointer, '')};
    return decodeStrict(input, this.#diagnostics, pointer === null ? 'ignore' : 'warn');
  }

  /** The places of an object that has the template at `pointer` of the resource below its own `prefix`. */
  #originOf(pointer: string | null, prefix: string): Origin {
    const {origin} = this.#input;
    const here = this.#scope.here.pointer;
    return {
      file: origin.file,
      at: (rest) => origin.at(pointer !== null && rest.startsWith(prefix) ? pointer + rest.slice(prefix.length) : here),
    };
  }

  #controller(as: string, name: string, replicas: number, pod: KubernetesObject): KubernetesObject {
    const {object} = this.#input;
    const {name: _name, namespace: _namespace, labels = {}, ...metadata} = pod.metadata;
    const {namespace = ''} = object.metadata;
    const own = Object.keys(labels).length > 0 ? labels : {'stowage.dev/owner': safeHash(`${namespace}/${name}`)};
    const template = {metadata: {...metadata, labels: own}, spec: pod.spec};
    const isJob = as === 'Job';
    return {
      apiVersion: isJob ? 'batch/v1' : 'apps/v1',
      kind: as,
      metadata: {name, namespace, ownerReferences: [ownerOf(object)]},
      spec: isJob
        ? {parallelism: replicas, completions: replicas, template: withRestartPolicy(template)}
        : {replicas, selector: {matchLabels: own}, template},
    };
  }
}

function withRestartPolicy(template: {readonly spec?: unknown}): unknown {
  return {...template, spec: {restartPolicy: 'Never', ...orEmpty(template.spec)}};
}

function ownerOf({apiVersion, kind, metadata}: KubernetesObject): OwnerReference {
  return {apiVersion, kind, name: metadata.name ?? '', controller: true};
}

function referenceTo({kind, metadata}: KubernetesObject): string {
  return objectReference(kind, metadata.namespace, metadata.name ?? '');
}

function recordOf({value, pointer}: Found): Fields {
  if (isRecord(value)) return value;
  throw new FormulaError(pointer, `${Array.isArray(value) ? 'a list' : `the ${typeof value}`} is not a map`);
}

function orEmpty(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
