import type {CutRow} from './cutRow.ts';

export interface CutTableau {
  readonly rows: readonly CutRow[];
  add(row: CutRow): void;
  /** `failed`: it went on for too long. */
  solve(): 'solved' | 'infeasible' | 'failed';
  /** By place, in the last solution. */
  values(): Float64Array;
  /** Whether a row is kept to with something to spare. */
  isLoose(row: number): boolean;
  /** By row: sums of rows whose left side is whole in every filling, while their right side is this far above a whole. */
  fractions(): readonly {readonly multipliers: Float64Array; readonly fraction: number}[];
  /** By row: a sum of rows that nothing can keep to, and by how much. */
  contradiction(): {readonly multipliers: Float64Array; readonly excess: number};
}

const MOST_PIVOTS = 2000;
const FEASIBLE = 1e-7;
const SMALLEST_PIVOT = 1e-8;
const TIE = 1e-12;
/** Closer to a whole number, a fraction may be rounding alone. */
const CLEAR = 0.02;

/**
 * The dual simplex method on a full tableau, since cuts are read from its lines: for up to some hundred rows. Starts with
 * all places empty, which costs nothing, so `costs` of at least 0 say which of all solutions is found.
 */
export function createCutTableau(given: readonly CutRow[], costs: Float64Array, mostRows: number): CutTableau {
  const places = costs.length;
  // The first column holds the levels, those of slacks come last.
  const slackOf = (row: number) => 1 + places + row;
  const width = slackOf(mostRows);
  const rows: CutRow[] = [];
  const lines: Float64Array[] = [];
  const basis: number[] = [];
  const isBasic = new Uint8Array(width);
  const isFixed = new Uint8Array(width);
  const reduced = new Float64Array(width);
  reduced.set(costs, 1);
  let contradictory = {line: 0, sign: 1};
  for (const row of given) add(row);

  function add(row: CutRow): void {
    const slack = slackOf(rows.length);
    const line = new Float64Array(width);
    line[0] = row.bound;
    line.set(row.coefficients, 1);
    line[slack] = 1;
    for (const [position, variable] of basis.entries()) subtract(line, lines[position]!, line[variable]!, slack);
    rows.push(row);
    lines.push(line);
    basis.push(slack);
    isBasic[slack] = 1;
    if (row.isEquality) isFixed[slack] = 1;
  }

  function subtract(from: Float64Array, line: Float64Array, times: number, before: number): void {
    if (times === 0) return;
    for (let column = 0; column < before; column++) from[column]! -= times * line[column]!;
  }

  /** The line farthest from what its variable may be, and on which side it has to grow. */
  function leaving(): {readonly line: number; readonly sign: number} | null {
    let found: {line: number; sign: number} | null = null;
    let worst = FEASIBLE;
    for (let line = 0; line < lines.length; line++) {
      const level = lines[line]![0]!;
      const away = isFixed[basis[line]!] === 1 ? Math.abs(level) : -level;
      if (away <= worst) continue;
      worst = away;
      found = {line, sign: Math.sign(level)};
    }
    return found;
  }

  function entering(line: Float64Array, sign: number): number | null {
    let best: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    let largest = 0;
    const end = slackOf(rows.length);
    for (let column = 1; column < end; column++) {
      if (isBasic[column] === 1 || isFixed[column] === 1) continue;
      const amount = sign * line[column]!;
      if (amount <= SMALLEST_PIVOT) continue;
      const ratio = Math.max(reduced[column]!, 0) / amount;
      if (ratio < least - TIE || (ratio < least + TIE && amount > largest)) {
        best = column;
        least = ratio;
        largest = amount;
      }
    }
    return best;
  }

  function pivot(position: number, variable: number): void {
    const own = lines[position]!;
    const end = slackOf(rows.length);
    const factor = 1 / own[variable]!;
    for (let column = 0; column < end; column++) own[column]! *= factor;
    own[variable] = 1;
    for (const line of [...lines, reduced]) {
      if (line === own) continue;
      subtract(line, own, line[variable]!, end);
      line[variable] = 0;
    }
    isBasic[basis[position]!] = 0;
    isBasic[variable] = 1;
    basis[position] = variable;
  }

  return {
    rows,
    add,
    solve() {
      for (let pivots = 0; pivots < MOST_PIVOTS; pivots++) {
        const out = leaving();
        if (out === null) return 'solved';
        const variable = entering(lines[out.line]!, out.sign);
        if (variable === null) {
          contradictory = out;
          return 'infeasible';
        }
        pivot(out.line, variable);
      }
      return 'failed';
    },
    values() {
      const values = new Float64Array(places);
      for (const [position, variable] of basis.entries()) {
        if (variable <= places) values[variable - 1] = lines[position]![0]!;
      }
      return values;
    },
    isLoose: (row) => isBasic[slackOf(row)] === 1,
    fractions() {
      return lines.flatMap((line) => {
        const fraction = line[0]! - Math.floor(line[0]!);
        if (fraction < CLEAR || fraction > 1 - CLEAR) return [];
        return [{multipliers: line.slice(slackOf(0), slackOf(rows.length)), fraction}];
      });
    },
    contradiction() {
      const {line, sign} = contradictory;
      const multipliers = lines[line]!.slice(slackOf(0), slackOf(rows.length)).map((amount) => -sign * amount);
      return {multipliers, excess: Math.abs(lines[line]![0]!)};
    },
  };
}
