import type {Branch} from './branching.ts';
import type {CutRow} from './cutRow.ts';
import type {BinRow, Duals} from './dualBound.ts';
import type {FillingRows} from './fillingRows.ts';
import type {Valuation} from './fleetRelaxation.ts';

/** No plan of a case costs less. `duals`: null where nothing is known. */
export interface ProvedBound {
  readonly cost: number;
  readonly duals: Duals | CombinedDuals | Refutation | null;
}

/** Why the bins of a case, of which no plan has more, cannot hold everything; its cost is infinite. */
export interface Refutation extends FillingRows {
  readonly root: RefutationNode;
}

/** Cuts, and then two cases of which every filling is one; where there are none, nothing keeps to the last cut. */
export interface RefutationNode {
  readonly cuts: readonly CutRow[];
  readonly split: RefutationSplit | null;
}

/** A place holds at most `at` copies, or more and nothing that is excluded by them. */
export interface RefutationSplit {
  readonly place: number;
  readonly at: number;
  readonly sides: {readonly below: readonly CutRow[]; readonly above: readonly CutRow[]};
  readonly below: RefutationNode;
  readonly above: RefutationNode;
}

/** Duals whose prices are those of some valuations, each taken so many times, in units of 2^-TIMES_BITS. */
export interface CombinedDuals {
  readonly parts: readonly {readonly valuation: Valuation; readonly times: number}[];
  readonly fees: readonly number[];
}

/** Why no plan costs less than the bound: a tree that leaves no case out, with duals at each leaf. */
export type Proof =
  | {readonly branch: Branch; readonly below: Proof; readonly above: Proof}
  | {readonly branch: null; readonly bound: ProvedBound};

/** Where the proof of a case grows: a better bound, or two cases in its place. */
export class ProofPlace {
  #bound: ProvedBound;
  #split: {readonly branch: Branch; readonly below: ProofPlace; readonly above: ProofPlace} | null = null;

  constructor(bound: ProvedBound) {
    this.#bound = bound;
  }

  get bound(): ProvedBound {
    return this.#bound;
  }

  /** Of two bounds of one case the better one stays. */
  raise(bound: ProvedBound): void {
    if (bound.duals !== null && (bound.cost > this.#bound.cost || this.#bound.duals === null)) this.#bound = bound;
  }

  /** What is proved of the whole holds in both parts. */
  split(branch: Branch): {readonly below: ProofPlace; readonly above: ProofPlace} {
    const parts = {below: new ProofPlace(this.#bound), above: new ProofPlace(this.#bound)};
    this.#split = {branch, ...parts};
    return parts;
  }

  proof(): Proof {
    if (this.#split === null) return {branch: null, bound: this.#bound};
    const {branch, below, above} = this.#split;
    return {branch, below: below.proof(), above: above.proof()};
  }
}

/** What the whole tree proves. */
export function lowestBound(proof: Proof): number {
  if (proof.branch === null) return proof.bound.cost;
  return Math.min(lowestBound(proof.below), lowestBound(proof.above));
}

/** What a branch asks of the plans on either of its sides. */
export function rowsOf({weights, at}: Branch): {readonly below: BinRow; readonly above: BinRow} {
  return {
    below: {weights, lower: Number.NEGATIVE_INFINITY, upper: at},
    above: {weights, lower: at + 1, upper: Number.POSITIVE_INFINITY},
  };
}
