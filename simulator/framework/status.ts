import type {StatusCode} from '../simulation.ts';

/**
 * Why a plugin turned a node, or a pod as a whole, down. Success is `null`. Plugins make each status once and hand out
 * the same object again, so that rejections cost nothing and can be counted.
 */
export interface Status {
  readonly plugin: string;
  readonly code: StatusCode;
  /** kube-scheduler's words; NodeResourcesFit may have several. */
  readonly reasons: readonly string[];
}

/** Another node would do, or this one after a preemption. */
export function unschedulable(plugin: string, ...reasons: readonly string[]): Status {
  return {plugin, code: 'Unschedulable', reasons};
}

/** Preemption cannot help. */
export function unresolvable(plugin: string, ...reasons: readonly string[]): Status {
  return {plugin, code: 'UnschedulableAndUnresolvable', reasons};
}
