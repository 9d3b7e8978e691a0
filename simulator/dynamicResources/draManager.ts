/** The resource claims of a run as they are allocated, reserved and given back, and all that allocation works with. */
import type {Node} from '../../model/node.ts';
import {isControlledBy, type Pod} from '../../model/pod.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';
import {AllocatedDevices} from './allocatedDevices.ts';
import type {Devices} from './allocator.ts';
import {DeviceSelectors} from './cel/deviceSelectors.ts';
import {canBeDevices, classesByResource} from './extendedResources.ts';
import {type DynamicResourcesFeatures, featuresOf} from './features.ts';
import {Pools} from './pools.ts';
import {readClaimTemplate, readDeviceClass, readResourceClaim, readResourceSlice} from './readObjects.ts';
import {
  type Allocation,
  claimKey,
  type DeviceClass,
  EXTENDED_RESOURCE_CLAIM_ANNOTATION,
  type ResourceClaim,
} from './resourceApi.ts';

/** Consumers that one claim can be reserved for. */
export const RESERVED_FOR_MAX_SIZE = 256;
/** On a claim that is allocated; without it the controller of claims takes no allocation back. */
const FINALIZER = 'resource.kubernetes.io/delete-protection';

/** A pod has no use for its claims before something changes. */
export class ClaimProblem extends Error {}

export class DraManager {
  readonly features: DynamicResourcesFeatures;
  readonly devices: Devices;
  readonly #objects: ClusterObjects;
  readonly #version: KubernetesVersion;
  readonly #claims: Map<string, ResourceClaim>;
  /** Claims that were made for the extended resources of a pod, by namespace and name of the pod. */
  readonly #extendedClaims: Map<string, string>;
  readonly #classByResource: ReadonlyMap<string, DeviceClass>;
  readonly #allocated: AllocatedDevices;
  /** Pods that have been deleted: the claims made for them are gone, and a pod in their place has new ones. */
  readonly #deleted = new Set<number>();

