import type {Workload} from '../../model/pod.ts';

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

/** The workloads of the input, each once, in the order they are first met. */
export class Workloads {
  readonly #byKey = new Map<string, Mutable<Workload>>();
  readonly #list: Workload[] = [];

  get list(): readonly Workload[] {
    return this.#list;
  }

  /** The workload of this identity, made if it is new. */
  get(identity: Pick<Workload, 'kind' | 'namespace' | 'name' | 'component'>): Workload {
    return this.#find(identity);
  }

  /** Adds to the pods that a workload wants. */
  want(identity: Pick<Workload, 'kind' | 'namespace' | 'name' | 'component'>, pods: number): Workload {
    const workload = this.#find(identity);
    workload.replicas += pods;
    return workload;
  }

  #find({
    kind,
    namespace,
    name,
    component,
  }: Pick<Workload, 'kind' | 'namespace' | 'name' | 'component'>): Mutable<Workload> {
    const key = [kind, namespace, name, component ?? ''].join('/');
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const workload: Mutable<Workload> = {index: this.#list.length, kind, namespace, name, component, replicas: 0};
    this.#byKey.set(key, workload);
    this.#list.push(workload);
    return workload;
  }
}
