import type {Workload} from './pod.ts';

/** Pods that are of use only together: a Flink job runs when its JobManager and all of its TaskManagers do. */
export interface Gang {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Each part with the pods it needs at least. */
  readonly members: readonly {readonly workload: Workload; readonly minAvailable: number}[];
  /** Task slots over all TaskManagers, and how many of them the job uses; null where unknown. */
  readonly slots: {readonly total: number; readonly used: number | null} | null;
}
