import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {TIERED_CPU_FORMULA, tieredMillicores} from './brackets.ts';

export const CCE_SOURCE = 'support.huaweicloud.com/intl/en-us/usermanual-cce/cce_10_0178.html';

/** CCE's rule v2, of Kubernetes 1.25 and later: what it keeps of memory is not known here. */
export const CCE: AllocatableRule = {
  name: 'CCE',
  title: 'CCE, rule v2 (Kubernetes 1.25 and later)',
  source: `${CCE_SOURCE}: the memory rule v2 is not known here; CPU as the example of the page, 1930m of 2 cores`,
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu}) => [
    {
      name: 'kube-reserved',
      cpu: tieredMillicores(vcpu),
      memoryMiB: null,
      formula: `memory rule v2 not known here; ${TIERED_CPU_FORMULA}`,
    },
    EVICTION_HARD,
  ],
};
