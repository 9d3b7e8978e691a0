/** Reads objects of resource.k8s.io, in any version of the API that is still served, into the shape of v1. */
import type {KubernetesObject, NodeSelector} from '../../model/kubernetes.ts';
import {parseQuantity, type Quantity} from '../../model/quantity.ts';
import type {
  Allocation,
  CapacityRequestPolicy,
  ClaimSpec,
  CounterSet,
  Device,
  DeviceAttribute,
  DeviceCapacity,
  DeviceClass,
  DeviceConstraint,
  DeviceRequest,
  DeviceSelector,
  DeviceStatus,
  DeviceToleration,
  ExactRequest,
  NodeSelection,
  ResourceClaim,
  ResourceSlice,
} from './resourceApi.ts';

type QuantityText = string | number;
type Counters = Readonly<Record<string, {readonly value: QuantityText}>>;

interface RawSelection {
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
}

interface RawDevice extends RawSelection {
  readonly attributes?: Readonly<Record<string, RawAttribute>>;
  readonly capacity?: Readonly<Record<string, RawCapacity>>;
  readonly consumesCounters?: readonly {readonly counterSet: string; readonly counters?: Counters}[];
  readonly taints?: readonly {readonly key: string; readonly value?: string; readonly effect: string}[];
  readonly bindsToNode?: boolean;
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
  readonly allowMultipleAllocations?: boolean;
}

interface RawAttribute {
  readonly int?: number;
  readonly bool?: boolean;
  readonly string?: string;
  readonly version?: string;
}

interface RawCapacity {
  readonly value: QuantityText;
  readonly requestPolicy?: {
    readonly default?: QuantityText;
    readonly validValues?: readonly QuantityText[];
    readonly validRange?: {readonly min?: QuantityText; readonly max?: QuantityText; readonly step?: QuantityText};
  };
}

interface RawSliceSpec extends RawSelection {
  readonly driver: string;
  readonly pool: {readonly name: string; readonly generation?: number; readonly resourceSliceCount: number};
  readonly perDeviceNodeSelection?: boolean;
  /** v1beta1 has most of a device in `basic`. */
  readonly devices?: readonly (RawDevice & {readonly name: string; readonly basic?: RawDevice})[];
  readonly sharedCounters?: readonly {readonly name: string; readonly counters?: Counters}[];
}

interface RawExactRequest {
  readonly deviceClassName?: string;
  readonly selectors?: readonly RawSelector[];
  readonly allocationMode?: string;
  readonly count?: number;
  readonly adminAccess?: boolean;
  readonly tolerations?: readonly Partial<DeviceToleration>[];
  readonly capacity?: {readonly requests?: Readonly<Record<string, QuantityText>>};
}

interface RawSelector {
  readonly cel?: {readonly expression: string};
}

interface RawClaimSpec {
  readonly devices?: {
    /** v1beta1 has the fields of `exactly` in the request itself. */
    readonly requests?: readonly (RawExactRequest & {
      readonly name: string;
      readonly exactly?: RawExactRequest;
      readonly firstAvailable?: readonly (RawExactRequest & {readonly name: string})[];
    })[];
    readonly constraints?: readonly (Omit<DeviceConstraint, 'requests'> & {readonly requests?: readonly string[]})[];
  };
}

interface RawClaimStatus {
  readonly allocation?: {
    readonly devices?: {
      readonly results?: readonly {
        readonly request: string;
        readonly driver: string;
        readonly pool: string;
        readonly device: string;
        readonly adminAccess?: boolean;
        readonly shareID?: string;
        readonly consumedCapacity?: Readonly<Record<string, QuantityText>>;
        readonly bindingConditions?: readonly string[];
        readonly bindingFailureConditions?: readonly string[];
      }[];
    };
    readonly nodeSelector?: NodeSelector;
  };
  readonly reservedFor?: readonly {readonly resource: string; readonly name: string}[];
  readonly devices?: readonly (Omit<DeviceStatus, 'conditions'> & {readonly conditions?: DeviceStatus['conditions']})[];
}

export function readResourceSlice(object: KubernetesObject): ResourceSlice {
  const {
    driver,
    pool,
    devices = [],
    sharedCounters = [],
    perDeviceNodeSelection,
    ...rest
  } = withoutNulls(object.spec) as RawSliceSpec;
  return {
    name: object.metadata.name ?? '',
    driver,
    pool: {...pool, generation: pool.generation ?? 0},
    ...readSelection(rest),
    ...(perDeviceNodeSelection === undefined ? {} : {perDeviceNodeSelection}),
    devices: devices.map(({name, basic, ...own}) => readDevice(name, basic ?? own)),
    sharedCounters: sharedCounters.map(({name, counters}) => ({name, counters: readCounters(counters)})),
  };
}

export function readDeviceClass({metadata, spec}: KubernetesObject): DeviceClass {
  const {selectors, extendedResourceName} = withoutNulls(spec ?? {}) as {
    readonly selectors?: readonly RawSelector[];
    readonly extendedResourceName?: string;
  };
  const creationTime = Date.parse(metadata.creationTimestamp ?? '');
  return {
    name: metadata.name ?? '',
    selectors: readSelectors(selectors),
    ...(extendedResourceName === undefined ? {} : {extendedResourceName}),
    creationTime: Number.isNaN(creationTime) ? 0 : creationTime,
  };
}

export function readResourceClaim({metadata, spec, status}: KubernetesObject): ResourceClaim {
  const {allocation, reservedFor = [], devices = []} = withoutNulls(status ?? {}) as RawClaimStatus;
  return {
    metadata,
    spec: readClaimSpec(spec),
    allocation: allocation === undefined ? null : readAllocation(allocation),
    reservedFor: reservedFor.map(({resource, name}) => ({resource, name})),
    deviceStatuses: devices.map((device) => ({...device, conditions: device.conditions ?? []})),
  };
}

