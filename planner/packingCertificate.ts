/**
 * Why no plan costs less than a bound, in whole numbers, so that it can be checked without a solver: planner/verify/.
 *
 * At each leaf every copy of an item has a price and every limit a fee. Where no bin can hold copies whose prices add up
 * to more than the bin costs, fees included, the prices of all items less the fees are a bound. Or a leaf shows that its bins cannot hold all items, whatever they cost.
 */
export interface PackingCertificate {
  /** Units of prices and fees in one unit of cost. */
  readonly perCost: number;
  /** Bin types that are never needed, since another can do all they can for no more. */
  readonly replaced: readonly ReplacedBinType[];
  readonly valuations: readonly CertificateValuation[];
  readonly proof: CertificateNode;
}

export interface ReplacedBinType {
  readonly binType: number;
  readonly by: number;
}

/** What many leaves have in common: prices of copies, and what no bin can hold more of under them. */
export interface CertificateValuation {
  /** By item, at least 0; that of an item that stands for another is the other's. */
  readonly prices: readonly number[];
  /** By bin type; of one that is replaced or cannot be used it does not matter. */
  readonly uppers: readonly number[];
}

/** A leaf, or two cases of which every plan is one: a sum over its bins is at most `at`, or at least one more. */
export type CertificateNode = CertificateLeaf | CertificateSum | CertificateRefutation | CertificateBranch;

export interface CertificateBranch {
  /** What a bin counts for in the sum, by bin type; those that are missing: 0. */
  readonly weights: readonly {readonly binType: number; readonly weight: number}[];
  readonly at: number;
  readonly below: CertificateNode;
  readonly above: CertificateNode;
}

export interface CertificateLeaf {
  /** By item, at least 0; that of an item that stands for another is the other's. */
  readonly prices: readonly number[];
  /**
   * At most 0 on what may not be exceeded, at least 0 on what has to be reached. First the limits: of bins, if there is
   * one; of each bin type that has one; of each budget. Then the branches on the way to this leaf, from the root.
   */
  readonly fees: readonly number[];
}

/** A leaf whose prices are a sum of valuations; what bins can hold under them is at most the sum of their uppers. */
export interface CertificateSum {
  /** `times`: a whole number of at least 0, in units of 2^-TIMES_BITS; it may exceed the safe ones and is still exact. */
  readonly parts: readonly {readonly valuation: number; readonly times: number}[];
  /** As in any other leaf. */
  readonly fees: readonly number[];
}

/** A leaf whose plans have no more bins than these, which cannot hold all items. */
export interface CertificateRefutation {
  /** Told apart and counted in this order: all bins of the first type, then those of the next. */
  readonly bins: readonly RefutedBins[];
  readonly refutation: RefutedCase;
}

export interface RefutedBins {
  readonly binType: number;
  readonly count: number;
  /** Each of them holds as many of this item as the next one, or more: bins of one type can be sorted so. */
  readonly orderedBy: number | null;
}

/**
 * Cuts, and then two cases of which every filling is one; where there are none, no filling keeps to the last cut. The rows
 * that cuts add up are sums over what each bin holds of each item. First come those of the problem: of each item that is
 * asked for, so many copies, whatever stands for it; by bin and dimension, no more than its room; by bin but the last of
 * its type, the order, where there is one; by bin and item with a largest count, no more than that. Then come the cuts and
 * splits on the way, from the root. Below a split: no more than `at`; above: at least one more, and where something is
 * excluded by the item, nothing of that.
 */
export interface RefutedCase {
  readonly cuts: readonly RefutationCut[];
  readonly split: RefutationSplit | null;
}

/** Its coefficients and its bound are those of the sum, each rounded down. */
export interface RefutationCut {
  /** `times`: a whole number in units of 1 / `over`, of at least 0 for rows that are no equalities. */
  readonly parts: readonly {readonly row: number; readonly times: number}[];
  readonly over: number;
}

export interface RefutationSplit {
  /** Counted over all bins. */
  readonly bin: number;
  readonly item: number;
  readonly at: number;
  readonly below: RefutedCase;
  readonly above: RefutedCase;
}

export const TIMES_BITS = 44;

/** Every leaf that has prices, with these by item, in units of the certificate; those of a sum as far as doubles are exact. */
export function certificateLeaves({valuations, proof}: PackingCertificate): readonly CertificateLeaf[] {
  const leavesOf = (node: CertificateNode): readonly CertificateLeaf[] => {
    if ('below' in node) return [...leavesOf(node.below), ...leavesOf(node.above)];
    if ('refutation' in node) return [];
    return ['prices' in node ? node : {prices: summedPrices(valuations, node), fees: node.fees}];
  };
  return leavesOf(proof);
}

function summedPrices(valuations: readonly CertificateValuation[], {parts}: CertificateSum): readonly number[] {
  return (valuations[0]?.prices ?? []).map((_, item) =>
    parts.reduce(
      (sum, {valuation, times}) => sum + valuations[valuation]!.prices[item]! * (times / 2 ** TIMES_BITS),
      0,
    ),
  );
}
