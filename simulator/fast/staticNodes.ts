import type {ActiveFilter, ActiveScore} from './classView.ts';

/** What never changes about the nodes for a class of pods; shared by classes that ask for the same. */
export interface StaticNodes {
  /** 0 for the nodes that a filter rules out for good; null when there are none. */
  readonly mask: Uint8Array | null;
  /** Weighted scores that need no normalisation, null when all are zero; and the highest there could be. */
  readonly local: Int32Array | null;
  readonly maxLocal: number;
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
  /** Scores that are not normalised. */
  readonly locals: readonly ActiveScore[];
  readonly taints: ActiveScore | null;
  readonly preference: ActiveScore | null;
}

export function toStaticNodes({filters, locals, taints, preference}: StaticPlugins, nodeCount: number): StaticNodes {
  const mask = new Uint8Array(nodeCount);
  const groupOf = new Int32Array(nodeCount);
  const local = new Int32Array(nodeCount);
  const groups: StaticGroup[] = [];
  const indices = new Map<number, number>();
  for (let node = 0; node < nodeCount; node++) {
    if (filters.some(({plugin, state}) => plugin.filter(state, node) !== null)) continue;
    mask[node] = 1;
    for (const {plugin, state, weight} of locals) local[node]! += weight * plugin.score(state, node);
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
  const hasLocal = local.some((score) => score > 0);
  return {
    mask: mask.includes(0) ? mask : null,
    local: hasLocal ? local : null,
    maxLocal: hasLocal ? local.reduce((a, b) => Math.max(a, b)) : 0,
    groupOf,
    groups,
  };
}
