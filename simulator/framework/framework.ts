import type {Pod} from '../../model/pod.ts';
import {REGISTRY} from '../plugins/registry.ts';
import type {
  FilterPlugin,
  Handle,
  Plugin,
  PostFilterPlugin,
  PreEnqueuePlugin,
  PreFilterResult,
  QueueSortPlugin,
  ReservePlugin,
  ScorePlugin,
} from './plugin.ts';
import type {FailedAttempt, PostFilterResult} from './postFilter.ts';
import type {Profile} from './profile.ts';
import {type Status, unresolvable} from './status.ts';

export interface WeightedScorePlugin {
  readonly plugin: ScorePlugin;
  readonly weight: number;
}

/** The Filter plugins that have something to say about a pod, each with what its PreFilter worked out. */
export interface ActiveFilters {
  readonly plugins: readonly FilterPlugin[];
  readonly states: readonly unknown[];
}

export type PreFilterOutcome =
  /** `narrowing` names the plugins that `nodes` is from, where that is not null. */
  | {
      readonly kind: 'Success';
      readonly filters: ActiveFilters;
      readonly nodes: readonly number[] | null;
      readonly narrowing: readonly string[];
    }
  | {readonly kind: 'Rejected'; readonly status: Status; readonly ran: ReadonlySet<string>};

/** What PostFilter as a whole comes to; `reasons` are those of all its plugins. */
export type PostFilterOutcome =
  | Extract<PostFilterResult, {readonly kind: 'Success'}>
  | {
      readonly kind: 'Unschedulable' | 'Error';
      readonly reasons: readonly string[];
      readonly keepsNomination: boolean;
    };

/** The plugins of one profile, made for one run, at their extension points. Plugins that are not simulated are left out. */
export class Framework {
  readonly profile: Profile;
  readonly #preEnqueue: readonly PreEnqueuePlugin[];
  readonly #queueSort: QueueSortPlugin | undefined;
  readonly filterPlugins: readonly FilterPlugin[];
  readonly #postFilters: readonly PostFilterPlugin[];
  readonly #reservers: readonly ReservePlugin[];
  readonly scorePlugins: readonly WeightedScorePlugin[];

  constructor(profile: Profile, handle: Handle) {
    const made = new Map<string, Plugin>();
    const pluginsAt = <P extends Plugin>(names: readonly string[]): P[] =>
      names.flatMap((name) => {
        const plugin = made.get(name) ?? REGISTRY.get(name)?.(profile.args, handle);
        if (plugin === undefined) return [];
        made.set(name, plugin);
        return plugin as P;
      });
    const {preEnqueue, queueSort, filter, postFilter, reserve, score} = profile.plugins;
    this.profile = profile;
    this.#preEnqueue = pluginsAt<PreEnqueuePlugin>(preEnqueue);
    this.#queueSort = pluginsAt<QueueSortPlugin>(queueSort)[0];
    this.filterPlugins = pluginsAt<FilterPlugin>(filter);
    this.#postFilters = pluginsAt<PostFilterPlugin>(postFilter);
    this.#reservers = pluginsAt<ReservePlugin>(reserve);
    this.scorePlugins = pluginsAt<ScorePlugin>(score).map((plugin) => ({
      plugin,
      weight: profile.weights.get(plugin.name) ?? 1,
    }));
  }

  runPreEnqueue(pod: Pod): Status | null {
    for (const plugin of this.#preEnqueue) {
      const status = plugin.preEnqueue(pod);
      if (status !== null) return status;
    }
    return null;
  }

  /** The order of the queue, before the order of arrival. */
  compare(a: Pod, b: Pod): number {
    return this.#queueSort?.compare(a, b) ?? 0;
  }

  runPreFilter(pod: Pod): PreFilterOutcome {
    const plugins: FilterPlugin[] = [];
    const states: unknown[] = [];
    const narrowing: string[] = [];
    let nodes: readonly number[] | null = null;
    const ran = new Set<string>();
    let rejected: Status | null = null;
    for (const plugin of this.filterPlugins) {
      const result: PreFilterResult<unknown> = plugin.preFilter(pod);
      ran.add(plugin.name);
      if (result.kind === 'Skip') continue;
      if (result.kind === 'Rejected') {
        // Plugins after a merely unschedulable verdict may still find that the pod is hopeless; the last one is told.
        if (result.status.code === 'UnschedulableAndUnresolvable') return {...result, ran};
        rejected = result.status;
        continue;
      }
      plugins.push(plugin);
      states.push(result.state);
      if (result.nodes === null) continue;
      const allowed = new Set(result.nodes);
      narrowing.push(plugin.name);
      nodes = nodes === null ? result.nodes : nodes.filter((node) => allowed.has(node));
    }
    if (rejected !== null) return {kind: 'Rejected', status: rejected, ran};
    return {kind: 'Success', filters: {plugins, states}, nodes, narrowing};
  }

  /** The first objection to a node, in the order of the profile. */
  runFilters({plugins, states}: ActiveFilters, node: number): Status | null {
    for (let i = 0; i < plugins.length; i++) {
      const status = plugins[i]!.filter(states[i], node);
      if (status !== null) return status;
    }
    return null;
  }

  /** The plugins one after the other until one finds a remedy, or an error. */
  runPostFilter(attempt: FailedAttempt): PostFilterOutcome {
    const reasons: string[] = [];
    let keepsNomination = this.#postFilters.length > 0;
    for (const plugin of this.#postFilters) {
      const result = plugin.postFilter(attempt);
      if (result.kind === 'Success') return result;
      if (result.kind === 'Error') return {kind: 'Error', reasons: [result.message], keepsNomination: true};
      reasons.push(...result.reasons);
      keepsNomination &&= result.keepsNomination;
    }
    return {kind: 'Unschedulable', reasons, keepsNomination};
  }

  reserve(pod: Pod, node: number): void {
    for (const plugin of this.#reservers) plugin.reserve(pod, node);
  }

  release(pod: Pod): void {
    for (const plugin of this.#reservers) plugin.release(pod);
  }
}

/**
 * The status of the nodes that PreFilter has ruled out, null when it has ruled out none. A plugin that turned down the
 * node that the pod is nominated to is named along with those that narrowed the choice.
 */
export function absentStatus(narrowing: readonly string[], nominated: Status | null): Status | null {
  const [first] = narrowing;
  if (first === undefined) return null;
  const plugins = new Set([...narrowing, ...(nominated === null ? [] : [nominated.plugin])]);
  return unresolvable(first, `node(s) didn't satisfy plugin(s) [${[...plugins].sort().join(' ')}]`);
}

/** The same filters with states of their own, for pods to be thought on nodes or away. */
export function cloneFilters({plugins, states}: ActiveFilters): ActiveFilters {
  return {plugins, states: states.map((state, i) => plugins[i]!.preFilterExtensions?.clone(state) ?? state)};
}

/** Tells the filters that another pod is on a node now. */
export function addToFilters({plugins, states}: ActiveFilters, pod: Pod, added: Pod, node: number): void {
  for (const [i, plugin] of plugins.entries()) plugin.preFilterExtensions?.addPod(states[i], pod, added, node);
}

/** Tells the filters that another pod is no longer on a node. */
export function removeFromFilters({plugins, states}: ActiveFilters, pod: Pod, removed: Pod, node: number): void {
  for (const [i, plugin] of plugins.entries()) plugin.preFilterExtensions?.removePod(states[i], pod, removed, node);
}
