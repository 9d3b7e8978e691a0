import {type CutRow, derivedRow, givenRow} from './cutRow.ts';
import type {PreparedProblem, Variant} from './preparedProblem.ts';
import {commonDivisor} from './valueTable.ts';

/** Copies of a variant in one bin. */
export interface FillingPlace {
  readonly bin: number;
  readonly variant: number;
  /** As many as fit, or are there. */
  readonly most: number;
}

/** Bins of one type, told apart. */
export interface BinGroup {
  readonly type: number;
  readonly count: number;
  /** No bin of the group holds more of this variant than the one before. null: it is a single bin. */
  readonly orderedBy: number | null;
}

/** What the fillings of a fleet's bins keep to, apart from exclusions. */
export interface FillingRows {
  readonly groups: readonly BinGroup[];
  /** By bin: its type. */
  readonly bins: readonly number[];
  readonly places: readonly FillingPlace[];
  /** In the order that a certificate counts them in: of demands, room, order, and largest counts. */
  readonly given: readonly CutRow[];
  /** Those of them to start from, room in coarser units instead of exactly. */
  readonly working: readonly CutRow[];
}

/** Larger numbers leave too little for cuts to be exact. */
const MOST_UNITS = 2 ** 14;

export function fillingRows(prepared: PreparedProblem, counts: readonly number[]): FillingRows {
  const {demand, variants, types} = prepared;
  const groups = counts.flatMap((count, type): readonly BinGroup[] =>
    count === 0 ? [] : [{type, count, orderedBy: count === 1 ? null : largestVariant(prepared, type)}],
  );
  const bins = groups.flatMap(({type, count}) => Array.from({length: count}, () => type));
  const places = bins.flatMap((type, bin) =>
    heldBy(prepared, type).map((variant) => ({bin, variant, most: mostIn(prepared, type, variants[variant]!)})),
  );
  const coefficients = (of: (place: FillingPlace) => number) => Float64Array.from(places, of);
  const isAt = (place: FillingPlace, bin: number, variant: number) => place.bin === bin && place.variant === variant;

  const asked = places.map(({variant}) => demand[variants[variant]!.row]!);
  const demands = demand.map((count, row) =>
    givenRow(
      coefficients(({variant}) => (variants[variant]!.row === row ? 1 : 0)),
      count,
      true,
    ),
  );
  const room = bins.flatMap((type, bin) =>
    types[type]!.capacity.map((capacity, dimension) =>
      givenRow(
        coefficients((place) => (place.bin === bin ? variants[place.variant]!.size[dimension]! : 0)),
        capacity,
      ),
    ),
  );
  const order = groups.flatMap(({type, count, orderedBy}) => {
    if (orderedBy === null) return [];
    const first = bins.indexOf(type);
    return Array.from({length: count - 1}, (_, index) => {
      const bin = first + index;
      return givenRow(
        coefficients((place) => Number(isAt(place, bin + 1, orderedBy)) - Number(isAt(place, bin, orderedBy))),
        0,
      );
    });
  });
  const largest = places.flatMap(({bin, variant}) => {
    const {maxPerBin} = variants[variant]!;
    if (!Number.isFinite(maxPerBin)) return [];
    return [
      givenRow(
        coefficients((place) => Number(isAt(place, bin, variant))),
        maxPerBin,
      ),
    ];
  });
  return {
    groups,
    bins,
    places,
    given: [...demands, ...room, ...order, ...largest],
    working: [...demands, ...room.flatMap((row) => coarser(row, places, asked)), ...order, ...largest],
  };
}

function heldBy({groups, types}: PreparedProblem, type: number): readonly number[] {
  return groups[types[type]!.group]!.variants;
}

function mostIn({demand, types}: PreparedProblem, type: number, {size, row, maxPerBin}: Variant): number {
  const {capacity} = types[type]!;
  return size.reduce(
    (least, amount, dimension) => (amount === 0 ? least : Math.min(least, Math.floor(capacity[dimension]! / amount))),
    Math.min(demand[row]!, maxPerBin),
  );
}

/** Of those a bin of the type may hold, the one that takes the largest part of it. */
function largestVariant(prepared: PreparedProblem, type: number): number {
  const {capacity} = prepared.types[type]!;
  const shareOf = (variant: number) =>
    Math.max(
      ...prepared.variants[variant]!.size.map((amount, dimension) => amount / Math.max(capacity[dimension]!, 1)),
    );
  return heldBy(prepared, type).reduce((best, variant) => (shareOf(variant) > shareOf(best) ? variant : best));
}

/** Room in units as large as all sizes allow, and for single places what it says of how many copies fit. */
function coarser(room: CutRow, places: readonly FillingPlace[], asked: readonly number[]): readonly CutRow[] {
  const {coefficients, bound} = room;
  const isBinding = coefficients.reduce((sum, size, place) => sum + size * asked[place]!, 0) > bound;
  if (!isBinding) return [];
  const divisor = coefficients.reduce((common, size) => commonDivisor(common, size), 0);
  const units = [Math.max(divisor, Math.ceil(bound / MOST_UNITS))];
  for (const [place, size] of coefficients.entries()) {
    if (size > 0 && bound % size > 0 && Math.floor(bound / size) === places[place]!.most) units.push(size);
  }
  return [...new Set(units)].flatMap((over) => derivedRow({parts: [{row: room, times: 1}], over}) ?? []);
}
