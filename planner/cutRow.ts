/**
 * What every filling of a fleet keeps to: a sum over its places, in whole numbers, is at most the bound, or equal to it.
 */
export interface CutRow {
  /** By place. */
  readonly coefficients: Float64Array;
  readonly bound: number;
  readonly isEquality: boolean;
  /** null: the problem or a split says so. */
  readonly derivation: Derivation | null;
}

/**
 * A sum of rows, so many times each in units of `1 / over`. Since no place holds less than nothing, and whole copies only,
 * its coefficients and then its bound may be rounded down (Chvátal and Gomory).
 */
export interface Derivation {
  /** `times`: whole numbers, of at least 0 for rows that are no equalities. */
  readonly parts: readonly {readonly row: CutRow; readonly times: number}[];
  readonly over: number;
}

export function givenRow(coefficients: Float64Array, bound: number, isEquality = false): CutRow {
  return {coefficients, bound, isEquality, derivation: null};
}

/** null: the sums are too large to be exact. */
export function derivedRow(derivation: Derivation): CutRow | null {
  const {parts, over} = derivation;
  const length = parts[0]?.row.coefficients.length ?? 0;
  const sums = new Float64Array(length + 1);
  const sizes = new Float64Array(length + 1);
  for (const {row, times} of parts) {
    for (let place = 0; place < length; place++) {
      const amount = times * row.coefficients[place]!;
      sums[place]! += amount;
      sizes[place]! += Math.abs(amount);
    }
    sums[length]! += times * row.bound;
    sizes[length]! += Math.abs(times * row.bound);
  }
  if (sizes.some((size) => size > Number.MAX_SAFE_INTEGER)) return null;
  const whole = sums.map((sum) => Math.floor(sum / over));
  return {coefficients: whole.subarray(0, length), bound: whole[length]!, isEquality: false, derivation};
}
