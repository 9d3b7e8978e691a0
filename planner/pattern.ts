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
