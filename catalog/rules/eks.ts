import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {TIERED_CPU_FORMULA, tieredMillicores} from './brackets.ts';

/** Arm machines keep this much for the contiguous memory allocator. */
const ARM64_CMA_MIB = 64;

/**
 * EKS, as its AMIs and Karpenter do it (amazon-eks-ami, nodeadm: getMemoryMebibytesToReserve, getCPUMillicoresToReserve;
 * karpenter-provider-aws, types.go). A smaller number of pods reserves less memory.
 */
export const EKS: AllocatableRule = {
  name: 'EKS',
  title: 'EKS (AL2023, Bottlerocket, Karpenter)',
  source: 'amazon-eks-ami@81fec2e nodeadm kubelet/config.go; karpenter-provider-aws types.go (v1.14.1)',
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB, arch}, percent) =>
    lessOverhead(memoryMiB - (arch === 'arm64' ? ARM64_CMA_MIB : 0), percent),
  capacityFormula: `${ASSUMED_OVERHEAD}; on arm64 64 MiB before that`,
  reservations: ({vcpu, pods}) => [
    {
      name: 'kube-reserved',
      cpu: tieredMillicores(vcpu),
      memoryMiB: 11 * pods + 255,
      formula: `11 MiB × ${pods} pods + 255 MiB; ${TIERED_CPU_FORMULA}`,
    },
    EVICTION_HARD,
  ],
};
