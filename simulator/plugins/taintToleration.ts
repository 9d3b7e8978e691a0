import type {Taint, Toleration} from '../../model/kubernetes.ts';
import type {Pod} from '../../model/pod.ts';
import {findUntoleratedTaint, tolerates} from '../../model/taints.ts';
import {defaultNormalizeScore} from '../framework/normalizeScore.ts';
import {perKey} from '../framework/perClass.ts';
import {
  type FilterPlugin,
  type Handle,
  type PreFilterResult,
  type PreScoreResult,
  type ScorePlugin,
  success,
} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';

/** By taint set: the verdict, and the number of PreferNoSchedule taints that the pod does not tolerate. */
type Verdicts = readonly (Status | null)[];
type Counts = Float64Array;

/** Keeps pods off nodes with taints they do not tolerate, and away from those with soft ones. */
export class TaintToleration implements FilterPlugin<Verdicts>, ScorePlugin<Counts> {
  readonly name = 'TaintToleration';
  readonly filterScope = 'static';
  readonly scoreScope = 'static';
  /** Many nodes share few distinct lists of taints, so a pod is compared with the lists. */
  readonly #taintSets: readonly (readonly Taint[])[];
  readonly #taintSetOf: Int32Array;
  readonly #verdicts: (podClass: Pod['class']) => Verdicts;
  readonly #intolerable: (podClass: Pod['class']) => Counts;

  constructor({nodes, kubernetesVersion}: Handle) {
    const sets = new Map<string, {readonly index: number; readonly taints: readonly Taint[]}>();
    this.#taintSetOf = Int32Array.from(nodes, ({taints}) => {
      const key = JSON.stringify(taints.map(({key, value = '', effect}) => [key, value, effect]));
      const known = sets.get(key) ?? {index: sets.size, taints};
      sets.set(key, known);
      return known.index;
    });
    this.#taintSets = [...sets.values()].map(({taints}) => taints);
    const statusOf = this.#statuses(kubernetesVersion);
    const tolerationsOf = ({spec}: Pod['class']): string => JSON.stringify(spec.tolerations ?? []);
    this.#verdicts = perKey(tolerationsOf, ({spec}) =>
      this.#taintSets.map((taints) => {
        const taint = findUntoleratedTaint(taints, spec.tolerations ?? [], ['NoSchedule', 'NoExecute']);
        return taint === undefined ? null : statusOf(taint);
      }),
    );
    this.#intolerable = perKey(tolerationsOf, ({spec}) =>
      Float64Array.from(this.#taintSets, (taints) => countIntolerable(taints, spec.tolerations ?? [])),
    );
  }

  preFilter(pod: Pod): PreFilterResult<Verdicts> {
    return success(this.#verdicts(pod.class));
  }

  filter(verdicts: Verdicts, node: number): Status | null {
    return verdicts[this.#taintSetOf[node]!]!;
  }

  preScore(pod: Pod): PreScoreResult<Counts> {
    return success(this.#intolerable(pod.class));
  }

  score(counts: Counts, node: number): number {
    return counts[this.#taintSetOf[node]!]!;
  }

  normalizeScore(scores: Float64Array): void {
    defaultNormalizeScore(scores, 'reverse');
  }

  /** Up to 1.33 the message names the taint, later it does not. */
  #statuses(version: KubernetesVersion): (taint: Taint) => Status {
    const general = unresolvable(this.name, 'node(s) had untolerated taint(s)');
    if (isAtLeast(version, '1.34')) return () => general;
    const named = new Map<string, Status>();
    return ({key, value = ''}) => {
      const reason = `node(s) had untolerated taint {${key}: ${value}}`;
      const status = named.get(reason) ?? unresolvable(this.name, reason);
      named.set(reason, status);
      return status;
    };
  }
}

function countIntolerable(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  const soft = tolerations.filter(({effect = ''}) => effect === '' || effect === 'PreferNoSchedule');
  return taints.filter(
    (taint) => taint.effect === 'PreferNoSchedule' && !soft.some((toleration) => tolerates(toleration, taint)),
  ).length;
}
