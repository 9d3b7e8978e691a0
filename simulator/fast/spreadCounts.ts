import {HOSTNAME_LABEL} from '../../model/labels.ts';
import type {PodClass} from '../../model/pod.ts';
import {isCounted, type SpreadConstraint} from '../plugins/podTopologySpread/constraints.ts';
import {DomainCounts} from '../plugins/podTopologySpread/domainCounts.ts';
import {logarithm} from '../plugins/podTopologySpread/logarithm.ts';
import type {Place, Signature} from './signature.ts';

interface HardCount {
  readonly constraint: SpreadConstraint;
  readonly counts: DomainCounts;
  /** Place among the wide domains, or -1. */
  readonly wide: number;
  /** Place among the values, or -1. */
  readonly slot: number;
}

interface SoftCount {
  readonly constraint: SpreadConstraint;
  /** Matching pods by domain, or by node for the hostname. */
  readonly pods: Int32Array;
  readonly isHostname: boolean;
  readonly wide: number;
  readonly slot: number;
  /** Domains seen at the decision with this number; 1 + domain, as -1 is one, too. */
  readonly seenAt: Int32Array;
}

/** Which of the constraints a class of existing pods counts for. */
export interface SpreadImpact {
  readonly hard: readonly number[];
  readonly soft: readonly number[];
}

/** The matching pods in all domains of one class's topology spread constraints, kept up to date pod by pod. */
export class SpreadCounts {
  readonly #hard: readonly HardCount[];
  readonly #soft: readonly SoftCount[];
  readonly #namespace: string;
  /** 1 for nodes that have the keys of all hard constraints; null where there are none. */
  readonly hasHardKeys: Uint8Array | null;
  /** 1 for nodes that have the keys of all soft constraints; null where that does not matter. */
  readonly #hasSoftKeys: Uint8Array | null;
  /** Weight of each soft constraint at this decision. */
  readonly #weights: Float64Array;
  readonly #sizes: Int32Array;
  #decision = 0;

  constructor(
    podClass: PodClass,
    hard: readonly SpreadConstraint[],
    soft: readonly SpreadConstraint[],
    requiresAllKeys: boolean,
    nodeCount: number,
    signature: Signature,
  ) {
    this.#namespace = podClass.namespace;
    this.hasHardKeys = hard.length === 0 ? null : nodesWithAllKeys(hard, nodeCount);
    this.#hasSoftKeys = soft.length === 0 || !requiresAllKeys ? null : nodesWithAllKeys(soft, nodeCount);
    this.#hard = hard.map((constraint) => toHardCount(constraint, this.hasHardKeys!, signature));
    this.#soft = soft.map((constraint) => toSoftCount(constraint, nodeCount, signature));
    this.#weights = new Float64Array(soft.length);
    this.#sizes = new Int32Array(soft.length);
  }

  get hasSoft(): boolean {
    return this.#soft.length > 0;
  }

  get hasHard(): boolean {
    return this.#hard.length > 0;
  }

  /** Whether a node gets no score for lack of a label. */
  isIgnored(node: number): boolean {
    return this.#hasSoftKeys !== null && this.#hasSoftKeys[node] === 0;
  }

