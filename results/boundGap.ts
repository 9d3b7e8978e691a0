/** A plan further above its bound than this, as a share of it, is not known to be good or bad. */
const WIDE_GAP = 0.25;

/** The bound is too far below the plan to say how good it is; `gap`: of the plan above the bound, null where unknown. */
export function isWide(gap: number | null): boolean {
  return gap === null || gap > WIDE_GAP;
}
