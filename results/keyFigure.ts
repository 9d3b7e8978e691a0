/** One figure that matters, with what qualifies it. */
export interface KeyFigure {
  readonly title: string;
  readonly figure: string;
  readonly details: readonly string[];
}
