/**
 * Finds devices for claims, in the order of k8s.io/dynamic-resource-allocation's structured allocator: claim by claim,
 * request by request, device by device. The first full solution is taken, so that the order decides.
 */

import type {NodeSelector, NodeSelectorRequirement} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import {compareQuantities, type Quantity} from '../../model/quantity.ts';
import type {AllocatedDevices} from './allocatedDevices.ts';
import {CapacityLedger, type ConsumedCapacity, consumedCapacity, hasCapacityFor} from './capacity.ts';
import type {DeviceSelectors} from './cel/deviceSelectors.ts';
import {type Constraint, toConstraint} from './constraints.ts';
import type {DynamicResourcesFeatures} from './features.ts';
import {type Pool, type PoolDevice, type Pools, selectsNode} from './pools.ts';
import {addTo, subtractQuantities, ZERO} from './quantities.ts';
import {
  ALLOCATION_RESULTS_MAX_SIZE,
  type AllocatedDevice,
  type Allocation,
  claimKey,
  type DeviceClass,
  type DeviceTaint,
  type DeviceToleration,
  deviceKey,
  type ExactRequest,
  type ResourceClaim,
} from './resourceApi.ts';

/** A claim, class or slice that makes no sense: allocation is given up on every node. */
export class AllocationError extends Error {}

export type AllocationOutcome =
  /** One allocation for each claim, in their order. */
  | {readonly kind: 'Allocated'; readonly allocations: readonly Allocation[]}
  /** `reason` is null where the devices simply do not suffice. */
  | {readonly kind: 'NotAllocated'; readonly reason: string | null}
  | {readonly kind: 'TimedOut'};

/** What the allocator works with beside the claims. */
export interface Devices {
  readonly nodes: readonly Node[];
  readonly pools: Pools;
  readonly classes: ReadonlyMap<string, DeviceClass>;
  readonly selectors: DeviceSelectors;
  readonly allocated: AllocatedDevices;
  readonly features: DynamicResourcesFeatures;
}

/** Allocation for one pod, node by node, in front of devices that do not change meanwhile. */
export class Allocator {
  readonly #devices: Devices;
  readonly #maxSteps: number;
  /** What is left of the counters of each pool, by the name of the pool alone, as upstream keeps them. */
  readonly #availableCounters = new Map<string, Counters>();

  /** A search ends without a result after `maxSteps` devices that were looked for. */
  constructor(devices: Devices, maxSteps: number) {
    this.#devices = devices;
    this.#maxSteps = maxSteps;
  }

  allocate(claims: readonly ResourceClaim[], node: number): AllocationOutcome {
    return new Search(this.#devices, this.#availableCounters, this.#maxSteps, claims, node).run();
  }
}

/** Amounts by counter set and counter. */
type Counters = Map<string, Map<string, Quantity>>;

interface RequestData {
  readonly request: ExactRequest;
  /** The name of the request that this is an alternative of, null for a request of its own. */
  readonly parent: string | null;
  readonly deviceClass: DeviceClass;
  readonly count: number;
  /** The very devices of a request for all of them, else null. */
  readonly all: readonly PoolDevice[] | null;
  /** Whether a device suits the request, as far as that has been asked. */
  readonly matches: Map<PoolDevice, boolean>;
}

/** A request of a claim with its alternatives; one without has itself as the only one. */
interface ClaimRequest {
  readonly hasAlternatives: boolean;
  readonly alternatives: readonly RequestData[];
}

/** Which device is looked for. */
interface Position {
  readonly claim: number;
  readonly request: number;
  readonly alternative: number;
  readonly device: number;
}

interface Taken {
  readonly device: PoolDevice;
  readonly data: RequestData;
  /** What is taken of a device that can be shared, else null. */
  readonly consumed: ConsumedCapacity | null;
}

/** `TooMany`: the claim would have more devices than a result can hold, whichever devices are taken. */
type Progress = 'Done' | 'Failed' | 'TooMany';

class TimedOut extends Error {}

/** One search on one node. */
class Search {
  readonly #devices: Devices;
  readonly #availableCounters: Map<string, Counters>;
  readonly #claims: readonly ResourceClaim[];
  readonly #node: Node;
  readonly #pools: readonly Pool[];
  readonly #requests: (readonly ClaimRequest[])[] = [];
  readonly #constraints: (readonly Constraint[])[] = [];
  readonly #results: Taken[][];
  /** The claims for which a device is taken in this search, by device key. */
  readonly #taking = new Map<string, Set<number>>();
  readonly #takingCapacity = new CapacityLedger();
  /** By the name of the pool. */
  readonly #consumedCounters = new Map<string, Counters>();
  #stepsLeft: number;

