import type {Taint} from '../../model/kubernetes.ts';
import type {Pod} from '../../model/pod.ts';
import {tolerates} from '../../model/taints.ts';
import {perClass} from '../framework/perClass.ts';
import {type FilterPlugin, type Handle, type PreFilterResult, SKIP, success} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';

const UNSCHEDULABLE: Taint = {key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'};

/** Keeps pods off cordoned nodes, unless they tolerate the taint that stands for it. */
export class NodeUnschedulable implements FilterPlugin<null> {
  readonly name = 'NodeUnschedulable';
  readonly filterScope = 'static';
  readonly #unschedulable: Uint8Array;
  readonly #status = unresolvable(this.name, 'node(s) were unschedulable');
  readonly #tolerates = perClass(({spec}) => (spec.tolerations ?? []).some((t) => tolerates(t, UNSCHEDULABLE)));

  constructor({nodes}: Handle) {
    this.#unschedulable = Uint8Array.from(nodes, (node) => (node.unschedulable ? 1 : 0));
  }

  preFilter(pod: Pod): PreFilterResult<null> {
    return this.#tolerates(pod.class) ? SKIP : success(null);
  }

  filter(_state: null, node: number): Status | null {
    return this.#unschedulable[node] === 1 ? this.#status : null;
  }
}
