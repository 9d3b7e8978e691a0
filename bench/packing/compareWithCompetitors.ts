import {COMPETITORS} from '../../planner/competitors/competitors.ts';
import {type OptimiseOptions, optimisePacking} from '../../planner/optimise.ts';
import {COST_UNITS} from '../../planner/packingProblem.ts';
import {costOf} from '../../planner/packingSolution.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {variedProblem} from './variedProblem.ts';

/** What a plan and others pay for the same demand, in an hour. */
export interface ComparedInstance {
  readonly seed: number;
  readonly shapes: number;
  readonly pods: number;
  readonly types: number;
  readonly plan: number;
  readonly lowerBound: number;
  /** By name; null where it finds no place for every pod. */
  readonly competitors: Readonly<Record<string, number | null>>;
}

/** Relaxations in the search for a proof: few, so that a run ends soon, and no time, so that it ends the same. */
const PROOF_NODES = 10;

/** The plan is the search's own: no competitor's packing is handed to it. */
export function compareWithCompetitors(seed: number, solver: OptimiseOptions['solver']): ComparedInstance {
  const problem = variedProblem(seed);
  const outcome = optimisePacking(problem, {solver, seed, nodes: PROOF_NODES, shouldStop: () => false});
  if (outcome.kind !== 'packed') throw new Error(`seed ${seed}: ${outcome.kind}`);
  const competitors = COMPETITORS.map(({name, pack}) => {
    const solution = pack(problem);
    if (solution === null) return [name, null] as const;
    const cost = costOf(problem, solution);
    const faults = verifyPlan(problem, solution, cost);
    if (faults.length > 0) throw new Error(`seed ${seed}, ${name}: ${faults.join(', ')}`);
    return [name, cost / COST_UNITS] as const;
  });
  const faults = verifyPlan(problem, outcome.solution, outcome.cost);
  if (faults.length > 0) throw new Error(`seed ${seed}: ${faults.join(', ')}`);
  return {
    seed,
    shapes: problem.items.length,
    pods: problem.items.reduce((sum, {count}) => sum + count, 0),
    types: problem.binTypes.length,
    plan: outcome.cost / COST_UNITS,
    lowerBound: outcome.lowerBound / COST_UNITS,
    competitors: Object.fromEntries(competitors),
  };
}
