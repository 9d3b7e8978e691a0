import {chooseFillingBranch} from './branching.ts';
import {generateColumns, type PatternPool} from './columnGeneration.ts';
import {dive, limitRows} from './dive.ts';
import {type BinRow, dualUnits, forbiddenTypes} from './dualBound.ts';
import {type Fleet, isComplete} from './fleet.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import {createPricer} from './pricing.ts';
import {type ProofPlace, rowsOf} from './proof.ts';
import type {SearchOptions} from './searchOptions.ts';
import type {Solver} from './solver.ts';

/** Whether one fleet holds everything: the search for a filling of its bins, which can be interrupted. */
export interface FillingSearch {
  /** Solves up to so many relaxations; a filling that costs `cost` or more is of no use. */
  run(relaxations: number, cost: number): FillingOutcome;
}

export interface FillingOutcome {
  /** `stuck`: what is open can be neither split nor filled. */
  readonly status: 'filled' | 'refuted' | 'open' | 'stuck';
  readonly fleet: Fleet | null;
  readonly relaxations: number;
}

interface OpenCase {
  readonly rows: readonly BinRow[];
  readonly place: ProofPlace;
}

/** Of the first relaxation, which is the most promising one. */
const FIRST_DIVES = 8;
const SPREAD = 0.4;

/** `fleet`: the problem with just these bins. `rows`: what makes the place's case this fleet. */
export function createFillingSearch(
  prepared: PreparedProblem,
  fleet: PreparedProblem,
  rows: readonly BinRow[],
  place: ProofPlace,
  pool: PatternPool,
  solver: Solver,
  options: SearchOptions,
): FillingSearch {
  const {divisor} = dualUnits(prepared);
  const forbidden = forbiddenTypes(rows);
  const pricer = createPricer(prepared, prepared.demand, options.mostCells, (type) => !forbidden.has(type));
  const limits = limitRows(
    prepared,
    prepared.limits.map(({atMost}) => atMost),
  );
  const open: OpenCase[] = [{rows, place}];
  let isFirst = true;
  let isStuck = false;

  function fill({rows: own, place: at}: OpenCase, cost: number): Fleet | null {
    const relaxed = generateColumns(
      prepared,
      {demand: prepared.demand, binRows: [...limits, ...own]},
      pool,
      pricer,
      solver,
      {cutoff: cost - divisor + 1, effort: options.effort, tolerance: 1e-7, shouldStop: options.shouldStop},
    );
    at.raise(relaxed.bound);
    if (at.bound.cost >= cost) return null;
    if (relaxed.status !== 'optimal') {
      isStuck ||= relaxed.status !== 'stopped';
      return null;
    }
    for (let attempt = 0; attempt < (isFirst ? FIRST_DIVES : 1); attempt++) {
      const nudge = () => (attempt === 0 ? 0 : options.draw() * SPREAD);
      const found = dive(fleet, relaxed.uses, pool, solver, {...options, nudge});
      if (found !== null && isComplete(fleet, found)) return found;
    }
    isFirst = false;
    const branch = chooseFillingBranch(relaxed.uses);
    if (branch === null) {
      isStuck = true;
      return null;
    }
    const {below, above} = rowsOf(branch);
    const parts = at.split(branch);
    open.push({rows: [...own, below], place: parts.below}, {rows: [...own, above], place: parts.above});
    return null;
  }

  return {
    run(most, cost) {
      let relaxations = 0;
      while (open.length > 0 && relaxations < most && !options.shouldStop()) {
        relaxations++;
        const found = fill(open.pop()!, cost);
        if (found !== null) return {status: 'filled', fleet: found, relaxations};
      }
      if (open.length > 0) return {status: 'open', fleet: null, relaxations};
      return {status: isStuck ? 'stuck' : 'refuted', fleet: null, relaxations};
    },
  };
}
