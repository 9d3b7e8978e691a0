import type {LinearProgram, Solver} from './solver.ts';

/** A solver whose breaking is an answer: `failed`, from the first error on. */
export function guardedSolver(solver: Solver): Solver {
  return {
    createLinearProgram(rows) {
      let program: LinearProgram | null = attempt(() => solver.createLinearProgram(rows));
      return {
        addColumns(columns) {
          const target = program;
          if (target !== null && attempt(() => target.addColumns(columns) ?? true) === null) program = null;
        },
        solve() {
          const target = program;
          return (target === null ? null : attempt(() => target.solve())) ?? {status: 'failed'};
        },
        dispose() {
          const target = program;
          if (target !== null) attempt(() => target.dispose());
        },
      };
    },
  };
}

/** null: it threw. What a solver throws (out of memory, an assertion of its own) tells the planner no more than that. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
