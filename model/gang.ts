import type {Pod, Workload} from './pod.ts';
import type {Resources} from './resources.ts';

/** Pods that are of use only together: a Flink job runs when its JobManager does and all the slots it needs exist. */
export interface Gang {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly members: readonly GangMember[];
  /** null where slots mean nothing, or are unknown. */
  readonly slots: GangSlots | null;
  /** Jobs that share the slots, in the order in which they come; the gang itself is then a session cluster. */
  readonly tenants: readonly GangTenant[];
  /** Why its program does not start, even where all of its pods are placed; null where nothing is known against it. */
  readonly refusal: string | null;
}

/** A part of a gang, such as its TaskManagers. */
export interface GangMember {
  readonly workload: Workload;
  /** Pods without which the gang does not run. */
  readonly minAvailable: number;
}

/** The task slots that a gang's TaskManagers offer. */
export interface GangSlots {
  readonly perTaskManager: number;
  /** Over all TaskManagers that are wanted. */
  readonly total: number;
  /** Taken by the job at its full parallelism; null where no job is known. */
  readonly used: number | null;
  /** The fewest the job runs with: all it uses, or one where its scheduler adapts it to what there is. */
  readonly least: number | null;
  /** Bytes of managed memory that each slot holds; null where unknown. */
  readonly managedMemory: number | null;
}

/** A job in a session cluster. */
export interface GangTenant {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly slots: number;
}

/** A PodGroup of Volcano: pods of which at least `minMember` start together, or none does. */
export interface PodGroup {
  readonly namespace: string;
  readonly name: string;
  readonly minMember: number;
  /** What the cluster and the queue must have free before the pods are looked at; millicores, bytes, else as given. */
  readonly minResources: Resources;
  readonly queue: string;
  readonly pods: readonly Pod[];
  /** Pods that have done their work, which count towards `minMember` and hold nothing. */
  readonly succeeded: number;
}

/** A Queue of Volcano, with the most that its groups may hold; null for no limit. */
export interface PodGroupQueue {
  readonly name: string;
  readonly capability: Resources | null;
}
