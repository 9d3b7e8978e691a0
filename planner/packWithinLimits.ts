import {isWithinLimits} from './keepsToLimits.ts';
import {fewestKinds, kindsByItem} from './leastKinds.ts';
import {type OptimiseOptions, optimisePacking, type PackingOutcome} from './optimise.ts';
import type {CertificateNode, PackingCertificate} from './packingCertificate.ts';
import type {PackingProblem} from './packingProblem.ts';
import {costOf, type PackingSolution} from './packingSolution.ts';

type Packed = Extract<PackingOutcome, {kind: 'packed'}>;

/**
 * A packing as the optimiser finds it. Where the limits leave it none, the cheaper of `known`, as far as it keeps to them,
 * and one on the fewest kinds that can hold everything; its bound is then that of plans without limits.
 */
export function packWithinLimits(
  problem: PackingProblem,
  options: OptimiseOptions,
  known: PackingSolution | null,
): PackingOutcome {
  const outcome = optimisePacking(problem, options);
  if (outcome.kind !== 'notFound') return outcome;
  const [solution] = [known, onFewestKinds(problem, options)]
    .filter((one) => one !== null)
    .filter((one) => isWithinLimits(problem, one))
    .sort((a, b) => costOf(problem, a) - costOf(problem, b));
  if (solution === undefined) return outcome;
  const cost = costOf(problem, solution);
  return {kind: 'packed', solution, cost, ...boundWithoutLimits(problem, options), notes: outcome.notes};
}

function onFewestKinds(problem: PackingProblem, options: OptimiseOptions): PackingSolution | null {
  const {kinds} = problem.limits;
  if (kinds === null) return null;
  const chosen = fewestKinds([...kindsByItem(problem).values()]);
  if (chosen.length > kinds) return null;
  const binTypes = problem.binTypes.map((type) => (chosen.includes(type.kind) ? type : {...type, cost: null}));
  const outcome = optimisePacking({...problem, binTypes, limits: {...problem.limits, kinds: null}}, options);
  return outcome.kind === 'packed' ? outcome.solution : null;
}

/** Holds of plans that keep to limits as well. The search ends once it is known. */
function boundWithoutLimits(
  problem: PackingProblem,
  {shouldStop, ...options}: OptimiseOptions,
): Pick<Packed, 'lowerBound' | 'certificate'> {
  const {limits} = problem;
  let isKnown = false;
  const outcome = optimisePacking(
    {...problem, limits: {...limits, bins: null, kinds: null}},
    {
      ...options,
      nodes: 0,
      shouldStop: () => isKnown || shouldStop(),
      onProgress: () => {
        isKnown = true;
      },
    },
  );
  if (outcome.kind !== 'packed') return {lowerBound: 0, certificate: null};
  const {lowerBound, certificate} = outcome;
  return {lowerBound, certificate: certificate === null ? null : underLimits(certificate, problem)};
}

/**
 * The certificate where limits charge nothing. Where kinds are counted, no type may be left out for another, but prices
 * that are right for that one are so for both.
 */
function underLimits({replaced, ...certificate}: PackingCertificate, {limits}: PackingProblem): PackingCertificate {
  const charged = (node: CertificateNode): CertificateNode => {
    if ('below' in node) return {...node, below: charged(node.below), above: charged(node.above)};
    return 'fees' in node && limits.bins !== null ? {...node, fees: [0, ...node.fees]} : node;
  };
  return {...certificate, replaced: limits.kinds === null ? replaced : [], proof: charged(certificate.proof)};
}
