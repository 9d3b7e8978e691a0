import type {LabelSelector} from '../../model/kubernetes.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import {perClass} from '../framework/perClass.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';

interface Budget {
  readonly namespace: string;
  readonly selector: LabelSelector | undefined;
  readonly disruptionsAllowed: number;
  /** Names of pods whose disruption has been counted already. */
  readonly disruptedPods: ReadonlySet<string>;
}

/** What the PodDisruptionBudgets of the cluster allow. Preemption honours them as long as it has a choice. */
export class DisruptionBudgets {
  readonly #budgets: readonly Budget[];
  readonly #matching: (podClass: PodClass) => readonly number[];

  constructor(objects: ClusterObjects) {
    this.#budgets = objects.list('PodDisruptionBudget.policy').map(({metadata, spec, status}) => {
      const {selector} = (spec ?? {}) as {readonly selector?: LabelSelector};
      const {disruptionsAllowed = 0, disruptedPods = {}} = (status ?? {}) as {
        readonly disruptionsAllowed?: number;
        readonly disruptedPods?: Readonly<Record<string, unknown>>;
      };
      return {
        namespace: metadata.namespace ?? '',
        selector,
        disruptionsAllowed,
        disruptedPods: new Set(Object.keys(disruptedPods)),
      };
    });
    this.#matching = perClass((podClass) => this.#match(podClass));
  }

  /** Those of `pods`, in their order, that could not all be disrupted; the first ones use the budgets up. */
  violatedBy(pods: readonly Pod[]): ReadonlySet<Pod> {
    const violating = new Set<Pod>();
    if (this.#budgets.length === 0) return violating;
    const allowed = this.#budgets.map(({disruptionsAllowed}) => disruptionsAllowed);
    for (const pod of pods) {
      for (const budget of this.#matching(pod.class)) {
        if (this.#budgets[budget]!.disruptedPods.has(pod.name)) continue;
        allowed[budget]!--;
        if (allowed[budget]! >= 0) continue;
        violating.add(pod);
        break;
      }
    }
    return violating;
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

function isEmptySelector({matchLabels = {}, matchExpressions = []}: LabelSelector = {}): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
