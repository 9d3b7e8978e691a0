import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import {matchesNodeSelector} from '../../model/selector.ts';
import {AllocationError, type AllocationOutcome, Allocator} from '../dynamicResources/allocator.ts';
import {ClaimProblem, type DraManager, isReservedFor, RESERVED_FOR_MAX_SIZE} from '../dynamicResources/draManager.ts';
import {canBeDevices, deviceRequestsOf} from '../dynamicResources/extendedResources.ts';
import {
  type Allocation,
  claimKey,
  EXTENDED_RESOURCE_CLAIM_ANNOTATION,
  FIRST_AVAILABLE_MAX_SIZE,
  type ResourceClaim,
} from '../dynamicResources/resourceApi.ts';
import {defaultNormalizeScore} from '../framework/normalizeScore.ts';
import {
  type FilterPlugin,
  type Handle,
  type PostFilterPlugin,
  type PreEnqueuePlugin,
  type PreFilterResult,
  type PreScoreResult,
  type ReservePlugin,
  type ScorePlugin,
  SKIP,
  success,
} from '../framework/plugin.ts';
import type {DynamicResourcesArgs} from '../framework/pluginArguments.ts';
import {PluginError} from '../framework/pluginError.ts';
import type {FailedAttempt, PostFilterResult} from '../framework/postFilter.ts';
import {type Status, unresolvable} from '../framework/status.ts';

/**
 * Devices that the search for an allocation may try where upstream looks at the clock; a machine does about as many in a
 * second.
 */
const STEPS_PER_SECOND = 1_000_000;

/** What PreFilter found out about a pod. */
interface CycleState {
  readonly pod: Pod;
  /** The pod's own claims, and last the one for its extended resources. */
  readonly claims: readonly ResourceClaim[];
  /** The last of `claims`, where it is for extended resources. */
  readonly extended: ResourceClaim | null;
  /** null when every claim is allocated already. */
  readonly allocator: Allocator | null;
  /** What Filter found, by node: the claims that need an allocation and the allocation of each. */
  readonly allocations: Map<number, NodeAllocation>;
  /** Positions of claims that are allocated where some node cannot reach them. */
  readonly unavailable: Set<number>;
}

interface NodeAllocation {
  readonly claims: readonly ResourceClaim[];
  readonly allocations: readonly Allocation[];
}

