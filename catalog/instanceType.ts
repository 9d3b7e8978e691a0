import type {Resources} from '../model/resources.ts';
import type {PriceTier} from './price.ts';
import type {RuleName} from './rules/allocatableRule.ts';

/** A machine type a cloud offers, with the provenance that every figure carries. */
export interface InstanceType {
  readonly name: string;
  /** Types of one family differ in size alone, such as `m6i`, `n2-highmem`, `Esv5`. */
  readonly family: string;
  readonly arch: 'amd64' | 'arm64';
  readonly vcpu: number;
  /** Nominal memory in MiB, as the provider advertises it; the kernel and the hypervisor keep some of it. */
  readonly memoryMiB: number;
  /** Pods the network plugin can address on it; null where it is the cluster's choice or not known. */
  readonly maxPods: number | null;
  readonly gpus: number;
  readonly localNvmeGiB: number;
  /**
   * On demand, in the catalogue's currency; null when unknown, never 0 for that. With time tiers: the average over a
   * month of 730 hours.
   */
  readonly pricePerHour: number | null;
  /** Of clouds whose price falls with the hours a machine has run; null elsewhere. */
  readonly priceTiers: readonly PriceTier[] | null;
  /** What `kubectl get nodes` shows, in the scheduler's units, where somebody has stated it; outranks every rule. */
  readonly allocatable: Resources | null;
  readonly source: string;
  /** The day of the figures, `YYYY-MM-DD`, or what is known of it. */
  readonly asOf: string;
}

export interface Catalog {
  /** `PROVIDER/REGION`, as `--catalog` takes it, or the name that a file gives itself. */
  readonly name: string;
  readonly provider: string;
  readonly region: string;
  readonly currency: string;
  readonly source: string;
  /** The day the prices were read, `YYYY-MM-DD`, or what is known of it. */
  readonly asOf: string;
  /** From capacity to allocatable; null: that of the provider for the Kubernetes version. */
  readonly allocatableRule: RuleName | null;
  /** What is to be doubted of the figures as a whole. */
  readonly remarks: readonly string[];
  readonly instanceTypes: ReadonlyMap<string, InstanceType>;
}
