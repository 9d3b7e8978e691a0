import type {Column, LinearProgram, LinearResult, RowBounds, Solver} from './solver.ts';

const TOLERANCE = 1e-9;
/** Of sums that should be equal. */
const ACCURACY = 1e-7;
/** Of a row that nothing else can meet yet: more than all real costs together. */
const ARTIFICIAL_COST = 1e7;
/** Pivots after which the inverse is built anew, since each adds rounding. */
const REBUILD_AFTER = 120;
const MOST_PIVOTS = 200_000;

/**
 * A small solver without dependencies: the revised simplex method with a dense inverse, for up to some hundred rows. It
 * goes on from its last basis when columns are added, as column generation wants it.
 */
export function createSimplexSolver(): Solver {
  return {createLinearProgram: createSimplex};
}

interface Variable {
  readonly cost: number;
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

function createSimplex(rows: readonly RowBounds[]): LinearProgram {
  const count = rows.length;
  const isLower = rows.map(({lower}) => Number.isFinite(lower));
  const target = rows.map(({lower, upper}, row) => (isLower[row] ? lower : upper));
  // A little more or less of each, so that no two rows are met by the same pivot again and again.
  const goal = target.map((amount, row) => amount + (isLower[row] ? 1 : -1) * -1e-9 * (1 + ((row * 7919) % 101)));
  const variables: Variable[] = [];
  const basis: number[] = [];
  const isBasic: boolean[] = [];
  const artificials: number[] = [];
  const inverse = Array.from({length: count}, () => new Float64Array(count));
  const level = new Float64Array(count);
  let pivots = 0;

  const add = (variable: Variable): number => {
    isBasic.push(false);
    return variables.push(variable) - 1;
  };
  for (let row = 0; row < count; row++) {
    const slack = add({cost: 0, rows: [row], values: [isLower[row] ? -1 : 1]});
    const amount = isLower[row] ? -goal[row]! : goal[row]!;
    let start = slack;
    if (amount < 0) {
      start = add({cost: ARTIFICIAL_COST, rows: [row], values: [isLower[row] ? 1 : -1]});
      artificials.push(start);
    }
    basis.push(start);
    isBasic[start] = true;
  }
  const offset = variables.length;
  rebuild();

  function rebuild(): boolean {
    const matrix = Array.from({length: count}, () => new Float64Array(2 * count));
    for (let row = 0; row < count; row++) matrix[row]![count + row] = 1;
    for (const [position, variable] of basis.entries()) {
      const {rows: entries, values} = variables[variable]!;
      for (const [index, row] of entries.entries()) matrix[row]![position] = values[index]!;
    }
    for (let column = 0; column < count; column++) {
      let best = column;
      for (let row = column + 1; row < count; row++) {
        if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[best]![column]!)) best = row;
      }
      const pivot = matrix[best]![column]!;
      if (Math.abs(pivot) < 1e-12) return false;
      [matrix[column], matrix[best]] = [matrix[best]!, matrix[column]!];
      const lead = matrix[column]!;
      for (let index = column; index < 2 * count; index++) lead[index]! /= pivot;
      for (let row = 0; row < count; row++) {
        const factor = matrix[row]![column]!;
        if (row === column || factor === 0) continue;
        const other = matrix[row]!;
        for (let index = column; index < 2 * count; index++) other[index]! -= factor * lead[index]!;
      }
    }
    for (let row = 0; row < count; row++) {
      inverse[row]!.set(matrix[row]!.subarray(count));
      let sum = 0;
      for (let index = 0; index < count; index++) sum += inverse[row]![index]! * goal[index]!;
      level[row] = sum;
    }
    return true;
  }

  function duals(): Float64Array {
    const prices = new Float64Array(count);
    for (let position = 0; position < count; position++) {
      const {cost} = variables[basis[position]!]!;
      if (cost === 0) continue;
      const row = inverse[position]!;
      for (let index = 0; index < count; index++) prices[index]! += cost * row[index]!;
    }
    return prices;
  }

  function entering(prices: Float64Array): number | null {
    let best: number | null = null;
    let least = -TOLERANCE;
    for (let variable = 0; variable < variables.length; variable++) {
      if (isBasic[variable]) continue;
      const {cost, rows: entries, values} = variables[variable]!;
      let reduced = cost;
      for (let index = 0; index < entries.length; index++) reduced -= prices[entries[index]!]! * values[index]!;
      if (reduced < least) {
        least = reduced;
        best = variable;
      }
    }
    return best;
  }

  function direction({rows: entries, values}: Variable): Float64Array {
    const change = new Float64Array(count);
    for (let position = 0; position < count; position++) {
      const row = inverse[position]!;
      let sum = 0;
      for (let index = 0; index < entries.length; index++) sum += row[entries[index]!]! * values[index]!;
      change[position] = sum;
    }
    return change;
  }

  function leaving(change: Float64Array): number | null {
    let best: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (let position = 0; position < count; position++) {
      if (change[position]! <= TOLERANCE) continue;
      const ratio = Math.max(level[position]!, 0) / change[position]!;
      const isTie = best !== null && Math.abs(ratio - least) <= 1e-12 * Math.max(1, Math.abs(least));
      if (isTie ? change[position]! > change[best!]! : ratio < least) {
        least = ratio;
        best = position;
      }
    }
    return best;
  }

  function pivot(position: number, variable: number, change: Float64Array): void {
    const lead = inverse[position]!;
    const divisor = change[position]!;
    const step = level[position]! / divisor;
    for (let index = 0; index < count; index++) lead[index]! /= divisor;
    for (let row = 0; row < count; row++) {
      const factor = change[row]!;
      if (row === position || factor === 0) continue;
      const other = inverse[row]!;
      for (let index = 0; index < count; index++) other[index]! -= factor * lead[index]!;
      level[row]! -= factor * step;
    }
    level[position] = step;
    isBasic[basis[position]!] = false;
    isBasic[variable] = true;
    basis[position] = variable;
  }

  /** Whether the basis still solves what it should: pivots on small numbers lose digits. */
  function isAccurate(prices: Float64Array): boolean {
    const missing = Float64Array.from(goal);
    for (const [position, variable] of basis.entries()) {
      const {cost, rows: entries, values} = variables[variable]!;
      let reduced = cost;
      let size = Math.abs(cost);
      for (const [index, row] of entries.entries()) {
        missing[row]! -= values[index]! * level[position]!;
        reduced -= prices[row]! * values[index]!;
        size = Math.max(size, Math.abs(prices[row]! * values[index]!));
      }
      if (Math.abs(reduced) > ACCURACY * Math.max(1, size)) return false;
    }
    return missing.every((amount, row) => Math.abs(amount) <= ACCURACY * Math.max(1, Math.abs(goal[row]!)));
  }

  function solve(): LinearResult {
    let isFresh = false;
    for (let turn = 0; turn < MOST_PIVOTS; turn++) {
      const prices = duals();
      const variable = entering(prices);
      if (variable === null) {
        if (isAccurate(prices)) return optimum(prices);
        if (isFresh || !rebuild()) return {status: 'failed'};
        isFresh = true;
        continue;
      }
      isFresh = false;
      const change = direction(variables[variable]!);
      const position = leaving(change);
      if (position === null) return {status: 'failed'};
      pivot(position, variable, change);
      if (++pivots % REBUILD_AFTER === 0 && !rebuild()) return {status: 'failed'};
    }
    return {status: 'failed'};
  }

  function optimum(prices: Float64Array): LinearResult {
    const amounts = new Float64Array(variables.length);
    for (const [position, variable] of basis.entries()) amounts[variable] = Math.max(0, level[position]!);
    if (artificials.some((variable) => amounts[variable]! > 1e-6)) return {status: 'infeasible'};
    const values = amounts.subarray(offset);
    const objective = values.reduce((sum, amount, index) => sum + amount * variables[offset + index]!.cost, 0);
    return {status: 'optimal', objective, values, duals: prices};
  }

  return {
    addColumns(columns: readonly Column[]) {
      for (const {cost, rows: entries, values} of columns) add({cost, rows: entries, values});
    },
    solve,
    dispose() {},
  };
}
