import type {Node} from '../../model/node.ts';

/** What the nodes that are there cost in an hour; null where there are none, or one has no known price. */
export function costOfToday(nodes: readonly Node[]): number | null {
  let cost = 0;
  for (const {pricePerHour} of nodes) {
    if (pricePerHour === null) return null;
    cost += pricePerHour;
  }
  return nodes.length === 0 ? null : cost;
}
