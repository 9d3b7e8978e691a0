import type {Volume} from '../../model/kubernetes.ts';
import type {Pod} from '../../model/pod.ts';
import {PluginError} from '../framework/pluginError.ts';
import {type CsiSource, type InTreeSource, inTreePlugin, inTreeSourceOf, toCsiSource} from './inTreeVolumes.ts';
import type {PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {type ClaimVolume, claimNameOf, notFound, toClaimVolume, whyNotClaimOf} from './podVolumes.ts';
import type {VolumeState} from './volumeState.ts';

/** A volume of a pod that may have to be attached to its node. */
export type AttachableVolume =
  | {readonly kind: 'Claim'; readonly volume: ClaimVolume}
  | {readonly kind: 'InTree'; readonly name: string; readonly source: InTreeSource};

/** Drivers by the volumes that they attach, named `DRIVER/HANDLE`. */
export type DriverOfVolume = Map<string, string>;

export function toAttachableVolume(volume: Volume): AttachableVolume | null {
  const claimVolume = toClaimVolume(volume);
  if (claimVolume !== null) return {kind: 'Claim', volume: claimVolume};
  const source = inTreeSourceOf(volume);
  return source === null ? null : {kind: 'InTree', name: volume.name, source};
}

export function uniqueName({driver, volumeHandle}: CsiSource): string {
  return `${driver}/${volumeHandle}`;
}

/**
 * Adds the CSI volumes of a pod. Claims that are not there do not count, nor do volumes of old plugins on a node without
 * CSINode, whose drivers are not known.
 */
export function addCsiVolumes(
  found: DriverOfVolume,
  pod: Pod,
  attachable: readonly AttachableVolume[],
  hasCsiNode: boolean,
  volumes: VolumeState,
): void {
  for (const each of attachable) {
    const source =
      each.kind === 'InTree'
        ? inlineSource(each.name, each.source, hasCsiNode)
        : claimSource(pod, each.volume, hasCsiNode, volumes);
    if (source !== null && source.driver !== '' && source.volumeHandle !== '') {
      found.set(uniqueName(source), source.driver);
    }
  }
}

/** What keeps a pod off all nodes: its first claim that does not exist; null when all do. */
export function findMissingClaim(
  pod: Pod,
  attachable: readonly AttachableVolume[],
  volumes: VolumeState,
): string | null {
  const {namespace} = pod.class;
  for (const each of attachable) {
    if (each.kind === 'InTree') continue;
    const name = claimNameOf(each.volume, pod);
    if (volumes.claim(namespace, name) === undefined) {
      return `looking up PVC ${namespace}/${name}: ${notFound('persistentvolumeclaim', name)}`;
    }
  }
  return null;
}

function claimSource(pod: Pod, volume: ClaimVolume, hasCsiNode: boolean, volumes: VolumeState): CsiSource | null {
  const claim = volumes.claim(pod.class.namespace, claimNameOf(volume, pod));
  if (claim === undefined) return null;
  const foreign = volume.claimName === null ? whyNotClaimOf(pod, claim) : null;
  if (foreign !== null) throw filterError(foreign);
  const bound = claim.volumeName === '' ? undefined : volumes.volume(claim.volumeName);
  if (bound === undefined) return futureSource(claim, hasCsiNode, volumes);
  if (bound.csi !== null) return bound.csi;
  if (bound.inTree === null || !hasCsiNode) return null;
  const source = toCsiSource(bound.inTree, bound.labels);
  return source?.kind === 'Translated' ? source.value : null;
}

/** The volume that the provisioner of the claim's class will make. */
function futureSource(claim: PersistentVolumeClaim, hasCsiNode: boolean, volumes: VolumeState): CsiSource | null {
  const provisioner = volumes.storageClass(claim.storageClassName)?.provisioner;
  if (provisioner === undefined) return null;
  const volumeHandle = `unbound-${claim.namespace}/${claim.name}`;
  const plugin = inTreePlugin(provisioner);
  if (plugin === undefined) return {driver: provisioner, volumeHandle};
  return plugin.volumeHandle === null || !hasCsiNode ? null : {driver: plugin.driver, volumeHandle};
}

function inlineSource(name: string, source: InTreeSource, hasCsiNode: boolean): CsiSource | null {
  if (!hasCsiNode) return null;
  const translation = toCsiSource(source);
  if (translation === null) return null;
  if (translation.kind === 'Translated') return translation.value;
  throw filterError(`converting volume(${name}) from inline to csi: ${translation.message}`);
}

function filterError(message: string): PluginError {
  return new PluginError(`running "NodeVolumeLimits" filter plugin: ${message}`);
}
