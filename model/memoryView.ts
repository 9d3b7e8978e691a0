/** How much memory pods would have of a node if another gap between its advertised and its real memory were taken. */
export interface MemoryView {
  /** Assumed by Karpenter until it has seen such a node, or measured on one. */
  readonly kind: 'assumed' | 'measured';
  readonly overheadPercent: number;
  /** Bytes. */
  readonly memory: number;
}
