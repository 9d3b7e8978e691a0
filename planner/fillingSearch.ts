import {type CutRow, derivedRow, givenRow} from './cutRow.ts';
import {type CutTableau, createCutTableau} from './cutTableau.ts';
import {type FillingRows, fillingRows} from './fillingRows.ts';
import type {FilledBins, Fleet} from './fleet.ts';
import type {PreparedProblem} from './preparedProblem.ts';
import type {Refutation, RefutationNode} from './proof.ts';
import type {SearchOptions} from './searchOptions.ts';

/** `stuck`: what is left can be neither split nor filled, or the fleet is too large for this search. */
export type FillingOutcome = {readonly nodes: number} & (
  | {readonly status: 'filled'; readonly fleet: Fleet}
  | {readonly status: 'refuted'; readonly refutation: Refutation}
  | {readonly status: 'open' | 'stuck'}
);

const MOST_PLACES = 1500;
/** Solutions to cut off at the first case and at all others, each found by other costs, and how often in a row. */
const FIRST_SOLUTIONS = 20;
const SOLUTIONS = 4;
const ROUNDS = 5;
const CUTS = 12;
/** Of the cosine between two cuts: from there on they say much the same. */
const ALIKE = 0.95;
const SHALLOW = 1e-3;
/** Solutions in a row that a cut may do nothing for. */
const MOST_IDLE = 7;
const WHOLE = 1e-5;
/** Units of multipliers in 1. */
const ONCE = 2 ** 30;
/** Added for every copy, so that rounded multipliers leave no coefficient just below a whole number. */
const MARGIN = 2 ** 14;
/** How far from possible a contradiction is made: enough for the margins, and not so much that sums are no longer exact. */
const EXCESSES = [0.5, 0.02];

/**
 * Looks for a filling of one fleet's bins that packs everything, or for a proof that there is none: cases by how many copies
 * of a variant one bin holds, in each of which cuts remove solutions in fractions. Solutions for various costs give cuts
 * that differ, which gets much farther than cutting on from one. Another run takes another course.
 */
