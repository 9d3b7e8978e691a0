/** What nodes are by themselves to the pods of a class: whether they have room, and their part of the total. */
import type {Handle} from '../framework/plugin.ts';
import {UsualScores} from './usualScores.ts';
import type {ViewParts} from './viewParts.ts';

/**
 * Fills `local` with the nodes' own part of the total, plugin by plugin, and leaves a mark of 1 on those where the pod
 * can run as far as the node itself is concerned; for others `local` is anything.
 */
export function fillLocal(parts: ViewParts, handle: Handle, marks: Uint8Array, local: Int32Array): void {
  const {nodes, statics, filters, scores, affinity, spread} = parts;
  if (nodes.mask === null) marks.fill(1);
  else marks.set(nodes.mask);
  if (spread !== null && spread.hasHardKeys !== null) {
    for (let node = 0; node < marks.length; node++) marks[node]! &= spread.hasHardKeys[node]!;
  }
  if (affinity?.hasFilters === true) {
    for (let node = 0; node < marks.length; node++) {
      if (marks[node] === 1 && (affinity.lacksKey(node) || affinity.blocksNode(node))) marks[node] = 0;
    }
  }
  const usual = UsualScores.of(parts);
  for (const filter of filters) {
    if (usual?.covers(filter) === true) continue;
    const {plugin, state} = filter;
    if (plugin.filterNodes !== undefined) plugin.filterNodes(state, marks);
    else {
      for (let node = 0; node < marks.length; node++) {
        if (marks[node] === 1 && plugin.filter(state, node) !== null) marks[node] = 0;
      }
    }
  }
  for (const node of handle.nominator.nodes()) if (isCrowded(parts, handle, node)) marks[node] = 0;
  if (statics === null) local.fill(0);
  else local.set(statics.byNode);
  usual?.add(marks, local, handle.state);
  for (const score of scores) {
    if (usual?.covers(score) === true) continue;
    const {plugin, state, weight} = score;
    for (let node = 0; node < marks.length; node++) {
      if (marks[node] === 1) local[node]! += weight * plugin.score(state, node);
    }
  }
}

/** Whether there is no room beside the pods that are nominated to the node. */
export function isCrowded({podClass, filters}: ViewParts, {nominator, state}: Handle, node: number): boolean {
  const rivals = nominator.rivals(podClass.priority, node);
  if (rivals.length === 0) return false;
  return state.withPods(rivals, node, () =>
    filters.some((filter) => filter.plugin.filter(filter.state, node) !== null),
  );
}
