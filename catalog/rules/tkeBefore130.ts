import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {millicores, TIERED_MEMORY_FORMULA, tieredMemoryMiB} from './brackets.ts';

const CORES_AT_FLAT_RATE = 4;
const FLAT_MILLICORES = 100;

/** TKE's first rule for CPU, which VKE has, too: 0.1 of a core up to 4, then 2.5 % to 64, 1.25 % to 128, 0.5 % above. */
export function tkeMillicores(cores: number): number {
  const above = millicores(cores, [
    [CORES_AT_FLAT_RATE, 0],
    [64, 2.5],
    [128, 1.25],
    [Number.POSITIVE_INFINITY, 0.5],
  ]);
  return FLAT_MILLICORES + above;
}

export const TKE_CPU_FORMULA = 'CPU: 0.1 up to 4 cores, 2.5 % to 64, 1.25 % to 128, 0.5 % above';

/** TKE before Kubernetes 1.30. */
export const TKE_BEFORE_130: AllocatableRule = {
  name: 'TKEBefore130',
  title: 'TKE before Kubernetes 1.30',
  source: 'cloud.tencent.com/document/product/457/76057, tencentcloud.com/document/product/457/48777 (2024-12-23)',
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
    EVICTION_HARD,
  ],
};
