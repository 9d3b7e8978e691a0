import type {Pod} from '../../model/pod.ts';
import type {Diagnosis} from '../framework/fitError.ts';
import type {ActiveFilters, Framework} from '../framework/framework.ts';
import type {Handle} from '../framework/plugin.ts';
import type {FailedAttempt} from '../framework/postFilter.ts';
import type {Status} from '../framework/status.ts';
import {ReferenceDryRun} from '../reference/referenceDryRun.ts';
import {runFiltersWithNominatedPods} from '../reference/runFilters.ts';

/**
 * Why no node will do for the pods of a class whose filters look at nodes one by one: the verdicts are kept, and those
 * on nodes that have changed are renewed at the next failure.
 */
export class LocalFailure {
  readonly #handle: Handle;
  readonly #framework: Framework;
  readonly #filters: ActiveFilters;
  /** By node, from the first failure on. */
  readonly #statuses: (Status | null)[] = [];
  /** Changes of the cluster that are worked in, -1 before the first failure. */
  #position = -1;

  constructor(handle: Handle, framework: Framework, filters: ActiveFilters) {
    this.#handle = handle;
    this.#framework = framework;
    this.#filters = filters;
  }

  /** The attempt at a pod that found no node just now. Its diagnosis is true until the next one. */
  attempt(pod: Pod): FailedAttempt {
    this.#catchUp(pod);
    const diagnosis: Diagnosis = {statuses: this.#statuses, absent: null, preFilter: null};
    return {
      pod,
      diagnosis,
      isLocal: true,
      holdsForClass: true,
      ranPreFilter: () => true,
      startDryRun: () => new ReferenceDryRun(this.#handle, this.#framework, this.#filters, pod),
    };
  }

  #catchUp(pod: Pod): void {
    const {changes} = this.#handle.state;
    const {length} = changes;
    const renew = (node: number): void => {
      this.#statuses[node] = runFiltersWithNominatedPods(this.#handle, this.#framework, this.#filters, pod, node);
    };
    const nodeCount = this.#handle.nodes.length;
    if (this.#position < 0 || length - this.#position > nodeCount) {
      for (let node = 0; node < nodeCount; node++) renew(node);
    } else {
      for (let position = this.#position; position < length; position++) renew(changes.nodeAt(position));
    }
    this.#position = length;
  }
}
