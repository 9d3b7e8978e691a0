import type {Node} from '../../model/node.ts';
import type {Demand} from '../demand/demand.ts';
import {type Offering, offeringName, toNode} from '../demand/offering.ts';
import type {PackingSolution} from '../packingSolution.ts';

/** A fleet without what is on it: how many of each offering, by its index, in rising order; none is 0. */
export type NodeCounts = ReadonlyMap<number, number>;

/** The machines of a packing. Those of a pool that none of their items needs are as good in the general one. */
export function countsOf(solution: PackingSolution, demand: Demand): NodeCounts {
  const counts = new Map<number, number>();
  const general = generalTwins(demand);
  for (const {binType, items, times} of solution) {
    const twin = general[binType]!;
    const isFree = items.every(({item}) => demand.problem.items[item]!.binTypes?.includes(twin) ?? true);
    const chosen = isFree ? twin : binType;
    counts.set(chosen, (counts.get(chosen) ?? 0) + times);
  }
  return sorted(counts);
}

/** By offering, the same machine in the same zone in the general pool; itself where there is none. */
function generalTwins({offerings}: Demand): readonly number[] {
  const key = ({machine, zone}: Offering): string => `${machine.instanceType.name}@${zone}`;
  const twins = new Map(offerings.flatMap((one, index) => (one.pool.isGeneral ? [[key(one), index] as const] : [])));
  return offerings.map((one, index) => (one.pool.taints.length > 0 ? index : (twins.get(key(one)) ?? index)));
}

/** With so many more of an offering, or fewer. */
export function changed(counts: NodeCounts, offering: number, by: number): NodeCounts {
  const next = new Map(counts);
  const count = (next.get(offering) ?? 0) + by;
  if (count > 0) next.set(offering, count);
  else next.delete(offering);
  return sorted(next);
}

function sorted(counts: ReadonlyMap<number, number>): NodeCounts {
  return new Map([...counts].sort(([a], [b]) => a - b));
}

/** An hour of all machines, in the catalogue's currency. */
export function pricePerHour(counts: NodeCounts, {offerings}: Pick<Demand, 'offerings'>): number {
  let price = 0;
  for (const [offering, count] of counts) price += offerings[offering]!.machine.pricePerHour * count;
  return price;
}

/** The machines as nodes, offering by offering. Those that may be in any zone go round the zones. */
export function toNodes(counts: NodeCounts, {offerings, zones}: Pick<Demand, 'offerings' | 'zones'>): readonly Node[] {
  const nodes: Node[] = [];
  for (const [index, count] of counts) {
    const offering = offerings[index]!;
    const base = `${offering.pool.name}-${offeringName({...offering, pool: {...offering.pool, isGeneral: true}}).replace('@', '-')}`;
    for (let number = 1; number <= count; number++) {
      const zone = offering.zone ?? zones[nodes.length % zones.length] ?? null;
      nodes.push(toNode(offering, `${base}-${number}`, zone));
    }
  }
  return nodes;
}
