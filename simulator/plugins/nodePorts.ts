import type {Pod} from '../../model/pod.ts';
import {type FilterPlugin, type Handle, type PreFilterResult, SKIP, success} from '../framework/plugin.ts';
import {type Status, unschedulable} from '../framework/status.ts';
import type {ClusterState} from '../state/clusterState.ts';
import type {HostPort} from '../state/hostPorts.ts';

/** Keeps pods off nodes where one of their host ports is taken. */
export class NodePorts implements FilterPlugin<readonly HostPort[]> {
  readonly name = 'NodePorts';
  readonly filterScope = 'node';
  readonly #state: ClusterState;
  readonly #status = unschedulable(this.name, "node(s) didn't have free ports for the requested pod ports");

  constructor({state}: Handle) {
    this.#state = state;
  }

  preFilter(pod: Pod): PreFilterResult<readonly HostPort[]> {
    const {hostPorts} = this.#state.demandOf(pod.class);
    return hostPorts.length === 0 ? SKIP : success(hostPorts);
  }

  filter(wanted: readonly HostPort[], node: number): Status | null {
    const used = this.#state.hostPortsOn(node);
    return used !== undefined && wanted.some((port) => used.conflictsWith(port)) ? this.#status : null;
  }
}
