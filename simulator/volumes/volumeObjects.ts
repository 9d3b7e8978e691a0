import type {NodeSelector} from '../../model/kubernetes.ts';
import {compareQuantities, parseQuantity, type Quantity} from '../../model/quantity.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';
import {inTreePlugin} from './inTreeVolumes.ts';
import {type PersistentVolume, toPersistentVolume} from './persistentVolume.ts';
import {claimKey, type PersistentVolumeClaim, toPersistentVolumeClaim} from './persistentVolumeClaim.ts';
import {type StorageClass, toStorageClass} from './storageClass.ts';

const NOTHING: Quantity = parseQuantity('0')!;

/** The claims, volumes and classes of a cluster, of which claims and volumes come to belong to each other. */
export class VolumeObjects {
  /** By `NAMESPACE/NAME`. */
  readonly #claims: Map<string, PersistentVolumeClaim>;
  readonly #volumes: Map<string, PersistentVolume>;
  /** By class and name; the smallest first, equal ones in the order of the input. */
  readonly #volumesByClass: ReadonlyMap<string, Map<string, PersistentVolume>>;
  /** Names of the volumes that the input keeps for a claim or has bound to it, by `NAMESPACE/NAME` of the claim. */
  readonly #namesFor: ReadonlyMap<string, readonly string[]>;
  readonly #classes: ReadonlyMap<string, StorageClass>;

  constructor(objects: ClusterObjects) {
    const claims = objects.list('PersistentVolumeClaim').map(toPersistentVolumeClaim);
    const volumes = objects.list('PersistentVolume').map(toPersistentVolume);
    const classes = objects.list('StorageClass.storage.k8s.io').map(toStorageClass);
    const bySize = volumes.toSorted((a, b) => compareQuantities(a.capacity, b.capacity));
    const ofClasses = Map.groupBy(bySize, ({storageClassName}) => storageClassName);
    this.#claims = new Map(claims.map((claim) => [claimKey(claim), claim]));
    this.#volumes = byName(volumes);
    this.#volumesByClass = new Map([...ofClasses].map(([name, ofClass]) => [name, byName(ofClass)]));
    const taken = bySize.filter(({claimRef}) => claimRef !== null);
    const byClaim = Map.groupBy(taken, ({claimRef}) => claimKey(claimRef!));
    this.#namesFor = new Map([...byClaim].map(([key, ofClaim]) => [key, ofClaim.map(({name}) => name)]));
    this.#classes = byName(classes);
  }

  get claims(): readonly PersistentVolumeClaim[] {
    return [...this.#claims.values()];
  }

  claim(namespace: string, name: string): PersistentVolumeClaim | undefined {
    return this.#claims.get(claimKey({namespace, name}));
  }

  volume(name: string): PersistentVolume | undefined {
    return this.#volumes.get(name);
  }

  volumesOfClass(name: string): readonly PersistentVolume[] {
    return [...(this.#volumesByClass.get(name)?.values() ?? [])];
  }

  /** The volumes of a claim's class that were made for a claim of its name. */
  volumesFor(claim: PersistentVolumeClaim): readonly PersistentVolume[] {
    return (this.#namesFor.get(claimKey(claim)) ?? []).flatMap((name) => {
      const volume = this.#volumes.get(name);
      return volume?.storageClassName === claim.storageClassName ? [volume] : [];
    });
  }

  storageClass(name: string): StorageClass | undefined {
    return this.#classes.get(name);
  }

  bind(claim: PersistentVolumeClaim, volume: PersistentVolume): void {
    const {namespace, name, uid} = claim;
    const bound = {...volume, claimRef: {namespace, name, uid}, isAvailable: false};
    const ofClass = this.#volumesByClass.get(volume.storageClassName);
    if (ofClass?.has(volume.name) === true) ofClass.set(volume.name, bound);
    this.#volumes.set(volume.name, bound);
    this.#claims.set(claimKey(claim), {...claim, volumeName: volume.name, isBound: true});
  }

  /** Makes a volume for a claim, as large as asked for, and binds them. */
  provision(claim: PersistentVolumeClaim, storageClass: StorageClass, nodeAffinity: NodeSelector | null): void {
    const {provisioner} = storageClass;
    const {namespace, name, request = NOTHING, accessModes, volumeMode, volumeAttributesClassName} = claim;
    const volumeName = `pvc-${namespace}-${name}`;
    this.bind(claim, {
      name: volumeName,
      labels: {},
      storageClassName: storageClass.name,
      capacity: request,
      accessModes,
      volumeMode,
      volumeAttributesClassName,
      claimRef: null,
      nodeAffinity,
      isAvailable: false,
      isTerminating: false,
      csi: {driver: inTreePlugin(provisioner)?.driver ?? provisioner, volumeHandle: volumeName},
      inTree: null,
    });
  }

  /**
   * Puts a new claim of the same name in place of one that was deleted. The volume that it had is deleted, too, or kept
   * for someone to look at; either way no claim can have it.
   */
  renew(claim: PersistentVolumeClaim): void {
    if (claim.isBound) {
      this.#volumes.delete(claim.volumeName);
      for (const ofClass of this.#volumesByClass.values()) ofClass.delete(claim.volumeName);
    }
    const unbound = {volumeName: '', isBound: false, isLost: false, isTerminating: false, selectedNode: null};
    this.#claims.set(claimKey(claim), {...claim, ...unbound});
  }
}

function byName<Named extends {readonly name: string}>(items: readonly Named[]): Map<string, Named> {
  return new Map(items.map((item) => [item.name, item]));
}
