import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {TIERED_CPU_FORMULA, tieredMillicores} from './brackets.ts';

/** TKE from Kubernetes 1.30 on. Its rule for memory is not published; that the eviction threshold stayed is assumed. */
export const TKE: AllocatableRule = {
  name: 'TKE',
  title: 'TKE from Kubernetes 1.30',
  source: 'tencentcloud.com/document/product/457/65834 (2024-12-26): CPU; the memory rule is not published',
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu}) => [
    {
      name: 'kube-reserved',
      cpu: tieredMillicores(vcpu),
      memoryMiB: null,
      formula: `memory not published; ${TIERED_CPU_FORMULA}`,
    },
    EVICTION_HARD,
  ],
};