export function searchFilling(
  prepared: PreparedProblem,
  counts: readonly number[],
  mostNodes: number,
  {draw, shouldStop}: Pick<SearchOptions, 'draw' | 'shouldStop'>,
): FillingOutcome {
  const program = fillingRows(prepared, counts);
  const {places, bins, working} = program;
  const weights = splitWeights(prepared, program);
  const centred = centring(prepared, program);
  const excluded = places.map(({bin, variant}) => {
    const {excludes} = prepared.variants[variant]!;
    return places.flatMap((other, index) => (other.bin === bin && excludes.includes(other.variant) ? [index] : []));
  });
  let nodes = 0;
  if (places.length > MOST_PLACES) return {status: 'stuck', nodes};
  const explored = explore(working);
  if ('status' in explored) return {...explored, nodes};
  const root = {...explored, cuts: [...working.filter(({derivation}) => derivation !== null), ...explored.cuts]};
  return {status: 'refuted', refutation: {...program, root: onlyUsed(root)}, nodes};

  function explore(rows: readonly CutRow[]): RefutationNode | Unrefuted {
    if (nodes >= mostNodes || shouldStop()) return {status: 'open'};
    const separated = separate(rows, nodes === 0 ? FIRST_SOLUTIONS : SOLUTIONS);
    nodes++;
    const {cuts} = separated;
    if (separated.contradiction !== null) return {cuts: [...cuts, separated.contradiction], split: null};
    const branch = separated.filled === null ? separated.branch : conflictIn(separated.filled);
    if (branch === null) return separated.filled === null ? {status: 'stuck'} : filledWith(separated.filled);
    const {place, at} = branch;
    const sides = sidesOf(place, at);
    // What is above is smaller, and more likely to be refuted or filled at once.
    const above = explore([...separated.rows, ...sides.above]);
    if ('status' in above) return above;
    const below = explore([...separated.rows, ...sides.below]);
    if ('status' in below) return below;
    return {cuts, split: {place, at, sides, below, above}};
  }

  function separate(given: readonly CutRow[], solutions: number): Separated {
    const idle = new Map<CutRow, number>();
    const cuts: CutRow[] = [];
    const distance = new Float64Array(places.length);
    const sums = new Float64Array(places.length);
    let rows = given;
    let solved = 0;
    for (let solution = 0; solution < solutions && !shouldStop(); solution++) {
      const costs = Float64Array.from(places, () => draw());
      const tableau = createCutTableau(rows, costs, rows.length + ROUNDS * CUTS);
      for (let round = 0; round < ROUNDS; round++) {
        const status = tableau.solve();
        if (status === 'infeasible') {
          const contradiction = contradictionOf(tableau);
          if (contradiction !== null) return {contradiction, cuts, rows, filled: null, branch: null};
        }
        if (status !== 'solved') break;
        const values = tableau.values();
        if (values.every((value) => Math.abs(value - Math.round(value)) <= WHOLE)) {
          return {contradiction: null, cuts, rows, filled: values.map(Math.round), branch: null};
        }
        solved++;
        for (const [place, value] of values.entries()) {
          distance[place]! += Math.abs(value - Math.round(value));
          sums[place]! += value;
        }
        for (const [index, row] of tableau.rows.entries()) {
          idle.set(row, tableau.isLoose(index) ? (idle.get(row) ?? 0) + 1 : 0);
        }
        const found = deepest(tableau, values);
        for (const cut of found) tableau.add(cut);
        cuts.push(...found);
        if (found.length === 0) break;
      }
      rows = tableau.rows.filter((row) => isLasting(row) || (idle.get(row) ?? 0) < MOST_IDLE);
    }
    let place: number | null = null;
    const scoreOf = (index: number) => (distance[index]! > WHOLE * solved ? distance[index]! * weights[index]! : 0);
    for (const index of places.keys()) {
      if (scoreOf(index) > (place === null ? 0 : scoreOf(place))) place = index;
    }
    const branch = place === null ? null : {place, at: Math.floor(sums[place]! / solved)};
    return {contradiction: null, cuts, rows, filled: null, branch};
  }

  /** Cuts that the solution is far from keeping to, and that differ. */
  function deepest(tableau: CutTableau, values: Float64Array): readonly CutRow[] {
    const candidates = tableau.fractions().flatMap(({multipliers}) => {
      const cut = cutOf(tableau.rows, multipliers);
      if (cut === null) return [];
      const direction = centred(cut.coefficients);
      const length = Math.sqrt(product(direction, direction));
      const depth = (product(cut.coefficients, values) - cut.bound) / length;
      return depth > SHALLOW ? [{cut, depth, direction: direction.map((amount) => amount / length)}] : [];
    });
    const chosen: typeof candidates = [];
    for (const candidate of candidates.sort((a, b) => b.depth - a.depth)) {
      if (chosen.length === CUTS) break;
      if (chosen.every(({direction}) => product(direction, candidate.direction) < ALIKE)) chosen.push(candidate);
    }
    return chosen.map(({cut}) => cut);
  }

  function sidesOf(place: number, at: number) {
    const copies = (sign: number) => Float64Array.from(places, (_, index) => (index === place ? sign : 0));
    const beside = Float64Array.from(places, (_, index) => (excluded[place]!.includes(index) ? 1 : 0));
    return {
      below: [givenRow(copies(1), at)],
      above: [givenRow(copies(-1), -at - 1), ...(excluded[place]!.length > 0 ? [givenRow(beside, 0)] : [])],
    };
  }

  function conflictIn(values: Float64Array): {readonly place: number; readonly at: number} | null {
    const place = places.findIndex(
      (_, index) => values[index]! > 0 && excluded[index]!.some((one) => values[one]! > 0),
    );
    return place === -1 ? null : {place, at: 0};
  }

  function filledWith(values: Float64Array): Unrefuted {
    const isTrue = program.given.every(({coefficients, bound}) => product(coefficients, values) <= bound);
    if (!isTrue) return {status: 'stuck'};
    const fleet = bins.flatMap((type, bin): readonly FilledBins[] => {
      const held = [...places.keys()].filter((place) => places[place]!.bin === bin && values[place]! > 0);
      if (held.length === 0) return [];
      const variants = held.map((place) => places[place]!.variant);
      return [{pattern: {type, variants, counts: held.map((place) => values[place]!)}, times: 1}];
    });
    return {status: 'filled', fleet};
  }
}

