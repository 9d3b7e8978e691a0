import type {ClusterModel} from '../../model/clusterModel.ts';
import type {LabelSelector} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import type {PodClass} from '../../model/pod.ts';

const NONE: readonly PodClass[] = [];

/** Finds the pods of a class, and the classes that a selector could match, without looking at all of them. */
export class PodIndex {
  readonly #classes: readonly PodClass[];
  /** `[start of class, start of class + 1)` in `#pods`. */
  readonly #starts: Int32Array;
  readonly #pods: Int32Array;
  readonly #byLabel = new Map<string, PodClass[]>();

  constructor({classes, pods}: Pick<ClusterModel, 'classes' | 'pods'>) {
    this.#classes = classes;
    this.#starts = new Int32Array(classes.length + 1);
    for (const pod of pods) this.#starts[pod.class.index + 1]!++;
    for (let i = 0; i < classes.length; i++) this.#starts[i + 1]! += this.#starts[i]!;
    const filled = this.#starts.slice();
    this.#pods = new Int32Array(pods.length);
    for (const pod of pods) this.#pods[filled[pod.class.index]!++] = pod.index;
    for (const podClass of classes) {
      for (const key of Object.keys(podClass.labels)) {
        const pair = `${key}=${podClass.labels[key]}`;
        const known = this.#byLabel.get(pair);
        if (known === undefined) this.#byLabel.set(pair, [podClass]);
        else known.push(podClass);
      }
    }
  }

  get classes(): readonly PodClass[] {
    return this.#classes;
  }

  /** Indices of the pods of a class, wherever they are. */
  podsOf({index}: PodClass): Int32Array {
    return this.#pods.subarray(this.#starts[index]!, this.#starts[index + 1]!);
  }

  countOf({index}: PodClass): number {
    return this.#starts[index + 1]! - this.#starts[index]!;
  }

  forEachPodOf(classes: readonly PodClass[], visit: (index: number) => void): void {
    for (const {index} of classes) {
      for (let i = this.#starts[index]!; i < this.#starts[index + 1]!; i++) visit(this.#pods[i]!);
    }
  }

  /** Classes among which are all that match every one of these selectors: those that have the rarest label asked for. */
  candidates(selectors: readonly LabelSelector[]): readonly PodClass[] {
    let fewest = this.#classes;
    for (const {matchLabels = {}, matchExpressions = []} of selectors) {
      for (const key of Object.keys(matchLabels)) {
        const having = this.#byLabel.get(`${key}=${labelValue(matchLabels, key)}`) ?? NONE;
        if (having.length < fewest.length) fewest = having;
      }
      for (const {key, operator, values = []} of matchExpressions) {
        if (operator !== 'In' || values.length !== 1) continue;
        const having = this.#byLabel.get(`${key}=${values[0]}`) ?? NONE;
        if (having.length < fewest.length) fewest = having;
      }
    }
    return fewest;
  }
}
