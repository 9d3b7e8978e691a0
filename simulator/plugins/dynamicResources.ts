import type {Pod} from '../../model/pod.ts';
import {defaultNormalizeScore} from '../framework/normalizeScore.ts';
import {
  type FilterPlugin,
  type Handle,
  type PostFilterPlugin,
  type PreEnqueuePlugin,
  type PreFilterResult,
  type PreScoreResult,
  type ReservePlugin,
  type ScorePlugin,
  SKIP,
  success,
} from '../framework/plugin.ts';
import type {FailedAttempt, PostFilterResult} from '../framework/postFilter.ts';
import type {Status} from '../framework/status.ts';
import {isAtLeast} from '../simulation.ts';

/** Allocates devices to the resource claims of pods. */
export class DynamicResources
  implements PreEnqueuePlugin, FilterPlugin<null>, PostFilterPlugin, ScorePlugin<null>, ReservePlugin
{
  readonly name = 'DynamicResources';
  readonly filterScope = 'cluster';
  readonly scoreScope = 'cluster';
  /** The plugin can be configured in 1.33, but its feature is off there. */
  readonly #isEnabled: boolean;

  constructor({kubernetesVersion}: Handle) {
    this.#isEnabled = isAtLeast(kubernetesVersion, '1.34');
  }

  preEnqueue(_pod: Pod): Status | null {
    return null;
  }

  preFilter(_pod: Pod): PreFilterResult<null> {
    return SKIP;
  }

  filter(_state: null, _node: number): Status | null {
    return null;
  }

  postFilter(attempt: FailedAttempt): PostFilterResult {
    if (!this.#isEnabled) return unschedulable('plugin disabled');
    // Upstream looks for what its PreFilter noted about the pod.
    if (!attempt.ranPreFilter(this.name)) return {kind: 'Error', message: 'not found'};
    return unschedulable('no new claims to deallocate');
  }

  preScore(_pod: Pod): PreScoreResult<null> {
    return success(null);
  }

  score(_state: null, _node: number): number {
    return 0;
  }

  normalizeScore(scores: Float64Array): void {
    defaultNormalizeScore(scores, 'forward');
  }

  reserve(_pod: Pod, _node: number): void {}

  release(_pod: Pod): void {}
}

function unschedulable(reason: string): PostFilterResult {
  return {kind: 'Unschedulable', reasons: [reason], keepsNomination: true};
}
