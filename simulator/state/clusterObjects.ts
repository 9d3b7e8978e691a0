import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {qualifiedKind} from '../../workloads/apiKinds.ts';

const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

const NONE: readonly KubernetesObject[] = [];

/** The objects beside nodes and pods that plugins look up, as upstream's listers. Kinds are `Service`, `ReplicaSet.apps`. */
export class ClusterObjects {
  readonly #byKind: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly #byNamespace = new Map<string, ReadonlyMap<string, readonly KubernetesObject[]>>();
  readonly #services = new Map<string, ReadonlyMap<string, readonly KubernetesObject[]>>();
  readonly #namespaceLabels = new Map<string, Labels>();
  readonly #byName = new Map<string, ReadonlyMap<string, KubernetesObject>>();

  constructor(objects: readonly KubernetesObject[]) {
    this.#byKind = Map.groupBy(objects, qualifiedKind);
  }

  /** All objects of a kind, in the order of the input. */
  list(kind: string): readonly KubernetesObject[] {
    return this.#byKind.get(kind) ?? NONE;
  }

  inNamespace(kind: string, namespace: string): readonly KubernetesObject[] {
    let known = this.#byNamespace.get(kind);
    if (known === undefined) {
      known = Map.groupBy(this.list(kind), ({metadata}) => metadata.namespace ?? '');
      this.#byNamespace.set(kind, known);
    }
    return known.get(namespace) ?? NONE;
  }

  /** The Services of a namespace that could select pods with these labels: those with the first label they ask for. */
  servicesFor(namespace: string, labels: Labels): readonly KubernetesObject[] {
    let known = this.#services.get(namespace);
    if (known === undefined) {
      known = Map.groupBy(this.inNamespace('Service', namespace), firstLabel);
      this.#services.set(namespace, known);
    }
    const found = [...(known.get('') ?? NONE)];
    for (const key of Object.keys(labels)) found.push(...(known.get(`${key}=${labels[key]}`) ?? NONE));
    return found;
  }

  /** The object of a name; objects of the cluster have the namespace ''. */
  get(kind: string, namespace: string, name: string): KubernetesObject | undefined {
    let known = this.#byName.get(kind);
    if (known === undefined) {
      known = new Map(
        this.list(kind).map((object) => [keyOf(object.metadata.namespace, object.metadata.name), object]),
      );
      this.#byName.set(kind, known);
    }
    return known.get(keyOf(namespace, name));
  }

  /** A namespace that is used but not listed exists all the same, with the label that every namespace has. */
  namespaceLabels(name: string): Labels {
    const known = this.#namespaceLabels.get(name);
    if (known !== undefined) return known;
    const labels = {...this.get('Namespace', '', name)?.metadata.labels, [NAMESPACE_NAME_LABEL]: name};
    this.#namespaceLabels.set(name, labels);
    return labels;
  }
}

/** A label that all pods of a Service have, '' where it asks for none. */
function firstLabel({spec}: KubernetesObject): string {
  const {selector = {}} = (spec ?? {}) as {readonly selector?: Labels};
  const [key] = Object.keys(selector);
  return key === undefined ? '' : `${key}=${selector[key]}`;
}

function keyOf(namespace = '', name = ''): string {
  return `${namespace}/${name}`;
}