type Unrefuted = {readonly status: 'filled'; readonly fleet: Fleet} | {readonly status: 'open' | 'stuck'};

interface Separated {
  /** A cut that nothing keeps to. */
  readonly contradiction: CutRow | null;
  /** All that were made. */
  readonly cuts: readonly CutRow[];
  /** Those worth keeping, and all others. */
  readonly rows: readonly CutRow[];
  /** By place, where a solution was whole. */
  readonly filled: Float64Array | null;
  readonly branch: {readonly place: number; readonly at: number} | null;
}

/** What the problem and splits say has to stay; so do rows of a single part, which are these in other units. */
function isLasting({derivation}: CutRow): boolean {
  return derivation === null || derivation.parts.length === 1;
}

function cutOf(rows: readonly CutRow[], multipliers: Float64Array): CutRow | null {
  const parts = rows.flatMap((row, index) => {
    const times = Math.round((multipliers[index]! - Math.floor(multipliers[index]!)) * ONCE) % ONCE;
    return partOf(row, times);
  });
  return derivedRow({parts, over: ONCE});
}

function contradictionOf(tableau: CutTableau): CutRow | null {
  const {multipliers, excess} = tableau.contradiction();
  for (const wanted of EXCESSES) {
    const factor = (wanted / excess) * ONCE;
    const parts = tableau.rows.flatMap((row, index) => {
      const times = Math.round(multipliers[index]! * factor);
      return partOf(row, row.isEquality ? times : Math.max(0, times));
    });
    const found = derivedRow({parts, over: ONCE});
    if (found !== null && found.bound < 0 && found.coefficients.every((amount) => amount >= 0)) return found;
  }
  return null;
}

function partOf(row: CutRow, times: number): readonly {readonly row: CutRow; readonly times: number}[] {
  const all = row.isEquality ? times + MARGIN : times;
  return all === 0 ? [] : [{row, times: all}];
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

/** Large copies in large bins decide most. */
function splitWeights({variants, types}: PreparedProblem, {bins, places}: FillingRows): readonly number[] {
  const largest = types[bins[0]!]!.capacity.map((_, dimension) =>
    Math.max(1, ...bins.map((type) => types[type]!.capacity[dimension]!)),
  );
  const shares = (amounts: readonly number[]) => amounts.map((amount, dimension) => amount / largest[dimension]!);
  return places.map(({bin, variant}) => {
    const room = shares(types[bins[bin]!]!.capacity).reduce((sum, share) => sum + share, 0);
    return Math.max(...shares(variants[variant]!.size)) * room;
  });
}

/** Coefficients as far as they differ for one demand: its copies are always as many, so that only this matters. */
function centring({variants, demand}: PreparedProblem, {places}: FillingRows) {
  const rowOf = places.map(({variant}) => variants[variant]!.row);
  return (coefficients: Float64Array): Float64Array => {
    const sums = demand.map(() => 0);
    const counts = demand.map(() => 0);
    for (const [place, row] of rowOf.entries()) {
      sums[row]! += coefficients[place]!;
      counts[row]!++;
    }
    return coefficients.map((amount, place) => amount - sums[rowOf[place]!]! / counts[rowOf[place]!]!);
  };
}

/** Without the cuts that no contradiction needs. */
function onlyUsed(root: RefutationNode): RefutationNode {
  const used = new Set<CutRow>();
  const use = (row: CutRow): void => {
    if (used.has(row)) return;
    used.add(row);
    for (const part of row.derivation?.parts ?? []) use(part.row);
  };
  const look = ({cuts, split}: RefutationNode): void => {
    if (split === null) use(cuts.at(-1)!);
    else for (const side of [split.below, split.above]) look(side);
  };
  const pruned = ({cuts, split}: RefutationNode): RefutationNode => ({
    cuts: cuts.filter((cut) => used.has(cut)),
    split: split === null ? null : {...split, below: pruned(split.below), above: pruned(split.above)},
  });
  look(root);
  return pruned(root);
}
