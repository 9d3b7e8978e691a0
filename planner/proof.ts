import type {Branch} from './branching.ts';
import type {BinRow, DualBound} from './dualBound.ts';

/** Why no plan costs less than the bound: a tree that leaves no case out, with duals at each leaf. */
export type Proof =
  | {readonly branch: Branch; readonly below: Proof; readonly above: Proof}
  | {readonly branch: null; readonly bound: DualBound};

/** Where the proof of a case grows: a better bound, or two cases in its place. */
export class ProofPlace {
  #bound: DualBound;
  #split: {readonly branch: Branch; readonly below: ProofPlace; readonly above: ProofPlace} | null = null;

  constructor(bound: DualBound) {
    this.#bound = bound;
  }

  get bound(): DualBound {
    return this.#bound;
  }

  /** Of two bounds of one case the better one stays. */
  raise(bound: DualBound): void {
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
export function rowsOf({weights, holding, at}: Branch): {readonly below: BinRow; readonly above: BinRow} {
  return {
    below: {weights, holding, lower: Number.NEGATIVE_INFINITY, upper: at},
    above: {weights, holding, lower: at + 1, upper: Number.POSITIVE_INFINITY},
  };
}
