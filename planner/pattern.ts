import type {PreparedProblem} from './preparedProblem.ts';

/** One way to fill a bin of a type; indices are those of the prepared problem. */
export interface Pattern {
  readonly type: number;
  /** Rising. */
  readonly variants: readonly number[];
  /** How many copies of each; at least 1. */
  readonly counts: readonly number[];
}

export function patternKey({type, variants, counts}: Pattern): string {
  return `${type}:${variants.join()}:${counts.join()}`;
}

const coverages = new WeakMap<Pattern, ReadonlyMap<number, number>>();

/** Copies of each row that a pattern packs, by row. */
export function coverageOf({variants}: PreparedProblem, pattern: Pattern): ReadonlyMap<number, number> {
  const known = coverages.get(pattern);
  if (known !== undefined) return known;
  const coverage = new Map<number, number>();
  for (const [index, variant] of pattern.variants.entries()) {
    const {row} = variants[variant]!;
    coverage.set(row, (coverage.get(row) ?? 0) + pattern.counts[index]!);
  }
  coverages.set(pattern, coverage);
  return coverage;
}
