import type {Node} from '../../model/node.ts';
import {matchesNodeSelector} from '../../model/selector.ts';
import type {DynamicResourcesFeatures} from './features.ts';
import {type CounterSet, type Device, deviceKey, type NodeSelection, type ResourceSlice} from './resourceApi.ts';

/** A device with where it comes from. */
export interface PoolDevice {
  /** `driver/pool/device`. */
  readonly key: string;
  readonly device: Device;
  readonly slice: ResourceSlice;
  readonly pool: Pool;
}

/** The slices of one pool of one driver that matter to one node. */
export interface Pool {
  readonly driver: string;
  readonly name: string;
  /** Some of its slices have not been published yet. */
  readonly isIncomplete: boolean;
  /** Why nothing can be taken from it, null when it is in order. */
  readonly invalidReason: string | null;
  /** Devices in the order of the search. */
  readonly devices: readonly PoolDevice[];
  /** The pool's other slices; their devices take from the same counters. */
  readonly elsewhere: readonly ResourceSlice[];
  readonly counterSets: ReadonlyMap<string, CounterSet>;
}

/** Whether a slice or device is to be found on a node. */
export function selectsNode({nodeName = '', allNodes = false, nodeSelector}: NodeSelection, node: Node): boolean {
  if (nodeName !== '') return node.name === nodeName;
  if (allNodes) return true;
  return nodeSelector !== undefined && matchesNodeSelector(nodeSelector, node);
}

/** The pools of each node. Slices do not change in a run, so that every node's pools are gathered once. */
export class Pools {
  readonly #nodes: readonly Node[];
  readonly #features: DynamicResourcesFeatures;
  readonly #all: readonly ResourceSlice[];
  readonly #byPool: ReadonlyMap<string, readonly ResourceSlice[]>;
  readonly #byNodeName: ReadonlyMap<string, readonly ResourceSlice[]>;
  readonly #shared: readonly ResourceSlice[];
  readonly #gathered: (readonly Pool[] | undefined)[] = [];

  constructor(nodes: readonly Node[], slices: readonly ResourceSlice[], features: DynamicResourcesFeatures) {
    const isLocal = ({nodeName = '', sharedCounters}: ResourceSlice): boolean =>
      nodeName !== '' && sharedCounters.length === 0;
    this.#nodes = nodes;
    this.#features = features;
    this.#all = slices;
    this.#byPool = Map.groupBy(slices, poolKey);
    this.#byNodeName = Map.groupBy(slices.filter(isLocal), ({nodeName = ''}) => nodeName);
    this.#shared = slices.filter((slice) => !isLocal(slice));
  }

  get slices(): readonly ResourceSlice[] {
    return this.#all;
  }

  /** In the order of the search: by driver and name, those whose devices need time after allocation last. */
  of(node: number): readonly Pool[] {
    this.#gathered[node] ??= this.#gather(this.#nodes[node]!);
    return this.#gathered[node];
  }

