import type {Pod, PodClass} from '../../model/pod.ts';
import {type EvaluateOptions, type Evaluator, NO_NODE, type Outcome} from '../framework/evaluator.ts';
import type {Framework} from '../framework/framework.ts';
import type {FilterPlugin, Handle, ScorePlugin} from '../framework/plugin.ts';
import {InterPodAffinity} from '../plugins/interPodAffinity/interPodAffinity.ts';
import type {RelatedPods} from '../plugins/interPodAffinity/relatedPods.ts';
import {PodTopologySpread} from '../plugins/podTopologySpread/podTopologySpread.ts';
import type {ReferenceEvaluator} from '../reference/referenceEvaluator.ts';
import type {SimulationOptions} from '../simulation.ts';
import {AffinityCounts} from './affinityCounts.ts';
import {ClassView, type ExistingPods} from './classView.ts';
import {LocalFailure} from './localFailure.ts';
import {OnePodView} from './onePodView.ts';
import {Signature} from './signature.ts';
import {SpreadCounts} from './spreadCounts.ts';
import {type StaticNodes, type StaticScores, toStaticNodes, toStaticScores} from './staticNodes.ts';
import {TablePool} from './tablePool.ts';
import type {Choice, View} from './view.ts';
import type {ActiveFilter, ActiveScore, ViewParts} from './viewParts.ts';

/** Nodes in all views together, which bounds the memory they take (about 20 bytes a node). */
const MAX_VIEWED_NODES = 2 ** 23;

/**
 * Finds the same nodes as the plain evaluator without looking at all of them: replicas of a class share a view of the
 * cluster that follows its changes. What a view does not cover goes to the plain evaluator: explanations, sampling,
 * pods narrowed to nodes by name, claims on volumes and devices, and the search for reasons when no node will do.
 */
export class FastEvaluator implements Evaluator {
  readonly #handle: Handle;
  readonly #frameworks: ReadonlyMap<string, Framework>;
  readonly #plain: ReferenceEvaluator;
  readonly #options: Pick<SimulationOptions, 'percentageOfNodesToScore' | 'ties'>;
  readonly #plans = new Map<Framework, TopologyPlan>();
  readonly #staticNodes = new Map<string, StaticNodes>();
  /** By what the one plugin of this sort says of a class. */
  readonly #staticScores = new WeakMap<object, {readonly weight: number; readonly scores: StaticScores | null}>();
  /** By class index; null for classes that views do not cover. */
  readonly #views: (View | null | undefined)[] = [];
  /** Indices of the classes with a view, the one made first at the front. */
  readonly #viewed: number[] = [];
  readonly #mostViews: number;
  readonly #tables: TablePool;

  constructor(
    handle: Handle,
    frameworks: ReadonlyMap<string, Framework>,
    plain: ReferenceEvaluator,
    options: Pick<SimulationOptions, 'percentageOfNodesToScore' | 'ties'>,
  ) {
    this.#handle = handle;
    this.#frameworks = frameworks;
    this.#plain = plain;
    this.#options = options;
    this.#tables = new TablePool(handle.nodes.length);
    this.#mostViews = Math.max(8, Math.floor(MAX_VIEWED_NODES / Math.max(1, handle.nodes.length)));
  }

