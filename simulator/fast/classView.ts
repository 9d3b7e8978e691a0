import type {Pod, PodClass} from '../../model/pod.ts';
import {defaultNormalized} from '../framework/normalizeScore.ts';
import {type Handle, MAX_NODE_SCORE} from '../framework/plugin.ts';
import type {AffinityRelation} from '../plugins/interPodAffinity/affinityRelation.ts';
import {normalizedAffinity} from '../plugins/interPodAffinity/interPodAffinity.ts';
import {normalizedSpread} from '../plugins/podTopologySpread/podTopologySpread.ts';
import {type Base, basesOf} from './bases.ts';
import type {BucketQueue, NodeTable} from './bucketQueue.ts';
import type {LocalFailure} from './localFailure.ts';
import {fillLocal, isCrowded} from './localScores.ts';
import type {Place} from './signature.ts';
import type {SpreadImpact} from './spreadCounts.ts';
import type {TablePool} from './tablePool.ts';
import {type Choice, NO_CHOICE, type View} from './view.ts';
import type {ViewParts} from './viewParts.ts';

interface Cell extends Place {
  readonly id: number;
  /** Whether its nodes get no score from PodTopologySpread. */
  readonly isIgnored: boolean;
  /** null while the view is scanned instead. */
  queue: BucketQueue | null;
  /** Number of nodes. */
  size: number;
  /** Place among the cells that have nodes, -1 for none. */
  position: number;
  isAllowed: boolean;
  spread: number;
  affinity: number;
  /** What its nodes have in common of the total. */
  group: number;
}

/** What an existing pod means to those of the class; null for nothing. */
export interface Impact {
  readonly spread: SpreadImpact | null;
  readonly affinity: AffinityRelation | null;
}

/** Classes of which every pod on a node means the same. */
export interface ExistingPods {
  readonly classes: readonly PodClass[];
  readonly impact: Impact;
}

/** With more cells than this all nodes are scanned: queues would cost more than they save. */
const MAX_QUEUES = 256;

/**
 * How all nodes stand for the pods of one class. The total of a node is its own score plus one that it shares with all
 * nodes of its cell, so that the best node is among the best of each cell. Before a decision the view catches up with the
 * changes of the cluster, which concerns few nodes.
 */
export class ClassView implements View {
  readonly #parts: ViewParts;
  readonly #handle: Handle;
  readonly #table: NodeTable;
  /** Base by node. */
  readonly #baseOf: Int32Array;
  readonly #bases: readonly Base[];
  readonly #maxLocal: number;
  readonly #impacts = new Map<PodClass, Impact | null>();
  #cells: Cell[] = [];
  #live: Cell[] = [];
  #cellIndex = new Map<number, Cell>();
  /** By base: the cell asked for last, which is often the next one, too. */
  #lastCells: (Cell | undefined)[] = [];
  /** Numbers for pairs of a signature so far and its next value. */
  #folds: Map<number, number>[] = [];
  #isScanned = false;
  #insertions = 0;
  /** Changes of the cluster that are worked in. */
  #position = 0;
  readonly #dirty: number[] = [];
  /** 1 for the nodes in `#dirty`; all 0 between decisions, so that views share it. */
  readonly #isDirty: Uint8Array;
  readonly #tables: TablePool;

  /** `existing` are the pods that count, if they are on a node; a class may be there several times. */
  constructor(parts: ViewParts, handle: Handle, existing: readonly ExistingPods[], tables: TablePool) {
    this.#parts = parts;
    this.#handle = handle;
    this.#tables = tables;
    this.#table = tables.take();
    this.#isDirty = tables.marks;
    this.#maxLocal = parts.scores.reduce((sum, {weight}) => sum + weight * MAX_NODE_SCORE, parts.statics?.highest ?? 0);
    const {bases, baseOf} = basesOf(parts.nodes, parts.signature.wideTopologies);
    this.#bases = bases;
    this.#baseOf = baseOf;
    this.#countExisting(existing);
    this.#fill();
    this.#position = handle.state.changes.length;
  }

  get hasTopologyFilters(): boolean {
    return this.#parts.spread?.hasHard === true || this.#parts.affinity?.hasFilters === true;
  }

  get failure(): LocalFailure {
    return this.#parts.failure;
  }