  constructor(nodes: readonly Node[], objects: ClusterObjects, version: KubernetesVersion) {
    const claims = objects.list('ResourceClaim.resource.k8s.io').map(readResourceClaim);
    const classes = objects.list('DeviceClass.resource.k8s.io').map(readDeviceClass);
    const slices = objects.list('ResourceSlice.resource.k8s.io').map(readResourceSlice);
    this.features = featuresOf(version);
    this.#objects = objects;
    this.#version = version;
    this.#claims = new Map(claims.map((claim) => [claimKey(claim), claim]));
    this.#extendedClaims = new Map(
      claims.flatMap((claim) => {
        const owner = extendedResourceOwner(claim);
        return owner === undefined ? [] : [[`${claim.metadata.namespace}/${owner}`, claimKey(claim)] as const];
      }),
    );
    this.#classByResource = this.features.extendedResources ? classesByResource(classes) : new Map();
    this.#allocated = new AllocatedDevices(this.features);
    for (const {allocation} of claims) if (allocation !== null) this.#allocated.add(allocation);
    this.devices = {
      nodes,
      pools: new Pools(nodes, slices, this.features),
      classes: new Map(classes.map((deviceClass) => [deviceClass.name, deviceClass])),
      selectors: new DeviceSelectors(this.features),
      allocated: this.#allocated,
      features: this.features,
    };
  }

  /** The class of devices that an extended resource stands for. */
  classOfResource(resource: string): DeviceClass | undefined {
    return canBeDevices(resource) ? this.#classByResource.get(resource) : undefined;
  }

  get classByResource(): ReadonlyMap<string, DeviceClass> {
    return this.#classByResource;
  }

  /** The claims that a pod names, in its order; those for which nothing was made are left out. Throws a ClaimProblem. */
  claimsOf(pod: Pod): readonly ResourceClaim[] {
    const {resourceClaims = []} = pod.class.spec;
    return resourceClaims.flatMap((reference) => this.#claimOf(pod, reference as PodClaimReference) ?? []);
  }

  /** The claim for a pod's extended resources that is left from an earlier attempt. */
  extendedClaimOf(pod: Pod): ResourceClaim | undefined {
    return this.#claims.get(this.#extendedClaims.get(podReference(pod)) ?? '');
  }

  /** Records an allocation; a claim that was only thought of until now is created with it. */
  allocate(claim: ResourceClaim, allocation: Allocation): ResourceClaim {
    const {finalizers = []} = claim.metadata;
    const metadata = finalizers.includes(FINALIZER)
      ? claim.metadata
      : {...claim.metadata, finalizers: [...finalizers, FINALIZER]};
    const allocated = {...claim, metadata, allocation};
    // A pod may name one claim twice, and then only what is allocated last is stored.
    const before = this.#claims.get(claimKey(claim))?.allocation ?? null;
    if (before !== null) this.#allocated.remove(before);
    this.#allocated.add(allocation);
    this.#claims.set(claimKey(claim), allocated);
    const owner = extendedResourceOwner(claim);
    if (owner !== undefined) this.#extendedClaims.set(`${metadata.namespace}/${owner}`, claimKey(claim));
    return allocated;
  }

  /** Takes the allocation of a claim and all reservations back. */
  deallocate(claim: ResourceClaim): void {
    if (claim.allocation !== null) this.#allocated.remove(claim.allocation);
    this.#claims.set(claimKey(claim), {...claim, allocation: null, reservedFor: [], deviceStatuses: []});
  }

  reserve(claim: ResourceClaim, pod: Pod): void {
    if (isReservedFor(claim, pod)) return;
    const reservedFor = [...claim.reservedFor, {resource: 'pods', name: pod.name}];
    this.#claims.set(claimKey(claim), {...claim, reservedFor});
  }

  delete(claim: ResourceClaim): void {
    if (claim.allocation !== null) this.#allocated.remove(claim.allocation);
    this.#claims.delete(claimKey(claim));
    const owner = extendedResourceOwner(claim);
    if (owner !== undefined) this.#extendedClaims.delete(`${claim.metadata.namespace}/${owner}`);
  }

  /** What becomes of the claims of a pod that is deleted: its own go with it, others lose its reservation. */
  release(pod: Pod): void {
    for (const reference of (pod.class.spec.resourceClaims ?? []) as readonly PodClaimReference[]) {
      const claim = this.#claims.get(this.#keyOf(pod, reference) ?? '');
      if (claim === undefined) continue;
      if (isControlledBy(claim.metadata, pod)) this.delete(claim);
      else this.#unreserve(claim, pod);
    }
    const extended = this.extendedClaimOf(pod);
    if (extended !== undefined) this.delete(extended);
    this.#deleted.add(pod.index);
  }

  /** The last one to leave gives the devices back. */
  #unreserve(claim: ResourceClaim, pod: Pod): void {
    const reservedFor = claim.reservedFor.filter((consumer) => !isPod(consumer, pod));
    if (reservedFor.length === claim.reservedFor.length) return;
    const isProtected = claim.metadata.finalizers?.includes(FINALIZER) ?? false;
    if (reservedFor.length === 0 && isProtected) this.deallocate(claim);
    else this.#claims.set(claimKey(claim), {...claim, reservedFor});
  }

  #claimOf(pod: Pod, reference: PodClaimReference): ResourceClaim | undefined {
    const key = this.#keyOf(pod, reference);
    if (key === null) return undefined;
    const claim = this.#claims.get(key) ?? this.#fromTemplate(pod, reference, key);
    if (claim === undefined) throw new ClaimProblem(`could not find ResourceClaim ${JSON.stringify(key)}`);
    if (claim.metadata.deletionTimestamp !== undefined) {
      throw new ClaimProblem(`resourceclaim ${JSON.stringify(claim.metadata.name)} is being deleted`);
    }
    if (reference.resourceClaimName === undefined && !isControlledBy(claim.metadata, pod)) {
      throw new ClaimProblem(
        isAtLeast(this.#version, '1.36')
          ? `ResourceClaim ${key} was not created for Pod ${podReference(pod)} (Pod is not owner)`
          : `ResourceClaim ${key} was not created for pod ${podReference(pod)} (pod is not owner)`,
      );
    }
    return claim;
  }

  /** null where the pod can do without a claim. */
  #keyOf(pod: Pod, {name, resourceClaimName, resourceClaimTemplateName}: PodClaimReference): string | null {
    const {namespace} = pod.class;
    if (resourceClaimName !== undefined) return `${namespace}/${resourceClaimName}`;
    if (resourceClaimTemplateName === undefined) {
      const which = `pod "${podReference(pod)}", spec.resourceClaim ${JSON.stringify(name)}`;
      throw new ClaimProblem(`${which}: none of the supported fields are set`);
    }
    const made = this.#deleted.has(pod.index) ? undefined : pod.claimNames?.[name];
    if (made === null) return null;
    // A name made up here ends in a hyphen, as the name of no other claim can.
    return `${namespace}/${made ?? `${pod.name}-${name}-`}`;
  }

  /** The claim that the controller of claims makes for a pod; undefined where the pod's claim is to exist already. */
  #fromTemplate(pod: Pod, reference: PodClaimReference, key: string): ResourceClaim | undefined {
    const {namespace} = pod.class;
    const {resourceClaimTemplateName = ''} = reference;
    if (reference.resourceClaimName !== undefined || !key.endsWith('-')) return undefined;
    const template = this.#objects.get('ResourceClaimTemplate.resource.k8s.io', namespace, resourceClaimTemplateName);
    if (template === undefined) {
      throw new ClaimProblem(`pod "${podReference(pod)}": ResourceClaim not created yet`);
    }
    const {metadata, spec} = readClaimTemplate(template);
    const owner = {apiVersion: 'v1', kind: 'Pod', name: pod.name, controller: true};
    const claim: ResourceClaim = {
      metadata: {...metadata, namespace, name: key.slice(namespace.length + 1), ownerReferences: [owner]},
      spec,
      allocation: null,
      reservedFor: [],
      deviceStatuses: [],
    };
    this.#claims.set(key, claim);
    return claim;
  }
}

interface PodClaimReference {
  readonly name: string;
  readonly resourceClaimName?: string;
  readonly resourceClaimTemplateName?: string;
}

/** The UIDs of pods are not kept; within a namespace the name stands for the pod. */
export function isReservedFor({reservedFor}: ResourceClaim, pod: Pod): boolean {
  return reservedFor.some((consumer) => isPod(consumer, pod));
}

function isPod({resource, name}: ResourceClaim['reservedFor'][number], pod: Pod): boolean {
  return resource === 'pods' && name === pod.name;
}

/** The name of the pod for whose extended resources the claim was made. */
function extendedResourceOwner({metadata}: ResourceClaim): string | undefined {
  if (metadata.annotations?.[EXTENDED_RESOURCE_CLAIM_ANNOTATION] !== 'true') return undefined;
  return metadata.ownerReferences?.find(({controller}) => controller === true)?.name;
}

function podReference({class: {namespace}, name}: Pod): string {
  return `${namespace}/${name}`;
}
