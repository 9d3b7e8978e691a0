import type {Pod} from '../../model/pod.ts';
import type {Framework} from '../framework/framework.ts';
import type {FilterPlugin, PreFilterResult} from '../framework/plugin.ts';
import {PluginError} from '../framework/pluginError.ts';
import type {Scheduler} from '../scheduler.ts';
import type {PodRejection, Rejection, RejectionDetail, VerdictCode} from './explanation.ts';

/** The verdict of every filter on every node, before anybody has been asked to give way. */
export interface FilterMatrix {
  /** In the order in which they are asked. */
  readonly plugins: readonly string[];
  readonly idle: readonly string[];
  readonly preFilter: readonly PodRejection[];
  /** By node: what turns the pod down there; none of them is marked as reported yet. */
  readonly rejections: readonly (readonly Rejection[])[];
}

/** What exactly a plugin objects to on a node. */
export type DetailsOf = (plugin: string, node: number, reasons: readonly string[]) => readonly RejectionDetail[];

interface ActivePlugin {
  readonly plugin: FilterPlugin;
  readonly state: unknown;
}

/**
 * kube-scheduler stops at the first plugin that turns a node down; here all of them are asked. A node must do both with
 * the pods that are nominated to it and without them.
 */
export function filterMatrix(scheduler: Scheduler, pod: Pod, nodeCount: number, detailsOf: DetailsOf): FilterMatrix {
  const framework: Framework = scheduler.frameworks.get(pod.class.schedulerName)!;
  const active: ActivePlugin[] = [];
  const idle: string[] = [];
  const preFilter: PodRejection[] = [];
  for (const plugin of framework.filterPlugins) {
    const result = preFilterOf(plugin, pod);
    if (result.kind === 'Skip') idle.push(plugin.name);
    else if (result.kind === 'Rejected') preFilter.push(result.rejection);
    else active.push({plugin, state: result.state});
  }
  const rejections = Array.from({length: nodeCount}, (_, node) =>
    active.flatMap((one) => rejectionBy(one, scheduler, pod, node, detailsOf)),
  );
  return {plugins: active.map(({plugin}) => plugin.name), idle, preFilter, rejections};
}

function preFilterOf(
  plugin: FilterPlugin,
  pod: Pod,
):
  | Exclude<PreFilterResult<unknown>, {readonly kind: 'Rejected'}>
  | {readonly kind: 'Rejected'; readonly rejection: PodRejection} {
  const {name} = plugin;
  const result = guarded(() => plugin.preFilter(pod));
  if (result instanceof PluginError) {
    return {kind: 'Rejected', rejection: {plugin: name, code: 'Error', reasons: [result.message]}};
  }
  if (result.kind !== 'Rejected') return result;
  return {kind: 'Rejected', rejection: {plugin: name, code: result.status.code, reasons: result.status.reasons}};
}

function rejectionBy(
  {plugin, state}: ActivePlugin,
  {nominator, state: cluster}: Scheduler,
  pod: Pod,
  node: number,
  detailsOf: DetailsOf,
): readonly Rejection[] {
  const rivals = nominator.isEmpty ? [] : nominator.rivalsOf(pod, node);
  if (rivals.length === 0) return rejectionOf(plugin, state, node, detailsOf);
  const crowded = plugin.preFilterExtensions?.clone(state) ?? state;
  for (const rival of rivals) plugin.preFilterExtensions?.addPod(crowded, pod, rival, node);
  const withRivals = cluster.withPods(rivals, node, () => rejectionOf(plugin, crowded, node, detailsOf));
  return withRivals.length > 0 ? withRivals : rejectionOf(plugin, state, node, detailsOf);
}

function rejectionOf(plugin: FilterPlugin, state: unknown, node: number, detailsOf: DetailsOf): readonly Rejection[] {
  const {name} = plugin;
  const status = guarded(() => plugin.filter(state, node));
  if (status === null) return [];
  const [code, reasons]: readonly [VerdictCode, readonly string[]] =
    status instanceof PluginError ? ['Error', [status.message]] : [status.code, status.reasons];
  return [{plugin: name, code, reasons, reported: false, details: detailsOf(name, node, reasons)}];
}

/** The value, or the error with which a plugin ends an attempt. */
function guarded<Value>(compute: () => Value): Value | PluginError {
  try {
    return compute();
  } catch (error) {
    if (error instanceof PluginError) return error;
    throw error;
  }
}
