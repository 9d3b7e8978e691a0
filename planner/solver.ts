/**
 * What the planner asks of a solver of linear programs: the least cost of columns of at least 0 whose sums keep to the
 * bounds of the rows. planner/node/ has one in WebAssembly, planner/simplex.ts one without any dependency.
 */
export interface Solver {
  createLinearProgram(rows: readonly RowBounds[]): LinearProgram;
}

export interface RowBounds {
  readonly lower: number;
  readonly upper: number;
}

export interface Column {
  readonly cost: number;
  /** By rising row. */
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

/** A program that grows by columns and keeps where it was between solves. */
export interface LinearProgram {
  addColumns(columns: readonly Column[]): void;
  solve(): LinearResult;
  dispose(): void;
}

/** `failed`: the solver gave up or broke; nothing may be concluded from it. */
export type LinearResult =
  | {
      readonly status: 'optimal';
      readonly objective: number;
      readonly values: ArrayLike<number>;
      /** By row: what one more unit of its bound would cost; at least 0 for a lower bound, at most 0 for an upper. */
      readonly duals: ArrayLike<number>;
    }
  | {readonly status: 'infeasible' | 'failed'};