  constructor(
    devices: Devices,
    availableCounters: Map<string, Counters>,
    maxSteps: number,
    claims: readonly ResourceClaim[],
    node: number,
  ) {
    this.#devices = devices;
    this.#availableCounters = availableCounters;
    this.#stepsLeft = maxSteps;
    this.#claims = claims;
    this.#node = devices.nodes[node]!;
    this.#pools = devices.pools.of(node);
    this.#results = claims.map(() => []);
  }

  run(): AllocationOutcome {
    for (const claim of this.#claims.keys()) this.#prepare(claim);
    let progress: Progress;
    try {
      progress = this.#allocateOne({claim: 0, request: 0, alternative: 0, device: 0}, false, START);
    } catch (error) {
      if (error instanceof TimedOut) return {kind: 'TimedOut'};
      throw error;
    }
    if (progress === 'TooMany') throw new AllocationError('allocation max size exceeded');
    if (progress === 'Failed') {
      const isInvalid = !this.#devices.features.judgesPoolsByNode && this.#pools.some(isInvalidPool);
      return {kind: 'NotAllocated', reason: isInvalid ? 'invalid resource pools were encountered' : null};
    }
    return {
      kind: 'Allocated',
      allocations: this.#claims.map((claim, i) => this.#toAllocation(claim, this.#results[i]!)),
    };
  }

  /** Checks the requests and constraints of a claim. */
  #prepare(index: number): void {
    const claim = this.#claims[index]!;
    let minimum = 0;
    const requests: ClaimRequest[] = [];
    for (const {name, exactly, firstAvailable} of claim.spec.requests) {
      const options = firstAvailable.length > 0 ? firstAvailable : exactly === undefined ? [] : [exactly];
      const parent = firstAvailable.length > 0 ? name : null;
      if (this.#devices.features.refusesCapacityRequests && options.some(({capacity}) => capacity !== undefined)) {
        throw new AllocationError(
          `claim ${claimKey(claim)}, request ${name}: has capacity requests, but the DRAConsumableCapacity feature is disabled`,
        );
      }
      const alternatives: RequestData[] = [];
      for (const request of options) alternatives.push(this.#toRequestData(claim, request, parent, alternatives));
      minimum += Math.min(...alternatives.map(({count}) => count));
      // What was found out while counting is asked again in the search, which matters where alternatives are confused.
      for (const {matches} of alternatives) matches.clear();
      requests.push({hasAlternatives: parent !== null, alternatives});
    }
    if (minimum > ALLOCATION_RESULTS_MAX_SIZE) {
      throw new AllocationError(
        `claim ${claimKey(claim)}: number of requested devices ${minimum} exceeds the claim limit of ${ALLOCATION_RESULTS_MAX_SIZE}`,
      );
    }
    this.#requests.push(requests);
    this.#constraints.push(
      claim.spec.constraints.map((constraint, position) => {
        const known = toConstraint(constraint, this.#devices.features.distinctAttribute);
        if (known !== null) return known;
        throw new AllocationError(
          `claim ${claimKey(claim)}, constraint #${position}: empty constraint (unsupported constraint type?)`,
        );
      }),
    );
  }

  #toRequestData(
    claim: ResourceClaim,
    request: ExactRequest,
    parent: string | null,
    earlier: readonly RequestData[],
  ): RequestData {
    const {name, selectors, deviceClassName, allocationMode, count} = request;
    const where = `claim ${claimKey(claim)}, request ${name}`;
    const unknown = selectors.indexOf(null);
    if (unknown >= 0) {
      throw new AllocationError(`${where}, selector #${unknown}: CEL expression empty (unsupported selector type?)`);
    }
    if (deviceClassName === '') {
      throw new AllocationError(`${where}: missing device class name (unsupported request type?)`);
    }
    const deviceClass = this.#devices.classes.get(deviceClassName);
    if (deviceClass === undefined) {
      const text = `could not retrieve device class ${deviceClassName}: deviceclass.resource.k8s.io "${deviceClassName}" not found`;
      throw new AllocationError(`${where}: ${text}`);
    }
    const data = {request, parent, deviceClass, count, all: null, matches: new Map<PoolDevice, boolean>()};
    if (allocationMode === 'ExactCount') return data;
    if (allocationMode !== 'All') throw new AllocationError(`${where}: unsupported count mode ${allocationMode}`);
    const isConfused = this.#devices.features.confusesAlternatives && earlier.length === 1;
    const all = this.#allDevices(claim, isConfused ? {...data, matches: earlier[0]!.matches} : data, where);
    return {...data, count: all.length, all};
  }

