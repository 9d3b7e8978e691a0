import {fewestKinds, kindsByItem} from './leastKinds.ts';
import {type OptimiseOptions, optimisePacking, type PackingOutcome} from './optimise.ts';
import type {PackingProblem} from './packingProblem.ts';

/**
 * A packing as the optimiser finds it; where kinds are limited and it finds none, one on the fewest kinds that can hold
 * everything, of which no bound is known.
 */
export function packWithFewKinds(problem: PackingProblem, options: OptimiseOptions): PackingOutcome {
  const outcome = optimisePacking(problem, options);
  const {kinds} = problem.limits;
  if (outcome.kind !== 'notFound' || kinds === null) return outcome;
  const chosen = fewestKinds([...kindsByItem(problem).values()]);
  if (chosen.length > kinds) return outcome;
  const binTypes = problem.binTypes.map((type) => (chosen.includes(type.kind) ? type : {...type, cost: null}));
  const narrow = optimisePacking({...problem, binTypes, limits: {...problem.limits, kinds: null}}, options);
  return narrow.kind === 'packed' ? {...narrow, lowerBound: 0, certificate: null, notes: outcome.notes} : outcome;
}
