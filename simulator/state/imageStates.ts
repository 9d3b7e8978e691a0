import type {Node} from '../../model/node.ts';

/** What the scheduler knows of one image name. */
export interface ImageState {
  /** Bytes, as the first node that names the image reports it. */
  readonly size: number;
  /** Indices of the nodes that have the image. */
  readonly nodes: ReadonlySet<number>;
}

/** The images of all nodes by name, as the names stand in node.status.images. */
export function toImageStates(nodes: readonly Node[]): ReadonlyMap<string, ImageState> {
  const states = new Map<string, {size: number; nodes: Set<number>}>();
  for (const [index, node] of nodes.entries()) {
    for (const {names, sizeBytes} of node.images) {
      for (const name of names) {
        const state = states.get(name);
        if (state === undefined) states.set(name, {size: sizeBytes, nodes: new Set([index])});
        else state.nodes.add(index);
      }
    }
  }
  return states;
}
