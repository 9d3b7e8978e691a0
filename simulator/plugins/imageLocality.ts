import type {Pod, PodClass} from '../../model/pod.ts';
import {perKey} from '../framework/perClass.ts';
import {type Handle, MAX_NODE_SCORE, type PreScoreResult, type ScorePlugin, success} from '../framework/plugin.ts';
import {isAtLeast} from '../simulation.ts';
import {type ImageState, toImageStates} from '../state/imageStates.ts';

const MEBIBYTE = 1024 * 1024;
/** Bytes below which images do not matter, and above which more per container does not. */
const MIN_THRESHOLD = 23 * MEBIBYTE;
const MAX_CONTAINER_THRESHOLD = 1000 * MEBIBYTE;

/** Prefers nodes that have the pod's images already, less so when only few nodes do. */
export class ImageLocality implements ScorePlugin<Uint8Array> {
  readonly name = 'ImageLocality';
  readonly scoreScope = 'static';
  readonly #nodeCount: number;
  readonly #images: ReadonlyMap<string, ImageState>;
  readonly #countsImageVolumes: boolean;
  /** Nodes do not gain images during a run, so the scores are the class's. */
  readonly #scores = perKey(
    (podClass) => JSON.stringify(this.#imagesOf(podClass)),
    (podClass) => this.#toScores(podClass),
  );
  readonly #none: Uint8Array;

  constructor({nodes, kubernetesVersion}: Handle) {
    this.#nodeCount = nodes.length;
    this.#images = toImageStates(nodes);
    this.#countsImageVolumes = isAtLeast(kubernetesVersion, '1.36');
    this.#none = new Uint8Array(nodes.length);
  }

  preScore(pod: Pod): PreScoreResult<Uint8Array> {
    return success(this.#scores(pod.class));
  }

  score(scores: Uint8Array, node: number): number {
    return scores[node]!;
  }

  /** The images of the containers, then those of volumes where they count. */
  #imagesOf({spec}: PodClass): readonly (readonly (string | undefined)[])[] {
    const containers = [...(spec.initContainers ?? []), ...spec.containers].map(({image}) => image);
    const volumes = this.#countsImageVolumes ? (spec.volumes ?? []).flatMap(({image}) => image?.reference ?? []) : [];
    return [containers, volumes];
  }

  #toScores(podClass: PodClass): Uint8Array {
    const [containers = [], volumes = []] = this.#imagesOf(podClass);
    const states = [...containers, ...volumes].flatMap(
      (name) => this.#images.get(normalizedImageName(name ?? '')) ?? [],
    );
    if (states.length === 0) return this.#none;

    const sums = new Float64Array(this.#nodeCount);
    for (const {size, nodes} of states) {
      const scaled = Math.trunc(size * (nodes.size / this.#nodeCount));
      nodes.forEach((node) => {
        sums[node]! += scaled;
      });
    }
    const max = MAX_CONTAINER_THRESHOLD * containers.length;
    return new Uint8Array(
      sums.map((sum) => {
        if (sum <= MIN_THRESHOLD) return 0;
        return Math.trunc((MAX_NODE_SCORE * (Math.min(sum, max) - MIN_THRESHOLD)) / (max - MIN_THRESHOLD));
      }),
    );
  }
}

/** An image name with `:latest` where it has no tag; a colon before the last slash is a port's. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
