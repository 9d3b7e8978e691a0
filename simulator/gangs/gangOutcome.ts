import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Gang, GangMember, GangTenant} from '../../model/gang.ts';
import type {Pod, Workload} from '../../model/pod.ts';
import {CPU, MEMORY} from '../../model/resources.ts';
import type {NearestMiss} from '../explain/explanation.ts';

/** `Waiting` lacks pods or slots, `Refused` would not start with all of them. */
export type GangState = 'Running' | 'Waiting' | 'Refused';

/** How the slots of a gang stand. */
export interface SlotsOutcome {
  /** On the TaskManagers that are placed. */
  readonly available: number;
  /** Of these, those that no running job takes. */
  readonly idle: number;
  /** What a job that waits is short of. */
  readonly missing: number;
  /** Bytes of managed memory of the idle slots; null where unknown. */
  readonly idleManagedMemory: number | null;
}

/** Whether the pods of a gang are of use. */
export interface GangOutcome {
  readonly gang: Gang;
  readonly state: GangState;
  readonly members: readonly (GangMember & {readonly placed: number})[];
  readonly slots: SlotsOutcome | null;
  /** What placed pods request, in millicores and bytes, while nothing runs on them. */
  readonly heldIdle: {readonly cpu: number; readonly memory: number};
  /** Pods without a node that the gang, or a job in it, waits for; in the order of arrival. */
  readonly missingPods: readonly Pod[];
  /**
   * What keeps the first of these pods from the node that is nearest to taking it; null where no node can be named, and
   * for gangs after the first hundred that wait, as all nodes are looked at for each.
   */
  readonly nearestMiss: (NearestMiss & {readonly pod: Pod}) | null;
  readonly tenants: readonly (GangTenant & {readonly state: GangState; readonly missing: number})[];
}

/** Finds what is nearest to taking a pod; null where no node can be named. */
export type FindNearestMiss = (pod: Pod) => NearestMiss | null;

const MOST_MISSES = 100;

/** How every gang of a model has fared. */
export function gangOutcomes(
  {gangs, pods}: ClusterModel,
  nodeOfPod: Int32Array,
  findNearestMiss: FindNearestMiss,
): readonly GangOutcome[] {
  if (gangs.length === 0) return [];
  const podsOf = new Map<Workload, Pod[]>();
  for (const {members} of gangs) for (const {workload} of members) podsOf.set(workload, []);
  for (const pod of pods) podsOf.get(pod.class.workload)?.push(pod);
  let misses = 0;
  const findFirstMisses: FindNearestMiss = (pod) => {
    misses++;
    return misses > MOST_MISSES ? null : findNearestMiss(pod);
  };
  return gangs.map((gang) => outcomeOf(gang, podsOf, nodeOfPod, findFirstMisses));
}

function outcomeOf(
  gang: Gang,
  podsOf: ReadonlyMap<Workload, readonly Pod[]>,
  nodeOfPod: Int32Array,
  findNearestMiss: FindNearestMiss,
): GangOutcome {
  const isPlaced = (pod: Pod): boolean => nodeOfPod[pod.index]! >= 0;
  const members = gang.members.map((member) => ({
    ...member,
    placed: podsOf.get(member.workload)!.filter(isPlaced).length,
  }));
  const available = availableSlots(gang, members);
  const isComplete = members.every(({minAvailable, placed}) => placed >= minAvailable);
  const isRunning = isComplete && ownMissingSlots(gang, available) === 0;
  const state = gang.refusal !== null ? 'Refused' : isRunning ? 'Running' : 'Waiting';
  const own = gang.members.flatMap(({workload}) => podsOf.get(workload)!);
  const tenants = tenantStates(gang, state, available);
  const lacksSlots = tenants.some((tenant) => tenant.missing > 0);
  const missingPods = members
    .filter(({minAvailable, placed, workload}) => placed < minAvailable || (lacksSlots && isTaskManager(workload)))
    .flatMap(({workload}) => podsOf.get(workload)!)
    .filter((pod) => !isPlaced(pod));
  const [first] = missingPods;
  const miss = first === undefined ? null : findNearestMiss(first);
  return {
    gang,
    state,
    members,
    slots: slotsOutcome(gang, state, available, tenants),
    heldIdle: state === 'Running' ? {cpu: 0, memory: 0} : sumRequests(own.filter(isPlaced)),
    missingPods,
    nearestMiss: miss === null ? null : {...miss, pod: first!},
    tenants,
  };
}

function availableSlots(
  {slots}: Gang,
  members: readonly {readonly workload: Workload; readonly placed: number}[],
): number {
  const taskManagers = members.find(({workload}) => isTaskManager(workload));
  return slots === null ? 0 : (taskManagers?.placed ?? 0) * slots.perTaskManager;
}

/** What the job of a cluster is short of, which may have no TaskManagers at all; those of a session cluster see to theirs. */
function ownMissingSlots({slots, tenants}: Gang, available: number): number {
  return tenants.length > 0 ? 0 : Math.max(0, (slots?.least ?? 0) - available);
}

function slotsOutcome(
  gang: Gang,
  state: GangState,
  available: number,
  tenants: GangOutcome['tenants'],
): SlotsOutcome | null {
  const {slots} = gang;
  if (slots === null) return null;
  const {managedMemory} = slots;
  const busy =
    tenants.length > 0
      ? sum(tenants.map((tenant) => (tenant.state === 'Running' ? tenant.slots : 0)))
      : state === 'Running'
        ? Math.min(available, slots.used ?? 0)
        : 0;
  const idle = available - busy;
  const missing = sum(tenants.map((tenant) => tenant.missing)) + ownMissingSlots(gang, available);
  return {available, idle, missing, idleManagedMemory: managedMemory === null ? null : idle * managedMemory};
}

function isTaskManager({component}: Workload): boolean {
  return component === 'taskmanager';
}

/** Jobs take the slots of their cluster in turn; one that finds too few waits, and a smaller one after it may run. */
function tenantStates({tenants}: Gang, state: GangState, available: number): GangOutcome['tenants'] {
  let free = available;
  return tenants.map((tenant) => {
    if (state === 'Refused') return {...tenant, state, missing: 0};
    const runs = state === 'Running' && tenant.slots <= free;
    const missing = runs ? 0 : Math.max(0, tenant.slots - free);
    if (runs) free -= tenant.slots;
    return {...tenant, state: runs ? 'Running' : 'Waiting', missing};
  });
}

function sumRequests(pods: readonly Pod[]): {readonly cpu: number; readonly memory: number} {
  return {
    cpu: sum(pods.map((pod) => pod.class.requests[CPU] ?? 0)),
    memory: sum(pods.map((pod) => pod.class.requests[MEMORY] ?? 0)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