/** The claim that the template is for; its name and owner are for the caller to add. */
export function readClaimTemplate({spec}: KubernetesObject): Pick<ResourceClaim, 'metadata' | 'spec'> {
  const {metadata = {}, spec: claim} = spec as {readonly metadata?: ResourceClaim['metadata']; readonly spec: unknown};
  return {metadata, spec: readClaimSpec(claim)};
}

function readClaimSpec(spec: unknown): ClaimSpec {
  const {requests = [], constraints = []} = (withoutNulls(spec ?? {}) as RawClaimSpec).devices ?? {};
  return {
    requests: requests.map(({name, exactly, firstAvailable = [], ...flat}): DeviceRequest => {
      const own = exactly ?? (flat.deviceClassName === undefined ? undefined : flat);
      return {
        name,
        ...(own === undefined ? {} : {exactly: readExactRequest(name, own)}),
        firstAvailable: firstAvailable.map((alternative) => readExactRequest(alternative.name, alternative)),
      };
    }),
    constraints: constraints.map((constraint) => ({...constraint, requests: constraint.requests ?? []})),
  };
}

function readExactRequest(name: string, raw: RawExactRequest): ExactRequest {
  const allocationMode = raw.allocationMode || 'ExactCount';
  return {
    name,
    deviceClassName: raw.deviceClassName ?? '',
    selectors: readSelectors(raw.selectors),
    allocationMode,
    count: raw.count || (allocationMode === 'ExactCount' ? 1 : 0),
    ...(raw.adminAccess === undefined ? {} : {adminAccess: raw.adminAccess}),
    tolerations: (raw.tolerations ?? []).map(({key = '', operator = '', value = '', effect = ''}) => ({
      key,
      operator,
      value,
      effect,
    })),
    ...(raw.capacity === undefined ? {} : {capacity: readQuantities(raw.capacity.requests)}),
  };
}

function readSelectors(selectors: readonly RawSelector[] = []): readonly DeviceSelector[] {
  return selectors.map(({cel}) => cel?.expression ?? null);
}

function readDevice(name: string, raw: RawDevice): Device {
  const {bindingConditions, bindingFailureConditions} = raw;
  return {
    name,
    ...readSelection(raw),
    attributes: mapValues(raw.attributes, readAttribute),
    capacity: mapValues(raw.capacity, readCapacity),
    consumesCounters: (raw.consumesCounters ?? []).map(({counterSet, counters}) => ({
      counterSet,
      counters: readCounters(counters),
    })),
    taints: (raw.taints ?? []).map(({key, value = '', effect}) => ({key, value, effect})),
    bindsToNode: raw.bindsToNode ?? false,
    ...(bindingConditions === undefined ? {} : {bindingConditions}),
    ...(bindingFailureConditions === undefined ? {} : {bindingFailureConditions}),
    allowMultipleAllocations: raw.allowMultipleAllocations ?? false,
  };
}

function readAttribute({int, ...others}: RawAttribute): DeviceAttribute {
  return int === undefined ? others : {...others, int: BigInt(int)};
}

function readCapacity({value, requestPolicy}: RawCapacity): DeviceCapacity {
  if (requestPolicy === undefined) return {value: readQuantity(value)};
  const {validValues, validRange} = requestPolicy;
  const policy: CapacityRequestPolicy = {
    ...(requestPolicy.default === undefined ? {} : {default: readQuantity(requestPolicy.default)}),
    ...(validValues === undefined ? {} : {validValues: validValues.map(readQuantity)}),
    ...(validRange === undefined ? {} : {validRange: Object.fromEntries(readQuantities(validRange))}),
  };
  return {value: readQuantity(value), requestPolicy: policy};
}

function readAllocation({devices, nodeSelector}: NonNullable<RawClaimStatus['allocation']>): Allocation {
  return {
    devices: (devices?.results ?? []).map(({adminAccess = false, consumedCapacity, ...result}) => ({
      ...result,
      adminAccess,
      ...(consumedCapacity === undefined ? {} : {consumedCapacity: readQuantities(consumedCapacity)}),
    })),
    ...(nodeSelector === undefined ? {} : {nodeSelector}),
  };
}

function readSelection({nodeName, nodeSelector, allNodes}: RawSelection): NodeSelection {
  return {
    ...(nodeName === undefined ? {} : {nodeName}),
    ...(nodeSelector === undefined ? {} : {nodeSelector}),
    ...(allNodes === undefined ? {} : {allNodes}),
  };
}

function readCounters(counters: Counters | undefined): CounterSet['counters'] {
  return mapValues(counters, ({value}) => readQuantity(value));
}

function readQuantities(quantities: Readonly<Record<string, QuantityText>> | undefined): ReadonlyMap<string, Quantity> {
  return mapValues(quantities, readQuantity);
}

function readQuantity(text: QuantityText): Quantity {
  const quantity = parseQuantity(text);
  if (quantity === undefined) throw new Error(`not a quantity: ${JSON.stringify(text)}`);
  return quantity;
}

function mapValues<Raw, Value>(
  raw: Readonly<Record<string, Raw>> | undefined,
  read: (value: Raw) => Value,
): ReadonlyMap<string, Value> {
  return new Map(Object.entries(raw ?? {}).map(([name, value]) => [name, read(value)]));
}

/** Go writes an empty list or a field that is not set as null, where it may not leave it out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, withoutNulls(member)]])),
  );
}