  #allDevices(claim: ResourceClaim, data: RequestData, where: string): readonly PoolDevice[] {
    const {consumableCapacity} = this.#devices.features;
    return this.#pools.flatMap((pool) => {
      if (pool.isIncomplete || isInvalidPool(pool)) {
        const state = pool.isIncomplete ? 'being updated' : 'invalid';
        const id = `${pool.driver}/${pool.name}`;
        throw new AllocationError(`${where}: asks for all devices, but resource pool ${id} is currently ${state}`);
      }
      return pool.devices.filter(
        (device) =>
          this.#suits(claim, data, device) && (!consumableCapacity || this.#hasCapacity(data.request, device)),
      );
    });
  }

  /**
   * Looks for the device at a position and for all after it. `start` is where in the order of devices the search goes on,
   * as the order of devices within a request makes no difference.
   */
  #allocateOne(position: Position, isInAlternative: boolean, start: Start): Progress {
    if (this.#stepsLeft-- <= 0) throw new TimedOut();
    const {claim, request, alternative, device} = position;
    if (claim >= this.#claims.length) return 'Done';
    const requests = this.#requests[claim]!;
    if (request >= requests.length) {
      const progress = this.#allocateOne({claim: claim + 1, request: 0, alternative: 0, device: 0}, false, START);
      // Another choice for an earlier claim may leave room for an alternative with fewer devices.
      return progress === 'TooMany' ? 'Failed' : progress;
    }
    const {hasAlternatives, alternatives} = requests[request]!;
    if (hasAlternatives && !isInAlternative) return this.#firstAlternative(position, alternatives.length);

    const data = alternatives[alternative]!;
    if (data.all !== null && data.all.length === 0) return 'Failed';
    if (device >= data.count) {
      return this.#allocateOne({claim, request: request + 1, alternative: 0, device: 0}, false, START);
    }
    if (this.#results[claim]!.length + data.count - device > ALLOCATION_RESULTS_MAX_SIZE) return 'TooMany';
    return data.all === null
      ? this.#allocateAny(position, isInAlternative, data, start)
      : this.#allocateAll(position, isInAlternative, data, data.all);
  }

  #firstAlternative(position: Position, count: number): Progress {
    let failure: Progress = 'TooMany';
    for (let alternative = 0; alternative < count; alternative++) {
      const progress = this.#allocateOne({...position, alternative}, true, START);
      if (progress === 'Done') return progress;
      if (progress === 'Failed') failure = progress;
    }
    return failure;
  }

  /** The devices of a request for all of them are known beforehand. */
  #allocateAll(position: Position, isInAlternative: boolean, data: RequestData, all: readonly PoolDevice[]): Progress {
    const putBack = this.#take(position, data, all[position.device]!, true);
    if (putBack === null) return 'Failed';
    const alternative = this.#devices.features.confusesAlternatives ? 0 : position.alternative;
    const progress = this.#allocateOne({...position, alternative, device: position.device + 1}, isInAlternative, START);
    if (progress !== 'Done') putBack();
    return progress;
  }

  #allocateAny(position: Position, isInAlternative: boolean, data: RequestData, start: Start): Progress {
    const {judgesPoolsByNode, consumableCapacity} = this.#devices.features;
    const {request} = data;
    for (let poolIndex = start.pool; poolIndex < this.#pools.length; poolIndex++) {
      const pool = this.#pools[poolIndex]!;
      if (judgesPoolsByNode && isInvalidPool(pool)) {
        throw new AllocationError(`pool ${pool.name} is invalid: ${pool.invalidReason}`);
      }
      if (isInvalidPool(pool) || (pool.isIncomplete && !judgesPoolsByNode)) continue;
      for (let i = poolIndex === start.pool ? start.device : 0; i < pool.devices.length; i++) {
        const device = pool.devices[i]!;
        if (this.#isOccupied(request, device, position.claim)) continue;
        if (!this.#suits(this.#claims[position.claim]!, data, device)) continue;
        if (consumableCapacity && !this.#hasCapacity(request, device)) continue;
        const putBack = this.#take(position, data, device, false);
        if (putBack === null) continue;
        const progress = this.#allocateOne({...position, device: position.device + 1}, isInAlternative, {
          pool: poolIndex,
          device: i + 1,
        });
        if (progress === 'Done') return progress;
        putBack();
        if (progress === 'TooMany') return progress;
      }
    }
    return 'Failed';
  }

  /** Admin access shares devices with others, but not within a claim. */
  #isOccupied({adminAccess}: ExactRequest, {key}: PoolDevice, claim: number): boolean {
    const taking = this.#taking.get(key);
    if (adminAccess === true) return taking?.has(claim) ?? false;
    return this.#devices.allocated.isTaken(key) || (taking !== undefined && taking.size > 0);
  }

  /** Whether class, selectors and place of a device suit a request. */
  #suits(claim: ResourceClaim, {deviceClass, request, matches}: RequestData, device: PoolDevice): boolean {
    const {bindingConditions = []} = device.device;
    if (!this.#devices.features.bindingConditions && bindingConditions.length > 0) return false;
    const known = matches.get(device);
    if (known !== undefined) return known;
    const suits =
      this.#selects(`class ${deviceClass.name}`, deviceClass.selectors, device) &&
      this.#selects(`claim ${claimKey(claim)}`, request.selectors, device) &&
      (device.slice.perDeviceNodeSelection !== true || selectsNode(device.device, this.#node));
    matches.set(device, suits);
    return suits;
  }

  #selects(owner: string, selectors: readonly (string | null)[], device: PoolDevice): boolean {
    for (const [index, expression] of selectors.entries()) {
      const result = this.#devices.selectors.evaluate(expression ?? '', device);
      if (typeof result !== 'boolean') throw new AllocationError(`${owner}: selector #${index}: ${result.error}`);
      if (!result) return false;
    }
    return true;
  }

  #hasCapacity(request: ExactRequest, {key, device}: PoolDevice): boolean {
    return hasCapacityFor(device, request, this.#devices.allocated.consumedOf(key), this.#takingCapacity.get(key));
  }

  /**
   * Takes a device for the time being; the function returned puts it back. null when it cannot be had. `must` makes an
   * error of a constraint that is in the way.
   */
  #take({claim}: Position, data: RequestData, device: PoolDevice, must: boolean): (() => void) | null {
    const {features, allocated} = this.#devices;
    const {request, parent} = data;
    const {key} = device;
    const {allowMultipleAllocations, consumesCounters} = device.device;
    const isShared = features.consumableCapacity && allowMultipleAllocations;
    if (this.#isOccupied(request, device, claim)) return null;
    if (!features.partitionableDevices && consumesCounters.length > 0) return null;
    const wasShared = allocated.consumedOf(key) !== undefined || this.#takingCapacity.get(key) !== undefined;
    const takesCounters = consumesCounters.length > 0 && !(isShared && wasShared);
    if (takesCounters && !this.#takeCounters(device)) return null;

    const names = [parent ?? request.name, parent === null ? '' : request.name] as const;
    const added: Constraint[] = [];
    const putBackConstraints = (): void => {
      for (const constraint of added.toReversed()) constraint.remove(...names);
      if (takesCounters) this.#putBackCounters(device);
    };
    if (features.deviceTaints && isTainted(device.device.taints, request.tolerations)) {
      putBackConstraints();
      return null;
    }
    for (const constraint of this.#constraints[claim]!) {
      if (constraint.add(...names, device)) added.push(constraint);
      else {
        putBackConstraints();
        if (!must) return null;
        throw new AllocationError(
          `claim ${claimKey(this.#claims[claim]!)}, request ${request.name}: cannot add device ${key} because a claim constraint would not be satisfied`,
        );
      }
    }
    if (features.consumableCapacity && !this.#hasCapacity(request, device)) {
      putBackConstraints();
      return null;
    }
    const consumed = isShared ? consumedCapacity(device.device, request) : null;
    const putBackDevice = consumed === null ? this.#mark(key, claim) : this.#share(key, consumed);
    const results = this.#results[claim]!;
    results.push({device, data, consumed});
    return () => {
      results.pop();
      putBackDevice();
      putBackConstraints();
    };
  }

  #mark(key: string, claim: number): () => void {
    const claims = this.#taking.get(key) ?? new Set<number>();
    this.#taking.set(key, claims.add(claim));
    return () => claims.delete(claim);
  }

  #share(key: string, consumed: ConsumedCapacity): () => void {
    const wasShared = this.#takingCapacity.get(key) !== undefined;
    this.#takingCapacity.add(key, consumed);
    return () => {
      this.#takingCapacity.remove(key, consumed);
      // The entry tells that another share exists, even where that took nothing.
      if (wasShared && this.#takingCapacity.get(key) === undefined) this.#takingCapacity.add(key, new Map());
    };
  }

  /** Counts the device's counters as consumed, unless some counter of the pool would be overdrawn. */
  #takeCounters(device: PoolDevice): boolean {
    const {pool} = device;
    const available = this.#availableIn(pool);
    const consumed = this.#consumedCounters.get(pool.name) ?? new Map<string, Map<string, Quantity>>();
    this.#consumedCounters.set(pool.name, consumed);
    for (const {counterSet, counters} of device.device.consumesCounters) {
      const amounts = consumed.get(counterSet) ?? new Map<string, Quantity>();
      consumed.set(counterSet, amounts);
      for (const [name, amount] of counters) addTo(amounts, name, amount);
    }
    for (const [counterSet, amounts] of available) {
      for (const [name, amount] of amounts) {
        if (compareQuantities(amount, consumed.get(counterSet)?.get(name) ?? ZERO) >= 0) continue;
        this.#putBackCounters(device);
        return false;
      }
    }
    return true;
  }

  #putBackCounters({pool, device}: PoolDevice): void {
    const consumed = this.#consumedCounters.get(pool.name);
    for (const {counterSet, counters} of device.consumesCounters) {
      const amounts = consumed?.get(counterSet);
      for (const [name, amount] of counters) amounts?.set(name, subtractQuantities(amounts.get(name) ?? ZERO, amount));
    }
  }

  /** The counters of a pool less what allocated devices of the pool take, wherever these are. */
  #availableIn(pool: Pool): Counters {
    const known = this.#availableCounters.get(pool.name);
    if (known !== undefined) return known;
    const available: Counters = new Map();
    for (const {name, counters} of pool.counterSets.values()) available.set(name, new Map(counters));
    const targeting = new Set(pool.devices.map(({slice}) => slice));
    for (const slice of [...targeting, ...pool.elsewhere]) {
      for (const {name: device, consumesCounters} of slice.devices) {
        if (!this.#devices.allocated.isUsed(deviceKey(slice.driver, slice.pool.name, device))) continue;
        for (const {counterSet, counters} of consumesCounters) {
          const amounts = available.get(counterSet);
          for (const [name, amount] of counters) {
            const left = amounts?.get(name);
            if (left !== undefined) amounts?.set(name, subtractQuantities(left, amount));
          }
        }
      }
    }
    this.#availableCounters.set(pool.name, available);
    return available;
  }

  #toAllocation(claim: ResourceClaim, taken: readonly Taken[]): Allocation {
    const nodeSelector = this.#toNodeSelector(taken);
    return {
      devices: taken.map((one, index) => toAllocatedDevice(one, `${claimKey(claim)}/${index}`)),
      ...(nodeSelector === undefined ? {} : {nodeSelector}),
    };
  }

  /** Where all of the devices can be reached, undefined for everywhere. */
  #toNodeSelector(taken: readonly Taken[]): NodeSelector | undefined {
    const matchFields: NodeSelectorRequirement[] = [];
    const matchExpressions: NodeSelectorRequirement[] = [];
    for (const {
      device: {device, slice},
    } of taken) {
      const {nodeName, nodeSelector} = slice.perDeviceNodeSelection === true ? device : slice;
      if (nodeName !== undefined || (this.#devices.features.bindingConditions && device.bindsToNode)) {
        return onlyNode(this.#node.name);
      }
      const terms = nodeSelector?.nodeSelectorTerms ?? [];
      if (terms.length > 1) {
        throw new AllocationError(`unsupported ResourceSlice.NodeSelector with ${terms.length} terms`);
      }
      for (const term of terms) {
        addMissing(matchFields, term.matchFields ?? []);
        addMissing(matchExpressions, term.matchExpressions ?? []);
      }
    }
    if (matchFields.length === 0 && matchExpressions.length === 0) return undefined;
    return {nodeSelectorTerms: [{matchFields, matchExpressions}]};
  }
}

