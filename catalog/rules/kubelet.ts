import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';

/** A kubelet left to its defaults, as on machines of one's own: nothing is reserved but for eviction. */
export const KUBELET: AllocatableRule = {
  name: 'Kubelet',
  title: 'kubelet’s defaults',
  source: 'kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources',
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: () => [EVICTION_HARD],
};
