import type {Pod} from '../../model/pod.ts';
import {type FilterPlugin, type Handle, type PreFilterResult, SKIP, success} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';

/**
 * Holds a pod with spec.nodeName to that node. Such pods rarely come here: they are bound already, and one that comes
 * back after an eviction is a new pod, free to go anywhere.
 */
export class NodeName implements FilterPlugin<string> {
  readonly name = 'NodeName';
  readonly filterScope = 'static';
  readonly #handle: Handle;
  readonly #status = unresolvable(this.name, "node(s) didn't match the requested node name");

  constructor(handle: Handle) {
    this.#handle = handle;
  }

  preFilter(pod: Pod): PreFilterResult<string> {
    const {nodeName = ''} = pod.class.spec;
    return nodeName === '' ? SKIP : success(nodeName);
  }

  filter(nodeName: string, node: number): Status | null {
    return this.#handle.nodes[node]!.name === nodeName ? null : this.#status;
  }
}