  choose(): Choice {
    this.#catchUp();
    const {spread, affinity} = this.#parts;
    if (spread === null && affinity === null && this.#live.length === 1 && !this.#isScanned) {
      return this.#chooseFromOne(this.#live[0]!);
    }
    const feasible = this.#admit();
    if (feasible === 0) return NO_CHOICE;
    if (feasible === 1) return {node: this.#onlyNode(), feasible, score: null};
    this.#scoreCells();
    return this.#isScanned ? this.#scan(feasible) : this.#chooseFromQueues(feasible);
  }

  release(): void {
    this.#giveQueues();
    this.#tables.give(this.#table);
  }

  ties(total: number): Int32Array {
    const {local, cellOf} = this.#table;
    const ties: number[] = [];
    for (let node = 0; node < local.length; node++) {
      if (local[node]! < 0) continue;
      const cell = this.#cells[cellOf[node]!]!;
      if (cell.isAllowed && cell.group + local[node]! === total) ties.push(node);
    }
    return Int32Array.from(ties);
  }

  countTies(total: number): number {
    if (this.#isScanned) return this.ties(total).length;
    let count = 0;
    for (const cell of this.#live) {
      const score = total - cell.group;
      if (cell.isAllowed && score >= 0 && score <= this.#maxLocal) count += cell.queue!.countAt(score);
    }
    return count;
  }

  #catchUp(): void {
    const {changes} = this.#handle.state;
    const {length} = changes;
    if (this.#position === length) return;
    const {spread, affinity} = this.#parts;
    const counts = spread !== null || affinity !== null;
    let concernsAll = false;
    for (let position = this.#position; position < length; position++) {
      const node = changes.nodeAt(position);
      this.#markDirty(node);
      const sign = changes.signAt(position);
      if (!counts || sign === 0) continue;
      if (this.#count(this.#handle.state.pods.at(changes.podAt(position)), node, sign)) concernsAll = true;
    }
    this.#position = length;
    const {local} = this.#table;
    if (concernsAll || this.#dirty.length * 2 > local.length || this.#insertions > 4 * local.length + 1024) {
      for (const node of this.#dirty) this.#isDirty[node] = 0;
      this.#dirty.length = 0;
      this.#fill();
      return;
    }
    for (const node of this.#dirty) {
      this.#isDirty[node] = 0;
      this.#move(node);
    }
    this.#dirty.length = 0;
  }

  #markDirty(node: number): void {
    if (this.#isDirty[node] === 1) return;
    this.#isDirty[node] = 1;
    this.#dirty.push(node);
  }

  readonly #markAllDirty = (nodes: readonly number[]): void => {
    for (const node of nodes) this.#markDirty(node);
  };

  /** Whether what counts for the class has changed for all nodes at once. */
  #count(pod: Pod, node: number, sign: 1 | -1): boolean {
    let impact = this.#impacts.get(pod.class);
    if (impact === undefined) {
      impact = this.#impactOf(pod.class);
      this.#impacts.set(pod.class, impact);
    }
    return impact !== null && this.#apply(impact, pod, node, sign);
  }

  #apply(impact: Impact, pod: Pod, node: number, sign: 1 | -1): boolean {
    if (impact.spread !== null && !pod.terminating) {
      this.#parts.spread!.apply(impact.spread, node, sign, this.#markAllDirty);
    }
    return impact.affinity !== null && this.#parts.affinity!.apply(impact.affinity, node, sign, this.#markAllDirty);
  }

  #impactOf(existing: PodClass): Impact | null {
    const spread = this.#parts.spread?.impactOf(existing) ?? null;
    const affinity = this.#parts.affinity?.impactOf(existing) ?? null;
    return spread === null && affinity === null ? null : {spread, affinity};
  }

  #countExisting(existing: readonly ExistingPods[]): void {
    const {podIndex, state} = this.#handle;
    const {pods} = state;
    for (const {classes, impact} of existing) {
      podIndex.forEachPodOf(classes, (index) => {
        const node = pods.nodeOfPod[index]!;
        if (node >= 0) this.#apply(impact, pods.at(index), node, 1);
      });
    }
    for (const node of this.#dirty) this.#isDirty[node] = 0;
    this.#dirty.length = 0;
  }

  /** Works everything out anew, but for the counts. */
  #fill(): void {
    const {local, cellOf, isListed} = this.#table;
    this.#giveQueues();
    this.#cells = [];
    this.#live = [];
    this.#cellIndex = new Map();
    this.#lastCells = [];
    this.#folds = [];
    this.#isScanned = false;
    this.#insertions = 0;
    isListed.fill(1);
    const marks = this.#isDirty;
    fillLocal(this.#parts, this.#handle, marks, local);
    if (this.#bases.length === 1 && this.#parts.signature.slots.length === 0) {
      this.#fillOneCell(marks);
      return;
    }
    for (let node = local.length - 1; node >= 0; node--) {
      if (marks[node] === 0) {
        local[node] = -1;
        cellOf[node] = -1;
        continue;
      }
      const cell = this.#cellFor(node);
      cellOf[node] = cell.id;
      cell.queue?.fill(node, local[node]!);
      cell.size++;
    }
    marks.fill(0);
    for (const cell of this.#cells) {
      cell.position = this.#live.length;
      this.#live.push(cell);
    }
  }

  /** Where nothing tells the nodes apart but their own scores. */
  #fillOneCell(marks: Uint8Array): void {
    const {local, cellOf} = this.#table;
    const first = marks.indexOf(1);
    if (first < 0) {
      local.fill(-1);
      return;
    }
    const cell = this.#addCell(this.#baseOf[first]!, first);
    cell.size = cell.queue!.fillMarked(marks);
    cell.position = 0;
    this.#live.push(cell);
    cellOf.fill(cell.id);
    for (let node = 0; node < marks.length; node++) if (marks[node] === 0) local[node] = -1;
    marks.fill(0);
  }

