import type {Pod} from '../../model/pod.ts';
import {perClass} from '../framework/perClass.ts';
import {
  type FilterPlugin,
  type Handle,
  type PreFilterResult,
  type PreScoreResult,
  type ReservePlugin,
  type ScorePlugin,
  SKIP,
  success,
} from '../framework/plugin.ts';
import {PluginError} from '../framework/pluginError.ts';
import {type Status, unresolvable} from '../framework/status.ts';
import {claimNameOf, claimVolumesOf, notFound, whyNotClaimOf} from '../volumes/podVolumes.ts';
import {type PodClaims, VolumeBinder} from '../volumes/volumeBinder.ts';
import type {VolumeState} from '../volumes/volumeState.ts';

/** Finds nodes from which a pod's volumes can be reached, and binds claims that wait for their first pod. */
export class VolumeBinding implements FilterPlugin<PodClaims>, ScorePlugin<null>, ReservePlugin {
  readonly name = 'VolumeBinding';
  readonly filterScope = 'cluster';
  readonly scoreScope = 'static';
  readonly #volumes: VolumeState;
  readonly #binder: VolumeBinder;
  readonly #claimVolumesOf = perClass(({spec}) => claimVolumesOf(spec));
  readonly #unboundStatus = unresolvable(this.name, 'pod has unbound immediate PersistentVolumeClaims');
  /** By reasons, which are few. */
  readonly #conflictStatuses = new Map<string, Status>();

  constructor({volumes, nodes}: Handle) {
    this.#volumes = volumes;
    this.#binder = new VolumeBinder(volumes, nodes);
  }

  preFilter(pod: Pod): PreFilterResult<PodClaims> {
    const claimVolumes = this.#claimVolumesOf(pod.class);
    if (claimVolumes.length === 0) return SKIP;
    const reason = this.#whyHopeless(pod);
    if (reason !== null) return {kind: 'Rejected', status: unresolvable(this.name, reason)};
    const claims = this.#binder.claimsOf(pod, claimVolumes);
    return claims.hasUnboundImmediate ? {kind: 'Rejected', status: this.#unboundStatus} : success(claims);
  }

  filter(claims: PodClaims, node: number): Status | null {
    const found = this.#binder.find(claims, node);
    if (found.kind === 'Found') return null;
    if (found.kind === 'Conflict') return this.#statusOf(found.reasons);
    throw new PluginError(`running "${this.name}" filter plugin: ${found.message}`);
  }

  /** Scoring by the capacity of volumes is off in all versions, unless a feature gate turns it on. */
  preScore(): PreScoreResult<null> {
    return SKIP;
  }

  score(): number {
    return 0;
  }

  reserve(pod: Pod, node: number): void {
    const claimVolumes = this.#claimVolumesOf(pod.class);
    if (claimVolumes.length > 0) this.#binder.bind(this.#binder.claimsOf(pod, claimVolumes), node);
  }

  /** Claims stay bound when the pod goes, but for those of its ephemeral volumes. */
  release(pod: Pod): void {
    this.#volumes.renewEphemeral(pod);
  }

  #whyHopeless(pod: Pod): string | null {
    for (const volume of this.#claimVolumesOf(pod.class)) {
      const name = claimNameOf(volume, pod);
      const isEphemeral = volume.claimName === null;
      const claim = this.#volumes.claim(pod.class.namespace, name);
      if (claim === undefined) {
        return isEphemeral
          ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${JSON.stringify(name)}`
          : notFound('persistentvolumeclaim', name);
      }
      const quoted = `persistentvolumeclaim ${JSON.stringify(name)}`;
      if (claim.isLost) return `${quoted} bound to non-existent persistentvolume ${JSON.stringify(claim.volumeName)}`;
      if (claim.isTerminating) return `${quoted} is being deleted`;
      const foreign = isEphemeral ? whyNotClaimOf(pod, claim) : null;
      if (foreign !== null) return foreign;
    }
    return null;
  }

  #statusOf(reasons: readonly string[]): Status {
    const key = reasons.join('\0');
    let status = this.#conflictStatuses.get(key);
    if (status === undefined) {
      status = unresolvable(this.name, ...reasons);
      this.#conflictStatuses.set(key, status);
    }
    return status;
  }
}