/** Allocates devices to the resource claims of pods. */
export class DynamicResources
  implements PreEnqueuePlugin, FilterPlugin<CycleState>, PostFilterPlugin, ScorePlugin<CycleState | null>, ReservePlugin
{
  readonly name = 'DynamicResources';
  readonly filterScope = 'cluster';
  readonly scoreScope = 'cluster';
  readonly #nodes: readonly Node[];
  readonly #manager: DraManager;
  readonly #maxSteps: number;
  /** Of the last pod with claims that PreFilter let through. */
  #cycle: CycleState | null = null;
  readonly #statuses = new Map<string, Status>();

  constructor({filterTimeoutSeconds}: DynamicResourcesArgs, {nodes, dynamicResources}: Handle) {
    this.#nodes = nodes;
    this.#manager = dynamicResources;
    this.#maxSteps = filterTimeoutSeconds ? filterTimeoutSeconds * STEPS_PER_SECOND : Number.POSITIVE_INFINITY;
  }

  /** Holds a pod back until its claims exist. */
  preEnqueue(pod: Pod): Status | null {
    if (!this.#manager.features.isEnabled) return null;
    const claims = this.#claimsOf(pod);
    return isClaims(claims) ? null : claims;
  }

  preFilter(pod: Pod): PreFilterResult<CycleState> {
    this.#cycle = null;
    if (!this.#manager.features.isEnabled) return SKIP;
    const own = this.#claimsOf(pod);
    if (!isClaims(own)) return {kind: 'Rejected', status: own};
    const extended = this.#extendedClaim(pod);
    const claims = extended === null ? own : [...own, extended];
    if (claims.length === 0) return SKIP;
    for (const claim of own) {
      const status = claim.allocation === null ? this.#checkRequests(claim) : null;
      if (status !== null) return {kind: 'Rejected', status};
    }
    const needsAllocation = claims.some(({allocation}) => allocation === null);
    this.#cycle = {
      pod,
      claims,
      extended,
      allocator: needsAllocation ? new Allocator(this.#manager.devices, this.#maxSteps) : null,
      allocations: new Map(),
      unavailable: new Set(),
    };
    return success(this.#cycle);
  }

  filter(state: CycleState, index: number): Status | null {
    const {claims, extended, allocator, allocations, unavailable} = state;
    const node = this.#nodes[index]!;
    let toAllocate = claims.filter(({allocation}) => allocation === null);
    if (extended !== null) {
      const onNode = this.#extendedClaimOn(state.pod, extended, node, claims.length > 1);
      if (onNode === null || 'code' in onNode) return onNode;
      toAllocate = toAllocate.map((claim) => (claim === extended ? onNode : claim));
    }
    const unreachable = [...claims.keys()].filter((position) => !isAvailable(claims[position]!, node));
    if (allocator !== null) {
      const outcome = this.#allocate(allocator, toAllocate, index);
      if (outcome.kind === 'TimedOut')
        throw this.#filterError(`node ${node.name}: timed out trying to allocate devices`);
      if (outcome.kind === 'NotAllocated') return this.#status(outcome.reason ?? 'cannot allocate all claims');
      if (unreachable.length === 0) allocations.set(index, {claims: toAllocate, allocations: outcome.allocations});
    }
    for (const position of unreachable) unavailable.add(position);
    if (unreachable.length > 0) return this.#status('resourceclaim not available on the node');
    this.#checkReservations(state);
    return null;
  }

  /** Gives a claim back that is allocated out of reach, as long as nobody else has it. */
  postFilter(attempt: FailedAttempt): PostFilterResult {
    if (!this.#manager.features.isEnabled) return unschedulable('plugin disabled');
    // Upstream looks for what its PreFilter noted about the pod.
    if (!attempt.ranPreFilter(this.name)) return {kind: 'Error', message: 'not found'};
    const cycle = this.#cycleOf(attempt.pod);
    if (cycle === null) return unschedulable('no new claims to deallocate');
    const {pod, claims, extended, unavailable} = cycle;
    const isLeftOver = extended !== null && isCreated(extended);
    for (const position of [...unavailable].sort((a, b) => a - b)) {
      const claim = claims[position]!;
      if (claim === extended) break;
      if (claim.reservedFor.length > 1 || (claim.reservedFor.length === 1 && !isReservedFor(claim, pod))) continue;
      this.#manager.deallocate(claim);
      return unschedulable('deallocation of ResourceClaim completed');
    }
    if (!isLeftOver) return unschedulable('still not schedulable');
    this.#manager.delete(extended);
    return unschedulable('deletion of ResourceClaim completed');
  }

  preScore(pod: Pod): PreScoreResult<CycleState | null> {
    if (!this.#manager.features.scoresAlternatives) return SKIP;
    return success(this.#cycleOf(pod));
  }

  score(state: CycleState | null, node: number): number {
    const found = state?.allocations.get(node);
    if (!state || found === undefined) return 0;
    let position = 0;
    let score = 0;
    for (const claim of state.claims) {
      const allocation = this.#scoredAllocation(claim, found, position);
      if (allocation !== claim.allocation) position++;
      score += rank(claim, allocation);
    }
    return score;
  }

  normalizeScore(scores: Float64Array): void {
    defaultNormalizeScore(scores, 'forward');
  }

  reserve(pod: Pod, node: number): void {
    if (this.#cycle === null && pod.class.spec.resourceClaims === undefined) return;
    const cycle = this.#cycleOf(pod);
    this.#cycle = null;
    const found = cycle?.allocations.get(node);
    for (const [i, claim] of (found?.claims ?? []).entries()) {
      this.#manager.reserve(this.#manager.allocate(claim, found!.allocations[i]!), pod);
    }
    // What was allocated before; a pod that came to its node without the scheduler reserves what there is, too.
    const claims = this.#claimsOf(pod);
    if (!isClaims(claims)) return;
    for (const claim of claims) if (claim.allocation !== null) this.#manager.reserve(claim, pod);
  }

  release(pod: Pod): void {
    this.#manager.release(pod);
  }

  /** null for a pod that is known to have no claims, for which PreFilter need not run again. */
  #cycleOf(pod: Pod): CycleState | null {
    return this.#cycle?.pod === pod ? this.#cycle : null;
  }

  #claimsOf(pod: Pod): readonly ResourceClaim[] | Status {
    try {
      return this.#manager.claimsOf(pod);
    } catch (error) {
      if (error instanceof ClaimProblem) return this.#status(error.message);
      throw error;
    }
  }

  /** The claim for the extended resources of a pod that can be devices; null when it asks for none. */
  #extendedClaim(pod: Pod): ResourceClaim | null {
    const {requests, namespace} = pod.class;
    const isDevice = (resource: string): boolean => this.#manager.classOfResource(resource) !== undefined;
    if (!Object.keys(requests).some((resource) => requests[resource]! > 0 && isDevice(resource))) return null;
    return (
      this.#manager.extendedClaimOf(pod) ?? {
        metadata: {
          namespace,
          name: `${pod.name}-extended-resources-`,
          annotations: {[EXTENDED_RESOURCE_CLAIM_ANNOTATION]: 'true'},
          ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: pod.name, controller: true}],
        },
        spec: {requests: [], constraints: []},
        allocation: null,
        reservedFor: [],
        deviceStatuses: [],
      }
    );
  }

  /** That claim with the requests that a node has to meet by devices; null when it has none to meet and is alone. */
  #extendedClaimOn(
    pod: Pod,
    extended: ResourceClaim,
    {allocatable}: Node,
    hasOthers: boolean,
  ): Status | ResourceClaim | null {
    if (isCreated(extended)) return this.#status('cannot schedule extended resource claim');
    const {requests, spec} = pod.class;
    const wanted = Object.keys(requests).filter((resource) => requests[resource]! > 0 && canBeDevices(resource));
    const asDevices: string[] = [];
    for (const resource of wanted.sort()) {
      const isProvided = Object.hasOwn(allocatable, resource);
      if (this.#manager.classOfResource(resource) !== undefined && !(isProvided && allocatable[resource]! > 0)) {
        asDevices.push(resource);
      } else if (!isProvided) return this.#status('cannot fit resource');
    }
    if (asDevices.length === 0 && !hasOthers) return null;
    const deviceRequests = deviceRequestsOf(spec, asDevices, this.#manager.classByResource);
    return {...extended, spec: {requests: deviceRequests, constraints: []}};
  }

  /** Whether the classes of an unallocated claim exist. */
  #checkRequests(claim: ResourceClaim): Status | null {
    for (const {name, exactly, firstAvailable} of claim.spec.requests) {
      if (exactly === undefined && firstAvailable.length === 0) {
        return this.#status(`resource claim ${claimKey(claim)}, request ${name}: unknown request type`);
      }
      const named =
        exactly === undefined
          ? firstAvailable.map((request) => [`${name}/${request.name}`, request.deviceClassName] as const)
          : [[name, exactly.deviceClassName] as const];
      for (const [request, deviceClass] of named) {
        if (deviceClass === '') {
          throw new PluginError(
            `running PreFilter plugin "${this.name}": request ${request}: unsupported request type`,
          );
        }
        if (!this.#manager.devices.classes.has(deviceClass)) {
          return this.#status(`request ${request}: device class ${deviceClass} does not exist`);
        }
      }
    }
    return null;
  }

  #allocate(allocator: Allocator, claims: readonly ResourceClaim[], node: number): AllocationOutcome {
    try {
      return allocator.allocate(claims, node);
    } catch (error) {
      if (error instanceof AllocationError) throw this.#filterError(error.message);
      throw error;
    }
  }

  /** The API server refuses one reservation more than it holds, which upstream only learns when it binds the pod. */
  #checkReservations({pod, claims}: CycleState): void {
    for (const claim of claims) {
      if (claim.reservedFor.length < RESERVED_FOR_MAX_SIZE || isReservedFor(claim, pod)) continue;
      const {name} = claim.metadata;
      const tooMany = `Too many: ${claim.reservedFor.length + 1}: must have at most ${RESERVED_FOR_MAX_SIZE} items`;
      throw new PluginError(
        `running PreBind plugin "${this.name}": add reservation to claim ${claimKey(claim)}: ResourceClaim.resource.k8s.io "${name}" is invalid: status.reservedFor: ${tooMany}`,
      );
    }
  }

  /** 1.35 expects that all claims have been allocated in this very cycle. */
  #scoredAllocation(claim: ResourceClaim, {allocations}: NodeAllocation, position: number): Allocation {
    const allocation = this.#manager.features.scoresEarlierAllocations
      ? (claim.allocation ?? allocations[position])
      : allocations[position];
    if (allocation !== undefined) return allocation;
    const what = this.#manager.features.scoresEarlierAllocations ? 'claims needing allocation' : 'claims';
    const problem = `number of allocations ${allocations.length} is smaller than number of ${what}`;
    throw new PluginError(`running Score plugins: plugin "${this.name}" failed with: ${problem}`);
  }

  #filterError(message: string): PluginError {
    return new PluginError(`running "${this.name}" filter plugin: ${message}`);
  }

  #status(reason: string): Status {
    const known = this.#statuses.get(reason);
    if (known !== undefined) return known;
    const status = unresolvable(this.name, reason);
    this.#statuses.set(reason, status);
    return status;
  }
}