  #giveQueues(): void {
    for (const {queue} of this.#cells) if (queue !== null) this.#tables.giveQueue(queue, this.#maxLocal);
  }

  #move(node: number): void {
    const {local, cellOf, isListed} = this.#table;
    const before = local[node]!;
    const after = this.#localOf(node);
    const from = before < 0 ? null : this.#cells[cellOf[node]!]!;
    const to = after < 0 ? null : this.#cellFor(node);
    if (from === to && before === after) return;
    local[node] = after;
    cellOf[node] = to === null ? -1 : to.id;
    isListed[node] = 0;
    if (from !== null) {
      from.queue?.remove(before);
      this.#shrink(from);
    }
    if (to !== null) {
      to.queue?.insert(node, after);
      this.#insertions++;
      this.#grow(to);
    }
  }

  #grow(cell: Cell): void {
    cell.size++;
    if (cell.position >= 0) return;
    cell.position = this.#live.length;
    this.#live.push(cell);
  }

  #shrink(cell: Cell): void {
    cell.size--;
    if (cell.size > 0) return;
    const last = this.#live.pop()!;
    if (last !== cell) {
      this.#live[cell.position] = last;
      last.position = cell.position;
    }
    cell.position = -1;
  }

  /** The node's own part of the total; -1 when a filter that looks at the node turns the pod down. */
  #localOf(node: number): number {
    const {nodes, statics, filters, scores, affinity, spread} = this.#parts;
    if (nodes.mask !== null && nodes.mask[node] === 0) return -1;
    if (spread !== null && spread.hasHardKeys !== null && spread.hasHardKeys[node] === 0) return -1;
    if (affinity !== null && (affinity.lacksKey(node) || affinity.blocksNode(node))) return -1;
    for (let i = 0; i < filters.length; i++) {
      const {plugin, state} = filters[i]!;
      if (plugin.filter(state, node) !== null) return -1;
    }
    const {nominator} = this.#handle;
    if (!nominator.isEmpty && isCrowded(this.#parts, this.#handle, node)) return -1;
    let score = statics === null ? 0 : statics.byNode[node]!;
    for (let i = 0; i < scores.length; i++) {
      const {plugin, state, weight} = scores[i]!;
      score += weight * plugin.score(state, node);
    }
    return score;
  }

  #cellFor(node: number): Cell {
    const {slots} = this.#parts.signature;
    const index = this.#baseOf[node]!;
    const last = this.#lastCells[index];
    if (last !== undefined && (slots.length === 0 || isCellOf(last, slots, node))) return last;
    let key = index;
    for (let i = 0; i < slots.length; i++) key = this.#fold(i, key, slots[i]!(node));
    const cell = this.#cellIndex.get(key) ?? this.#addCell(key, node);
    this.#lastCells[index] = cell;
    return cell;
  }

  #addCell(key: number, node: number): Cell {
    const {slots} = this.#parts.signature;
    const base = this.#bases[this.#baseOf[node]!]!;
    const id = this.#cells.length;
    if (id === MAX_QUEUES) this.#startScanning();
    const cell: Cell = {
      id,
      base,
      values: slots.map((value) => value(node)),
      isIgnored: this.#parts.spread?.isIgnored(node) ?? false,
      queue: this.#isScanned ? null : this.#tables.takeQueue(id, this.#maxLocal, this.#table),
      size: 0,
      position: -1,
      isAllowed: true,
      spread: 0,
      affinity: 0,
      group: 0,
    };
    this.#cells.push(cell);
    this.#cellIndex.set(key, cell);
    return cell;
  }

  /** A small number for a pair, the same for the same pair. */
  #fold(slot: number, key: number, value: number): number {
    this.#folds[slot] ??= new Map();
    const pairs = this.#folds[slot];
    const pair = key * 2 ** 32 + value + 2 ** 31;
    const known = pairs.get(pair);
    if (known !== undefined) return known;
    pairs.set(pair, pairs.size);
    return pairs.size - 1;
  }

  #startScanning(): void {
    this.#isScanned = true;
    for (const cell of this.#cells) cell.queue = null;
  }

  /** Sorts out the cells that domains close to the pod; the number of feasible nodes. */
  #admit(): number {
    const {spread, affinity} = this.#parts;
    let feasible = 0;
    let scored = 0;
    spread?.begin();
    for (const cell of this.#live) {
      cell.isAllowed = (spread === null || spread.allows(cell)) && (affinity === null || affinity.allows(cell));
      if (!cell.isAllowed) continue;
      feasible += cell.size;
      if (cell.isIgnored) continue;
      scored += cell.size;
      spread?.see(cell);
    }
    spread?.weigh(scored);
    return feasible;
  }

  #onlyNode(): number {
    const {local, cellOf} = this.#table;
    const cell = this.#live.find(({isAllowed}) => isAllowed)!;
    if (cell.queue !== null) return cell.queue.topNode();
    return local.findIndex((score, node) => score >= 0 && cellOf[node] === cell.id);
  }

  /** Works out what the nodes of each cell have in common of the total. */
  #scoreCells(): void {
    const {spread, affinity, weights} = this.#parts;
    let maxTaints = 0;
    let maxPreference = 0;
    let minSpread = Number.POSITIVE_INFINITY;
    let maxSpread = 0;
    let minAffinity = Number.POSITIVE_INFINITY;
    let maxAffinity = Number.NEGATIVE_INFINITY;
    for (const cell of this.#live) {
      if (!cell.isAllowed) continue;
      maxTaints = Math.max(maxTaints, cell.base.taints);
      maxPreference = Math.max(maxPreference, cell.base.preference);
      if (weights.spread > 0 && !cell.isIgnored) {
        cell.spread = spread!.raw(cell);
        minSpread = Math.min(minSpread, cell.spread);
        maxSpread = Math.max(maxSpread, cell.spread);
      }
      if (weights.affinity > 0) {
        cell.affinity = affinity!.raw(cell);
        minAffinity = Math.min(minAffinity, cell.affinity);
        maxAffinity = Math.max(maxAffinity, cell.affinity);
      }
    }
    for (const cell of this.#live) {
      const {taints, preference} = cell.base;
      let group = 0;
      if (weights.taints > 0) group += weights.taints * defaultNormalized(taints, maxTaints, 'reverse');
      if (weights.preference > 0) group += weights.preference * defaultNormalized(preference, maxPreference, 'forward');
      if (weights.spread > 0 && !cell.isIgnored) {
        group += weights.spread * normalizedSpread(cell.spread, minSpread, maxSpread);
      }
      if (weights.affinity > 0) group += weights.affinity * normalizedAffinity(cell.affinity, minAffinity, maxAffinity);
      cell.group = group;
    }
  }

  /** Where all feasible nodes are in one cell and no domain matters. */
  #chooseFromOne(cell: Cell): Choice {
    const {size, queue} = cell;
    const {weights} = this.#parts;
    const {taints, preference} = cell.base;
    cell.isAllowed = true;
    cell.group =
      (weights.taints > 0 ? weights.taints * defaultNormalized(taints, taints, 'reverse') : 0) +
      (weights.preference > 0 ? weights.preference * defaultNormalized(preference, preference, 'forward') : 0);
    const node = queue!.topNode();
    return {node, feasible: size, score: size === 1 ? null : cell.group + queue!.topScore()};
  }

  #chooseFromQueues(feasible: number): Choice {
    let score = -1;
    let node = -1;
    for (const cell of this.#live) {
      if (!cell.isAllowed) continue;
      const queue = cell.queue!;
      const total = cell.group + queue.topScore();
      if (total < score) continue;
      const top = queue.topNode();
      if (total > score || top < node) node = top;
      score = total;
    }
    return {node, feasible, score};
  }

  #scan(feasible: number): Choice {
    const {local, cellOf} = this.#table;
    let score = -1;
    let node = -1;
    for (let i = 0; i < local.length; i++) {
      if (local[i]! < 0) continue;
      const cell = this.#cells[cellOf[i]!]!;
      if (!cell.isAllowed) continue;
      const total = cell.group + local[i]!;
      if (total <= score) continue;
      score = total;
      node = i;
    }
    return {node, feasible, score};
  }
}

function isCellOf({values}: Cell, slots: readonly ((node: number) => number)[], node: number): boolean {
  for (let i = 0; i < slots.length; i++) if (slots[i]!(node) !== values[i]) return false;
  return true;
}
