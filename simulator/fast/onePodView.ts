import {defaultNormalized} from '../framework/normalizeScore.ts';
import type {Handle} from '../framework/plugin.ts';
import type {NodeTable} from './bucketQueue.ts';
import type {LocalFailure} from './localFailure.ts';
import {fillLocal} from './localScores.ts';
import type {StaticGroup} from './staticNodes.ts';
import type {TablePool} from './tablePool.ts';
import {type Choice, NO_CHOICE, type View} from './view.ts';
import type {ViewParts} from './viewParts.ts';

/**
 * The view of a class with one pod, to which no domain matters: it is asked once, so that all nodes are looked at in one
 * go, without the cells and queues that make the next decision cheap.
 */
export class OnePodView implements View {
  readonly hasTopologyFilters = false;
  readonly #parts: ViewParts;
  readonly #handle: Handle;
  readonly #tables: TablePool;
  /** `local` holds the nodes' scores after `choose`, -1 for those where the pod cannot run. */
  readonly #table: NodeTable;
  #best = -1;
  #ties = 0;

  constructor(parts: ViewParts, handle: Handle, tables: TablePool) {
    this.#parts = parts;
    this.#handle = handle;
    this.#tables = tables;
    this.#table = tables.take();
  }

  get failure(): LocalFailure {
    return this.#parts.failure;
  }

  choose(): Choice {
    const {local} = this.#table;
    const {marks} = this.#tables;
    fillLocal(this.#parts, this.#handle, marks, local);
    const shared = this.#addGroupScores(marks, local);
    let feasible = 0;
    let best = -1;
    let first = -1;
    let ties = 0;
    for (let node = 0; node < marks.length; node++) {
      if (marks[node] === 0) {
        local[node] = -1;
        continue;
      }
      feasible++;
      const score = local[node]!;
      if (score > best) {
        best = score;
        first = node;
        ties = 1;
      } else if (score === best) {
        ties++;
      }
    }
    marks.fill(0);
    this.#best = best;
    this.#ties = ties;
    if (feasible === 0) return NO_CHOICE;
    return {node: first, feasible, score: feasible === 1 ? null : best + shared};
  }

  ties(): Int32Array {
    const {local} = this.#table;
    const ties: number[] = [];
    for (let node = 0; node < local.length; node++) if (local[node] === this.#best) ties.push(node);
    return new Int32Array(ties);
  }

  countTies(): number {
    return this.#ties;
  }

  release(): void {
    this.#tables.give(this.#table);
  }

  /** Adds to the marked nodes what their groups get, normalised over all of them; what all nodes get besides. */
  #addGroupScores(marks: Uint8Array, local: Int32Array): number {
    const {nodes, weights} = this.#parts;
    const {groups, groupOf} = nodes;
    const scoreOf = ({taints, preference}: StaticGroup, maxTaints: number, maxPreference: number): number => {
      const forTaints = weights.taints > 0 ? defaultNormalized(taints, maxTaints, 'reverse') : 0;
      const forPreference = weights.preference > 0 ? defaultNormalized(preference, maxPreference, 'forward') : 0;
      return weights.taints * forTaints + weights.preference * forPreference;
    };
    const [only] = groups;
    if (only === undefined) return 0;
    if (groups.length === 1) return scoreOf(only, only.taints, only.preference);
    const isThere = new Uint8Array(groups.length);
    for (let node = 0; node < marks.length; node++) isThere[groupOf[node]!]! |= marks[node]!;
    let maxTaints = 0;
    let maxPreference = 0;
    for (const [i, {taints, preference}] of groups.entries()) {
      if (isThere[i] === 0) continue;
      maxTaints = Math.max(maxTaints, taints);
      maxPreference = Math.max(maxPreference, preference);
    }
    const scores = groups.map((group) => scoreOf(group, maxTaints, maxPreference));
    for (let node = 0; node < marks.length; node++) if (marks[node] === 1) local[node]! += scores[groupOf[node]!]!;
    return 0;
  }
}
