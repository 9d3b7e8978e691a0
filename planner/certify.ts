import {dualUnits} from './dualBound.ts';
import type {CertificateNode, PackingCertificate} from './packingCertificate.ts';
import {type PreparedProblem, replacedTypes} from './preparedProblem.ts';
import type {Proof} from './proof.ts';

/** A proof in terms of the problem itself. null: it ends in a leaf of which nothing is known. */
export function certify(prepared: PreparedProblem, proof: Proof): PackingCertificate | null {
  const root = certificateNode(prepared, proof, prepared.limits.length);
  return root === null
    ? null
    : {perCost: dualUnits(prepared).perCost, replaced: replacedTypes(prepared.problem), proof: root};
}

/** `rows`: how many have a fee in this case; those that the bound is not about charge nothing. */
function certificateNode(prepared: PreparedProblem, proof: Proof, rows: number): CertificateNode | null {
  const {problem, types, variants} = prepared;
  if (proof.branch === null) {
    const {duals} = proof.bound;
    if (duals === null) return null;
    const prices = problem.items.map(() => 0);
    for (const {item, row} of variants) {
      if (problem.items[item]!.standsFor === null) prices[item] = duals.prices[row]!;
    }
    return {prices, fees: Array.from({length: rows}, (_, row) => duals.fees[row] ?? 0)};
  }
  const {weights, holding, at} = proof.branch;
  const below = certificateNode(prepared, proof.below, rows + 1);
  const above = certificateNode(prepared, proof.above, rows + 1);
  if (below === null || above === null) return null;
  return {
    weights: [...weights].map(([type, weight]) => ({binType: types[type]!.index, weight})),
    holding: holding.map(({variant, count}) => ({item: variants[variant]!.item, count})),
    at,
    below,
    above,
  };
}
