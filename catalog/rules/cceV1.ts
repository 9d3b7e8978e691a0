import {type AllocatableRule, ASSUMED_OVERHEAD, EVICTION_HARD, lessOverhead} from './allocatableRule.ts';
import {bracketed, TIERED_CPU_FORMULA, tieredMillicores} from './brackets.ts';
import {CCE_SOURCE} from './cce.ts';

const GIB = 1024;

/** CCE's rule v1, of clusters before 1.21.4 and 1.23.3: a share for the system and a sum by pods for the kubelet. */
export const CCE_V1: AllocatableRule = {
  name: 'CCEv1',
  title: 'CCE, rule v1',
  source: `${CCE_SOURCE} (2025-11-06)`,
  defaultMaxPods: 110,
  capacityMiB: ({memoryMiB}, percent) => lessOverhead(memoryMiB, percent),
  capacityFormula: ASSUMED_OVERHEAD,
  reservations: ({vcpu, memoryMiB, pods}) => [
    {
      name: 'system-reserved',
      cpu: 0,
      memoryMiB: bracketed(memoryMiB, [
        [8 * GIB, 0],
        [16 * GIB, 10],
        [128 * GIB, 6],
        [Number.POSITIVE_INFINITY, 2],
      ]),
      formula: 'nothing up to 8 GiB, 10 % to 16, 6 % to 128, 2 % above',
    },
    {
      name: 'kube-reserved',
      cpu: tieredMillicores(vcpu),
      memoryMiB: memoryMiB <= 2 * GIB ? memoryMiB / 4 : kubeletMiB(pods),
      formula: `${memoryMiB <= 2 * GIB ? '25 %' : `700 MiB and more by the pods, of ${pods}`}; ${TIERED_CPU_FORMULA}`,
    },
    EVICTION_HARD,
  ],
};

/** The steps do not meet at 32, 64 and 128 pods; so the page has them. */
function kubeletMiB(pods: number): number {
  if (pods <= 16) return 700;
  if (pods <= 32) return 700 + (pods - 16) * 18.75;
  if (pods <= 64) return 1024 + (pods - 32) * 6.25;
  if (pods <= 128) return 1230 + (pods - 64) * 7.8;
  return 1740 + (pods - 128) * 11.2;
}