  evaluate(pod: Pod, options: EvaluateOptions = {}): Outcome {
    const view = options.explain === true ? null : this.#viewFor(pod);
    if (view === null) return this.#plain.evaluate(pod, options);
    const choice = view.choose();
    const outcome = choice.node < 0 ? this.#fail(view, pod, options) : this.#toOutcome(view, choice);
    if (this.#views[pod.class.index] !== view) view.release();
    return outcome;
  }

  #fail(view: View, pod: Pod, options: EvaluateOptions): Outcome {
    if (view.hasTopologyFilters) {
      const outcome = this.#plain.evaluate(pod, options);
      return outcome.failure === null ? outcome : {...outcome, failure: {...outcome.failure, holdsForClass: true}};
    }
    const failure = view.failure.attempt(pod);
    return {...NO_NODE, evaluated: this.#handle.nodes.length, diagnosis: failure.diagnosis, failure};
  }

  #toOutcome(view: View, {node: first, feasible, score}: Choice): Outcome {
    const evaluated = this.#handle.nodes.length;
    const tieCount = score === null ? 1 : view.countTies(score);
    const isDrawn = this.#options.ties === 'random' && tieCount > 1 && score !== null;
    const node = isDrawn ? view.ties(score)[this.#handle.draw(tieCount)]! : first;
    return {node, evaluated, feasible, score, tieCount, diagnosis: null, failure: null, ties: null, scores: null};
  }

  /** null where the plain evaluator has to do. */
  #viewFor(pod: Pod): View | null {
    if (pod.daemonSetNode !== null || this.#handle.nodes.length === 0) return null;
    const {nominator} = this.#handle;
    if (!nominator.isEmpty && nominator.nodeOf(pod) >= 0) return null;
    const view = this.#views[pod.class.index] ?? this.#addView(pod);
    if (view !== null && !nominator.isEmpty && view.hasTopologyFilters && nominator.hasRivals(pod)) return null;
    return view;
  }

  /** Makes the view of a class, and keeps it if the class has more pods; the oldest one makes room for it. */
  #addView(pod: Pod): View | null {
    const {index} = pod.class;
    if (this.#views[index] === null) return null;
    const isKept = this.#handle.podIndex.countOf(pod.class) > 1;
    const view = this.#createView(pod, isKept);
    if (view !== null && !isKept) return view;
    this.#views[index] = view;
    if (view === null) return null;
    this.#viewed.push(index);
    if (this.#viewed.length > this.#mostViews) {
      const oldest = this.#viewed.shift()!;
      this.#views[oldest]?.release();
      this.#views[oldest] = undefined;
    }
    return view;
  }

  #createView(pod: Pod, isKept: boolean): View | null {
    const framework = this.#frameworks.get(pod.class.schedulerName)!;
    const percentage = framework.profile.percentageOfNodesToScore ?? this.#options.percentageOfNodesToScore;
    if (percentage !== 100 || framework.scorePlugins.length === 0) return null;
    const filters = this.#activeFilters(framework, pod);
    if (filters === null) return null;
    const scores = this.#activeScores(framework, pod, filters);
    if (scores === null) return null;

    const podClass = pod.class;
    const plan = this.#planOf(framework);
    const signature = new Signature();
    const spread = this.#spreadOf(podClass, plan, signature);
    const related = plan.affinity?.plugin.relatedTo(podClass) ?? [];
    const affinity = affinityOf(podClass, related, plan, signature);
    const parts: ViewParts = {
      podClass,
      failure: new LocalFailure(this.#handle, framework, {
        plugins: filters.map(({plugin}) => plugin),
        states: filters.map(({state}) => state),
      }),
      nodes: this.#staticNodesFor(pod, filters, scores),
      statics: this.#staticScoresOf(scores),
      filters: filters.filter(({plugin}) => plugin.filterScope === 'node'),
      scores: scores.filter(({plugin}) => plugin.scoreScope === 'node'),
      signature,
      spread,
      affinity,
      weights: {
        taints: weightIn(scores, 'TaintToleration'),
        preference: weightIn(scores, 'NodeAffinity'),
        spread: spread?.hasSoft === true ? plan.spread!.weight : 0,
        affinity: affinity?.hasScores === true ? plan.affinity!.weight : 0,
      },
    };
    if (!isKept && spread === null && affinity === null) return new OnePodView(parts, this.#handle, this.#tables);
    return new ClassView(parts, this.#handle, this.#existingPods(parts, related, plan), this.#tables);
  }

  /** The pods whose places count for a class. */
  #existingPods(
    {podClass: {namespace}, spread, affinity}: ViewParts,
    related: readonly RelatedPods[],
    plan: TopologyPlan,
  ): readonly ExistingPods[] {
    const existing: ExistingPods[] = [];
    for (const {constraint, impact} of spread?.impacts() ?? []) {
      const classes = plan.spread!.plugin.countedClasses(constraint, namespace);
      existing.push({classes, impact: {spread: impact, affinity: null}});
    }
    for (const {classes, relation} of affinity === null ? [] : related) {
      const impact = affinity!.toImpact(relation);
      if (impact !== null) existing.push({classes, impact: {spread: null, affinity: impact}});
    }
    return existing;
  }

