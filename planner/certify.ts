import type {Proof} from './branchAndPrice.ts';
import {dualUnits} from './dualBound.ts';
import type {CertificateNode, PackingCertificate} from './packingCertificate.ts';
import {type PreparedProblem, replacedTypes} from './preparedProblem.ts';

/** A proof in terms of the problem itself. null: it ends in a leaf of which nothing is known. */
export function certify(prepared: PreparedProblem, proof: Proof): PackingCertificate | null {
  const root = certificateNode(prepared, proof);
  return root === null
    ? null
    : {perCost: dualUnits(prepared).perCost, replaced: replacedTypes(prepared.problem), proof: root};
}

function certificateNode(prepared: PreparedProblem, proof: Proof): CertificateNode | null {
  const {problem, types, variants} = prepared;
  if (proof.branch === null) {
    const {duals} = proof.bound;
    if (duals === null) return null;
    const prices = problem.items.map(() => 0);
    for (const {item, row} of variants) {
      if (problem.items[item]!.standsFor === null) prices[item] = duals.prices[row]!;
    }
    return {prices, fees: duals.fees};
  }
  const {weights, holding, at} = proof.branch;
  const below = certificateNode(prepared, proof.below);
  const above = certificateNode(prepared, proof.above);
  if (below === null || above === null) return null;
  return {
    weights: [...weights].map(([type, weight]) => ({binType: types[type]!.index, weight})),
    holding: holding.map(({variant, count}) => ({item: variants[variant]!.item, count})),
    at,
    below,
    above,
  };
}
