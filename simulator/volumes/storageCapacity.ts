import type {KubernetesObject, LabelSelector} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import {parseQuantity, scaledValue} from '../../model/quantity.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import type {ClusterObjects} from '../state/clusterObjects.ts';
import {NodeSets} from './nodeSets.ts';
import type {PersistentVolumeClaim} from './persistentVolumeClaim.ts';
import type {StorageClass} from './storageClass.ts';

interface Capacity {
  /** The largest volume that can be made, in bytes. */
  readonly limit: bigint;
  readonly nodeTopology: LabelSelector;
}

interface CapacityObject extends KubernetesObject {
  readonly storageClassName?: string;
  readonly capacity?: string;
  readonly maximumVolumeSize?: string;
  readonly nodeTopology?: LabelSelector;
}

/**
 * The room that CSI drivers report (CSIStorageCapacity), for those that want it to be looked at. It is as in the input
 * all through a run: what is left after a volume was made only the driver knows.
 */
export class StorageCapacity {
  readonly #trackingDrivers: ReadonlySet<string>;
  readonly #byClass: ReadonlyMap<string, readonly Capacity[]>;
  readonly #nodes: NodeSets<LabelSelector>;

  constructor(objects: ClusterObjects, nodes: readonly Node[]) {
    this.#trackingDrivers = new Set(
      objects
        .list('CSIDriver.storage.k8s.io')
        .filter(({spec}) => (spec as {readonly storageCapacity?: boolean} | undefined)?.storageCapacity === true)
        .map(({metadata}) => metadata.name ?? ''),
    );
    const reported = objects.list('CSIStorageCapacity.storage.k8s.io') as readonly CapacityObject[];
    this.#byClass = new Map(
      [...Map.groupBy(reported, ({storageClassName = ''}) => storageClassName)].map(([name, capacities]) => [
        name,
        capacities.flatMap(toCapacity),
      ]),
    );
    this.#nodes = new NodeSets(nodes, (selector, node) => matchesLabelSelector(selector, node.labels));
  }

  /** Whether a volume for the claim can be made where the node has access to it. */
  isEnough({name, provisioner}: StorageClass, {request}: PersistentVolumeClaim, node: number): boolean {
    if (request === undefined || !this.#trackingDrivers.has(provisioner)) return true;
    const size = scaledValue(request, 0);
    return (this.#byClass.get(name) ?? []).some(
      ({limit, nodeTopology}) => limit >= size && this.#nodes.has(nodeTopology, node),
    );
  }
}

/** A report without an amount, or without nodes, is of no use. */
function toCapacity({capacity, maximumVolumeSize, nodeTopology}: CapacityObject): readonly Capacity[] {
  const text = maximumVolumeSize ?? capacity;
  const limit = text === undefined ? undefined : parseQuantity(text);
  return limit === undefined || nodeTopology === undefined ? [] : [{limit: scaledValue(limit, 0), nodeTopology}];
}
