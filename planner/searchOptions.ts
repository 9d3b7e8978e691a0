/** How much a search for a proof may try. */
export interface SearchOptions {
  /** How fine the grid of the value tables is. */
  readonly mostCells: number;
  /** Nodes in the search of each type for a pattern. */
  readonly effort: number;
  /** Relaxations to solve. */
  readonly mostNodes: number;
  /** A random number from 0 to below 1. */
  draw(): number;
  shouldStop(): boolean;
  onProgress(cost: number, bound: number): void;
}