function isClaims(claims: readonly ResourceClaim[] | Status): claims is readonly ResourceClaim[] {
  return Array.isArray(claims);
}

/** Whether a claim for extended resources exists, rather than being thought of for this cycle. */
function isCreated({spec, allocation}: ResourceClaim): boolean {
  return spec.requests.length > 0 || allocation !== null;
}

/** Whether the allocation of a claim can be reached from a node and has not failed; true without an allocation. */
function isAvailable({allocation, deviceStatuses}: ResourceClaim, node: Node): boolean {
  if (allocation === null) return true;
  if (allocation.nodeSelector !== undefined && !matchesNodeSelector(allocation.nodeSelector, node)) return false;
  return !allocation.devices.some(({driver, pool, device, bindingConditions = [], bindingFailureConditions = []}) => {
    if (bindingConditions.length === 0) return false;
    const status = deviceStatuses.find(
      (other) => other.driver === driver && other.pool === pool && other.device === device,
    );
    return status?.conditions.some(
      (condition) => condition.status === 'True' && bindingFailureConditions.includes(condition.type),
    );
  });
}

/** The better the alternatives taken, the higher. */
function rank({spec}: ResourceClaim, {devices}: Allocation): number {
  const taken = new Set(devices.map(({request}) => request));
  let score = 0;
  for (const {name, exactly, firstAvailable} of spec.requests) {
    if (exactly !== undefined) continue;
    for (const [position, alternative] of firstAvailable.entries()) {
      if (taken.has(`${name}/${alternative.name}`)) score += FIRST_AVAILABLE_MAX_SIZE - position;
    }
  }
  return score;
}

function unschedulable(reason: string): PostFilterResult {
  return {kind: 'Unschedulable', reasons: [reason], keepsNomination: true};
}
