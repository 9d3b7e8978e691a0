import {z} from 'zod';
import {isQuantity} from '../model/quantity.ts';
import {formatAmount, toQuantities, toResources} from '../model/resources.ts';
import type {FleetLimits} from '../planner/demand/fleetLimits.ts';

const limit = z.int().positive().nullable();

/** The limits of a plan as its result file has them. */
export const limitsSchema = z
  .strictObject({
    nodes: limit,
    instanceTypes: limit.meta({description: 'different ones'}),
    nodeSize: z
      .record(z.string(), z.string().refine(isQuantity, 'not a quantity'))
      .meta({description: 'of the largest node, as advertised: quantities by resource'}),
  })
  .meta({description: 'what the whole plan was to keep to; null and empty: no limit'});

export type StatedLimits = z.infer<typeof limitsSchema>;

export function statedLimits({nodeSize, ...counts}: FleetLimits): StatedLimits {
  const sizes = Object.entries(nodeSize).map(([name, amount]) => [name, formatAmount(name, amount)]);
  return {...counts, nodeSize: Object.fromEntries(sizes)};
}

export function limitsStated({nodeSize, ...counts}: StatedLimits): FleetLimits {
  return {...counts, nodeSize: toResources(toQuantities(nodeSize))};
}
