import {type AllocatableRule, ASSUMED_OVERHEAD, lessOverhead} from './allocatableRule.ts';
import {TIERED_CPU_FORMULA, tieredMillicores} from './brackets.ts';

/** Seen on nodes beyond the documented lump, by a comment of karpenter-provider-alibabacloud. */
const OBSERVED_MIB = 200;

/** ACK: one lump for kube-reserved, system-reserved and eviction. */
export const ACK: AllocatableRule = {
  name: 'ACK',
  title: 'ACK',
  source: 'karpenter-provider-alibabacloud, after ACK’s resource reservation policy',
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu, memoryMiB, pods}) => [
    {
      name: 'kube-reserved',
      cpu: tieredMillicores(vcpu),
      memoryMiB: Math.min(11 * pods + 255, memoryMiB / 4),
      formula: `11 MiB × ${pods} pods + 255 MiB, at most 25 %, eviction included; ${TIERED_CPU_FORMULA}`,
    },
    {name: 'system-reserved', cpu: 0, memoryMiB: OBSERVED_MIB, formula: '200 MiB observed beyond the documented rule'},
  ],
};
