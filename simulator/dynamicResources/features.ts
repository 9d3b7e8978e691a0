import {isAtLeast, type KubernetesVersion} from '../simulation.ts';

/** What a version of Kubernetes does about devices with its feature gates as they come. */
export interface DynamicResourcesFeatures {
  /** DynamicResourceAllocation itself. */
  readonly isEnabled: boolean;
  readonly deviceTaints: boolean;
  /** Devices that share counters, and slices with a node selection by device. */
  readonly partitionableDevices: boolean;
  /** Devices that several claims take a part of. */
  readonly consumableCapacity: boolean;
  /** Devices that need time after their allocation. */
  readonly bindingConditions: boolean;
  /** Extended resources that are devices of a class. */
  readonly extendedResources: boolean;
  /** distinctAttribute among the constraints of claims. */
  readonly distinctAttribute: boolean;
  /** Whether the rank of the alternative taken counts in scoring. */
  readonly scoresAlternatives: boolean;
  /** Whether claims that were allocated before the cycle count in scoring, rather than being an error. */
  readonly scoresEarlierAllocations: boolean;
  /** Refuses a request for a capacity, rather than pass it over, where that feature is off. */
  readonly refusesCapacityRequests: boolean;
  /**
   * A pool counts as incomplete by the slices that the node can see; an incomplete pool is good for requests of a
   * number of devices all the same, and an invalid one is an error as soon as the search comes to it.
   */
  readonly judgesPoolsByNode: boolean;
  /** Takes an alternative with allocationMode All for the first alternative after its first device, and when counting. */
  readonly confusesAlternatives: boolean;
}

export function featuresOf(version: KubernetesVersion): DynamicResourcesFeatures {
  const since136 = isAtLeast(version, '1.36');
  return {
    isEnabled: isAtLeast(version, '1.34'),
    deviceTaints: since136,
    partitionableDevices: since136,
    consumableCapacity: since136,
    bindingConditions: since136,
    extendedResources: since136,
    distinctAttribute: version !== '1.35',
    scoresAlternatives: isAtLeast(version, '1.35'),
    scoresEarlierAllocations: since136,
    refusesCapacityRequests: version === '1.34',
    judgesPoolsByNode: version === '1.34',
    confusesAlternatives: !since136,
  };
}
