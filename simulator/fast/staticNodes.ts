import type {ActiveFilter, ActiveScore} from './viewParts.ts';

/** What never changes about the nodes for a class of pods; shared by classes that ask for the same. */
export interface StaticNodes {
  /** 0 for the nodes that a filter rules out for good; null when there are none. */
  readonly mask: Uint8Array | null;
  /** Group by node. */
  readonly groupOf: Int32Array;
  readonly groups: readonly StaticGroup[];
}

/** Nodes with the same raw scores of TaintToleration and NodeAffinity. */
export interface StaticGroup {
  readonly taints: number;
  readonly preference: number;
}

export interface StaticPlugins {
  readonly filters: readonly ActiveFilter[];
  readonly taints: ActiveScore | null;
  readonly preference: ActiveScore | null;
}

/** Scores that never change and need no normalisation, summed and weighted; null for none. */
export interface StaticScores {
  readonly byNode: Int32Array;
  readonly highest: number;
}

export function toStaticScores(scores: readonly ActiveScore[], nodeCount: number): StaticScores | null {
  const byNode = new Int32Array(nodeCount);
  let highest = 0;
  for (let node = 0; node < nodeCount; node++) {
    for (const {plugin, state, weight} of scores) byNode[node]! += weight * plugin.score(state, node);
    highest = Math.max(highest, byNode[node]!);
  }
  return highest === 0 ? null : {byNode, highest};
}

export function toStaticNodes({filters, taints, preference}: StaticPlugins, nodeCount: number): StaticNodes {
  const mask = new Uint8Array(nodeCount);
  const groupOf = new Int32Array(nodeCount);
  const groups: StaticGroup[] = [];
  const indices = new Map<number, number>();
  for (let node = 0; node < nodeCount; node++) {
    if (filters.some(({plugin, state}) => plugin.filter(state, node) !== null)) continue;
    mask[node] = 1;
    const group = {
      taints: taints === null ? 0 : taints.plugin.score(taints.state, node),
      preference: preference === null ? 0 : preference.plugin.score(preference.state, node),
    };
    const key = group.taints * 2 ** 32 + group.preference;
    let index = indices.get(key);
    if (index === undefined) {
      index = groups.length;
      groups.push(group);
      indices.set(key, index);
    }
    groupOf[node] = index;
  }
  return {
    mask: mask.includes(0) ? mask : null,
    groupOf,
    groups,
  };
}
