import type {InstanceType} from '../instanceType.ts';

export const RULE_NAMES = [
  'EKS',
  'GKE',
  'AKS',
  'AKSBefore129',
  'TKE',
  'TKEBefore130',
  'ACK',
  'VKE',
  'CCE',
  'CCEv1',
  'Kubelet',
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

/** A machine whose number of pods is settled. */
export type Machine = Pick<InstanceType, 'name' | 'arch' | 'vcpu' | 'memoryMiB'> & {readonly pods: number};

/** What is kept from pods for one purpose. */
export interface Reservation {
  readonly name: 'kube-reserved' | 'system-reserved' | 'eviction-hard';
  /** Millicores. */
  readonly cpu: number;
  /** MiB, possibly a fraction; null where the provider does not publish its rule. */
  readonly memoryMiB: number | null;
  /** The formula in words. */
  readonly formula: string;
}

/** How one provider gets from a machine to what pods can use of it. */
export interface AllocatableRule {
  readonly name: RuleName;
  readonly title: string;
  readonly source: string;
  /** Where neither the type nor the user says how many pods a node takes. */
  readonly defaultMaxPods: number;
  /**
   * What the kernel reports of the nominal memory, in MiB; the percentage is the gap that the user states. Without one
   * it is the rule's own model or DEFAULT_MEMORY_OVERHEAD_PERCENT.
   */
  capacityMiB(machine: Machine, overheadPercent: number | undefined): number;
  readonly capacityFormula: string;
  reservations(machine: Machine): readonly Reservation[];
}

/**
 * The gap between advertised and real memory that Karpenter assumes until it has seen a node (VM_MEMORY_OVERHEAD_PERCENT).
 * Measured on 535 EC2 types it is 1.6 % to 4.4 %, 3.24 % in the median, so this is pessimistic for all but the smallest.
 */
export const DEFAULT_MEMORY_OVERHEAD_PERCENT = 7.5;

/** The kubelet's own threshold, which most providers keep. */
export const EVICTION_HARD: Reservation = {
  name: 'eviction-hard',
  cpu: 0,
  memoryMiB: 100,
  formula: '100 MiB',
};

/** Nominal memory less a percentage, as Karpenter rounds it. For clouds that publish no model of their own. */
export function lessOverhead(memoryMiB: number, percent: number = DEFAULT_MEMORY_OVERHEAD_PERCENT): number {
  return memoryMiB - Math.ceil((memoryMiB * percent) / 100);
}

export const ASSUMED_OVERHEAD = `${DEFAULT_MEMORY_OVERHEAD_PERCENT} %, which Karpenter assumes until it sees a node`;