/** `shareID` tells this share of a device that can be shared from all others. */
function toAllocatedDevice({device: {device, slice}, data, consumed}: Taken, shareID: string): AllocatedDevice {
  const {request, parent} = data;
  const {bindingConditions, bindingFailureConditions} = device;
  return {
    request: parent === null ? request.name : `${parent}/${request.name}`,
    driver: slice.driver,
    pool: slice.pool.name,
    device: device.name,
    adminAccess: request.adminAccess === true,
    ...(consumed === null ? {} : {shareID}),
    ...(consumed === null || consumed.size === 0 ? {} : {consumedCapacity: consumed}),
    ...(bindingConditions === undefined ? {} : {bindingConditions}),
    ...(bindingFailureConditions === undefined ? {} : {bindingFailureConditions}),
  };
}

/** A position in the order of devices. */
interface Start {
  readonly pool: number;
  readonly device: number;
}

const START: Start = {pool: 0, device: 0};

function isInvalidPool({invalidReason}: Pool): boolean {
  return invalidReason !== null;
}

function isTainted(taints: readonly DeviceTaint[], tolerations: readonly DeviceToleration[]): boolean {
  return taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

function tolerates({key, operator, value, effect}: DeviceToleration, taint: DeviceTaint): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || ((operator === '' || operator === 'Equal') && value === taint.value);
}

function onlyNode(name: string): NodeSelector {
  return {nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [name]}]}]};
}

function addMissing(known: NodeSelectorRequirement[], added: readonly NodeSelectorRequirement[]): void {
  for (const requirement of added)
    if (!known.some((other) => isSameRequirement(other, requirement))) known.push(requirement);
}

function isSameRequirement(a: NodeSelectorRequirement, b: NodeSelectorRequirement): boolean {
  const [values, others] = [new Set(a.values), new Set(b.values)];
  return a.key === b.key && a.operator === b.operator && values.symmetricDifference(others).size === 0;
}
