import {type AllocatableRule, EVICTION_HARD, lessOverhead, type Machine} from './allocatableRule.ts';
import {TIERED_CPU_FORMULA, TIERED_MEMORY_FORMULA, tieredMemoryMiB, tieredMillicores} from './brackets.ts';

const GIB = 1024;
/** Types that share a core show two and keep more than one of them. */
const SHARED_CORE = /^e2-(?:micro|small|medium)$/;
const SHARED_CORE_MILLICORES = 1060;
/** Of machines with up to 1 GiB. */
const SMALLEST_MIB = 255;

/**
 * GKE with Container-Optimized OS: the capacity by the model of Cluster Autoscaler (gce_reserved.go), which knows the
 * kernel's share; what is kept of it by GKE's own table, in whole MiB of the physical memory.
 */
export const GKE: AllocatableRule = {
  name: 'GKE',
  title: 'GKE (Container-Optimized OS)',
  source:
    'cluster-autoscaler cloudprovider/gce/gce_reserved.go (capacity); cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes (reservations)',
  defaultMaxPods: 110,
  capacityMiB: (machine, percent) =>
    percent === undefined ? machine.memoryMiB - kernelMiB(machine) : lessOverhead(machine.memoryMiB, percent),
  capacityFormula:
    '1/64 + 16 MiB, 64 MiB above 3 GiB, 8 MiB up to 8 GiB, 0.175 % (at most 248 MiB); on arm64 0.29 % less',
  reservations: ({name, vcpu, memoryMiB}) => {
    const shared = SHARED_CORE.test(name);
    return [
      {
        name: 'kube-reserved',
        cpu: shared ? SHARED_CORE_MILLICORES : tieredMillicores(vcpu),
        memoryMiB: memoryMiB <= GIB ? SMALLEST_MIB : Math.trunc(tieredMemoryMiB(memoryMiB)),
        formula: `${memoryMiB <= GIB ? '255 MiB' : TIERED_MEMORY_FORMULA}; ${shared ? 'CPU: 1060m of a shared core' : TIERED_CPU_FORMULA}`,
      },
      EVICTION_HARD,
    ];
  },
};

function kernelMiB({memoryMiB, arch}: Machine): number {
  const reserved =
    memoryMiB / 64 +
    16 +
    (memoryMiB > 3 * GIB ? 64 : 0) +
    (memoryMiB <= 8 * GIB ? 8 : 0) +
    Math.min(0.00175 * memoryMiB, 248);
  return arch === 'arm64' ? reserved * 0.9971 : reserved;
}
