import {LEAST_WASTE, PRICE} from './clusterAutoscaler.ts';
import type {Competitor} from './competitor.ts';
import {KARPENTER} from './karpenter.ts';
import {SINGLE_TYPE} from './singleType.ts';

/** Everybody a plan is compared with, in the order of a report. */
export const COMPETITORS: readonly Competitor[] = [KARPENTER, LEAST_WASTE, PRICE, SINGLE_TYPE];
