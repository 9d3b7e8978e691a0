import type {KubernetesObject, LabelSelector} from '../../model/kubernetes.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import {perClass} from '../framework/perClass.ts';
import type {Handle} from '../framework/plugin.ts';
import {disruptionsAllowed} from './disruptionsAllowed.ts';

interface Budget {
  readonly object: KubernetesObject;
  readonly namespace: string;
  readonly selector: LabelSelector | undefined;
  /** What the object says; null where no controller has looked at it yet. */
  readonly allowed: number | null;
  /** Names of pods whose disruption has been counted already. */
  readonly disruptedPods: ReadonlySet<string>;
}

/** What the PodDisruptionBudgets of the cluster allow. Preemption honours them as long as it has a choice. */
export class DisruptionBudgets {
  readonly #handle: Handle;
  readonly #budgets: readonly Budget[];
  readonly #matching: (podClass: PodClass) => readonly number[];
  /** What each budget allows, and the length of the log of changes when it was worked out. */
  #allowances: {readonly position: number; readonly allowed: readonly number[]} | null = null;

  constructor(handle: Handle) {
    this.#handle = handle;
    this.#budgets = handle.objects.list('PodDisruptionBudget.policy').map(toBudget);
    this.#matching = perClass((podClass) => this.#match(podClass));
  }

  /**
   * Those of `pods`, in their order, that could not all be disrupted. The first ones use the budgets up: all that match
   * them, even beyond what they allow.
   */
  violatedBy(pods: readonly Pod[]): ReadonlySet<Pod> {
    const violating = new Set<Pod>();
    if (this.#budgets.length === 0) return violating;
    const allowed = [...this.#allowed()];
    for (const pod of pods) {
      for (const budget of this.#matching(pod.class)) {
        if (this.#budgets[budget]!.disruptedPods.has(pod.name)) continue;
        allowed[budget]!--;
        if (allowed[budget]! < 0) violating.add(pod);
      }
    }
    return violating;
  }

  #allowed(): readonly number[] {
    const position = this.#handle.state.changes.length;
    if (this.#allowances?.position === position) return this.#allowances.allowed;
    const allowed = this.#budgets.map(({object, allowed: stated}, budget) => {
      if (stated !== null) return stated;
      const classes = this.#handle.podIndex.classes.filter((podClass) => this.#matching(podClass).includes(budget));
      return disruptionsAllowed(object, classes, this.#handle);
    });
    this.#allowances = {position, allowed};
    return allowed;
  }

  /** An empty selector matches nothing here, and a pod without labels is matched by none. */
  #match({namespace, labels}: PodClass): readonly number[] {
    if (Object.keys(labels).length === 0) return [];
    return [...this.#budgets.keys()].filter((i) => {
      const {selector, namespace: own} = this.#budgets[i]!;
      return own === namespace && !isEmptySelector(selector) && matchesLabelSelector(selector, labels);
    });
  }
}

function toBudget(object: KubernetesObject): Budget {
  const {selector} = (object.spec ?? {}) as {readonly selector?: LabelSelector};
  const {disruptionsAllowed: allowed, disruptedPods = {}} = (object.status ?? {}) as {
    readonly disruptionsAllowed?: number;
    readonly disruptedPods?: Readonly<Record<string, unknown>>;
  };
  return {
    object,
    namespace: object.metadata.namespace ?? '',
    selector,
    allowed: object.status === undefined ? null : (allowed ?? 0),
    disruptedPods: new Set(Object.keys(disruptedPods)),
  };
}

function isEmptySelector({matchLabels = {}, matchExpressions = []}: LabelSelector = {}): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
