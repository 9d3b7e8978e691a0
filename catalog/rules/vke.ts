import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {TIERED_MEMORY_FORMULA, tieredMemoryMiB} from './brackets.ts';
import {TKE_CPU_FORMULA, tkeMillicores} from './tkeBefore130.ts';

/** VKE states no eviction threshold, so the kubelet's own is taken. */
export const VKE: AllocatableRule = {
  name: 'VKE',
  title: 'VKE',
  source: 'volcengine.com/docs/6460/144563',
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu, memoryMiB}) => [
    {
      name: 'kube-reserved',
      cpu: tkeMillicores(vcpu),
      memoryMiB: tieredMemoryMiB(memoryMiB),
      formula: `${TIERED_MEMORY_FORMULA}; ${TKE_CPU_FORMULA}`,
    },
    {...EVICTION_HARD, formula: '100 MiB, the kubelet’s default, since none is stated'},
  ],
};
