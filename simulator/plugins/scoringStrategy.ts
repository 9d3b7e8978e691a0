/** The scoring strategies of NodeResourcesFit, each a score of one resource on one node. */
import {isScalarResource} from '../../model/resources.ts';
import {MAX_NODE_SCORE} from '../framework/plugin.ts';
import type {ResourceTable} from '../state/resourceTable.ts';

export interface ResourceSpec {
  readonly name: string;
  readonly weight: number;
}

/** A resource that nodes are scored by, where any node has it or any pod asks for it. */
export interface ScoredResource extends ResourceSpec {
  readonly index: number;
  /** Whether it counts only for pods that ask for it. */
  readonly isScalar: boolean;
}

export function scoredResources(specs: readonly ResourceSpec[], table: ResourceTable): readonly ScoredResource[] {
  return specs
    .map(({name, weight}) => ({name, weight, index: table.indexOf(name), isScalar: isScalarResource(name)}))
    .filter(({index}) => index >= 0);
}

/** A corner of a piecewise linear function: utilization 0 … 100, score 0 … 10. */
export interface UtilizationShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export type ScoringStrategy =
  | {readonly type: 'LeastAllocated' | 'MostAllocated'; readonly resources: readonly ResourceSpec[]}
  | {
      readonly type: 'RequestedToCapacityRatio';
      readonly resources: readonly ResourceSpec[];
      readonly shape: readonly UtilizationShapePoint[];
    };

/** The highest score of a shape point; it becomes MAX_NODE_SCORE. */
export const MAX_CUSTOM_PRIORITY_SCORE = 10;

/** Score of one resource from what would be requested and what the node has (above zero). */
export type ResourceScore = (requested: number, capacity: number) => number;

/** The share that stays free (noderesources/least_allocated.go). `| 0` truncates in half the time of Math.trunc. */
export const leastAllocated: ResourceScore = (requested, capacity) =>
  requested > capacity ? 0 : (((capacity - requested) * MAX_NODE_SCORE) / capacity) | 0;

/** The share that is taken (noderesources/most_allocated.go). */
export const mostAllocated: ResourceScore = (requested, capacity) =>
  requested > capacity ? MAX_NODE_SCORE : ((requested * MAX_NODE_SCORE) / capacity) | 0;

/** The shape's value at the share that is taken (noderesources/requested_to_capacity_ratio.go). */
export function requestedToCapacityRatio(shape: readonly UtilizationShapePoint[]): ResourceScore {
  const scale = MAX_NODE_SCORE / MAX_CUSTOM_PRIORITY_SCORE;
  const scaled = shape.map(({utilization, score}) => ({utilization, score: score * scale}));
  return (requested, capacity) =>
    brokenLinear(scaled, requested > capacity ? 100 : Math.trunc((requested * 100) / capacity));
}

/** A piecewise linear function in integers, constant outside its points, which are sorted by utilization. */
export function brokenLinear(shape: readonly UtilizationShapePoint[], utilization: number): number {
  let left = shape[0]!;
  for (const right of shape) {
    if (utilization <= right.utilization) {
      if (right === left) return left.score;
      const rise = (right.score - left.score) * (utilization - left.utilization);
      return left.score + Math.trunc(rise / (right.utilization - left.utilization));
    }
    left = right;
  }
  return left.score;
}
