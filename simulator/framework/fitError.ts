import type {ReasonCount} from '../simulation.ts';
import type {Status} from './status.ts';

/** Why no node was found for a pod. */
export interface Diagnosis {
  /** Verdict by node, where the node was looked at and turned the pod down. */
  readonly statuses: readonly (Status | null)[];
  /** The verdict on all other nodes; null when all were looked at. */
  readonly absent: Status | null;
  /** PreFilter's verdict on the pod as a whole, which then stands for every node. */
  readonly preFilter: Status | null;
}

/** The text of the FailedScheduling event (framework.FitError); `postFilter` holds the reasons of the PostFilter plugins. */
export function fitErrorMessage(diagnosis: Diagnosis, postFilter: readonly string[] = []): string {
  const filters = filterPart(diagnosis);
  return postFilter.length === 0 ? filters : `${filters} ${postFilter.join(', ')}`;
}

/** The plugins that turned the pod down somewhere, or ruled nodes out: their events may help it. PostFilter's do not count. */
export function rejectingPlugins({statuses, absent, preFilter}: Diagnosis): ReadonlySet<string> {
  const plugins = new Set<string>();
  // Most nodes are turned down for the same reason as the one before.
  let last: Status | null = null;
  for (const status of statuses) {
    if (status !== null && status !== last) plugins.add(status.plugin);
    last = status;
  }
  if (absent !== null) plugins.add(absent.plugin);
  if (preFilter !== null) plugins.add(preFilter.plugin);
  return plugins;
}

function filterPart({statuses, absent, preFilter}: Diagnosis): string {
  const prefix = `0/${statuses.length} nodes are available:`;
  if (preFilter !== null) return `${prefix} ${preFilter.reasons.join(', ')}.`;
  const counts = new Map<string, number>();
  for (const [status, nodes] of countStatuses(statuses, absent)) {
    for (const reason of status.reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  }
  const reasons = [...counts].map(([reason, nodes]) => `${nodes} ${reason}`).sort();
  return reasons.length === 0 ? prefix : `${prefix} ${reasons.join(', ')}.`;
}

/** How many nodes each plugin turned down, and why; in the order of the first node concerned. */
export function countReasons({statuses, absent, preFilter}: Diagnosis): readonly ReasonCount[] {
  const counted =
    preFilter === null ? countStatuses(statuses, absent) : new Map<Status, number>([[preFilter, statuses.length]]);
  const counts = new Map<string, ReasonCount>();
  for (const [{plugin, code, reasons}, nodes] of counted) {
    for (const reason of reasons) {
      const key = [plugin, code, reason].join('\0');
      counts.set(key, {plugin, code, reason, nodes: (counts.get(key)?.nodes ?? 0) + nodes});
    }
  }
  return [...counts.values()];
}

function countStatuses(statuses: readonly (Status | null)[], absent: Status | null): ReadonlyMap<Status, number> {
  const counts = new Map<Status, number>();
  // Neighbours mostly have the same status, so that few of them are looked up.
  let current: Status | null = null;
  let length = 0;
  const add = (): void => {
    if (current !== null) counts.set(current, (counts.get(current) ?? 0) + length);
  };
  for (let node = 0; node < statuses.length; node++) {
    const status = statuses[node] ?? absent;
    if (status === current) length++;
    else {
      add();
      current = status;
      length = 1;
    }
  }
  add();
  return counts;
}
