/**
 * Packs as Karpenter's provisioner does (kubernetes-sigs/karpenter, pkg/controllers/provisioning/scheduling: queue.go,
 * scheduler.go, nodeclaim.go): pods by CPU, then memory, the largest first; each goes to the NodeClaim with the fewest
 * pods that can still take it, or to a new one; a NodeClaim is the set of instance types that hold all it has so far,
 * and the cheapest of these is launched.
 *
 * Limits of the emulation: all pods are there in one batch. NodePools have no weights: a new NodeClaim starts with every
 * bin type its first pod may use, across zones and pools, which is at least as good as one pool after the other. Of
 * NodeClaims with equally many pods the older is taken, where Karpenter leaves it open. Preferences are not looked at,
 * and there is no consolidation afterwards.
 */
import {CPU, MEMORY} from '../../model/resources.ts';
import type {PackingProblem} from '../packingProblem.ts';
import type {PackedBins, PackingSolution} from '../packingSolution.ts';
import {type Competitor, dimension} from './competitor.ts';
import {eligibility, excluded} from './openBins.ts';

export const KARPENTER: Competitor = {name: 'karpenter', pack: packLikeKarpenter};

interface NodeClaim {
  /** Bin types that can hold all of it. */
  types: readonly number[];
  readonly used: number[];
  /** Counts by item. */
  readonly items: Map<number, number>;
  pods: number;
}

export function packLikeKarpenter(problem: PackingProblem): PackingSolution | null {
  const claims = new NodeClaims(problem);
  for (const item of queueOrder(problem)) if (!claims.place(item, problem.items[item]!.count)) return null;
  return claims.launch();
}

/** Largest CPU first, then memory; equal ones as they stand. */
function queueOrder(problem: PackingProblem): readonly number[] {
  const keys = [dimension(problem, CPU), dimension(problem, MEMORY)].filter((d) => d >= 0);
  return problem.items
    .map((_, index) => index)
    .sort((a, b) => {
      for (const d of keys) {
        const difference = problem.items[b]!.size[d]! - problem.items[a]!.size[d]!;
        if (difference !== 0) return difference;
      }
      return a - b;
    });
}

class NodeClaims {
  readonly #problem: PackingProblem;
  readonly #mayHold: (binType: number, item: number) => boolean;
  readonly #excludes: ReadonlyMap<number, ReadonlySet<number>>;
  readonly #claims: NodeClaim[] = [];

  constructor(problem: PackingProblem) {
    this.#problem = problem;
    this.#mayHold = eligibility(problem);
    this.#excludes = excluded(problem);
  }

  /**
   * Places the copies of an item one after the other. A claim that does not take one will not take a later one either,
   * so each is dropped from the search once.
   */
  place(item: number, count: number): boolean {
    const byPods = new Map<number, number[]>();
    const add = (index: number): void => {
      const {pods} = this.#claims[index]!;
      const known = byPods.get(pods);
      if (known === undefined) byPods.set(pods, [index]);
      else insert(known, index);
    };
    for (const index of this.#claims.keys()) add(index);
    const counts = [...byPods.keys()].sort((a, b) => a - b);
    let least = counts[0] ?? 0;
    const most = (): number => Math.max(0, ...byPods.keys());
    let highest = most();
    for (let copy = 0; copy < count; copy++) {
      let taken = -1;
      while (taken < 0 && least <= highest) {
        const candidates = byPods.get(least);
        if (candidates === undefined || candidates.length === 0) {
          least++;
          continue;
        }
        const index = candidates.shift()!;
        if (this.#take(this.#claims[index]!, item)) taken = index;
      }
      if (taken < 0) {
        const claim = this.#create(item);
        if (claim === null) return false;
        taken = this.#claims.push(claim) - 1;
      }
      add(taken);
      const {pods} = this.#claims[taken]!;
      highest = Math.max(highest, pods);
      least = Math.min(least, pods);
    }
    return true;
  }

  /** The cheapest type of each claim. */
  launch(): PackingSolution {
    const {binTypes} = this.#problem;
    const packed = new Map<string, PackedBins>();
    for (const {types, items} of this.#claims) {
      let binType = types[0]!;
      for (const type of types) if (binTypes[type]!.cost! < binTypes[binType]!.cost!) binType = type;
      const content = [...items].map(([item, count]) => ({item, count})).sort((a, b) => a.item - b.item);
      const key = JSON.stringify([binType, content]);
      const known = packed.get(key);
      packed.set(key, {binType, items: content, times: (known?.times ?? 0) + 1});
    }
    return [...packed.values()];
  }

  #create(item: number): NodeClaim | null {
    const all = this.#problem.binTypes.map((_, index) => index);
    const claim: NodeClaim = {types: all, used: this.#problem.dimensions.map(() => 0), items: new Map(), pods: 0};
    return this.#take(claim, item) ? claim : null;
  }

  #take(claim: NodeClaim, item: number): boolean {
    const {size, maxPerBin} = this.#problem.items[item]!;
    const own = claim.items.get(item) ?? 0;
    if (maxPerBin !== null && own >= maxPerBin) return false;
    const enemies = this.#excludes.get(item);
    if (enemies !== undefined && [...claim.items.keys()].some((other) => enemies.has(other))) return false;
    const {used} = claim;
    const types = claim.types.filter((type) => {
      const {capacity} = this.#problem.binTypes[type]!;
      for (let d = 0; d < size.length; d++) if (used[d]! + size[d]! > capacity[d]!) return false;
      return own > 0 || this.#mayHold(type, item);
    });
    if (types.length === 0) return false;
    claim.types = types;
    for (let d = 0; d < size.length; d++) used[d] = used[d]! + size[d]!;
    claim.items.set(item, own + 1);
    claim.pods++;
    return true;
  }
}

/** Keeps a list of indices rising. */
function insert(list: number[], index: number): void {
  let at = list.length;
  while (at > 0 && list[at - 1]! > index) at--;
  list.splice(at, 0, index);
}