  /** null for pods that count for nothing. */
  impactOf(existing: PodClass): SpreadImpact | null {
    const counted = (counts: readonly {readonly constraint: SpreadConstraint}[]): number[] =>
      [...counts.keys()].filter((i) => isCounted(counts[i]!.constraint, this.#namespace, existing));
    const impact = {hard: counted(this.#hard), soft: counted(this.#soft)};
    return impact.hard.length + impact.soft.length === 0 ? null : impact;
  }

  /** Each constraint with what a pod that counts for it does. */
  impacts(): readonly {readonly constraint: SpreadConstraint; readonly impact: SpreadImpact}[] {
    return [
      ...this.#hard.map(({constraint}, i) => ({constraint, impact: {hard: [i], soft: []}})),
      ...this.#soft.map(({constraint}, i) => ({constraint, impact: {hard: [], soft: [i]}})),
    ];
  }

  /** Counts a pod that came to a node, or left it; `onNarrow` is told of nodes beside it whose place may have changed. */
  apply(impact: SpreadImpact, node: number, sign: 1 | -1, onNarrow: (nodes: readonly number[]) => void): void {
    for (const i of impact.hard) {
      const {constraint, counts, slot} = this.#hard[i]!;
      if (this.hasHardKeys![node] === 0 || !includes(constraint, node)) continue;
      const domain = constraint.domains.ofNode[node]!;
      counts.add(domain, sign);
      if (slot >= 0) onNarrow(constraint.domains.members(domain));
    }
    for (const i of impact.soft) {
      const {constraint, pods, isHostname} = this.#soft[i]!;
      if (isHostname) {
        pods[node]! += sign;
        continue;
      }
      if (this.isIgnored(node) || !includes(constraint, node)) continue;
      const {ofNode, ofEmptyValue} = constraint.domains;
      const domain = ofNode[node]! < 0 ? ofEmptyValue : ofNode[node]!;
      if (domain >= 0) pods[domain]! += sign;
    }
  }

  /** Whether the hard constraints let a pod into a cell. */
  allows({base, values}: Place): boolean {
    for (const {constraint, counts, wide, slot} of this.#hard) {
      const count = slot >= 0 ? values[slot]! : counts.at(base.domains[wide]!);
      const {minDomains, maxSkew, matchesSelf} = constraint;
      if (count + (matchesSelf ? 1 : 0) - counts.least(minDomains) > maxSkew) return false;
    }
    return true;
  }

  /** Begins a decision: forgets which domains are in play. */
  begin(): void {
    this.#decision++;
    this.#sizes.fill(0);
  }

  /** Takes note that a cell with nodes that get a score is feasible. */
  see({base}: Place): void {
    for (let i = 0; i < this.#soft.length; i++) {
      const {isHostname, wide, seenAt, constraint} = this.#soft[i]!;
      if (isHostname) continue;
      const own = base.domains[wide]!;
      const domain = own < 0 ? constraint.domains.ofEmptyValue : own;
      if (seenAt[domain + 1] === this.#decision) continue;
      seenAt[domain + 1] = this.#decision;
      this.#sizes[i]!++;
    }
  }

  /** Works out weights once all cells were seen; `scored` is the number of feasible nodes that get a score. */
  weigh(scored: number): void {
    for (let i = 0; i < this.#soft.length; i++) {
      this.#weights[i] = weightOf(this.#soft[i]!.isHostname ? scored : this.#sizes[i]!);
    }
  }

  /** The raw score of the nodes of a cell. */
  raw({base, values}: Place): number {
    let score = 0;
    for (let i = 0; i < this.#soft.length; i++) {
      const {constraint, pods, isHostname, wide, slot} = this.#soft[i]!;
      let count: number;
      if (isHostname) {
        count = values[slot]!;
        if (count < 0) continue;
      } else {
        const domain = base.domains[wide]!;
        if (domain < 0) continue;
        count = pods[domain]!;
      }
      score += count * this.#weights[i]! + (constraint.maxSkew - 1);
    }
    return Math.round(score);
  }
}

function toHardCount(constraint: SpreadConstraint, hasAllKeys: Uint8Array, signature: Signature): HardCount {
  const {domains} = constraint;
  const isKnown = new Uint8Array(domains.count);
  for (let node = 0; node < hasAllKeys.length; node++) {
    if (hasAllKeys[node] === 0 || !includes(constraint, node)) continue;
    const domain = domains.ofNode[node]!;
    isKnown[domain] = 1;
  }
  const counts = DomainCounts.of(new Float64Array(domains.count), isKnown);
  const wide = signature.wide(domains);
  const slot =
    wide >= 0 ? -1 : signature.slot((node) => (domains.ofNode[node]! < 0 ? 0 : counts.at(domains.ofNode[node]!)));
  return {constraint, counts, wide, slot};
}

function toSoftCount(constraint: SpreadConstraint, nodeCount: number, signature: Signature): SoftCount {
  const {domains} = constraint;
  const isHostname = domains.key === HOSTNAME_LABEL;
  const pods = new Int32Array(isHostname ? nodeCount : domains.count);
  return {
    constraint,
    pods,
    isHostname,
    wide: isHostname ? -1 : signature.wide(domains, true),
    slot: isHostname ? signature.slot((node) => (domains.ofNode[node]! < 0 ? -1 : pods[node]!)) : -1,
    seenAt: new Int32Array(isHostname ? 0 : domains.count + 1),
  };
}

function nodesWithAllKeys(constraints: readonly SpreadConstraint[], nodeCount: number): Uint8Array {
  const has = new Uint8Array(nodeCount).fill(1);
  for (const {domains} of constraints) {
    for (let node = 0; node < nodeCount; node++) if (domains.ofNode[node]! < 0) has[node] = 0;
  }
  return has;
}

function includes({included}: SpreadConstraint, node: number): boolean {
  return included === null || included[node] === 1;
}

const WEIGHTS: number[] = [];

/** What the counts of a constraint weigh, by the number of its domains in play. */
function weightOf(size: number): number {
  WEIGHTS[size] ??= logarithm(size + 2);
  return WEIGHTS[size];
}
