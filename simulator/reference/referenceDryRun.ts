import type {Pod} from '../../model/pod.ts';
import {
  type ActiveFilters,
  addToFilters,
  cloneFilters,
  type Framework,
  removeFromFilters,
} from '../framework/framework.ts';
import type {Handle} from '../framework/plugin.ts';
import type {DryRun, NodeTrial} from '../framework/postFilter.ts';
import {runFiltersWithNominatedPods} from './runFilters.ts';

/** Takes pods off a node for a moment and runs all filters again. */
export class ReferenceDryRun implements DryRun {
  readonly #handle: Handle;
  readonly #framework: Framework;
  readonly #filters: ActiveFilters;
  readonly #pod: Pod;

  constructor(handle: Handle, framework: Framework, filters: ActiveFilters, pod: Pod) {
    this.#handle = handle;
    this.#framework = framework;
    this.#filters = filters;
    this.#pod = pod;
  }

  onNode<Result>(node: number, run: (trial: NodeTrial) => Result): Result {
    // Most nodes have no pod that could leave, so that nothing has to be cloned for them.
    let filters = this.#filters;
    const own = (): ActiveFilters => {
      if (filters === this.#filters) filters = cloneFilters(this.#filters);
      return filters;
    };
    return this.#handle.state.withTrial(node, ({add, remove}) =>
      run({
        remove: (other) => {
          remove(other);
          removeFromFilters(own(), this.#pod, other, node);
        },
        add: (other) => {
          add(other);
          addToFilters(own(), this.#pod, other, node);
        },
        verdict: () => runFiltersWithNominatedPods(this.#handle, this.#framework, filters, this.#pod, node),
      }),
    );
  }
}
