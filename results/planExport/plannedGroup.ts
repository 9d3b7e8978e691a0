import type {Taint} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';

/** Machines of a plan that are alike, as manifests for other tools need to know them. */
export interface PlannedGroup {
  /** Pool of the plan; groups of one pool have the same labels and taints. */
  readonly pool: string;
  readonly instanceType: string;
  readonly arch: string;
  /** null for any zone. */
  readonly zone: string | null;
  readonly count: number;
  /** Capacity of one machine: cores, and GiB of memory. */
  readonly cores: number;
  readonly gibibytes: number;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
}

/** A name for a group that is a DNS label: `memory-r6i-2xlarge-us-east-1a`. */
export function groupName({pool, instanceType, zone}: PlannedGroup): string {
  return [pool, instanceType, ...(zone === null ? [] : [zone])]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}
