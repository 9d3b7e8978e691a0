/** The parts of resource.k8s.io/v1 that allocation looks at, with the API's defaults filled in. */
import type {NodeSelector, ObjectMeta} from '../../model/kubernetes.ts';
import type {Quantity} from '../../model/quantity.ts';

/** Devices in the result of one claim; a claim that needs more cannot be allocated. */
export const ALLOCATION_RESULTS_MAX_SIZE = 32;
/** Alternatives of one request; the score of an alternative is this less its position. */
export const FIRST_AVAILABLE_MAX_SIZE = 8;

/** Exactly one member is set. */
export interface DeviceAttribute {
  readonly int?: bigint;
  readonly bool?: boolean;
  readonly string?: string;
  readonly version?: string;
}

/** How much of a capacity one allocation may take. */
export interface CapacityRequestPolicy {
  readonly default?: Quantity;
  readonly validValues?: readonly Quantity[];
  readonly validRange?: {readonly min?: Quantity; readonly max?: Quantity; readonly step?: Quantity};
}

export interface DeviceCapacity {
  readonly value: Quantity;
  readonly requestPolicy?: CapacityRequestPolicy;
}

export interface DeviceTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

export interface DeviceToleration {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  readonly effect: string;
}

export interface CounterSet {
  readonly name: string;
  readonly counters: ReadonlyMap<string, Quantity>;
}

/** Where a slice, or a device of it, is to be found; nothing set is nowhere. */
export interface NodeSelection {
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
}

export interface Device extends NodeSelection {
  readonly name: string;
  /** By qualified name; the domain is left out where it is the driver. */
  readonly attributes: ReadonlyMap<string, DeviceAttribute>;
  readonly capacity: ReadonlyMap<string, DeviceCapacity>;
  readonly consumesCounters: readonly {readonly counterSet: string; readonly counters: CounterSet['counters']}[];
  readonly taints: readonly DeviceTaint[];
  readonly bindsToNode: boolean;
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
  readonly allowMultipleAllocations: boolean;
}

export interface ResourceSlice extends NodeSelection {
  readonly name: string;
  readonly driver: string;
  readonly pool: {readonly name: string; readonly generation: number; readonly resourceSliceCount: number};
  /** undefined where the field is not set at all, which older versions tell from false. */
  readonly perDeviceNodeSelection?: boolean;
  readonly devices: readonly Device[];
  readonly sharedCounters: readonly CounterSet[];
}

/** A CEL expression; null for a selector of a kind that is not known. */
export type DeviceSelector = string | null;

export interface DeviceClass {
  readonly name: string;
  readonly selectors: readonly DeviceSelector[];
  readonly extendedResourceName?: string;
  /** Milliseconds since the epoch, 0 when unknown. */
  readonly creationTime: number;
}

/** What both a request and one alternative of a request ask for. */
export interface ExactRequest {
  readonly name: string;
  readonly deviceClassName: string;
  readonly selectors: readonly DeviceSelector[];
  readonly allocationMode: string;
  readonly count: number;
  /** undefined where the field is not set. */
  readonly adminAccess?: boolean;
  readonly tolerations: readonly DeviceToleration[];
  /** Amounts by capacity; undefined where none is asked for. */
  readonly capacity?: ReadonlyMap<string, Quantity>;
}

export interface DeviceRequest {
  readonly name: string;
  readonly exactly?: ExactRequest;
  /** In the order of preference. */
  readonly firstAvailable: readonly ExactRequest[];
}

export interface DeviceConstraint {
  /** Names of requests or `request/alternative`; empty for all of the claim. */
  readonly requests: readonly string[];
  readonly matchAttribute?: string;
  readonly distinctAttribute?: string;
}

export interface ClaimSpec {
  readonly requests: readonly DeviceRequest[];
  readonly constraints: readonly DeviceConstraint[];
}

export interface AllocatedDevice {
  /** `request`, or `request/alternative`. */
  readonly request: string;
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly adminAccess: boolean;
  /** Tells the shares of one device apart; undefined for a device that is not shared. */
  readonly shareID?: string;
  readonly consumedCapacity?: ReadonlyMap<string, Quantity>;
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

export interface Allocation {
  readonly devices: readonly AllocatedDevice[];
  /** Where the devices can be reached; undefined for everywhere. */
  readonly nodeSelector?: NodeSelector;
}

export interface ConsumerReference {
  /** `pods`, as a rule. */
  readonly resource: string;
  readonly name: string;
}

/** What a driver reports of an allocated device. */
export interface DeviceStatus {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly conditions: readonly {readonly type: string; readonly status: string}[];
}

export interface ResourceClaim {
  readonly metadata: ObjectMeta;
  readonly spec: ClaimSpec;
  readonly allocation: Allocation | null;
  readonly reservedFor: readonly ConsumerReference[];
  readonly deviceStatuses: readonly DeviceStatus[];
}

/** The annotation of a claim that kube-scheduler made for the extended resources of a pod. */
export const EXTENDED_RESOURCE_CLAIM_ANNOTATION = 'resource.kubernetes.io/extended-resource-claim';
/** Before the name of a class: the extended resource that every class has. */
export const DEVICE_CLASS_RESOURCE_PREFIX = 'deviceclass.resource.kubernetes.io/';

/** `namespace/name`. */
export function claimKey({metadata}: Pick<ResourceClaim, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}

/** `driver/pool/device`; only the pool's name may have slashes of its own. */
export function deviceKey(driver: string, pool: string, device: string): string {
  return `${driver}/${pool}/${device}`;
}
