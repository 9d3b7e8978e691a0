import type {Volume} from '../../model/kubernetes.ts';
import type {Pod} from '../../model/pod.ts';
import {PluginError} from '../framework/pluginError.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {CsiNode} from './csiNode.ts';
import {
  type CsiSource,
  type InTreePlugin,
  type InTreeSource,
  inTreePlugin,
  inTreeSourceOf,
  PORTWORX,
  toCsiSource,
} from './inTreeVolumes.ts';
import type {PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {type ClaimVolume, claimNameOf, notFound, toClaimVolume, whyNotClaimOf} from './podVolumes.ts';
import type {VolumeState} from './volumeState.ts';

/** A volume of a pod that may have to be attached to its node. */
export type AttachableVolume =
  | {readonly kind: 'Claim'; readonly volume: ClaimVolume}
  | {readonly kind: 'InTree'; readonly name: string; readonly source: InTreeSource};

/** Drivers by the volumes that they attach, named `DRIVER/HANDLE`. */
export type DriverOfVolume = Map<string, string>;

/** Volumes of which old plugins count for a CSI driver on a node. */
export type MigratedPlugins = 'None' | 'AllButPortworx' | 'All';

/** Before 1.36 a node had to say that the driver of Portworx had taken over, unlike the others. */
export function migratedPlugins(csiNode: CsiNode | null, version: KubernetesVersion): MigratedPlugins {
  if (csiNode === null) return 'None';
  return isAtLeast(version, '1.36') || csiNode.migratedPlugins.has(PORTWORX) ? 'All' : 'AllButPortworx';
}

function isMigrated({name, volumeHandle}: InTreePlugin, migrated: MigratedPlugins): boolean {
  if (volumeHandle === null || migrated === 'None') return false;
  return migrated === 'All' || name !== PORTWORX;
}

export function toAttachableVolume(volume: Volume): AttachableVolume | null {
  const claimVolume = toClaimVolume(volume);
  if (claimVolume !== null) return {kind: 'Claim', volume: claimVolume};
  const source = inTreeSourceOf(volume);
  return source === null ? null : {kind: 'InTree', name: volume.name, source};
}

export function uniqueName({driver, volumeHandle}: CsiSource): string {
  return `${driver}/${volumeHandle}`;
}

/** Adds the CSI volumes of a pod. Claims that are not there do not count. */
export function addCsiVolumes(
  found: DriverOfVolume,
  pod: Pod,
  attachable: readonly AttachableVolume[],
  migrated: MigratedPlugins,
  volumes: VolumeState,
): void {
  for (const each of attachable) {
    const source =
      each.kind === 'InTree'
        ? inlineSource(each.name, each.source, migrated)
        : claimSource(pod, each.volume, migrated, volumes);
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

function claimSource(pod: Pod, volume: ClaimVolume, migrated: MigratedPlugins, volumes: VolumeState): CsiSource | null {
  const claim = volumes.claim(pod.class.namespace, claimNameOf(volume, pod));
  if (claim === undefined) return null;
  const foreign = volume.claimName === null ? whyNotClaimOf(pod, claim) : null;
  if (foreign !== null) throw filterError(foreign);
  const bound = claim.volumeName === '' ? undefined : volumes.volume(claim.volumeName);
  if (bound === undefined) return futureSource(claim, migrated, volumes);
  if (bound.csi !== null) return bound.csi;
  if (bound.inTree === null || !isMigrated(bound.inTree.plugin, migrated)) return null;
  const source = toCsiSource(bound.inTree, bound.labels);
  return source?.kind === 'Translated' ? source.value : null;
}

/** The volume that the provisioner of the claim's class will make. */
function futureSource(claim: PersistentVolumeClaim, migrated: MigratedPlugins, volumes: VolumeState): CsiSource | null {
  const provisioner = volumes.storageClass(claim.storageClassName)?.provisioner;
  if (provisioner === undefined) return null;
  const volumeHandle = `unbound-${claim.namespace}/${claim.name}`;
  const plugin = inTreePlugin(provisioner);
  if (plugin === undefined) return {driver: provisioner, volumeHandle};
  return isMigrated(plugin, migrated) ? {driver: plugin.driver, volumeHandle} : null;
}

function inlineSource(name: string, source: InTreeSource, migrated: MigratedPlugins): CsiSource | null {
  if (!isMigrated(source.plugin, migrated)) return null;
  const translation = toCsiSource(source);
  if (translation === null) return null;
  if (translation.kind === 'Translated') return translation.value;
  throw filterError(`converting volume(${name}) from inline to csi: ${translation.message}`);
}

function filterError(message: string): PluginError {
  return new PluginError(`running "NodeVolumeLimits" filter plugin: ${message}`);
}
