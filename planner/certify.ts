import type {CutRow} from './cutRow.ts';
import {dualUnits} from './dualBound.ts';
import type {Valuation} from './fleetRelaxation.ts';
import type {
  CertificateNode,
  CertificateRefutation,
  CertificateValuation,
  PackingCertificate,
  RefutedCase,
} from './packingCertificate.ts';
import {type PreparedProblem, replacedTypes} from './preparedProblem.ts';
import type {Proof, Refutation, RefutationNode} from './proof.ts';

/** A proof in terms of the problem itself. null: it ends in a leaf of which nothing is known. */
export function certify(prepared: PreparedProblem, proof: Proof): PackingCertificate | null {
  const valuations = new Map<Valuation, number>();
  const root = certificateNode(prepared, proof, prepared.limits.length, valuations);
  if (root === null) return null;
  return {
    perCost: dualUnits(prepared).perCost,
    replaced: replacedTypes(prepared.problem),
    valuations: [...valuations.keys()].map((valuation) => certificateValuation(prepared, valuation)),
    proof: root,
  };
}

/**
 * `rows`: how many have a fee in this case; those that the bound is not about charge nothing. `valuations`: those used
 * so far, with their positions.
 */
function certificateNode(
  prepared: PreparedProblem,
  proof: Proof,
  rows: number,
  valuations: Map<Valuation, number>,
): CertificateNode | null {
  const {types} = prepared;
  if (proof.branch === null) {
    const {duals} = proof.bound;
    if (duals === null) return null;
    if ('root' in duals) return certificateRefutation(prepared, duals);
    const fees = Array.from({length: rows}, (_, row) => duals.fees[row] ?? 0);
    if ('prices' in duals) return {prices: pricesByItem(prepared, duals.prices), fees};
    const parts = duals.parts.map(({valuation, times}) => {
      const index = valuations.get(valuation) ?? valuations.size;
      valuations.set(valuation, index);
      return {valuation: index, times};
    });
    return {parts, fees};
  }
  const {weights, at} = proof.branch;
  const below = certificateNode(prepared, proof.below, rows + 1, valuations);
  const above = certificateNode(prepared, proof.above, rows + 1, valuations);
  if (below === null || above === null) return null;
  return {
    weights: [...weights].map(([type, weight]) => ({binType: types[type]!.index, weight})),
    at,
    below,
    above,
  };
}

function certificateRefutation(
  {types, variants}: PreparedProblem,
  {groups, places, given, root}: Refutation,
): CertificateRefutation {
  const refutedCase = ({cuts, split}: RefutationNode, before: ReadonlyMap<CutRow, number>): RefutedCase => {
    const rows = new Map(before);
    const derived = cuts.map((cut) => {
      const {parts, over} = cut.derivation!;
      const named = parts.map(({row, times}) => ({row: rows.get(row)!, times}));
      rows.set(cut, rows.size);
      return {parts: named, over};
    });
    if (split === null) return {cuts: derived, split: null};
    const side = (name: 'below' | 'above') => {
      const known = new Map(rows);
      for (const row of split.sides[name]) known.set(row, known.size);
      return refutedCase(split[name], known);
    };
    const {bin, variant} = places[split.place]!;
    return {
      cuts: derived,
      split: {bin, item: variants[variant]!.item, at: split.at, below: side('below'), above: side('above')},
    };
  };
  return {
    bins: groups.map(({type, count, orderedBy}) => ({
      binType: types[type]!.index,
      count,
      orderedBy: orderedBy === null ? null : variants[orderedBy]!.item,
    })),
    refutation: refutedCase(root, new Map(given.map((row, index) => [row, index]))),
  };
}

function certificateValuation(prepared: PreparedProblem, {prices, uppers}: Valuation): CertificateValuation {
  const byBinType = prepared.problem.binTypes.map(() => 0);
  for (const [type, {index}] of prepared.types.entries()) byBinType[index] = uppers[type]!;
  return {prices: pricesByItem(prepared, prices), uppers: byBinType};
}

function pricesByItem({problem, variants}: PreparedProblem, byRow: readonly number[]): readonly number[] {
  const prices = problem.items.map(() => 0);
  for (const {item, row} of variants) {
    if (problem.items[item]!.standsFor === null) prices[item] = byRow[row]!;
  }
  return prices;
}
