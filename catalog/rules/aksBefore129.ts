import {AKS_CPU_FORMULA, AKS_MAX_PODS, AKS_SOURCE, aksMillicores} from './aks.ts';
import {type AllocatableRule, ASSUMED_OVERHEAD, lessOverhead} from './allocatableRule.ts';
import {TIERED_MEMORY_FORMULA, tieredMemoryMiB} from './brackets.ts';

/** AKS before Kubernetes 1.29, which karpenter-provider-azure still assumes. */
export const AKS_BEFORE_129: AllocatableRule = {
  name: 'AKSBefore129',
  title: 'AKS before Kubernetes 1.29',
  source: AKS_SOURCE,
  defaultMaxPods: AKS_MAX_PODS,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu, memoryMiB}) => [
    {
      name: 'kube-reserved',
      cpu: aksMillicores(vcpu),
      memoryMiB: tieredMemoryMiB(memoryMiB),
      formula: `${TIERED_MEMORY_FORMULA}; ${AKS_CPU_FORMULA}`,
    },
    {name: 'eviction-hard', cpu: 0, memoryMiB: 750, formula: '750 MiB'},
  ],
};