  #planOf(framework: Framework): TopologyPlan {
    const known = this.#plans.get(framework) ?? toPlan(framework);
    this.#plans.set(framework, known);
    return known;
  }

  #spreadOf(podClass: PodClass, {spread}: TopologyPlan, signature: Signature): SpreadCounts | null {
    if (spread === null) return null;
    const {plugin, filters, weight} = spread;
    const hard = filters ? plugin.hardConstraints(podClass) : [];
    const soft = weight > 0 ? plugin.softConstraints(podClass) : [];
    if (hard.length + soft.length === 0) return null;
    const nodeCount = this.#handle.nodes.length;
    return new SpreadCounts(podClass, hard, soft, plugin.requiresAllKeys(podClass), nodeCount, signature);
  }

  /** The filters that look at nodes one by one; null when the pod needs more than these. */
  #activeFilters(framework: Framework, pod: Pod): readonly ActiveFilter[] | null {
    const active: ActiveFilter[] = [];
    for (const plugin of framework.filterPlugins) {
      if (plugin.filterScope === 'topology') continue;
      const result = plugin.preFilter(pod);
      if (result.kind === 'Skip') continue;
      if (result.kind === 'Rejected' || result.nodes !== null || plugin.filterScope === 'cluster') return null;
      active.push({plugin, state: result.state});
    }
    return active;
  }

  /** The scores that look at nodes one by one; null when the pod needs more than these. */
  #activeScores(framework: Framework, pod: Pod, filters: readonly ActiveFilter[]): readonly ActiveScore[] | null {
    const active: ActiveScore[] = [];
    for (const {plugin, weight} of framework.scorePlugins) {
      if (plugin.scoreScope === 'topology') continue;
      // A plugin whose filter has nothing to say about a pod has no preference either.
      if (plugin.scoreScope === 'cluster' && isIdle(plugin, framework, filters)) continue;
      const result = plugin.preScore(pod, NO_NODES);
      if (result.kind === 'Skip') continue;
      if (plugin.scoreScope === 'cluster') return null;
      active.push({plugin, state: result.state, weight});
    }
    return active;
  }

  #staticNodesFor(
    {class: {spec, schedulerName, index}}: Pod,
    filters: readonly ActiveFilter[],
    scores: readonly ActiveScore[],
  ): StaticNodes {
    const {tolerations, nodeSelector, affinity} = spec;
    const statics = scores.filter(({plugin}) => plugin.scoreScope === 'static');
    // What other static filters look at is not among these, so that their classes share nothing.
    const own = filters.some(({plugin}) => plugin.filterScope === 'static' && !SHARING.has(plugin.name)) ? index : null;
    const key = JSON.stringify([own, schedulerName, tolerations, nodeSelector, affinity?.nodeAffinity]);
    const known = this.#staticNodes.get(key);
    if (known !== undefined) return known;
    if (this.#staticNodes.size > this.#mostViews) this.#staticNodes.clear();
    const made = toStaticNodes(
      {
        filters: filters.filter(({plugin}) => plugin.filterScope === 'static'),
        taints: statics.find(({plugin}) => plugin.name === 'TaintToleration') ?? null,
        preference: statics.find(({plugin}) => plugin.name === 'NodeAffinity') ?? null,
      },
      this.#handle.nodes.length,
    );
    this.#staticNodes.set(key, made);
    return made;
  }

  /** Shared by all classes of which the plugins say the same. */
  #staticScoresOf(scores: readonly ActiveScore[]): StaticScores | null {
    const locals = scores.filter(({plugin}) => plugin.scoreScope === 'static' && plugin.normalizeScore === undefined);
    const [first, ...others] = locals;
    if (first === undefined) return null;
    const known = others.length === 0 ? this.#staticScores.get(first.state as object) : undefined;
    if (known?.weight === first.weight) return known.scores;
    const made = toStaticScores(locals, this.#handle.nodes.length);
    if (others.length === 0) this.#staticScores.set(first.state as object, {weight: first.weight, scores: made});
    return made;
  }
}

/** Static filters that look at no more of a pod than its tolerations, node selector and node affinity. */
const SHARING: ReadonlySet<string> = new Set(['NodeUnschedulable', 'TaintToleration', 'NodeAffinity']);

const NO_NODES = new Int32Array(0);

/** How a profile uses the plugins that look at domains; null for one that it does not use. */
interface TopologyPlan {
  readonly spread: PluginUse<PodTopologySpread> | null;
  readonly affinity: PluginUse<InterPodAffinity> | null;
}

interface PluginUse<P> {
  readonly plugin: P;
  readonly filters: boolean;
  /** 0 where it does not score. */
  readonly weight: number;
}

function toPlan(framework: Framework): TopologyPlan {
  const useOf = <P extends FilterPlugin & ScorePlugin>(plugin: P | undefined): PluginUse<P> | null => {
    if (plugin === undefined) return null;
    const scored = framework.scorePlugins.find((own) => own.plugin === plugin);
    return {plugin, filters: framework.filterPlugins.includes(plugin), weight: scored?.weight ?? 0};
  };
  return {
    spread: useOf(instanceIn(framework, PodTopologySpread)),
    affinity: useOf(instanceIn(framework, InterPodAffinity)),
  };
}

function affinityOf(
  podClass: PodClass,
  related: readonly RelatedPods[],
  {affinity}: TopologyPlan,
  signature: Signature,
): AffinityCounts | null {
  if (affinity === null) return null;
  const {plugin, filters, weight} = affinity;
  if (related.length === 0 && plugin.relations.termsOf(podClass).requiredAffinity.length === 0) return null;
  const uses = {filters, scores: weight > 0 && !plugin.ignoresExisting(podClass)};
  const counts = new AffinityCounts(podClass, related, plugin.relations, uses, signature);
  return counts.hasFilters || counts.hasScores ? counts : null;
}

function weightIn(scores: readonly ActiveScore[], name: string): number {
  for (const {plugin, weight} of scores) if (plugin.name === name) return weight;
  return 0;
}

/** Whether the plugin filters, too, and has nothing to say about the pod there. */
function isIdle(plugin: ScorePlugin, {filterPlugins}: Framework, filters: readonly ActiveFilter[]): boolean {
  const all: readonly unknown[] = filterPlugins;
  return all.includes(plugin) && !filters.some((active) => (active.plugin as unknown) === plugin);
}

function instanceIn<P extends FilterPlugin & ScorePlugin>(
  {filterPlugins, scorePlugins}: Framework,
  pluginClass: new (args: never, handle: Handle) => P,
): P | undefined {
  const plugins: readonly unknown[] = [...filterPlugins, ...scorePlugins.map(({plugin}) => plugin)];
  return plugins.find((plugin): plugin is P => plugin instanceof pluginClass);
}
