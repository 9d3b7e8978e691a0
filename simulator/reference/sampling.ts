import {labelValue, REGION_LABEL, ZONE_LABEL} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';

/** Below this many nodes, and this many feasible ones, nothing is sampled. */
const MIN_FEASIBLE_NODES_TO_FIND = 100;
const MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND = 5;

/**
 * The number of feasible nodes after which the search ends (schedule_one.go numFeasibleNodesToFind). A percentage of 0
 * adapts to the size of the cluster: 50 % at 100 nodes, one less for every 125 more, at least 5.
 */
export function numFeasibleNodesToFind(percentageOfNodesToScore: number, nodeCount: number): number {
  if (nodeCount < MIN_FEASIBLE_NODES_TO_FIND) return nodeCount;
  const adaptive = Math.max(50 - Math.trunc(nodeCount / 125), MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND);
  const percentage = percentageOfNodesToScore === 0 ? adaptive : percentageOfNodesToScore;
  return Math.max(Math.trunc((nodeCount * percentage) / 100), MIN_FEASIBLE_NODES_TO_FIND);
}

/**
 * Node indices in the order of the node tree (backend/cache/node_tree.go): the first node of every zone, then the
 * second of every zone, and so on; zones in the order they are first seen.
 */
export function nodeTreeOrder(nodes: readonly Node[]): Int32Array {
  const zones = new Map<string, number[]>();
  for (const [index, node] of nodes.entries()) {
    const key = zoneKey(node);
    const zone = zones.get(key);
    if (zone === undefined) zones.set(key, [index]);
    else zone.push(index);
  }
  const order: number[] = [];
  for (let round = 0; order.length < nodes.length; round++) {
    for (const zone of zones.values()) if (round < zone.length) order.push(zone[round]!);
  }
  return Int32Array.from(order);
}

/** The deprecated labels win where both are present, as in component-helpers' GetZoneKey. */
function zoneKey({labels}: Node): string {
  const region = labelValue(labels, 'failure-domain.beta.kubernetes.io/region') ?? labelValue(labels, REGION_LABEL);
  const zone = labelValue(labels, 'failure-domain.beta.kubernetes.io/zone') ?? labelValue(labels, ZONE_LABEL);
  return `${region ?? ''}:\0:${zone ?? ''}`;
}
