import {defaultNormalized} from '../framework/normalizeScore.ts';
import type {Handle} from '../framework/plugin.ts';
import type {NodeTable} from './bucketQueue.ts';
import type {LocalFailure} from './localFailure.ts';
import {fillLocal} from './localScores.ts';
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
  /** `local` holds the totals after `choose`. */
  readonly #table: NodeTable;
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
    const {groupOf} = this.#parts.nodes;
    const {feasible, scores} = this.#scoreGroups(marks);
    let best = -1;
    let first = -1;
    let ties = 0;
    for (let node = 0; node < local.length; node++) {
      if (marks[node] === 0) {
        local[node] = -1;
        continue;
      }
      const total = local[node]! + scores[groupOf[node]!]!;
      local[node] = total;
      if (total > best) {
        best = total;
        first = node;
        ties = 1;
      } else if (total === best) {
        ties++;
      }
    }
    marks.fill(0);
    this.#ties = ties;
    if (feasible === 0) return NO_CHOICE;
    return {node: first, feasible, score: feasible === 1 ? null : best};
  }

  ties(total: number): Int32Array {
    const {local} = this.#table;
    const ties: number[] = [];
    for (let node = 0; node < local.length; node++) if (local[node] === total) ties.push(node);
    return new Int32Array(ties);
  }

  countTies(): number {
    return this.#ties;
  }

  release(): void {
    this.#tables.give(this.#table);
  }

  /** What the nodes of each group share of the total, normalised over the marked nodes. */
  #scoreGroups(marks: Uint8Array): {readonly feasible: number; readonly scores: Float64Array} {
    const {nodes, weights} = this.#parts;
    const {groups, groupOf} = nodes;
    const sizes = new Int32Array(groups.length);
    for (let node = 0; node < marks.length; node++) if (marks[node] === 1) sizes[groupOf[node]!]!++;
    let feasible = 0;
    let maxTaints = 0;
    let maxPreference = 0;
    for (const [group, {taints, preference}] of groups.entries()) {
      if (sizes[group] === 0) continue;
      feasible += sizes[group]!;
      maxTaints = Math.max(maxTaints, taints);
      maxPreference = Math.max(maxPreference, preference);
    }
    const scores = new Float64Array(
      groups.map(({taints, preference}) => {
        const forTaints = weights.taints > 0 ? defaultNormalized(taints, maxTaints, 'reverse') : 0;
        const forPreference = weights.preference > 0 ? defaultNormalized(preference, maxPreference, 'forward') : 0;
        return weights.taints * forTaints + weights.preference * forPreference;
      }),
    );
    return {feasible, scores};
  }
}
