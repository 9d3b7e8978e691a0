import loadHighs, {type Highs, type Model} from 'highs';
import type {Column, LinearProgram, LinearResult, RowBounds, Solver} from '../solver.ts';

/** The package's types are those of CommonJS, its module is the function itself. */
const load = loadHighs as unknown as typeof loadHighs.default;

/** HiGHS in WebAssembly: one thread, and it blocks while it solves, so use it in a worker. */
export async function loadHighsSolver(): Promise<Solver> {
  const highs = await load();
  return {createLinearProgram: (rows) => createLinearProgram(highs, rows)};
}

function createLinearProgram(highs: Highs, rows: readonly RowBounds[]): LinearProgram {
  const model = highs.createModel();
  model.options.set({output_flag: false, presolve: 'off', solver: 'simplex', time_limit: 60});
  addRows(model, rows);
  return {
    addColumns: (columns) => addColumns(highs, model, columns),
    solve: () => solveLinearProgram(highs, model),
    dispose: () => model.dispose(),
  };
}

function solveLinearProgram(highs: Highs, model: Model): LinearResult {
  try {
    model.zeroAllClocks();
    model.run();
  } catch {
    return {status: 'failed'};
  }
  const status = model.getModelStatus();
  if (status === highs.constants.modelStatus.infeasible) return {status: 'infeasible'};
  if (status !== highs.constants.modelStatus.optimal) return {status: 'failed'};
  const {colValue, rowDual} = model.getSolution();
  return {status: 'optimal', objective: model.getObjectiveValue(), values: colValue, duals: rowDual};
}

function addRows(model: Model, rows: readonly RowBounds[]): void {
  model.addRows({
    lower: Float64Array.from(rows, ({lower}) => lower),
    upper: Float64Array.from(rows, ({upper}) => upper),
    matrix: {
      format: 'csr',
      numRows: rows.length,
      numCols: 0,
      starts: new Int32Array(rows.length + 1),
      indices: new Int32Array(0),
      values: new Float64Array(0),
    },
  });
}

function addColumns(highs: Highs, model: Model, columns: readonly Column[]): void {
  const starts = new Int32Array(columns.length + 1);
  for (const [index, {rows}] of columns.entries()) starts[index + 1] = starts[index]! + rows.length;
  model.addCols({
    cost: Float64Array.from(columns, ({cost}) => cost),
    lower: new Float64Array(columns.length),
    upper: new Float64Array(columns.length).fill(highs.infinity),
    matrix: {
      format: 'csc',
      numRows: model.getDimensions().numRows,
      numCols: columns.length,
      starts,
      indices: Int32Array.from(columns.flatMap(({rows}) => rows)),
      values: Float64Array.from(columns.flatMap(({values}) => values)),
    },
  });
}