  #gather(node: Node): readonly Pool[] {
    const candidates = [...(this.#byNodeName.get(node.name) ?? []), ...this.#shared];
    const current = new Map<string, ResourceSlice[]>();
    for (const slice of candidates) {
      if (!this.#isRelevant(slice, node)) continue;
      const key = poolKey(slice);
      const known = current.get(key);
      const generation = known?.[0]?.pool.generation ?? Number.NEGATIVE_INFINITY;
      if (known !== undefined && slice.pool.generation === generation) known.push(slice);
      else if (slice.pool.generation > generation) current.set(key, [slice]);
    }
    return [...current.values()].flatMap((slices) => this.#toPool(slices) ?? []).sort(comparePools);
  }

  #isRelevant(slice: ResourceSlice, node: Node): boolean {
    const {nodeName = '', allNodes = false, nodeSelector, perDeviceNodeSelection, sharedCounters, devices} = slice;
    const {partitionableDevices, judgesPoolsByNode} = this.#features;
    if (!partitionableDevices && perDeviceNodeSelection !== undefined) return false;
    if (sharedCounters.length > 0 && !judgesPoolsByNode) return partitionableDevices;
    if (nodeName !== '' || allNodes || nodeSelector !== undefined) return selectsNode(slice, node);
    return perDeviceNodeSelection === true && devices.some((device) => selectsNode(device, node));
  }

  /** null for a pool that its driver is about to replace. */
  #toPool(slices: readonly ResourceSlice[]): Pool | null {
    const [{driver, pool}] = slices as readonly [ResourceSlice];
    const none = {driver, name: pool.name, invalidReason: null, devices: [], elsewhere: [], counterSets: new Map()};
    if (this.#features.judgesPoolsByNode) {
      const isIncomplete = slices.length !== pool.resourceSliceCount;
      return this.#build(slices, slices, isIncomplete);
    }
    if (slices.length === pool.resourceSliceCount) return this.#build(slices, slices, false);
    const everywhere = this.#byPool.get(poolKey(slices[0]!)) ?? [];
    if (everywhere.some((slice) => slice.pool.generation > pool.generation)) return null;
    const all = everywhere.filter((slice) => slice.pool.generation === pool.generation);
    if (all.length !== pool.resourceSliceCount) return {...none, isIncomplete: true};
    return this.#build(slices, all, false);
  }

  #build(targeting: readonly ResourceSlice[], all: readonly ResourceSlice[], isIncomplete: boolean): Pool {
    const [{driver, pool}] = targeting as readonly [ResourceSlice];
    const byName = [...targeting].sort((a, b) => compareText(a.name, b.name));
    const {partitionableDevices} = this.#features;
    const deviceSlices = partitionableDevices ? byName.filter((slice) => slice.sharedCounters.length === 0) : byName;
    const elsewhere = partitionableDevices ? all.filter((slice) => !targeting.includes(slice)) : [];
    const counterSets = new Map<string, CounterSet>();
    const devices: PoolDevice[] = [];
    const built = {driver, name: pool.name, isIncomplete, devices, elsewhere, counterSets};
    const invalidReason =
      duplicateDevice(deviceSlices) ??
      (partitionableDevices
        ? (collectCounterSets(byName, counterSets) ?? unknownCounter([...byName, ...elsewhere], counterSets))
        : null);
    const result: Pool = {...built, invalidReason};
    if (invalidReason !== null) return result;
    for (const slice of deviceSlices) {
      for (const device of slice.devices) {
        devices.push({key: deviceKey(slice.driver, slice.pool.name, device.name), device, slice, pool: result});
      }
    }
    return result;
  }
}

function poolKey({driver, pool}: ResourceSlice): string {
  return `${driver}/${pool.name}`;
}

function comparePools(a: Pool, b: Pool): number {
  return (
    Number(hasBindingConditions(a)) - Number(hasBindingConditions(b)) ||
    compareText(a.driver, b.driver) ||
    compareText(a.name, b.name)
  );
}

function hasBindingConditions({devices}: Pool): boolean {
  return devices.some(({device}) => device.bindingConditions !== undefined);
}

/** Names in these objects are ASCII, where UTF-16 sorts as Go's bytes do. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function duplicateDevice(slices: readonly ResourceSlice[]): string | null {
  const names = new Set<string>();
  for (const {devices} of slices) {
    for (const {name} of devices) {
      if (names.has(name)) return `duplicate device name ${name}`;
      names.add(name);
    }
  }
  return null;
}

/** Fills `counterSets`; why it cannot, else null. */
function collectCounterSets(slices: readonly ResourceSlice[], counterSets: Map<string, CounterSet>): string | null {
  for (const {sharedCounters} of slices) {
    for (const counterSet of sharedCounters) {
      if (counterSets.has(counterSet.name)) return `duplicate counter set name ${counterSet.name}`;
      counterSets.set(counterSet.name, counterSet);
    }
  }
  return null;
}

function unknownCounter(slices: readonly ResourceSlice[], counterSets: ReadonlyMap<string, CounterSet>): string | null {
  for (const {devices} of slices) {
    for (const {consumesCounters} of devices) {
      for (const {counterSet, counters} of consumesCounters) {
        const known = counterSets.get(counterSet);
        if (known === undefined) return `counter set ${counterSet} not found`;
        for (const name of counters.keys()) {
          if (!known.counters.has(name)) return `counter ${name} not found in counter set ${counterSet}`;
        }
      }
    }
  }
  return null;
}
