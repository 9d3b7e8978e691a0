import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {millicores} from './brackets.ts';

/** Azure's documentation writes MB and counts them as MiB. */
const PER_POD_MIB = 20;
const PER_NODE_MIB = 50;
export const AKS_SOURCE = 'learn.microsoft.com/azure/aks/node-resource-reservations';
export const AKS_CPU_FORMULA = 'CPU: 6 % of core 1, 4 % of 2, 2 % of 3 and 4, 1 % above';
/** Of Azure CNI; kubenet has 110, and a node pool may ask for up to 250. */
export const AKS_MAX_PODS = 30;

/** 60m, 100m, 140m, 180m, 260m, 420m and 740m of 1, 2, 4, 8, 16, 32 and 64 cores. */
export function aksMillicores(cores: number): number {
  return millicores(cores, [
    [1, 6],
    [2, 4],
    [4, 2],
    [Number.POSITIVE_INFINITY, 1],
  ]);
}

/** AKS from Kubernetes 1.29 on: memory by the number of pods, at most a quarter of the machine. */
export const AKS: AllocatableRule = {
  name: 'AKS',
  title: 'AKS from Kubernetes 1.29',
  source: AKS_SOURCE,
  defaultMaxPods: AKS_MAX_PODS,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu, memoryMiB, pods}) => [
    {
      name: 'kube-reserved',
      cpu: aksMillicores(vcpu),
      memoryMiB: Math.min(PER_POD_MIB * pods + PER_NODE_MIB, memoryMiB / 4),
      formula: `20 MiB × ${pods} pods + 50 MiB, at most 25 %; ${AKS_CPU_FORMULA}`,
    },
    EVICTION_HARD,
  ],
};
