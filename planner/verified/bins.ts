import type {ClusterModel} from '../../model/clusterModel.ts';
import type {PodClass} from '../../model/pod.ts';
import type {Demand} from '../demand/demand.ts';
import {offeringName} from '../demand/offering.ts';
import type {PackedBins, PackingSolution} from '../packingSolution.ts';
import type {NodeCounts} from './nodeCounts.ts';

/**
 * What the nodes of a fleet hold, as bins of the relaxed problem: what the scheduler places keeps its rules, too. Pods of
 * DaemonSets are not among them. `nodeOfPod`: by pod index, below 0 for none.
 */
export function placedBins(
  demand: Demand,
  counts: NodeCounts,
  {pods}: ClusterModel,
  nodeOfPod: Int32Array,
  original: (podClass: PodClass) => PodClass,
): PackingSolution {
  const itemOf = relaxedItems(demand);
  const binTypeOf = relaxedBinTypes(demand);
  const nodes = [...counts].flatMap(([offering, count]) =>
    Array.from({length: count}, () => ({binType: binTypeOf(offering), held: new Map<number, number>()})),
  );
  for (const pod of pods) {
    const node = nodes[nodeOfPod[pod.index]!];
    const item = itemOf.get(original(pod.class));
    if (node !== undefined && item !== undefined) node.held.set(item, (node.held.get(item) ?? 0) + 1);
  }
  return gathered(nodes.map(({binType, held}) => toBins(binType, held, 1)));
}

/** A packing of a demand's problem as one of its relaxed problem. */
export function relaxedBins(demand: Demand, solution: PackingSolution): PackingSolution {
  const itemOf = relaxedItems(demand);
  const binTypeOf = relaxedBinTypes(demand);
  return gathered(
    solution.map(({binType, items, times}) => {
      const held = new Map<number, number>();
      for (const {item, count} of items) {
        const relaxed = itemOf.get(demand.shapes[item]!.classes[0]!)!;
        held.set(relaxed, (held.get(relaxed) ?? 0) + count);
      }
      return toBins(binTypeOf(binType), held, times);
    }),
  );
}

function relaxedItems({relaxedShapes}: Demand): ReadonlyMap<PodClass, number> {
  return new Map(relaxedShapes.flatMap(({classes}, item) => classes.map((podClass) => [podClass, item] as const)));
}

/** The bin type of the relaxed problem that an offering is. */
export function relaxedBinTypes({relaxed, offerings}: Demand): (offering: number) => number {
  const indices = new Map(relaxed.binTypes.map(({name}, index) => [name, index]));
  return (offering) => indices.get(offeringName(offerings[offering]!))!;
}

function toBins(binType: number, held: ReadonlyMap<number, number>, times: number): PackedBins {
  const items = [...held].map(([item, count]) => ({item, count})).sort((a, b) => a.item - b.item);
  return {binType, items, times};
}

/** Bins that are filled alike as one entry. */
function gathered(bins: PackingSolution): PackingSolution {
  const known = new Map<string, PackedBins>();
  for (const one of bins) {
    const key = `${one.binType}:${one.items.map(({item, count}) => `${item}x${count}`).join()}`;
    known.set(key, {...one, times: one.times + (known.get(key)?.times ?? 0)});
  }
  return [...known.values()];
}
