import type {Domains} from '../state/topology.ts';
import type {StaticNodes} from './staticNodes.ts';

/** The part of a cell's signature that a node keeps for good. */
export interface Base {
  readonly index: number;
  /** PreferNoSchedule taints that the pod does not tolerate. */
  readonly taints: number;
  /** Sum of the weights of preferred node affinity. */
  readonly preference: number;
  /** By wide topology, -1 where the label is missing. */
  readonly domains: readonly number[];
}

export interface Bases {
  readonly bases: readonly Base[];
  /** Index of the base by node; anything for nodes that are ruled out for good. */
  readonly baseOf: Int32Array;
}

const KNOWN = new WeakMap<StaticNodes, Map<string, Bases>>();

/** The bases of nodes, worked out once for each set of topologies. */
export function basesOf(nodes: StaticNodes, topologies: readonly Domains[]): Bases {
  const known = KNOWN.get(nodes) ?? new Map<string, Bases>();
  KNOWN.set(nodes, known);
  const key = JSON.stringify(topologies.map((domains) => domains.key));
  const bases = known.get(key) ?? toBases(nodes, topologies);
  known.set(key, bases);
  return bases;
}

function toBases({groups, groupOf, mask}: StaticNodes, topologies: readonly Domains[]): Bases {
  const bases: Base[] = [];
  const indices = new Map<number, number>();
  const baseOf = new Int32Array(groupOf.length);
  for (let node = 0; node < groupOf.length; node++) {
    if (mask !== null && mask[node] === 0) continue;
    let key = groupOf[node]!;
    for (const {ofNode, count} of topologies) key = key * (count + 1) + ofNode[node]! + 1;
    let index = indices.get(key);
    if (index === undefined) {
      index = bases.length;
      const {taints, preference} = groups[groupOf[node]!]!;
      bases.push({index, taints, preference, domains: topologies.map(({ofNode}) => ofNode[node]!)});
      indices.set(key, index);
    }
    baseOf[node] = index;
  }
  return {bases, baseOf};
}
