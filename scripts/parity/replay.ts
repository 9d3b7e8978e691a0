import {type Pod, podKey} from '../../model/pod.ts';
import type {ScoreSheet} from '../../simulator/framework/evaluator.ts';
import {fitErrorMessage} from '../../simulator/framework/fitError.ts';
import {DEFAULT_SCHEDULER_NAME} from '../../simulator/framework/profile.ts';
import {
  type Attempt,
  assume,
  attempt,
  createScheduler,
  evict,
  type Scheduler,
  takeIn,
} from '../../simulator/scheduler.ts';
import type {SimulationOptions} from '../../simulator/simulation.ts';
import type {DecisionLine, PreemptionLine, RejectedNodes} from './format.ts';
import type {Scenario} from './ingest.ts';

export type ReplayOptions = Required<Pick<SimulationOptions, 'kubernetesVersion' | 'evaluator'>>;

/** Nothing is drawn: all nodes are scored, and the first of the best is taken. */
const OPTIONS = {percentageOfNodesToScore: 100, seed: 1, ties: 'first'} as const;

/**
 * Schedules the pending pods of a scenario one after the other and tells what it made of each. After each decision the
 * expected one takes effect, whatever the own was, so that later ones stay comparable.
 */
export function replay(
  scenario: Scenario,
  expected: readonly DecisionLine[],
  options: ReplayOptions,
): readonly DecisionLine[] {
  return new Replay(scenario, options).run(expected);
}

class Replay {
  readonly #pending: readonly Pod[];
  readonly #names: readonly string[];
  readonly #scheduler: Scheduler;
  readonly #byKey: ReadonlyMap<string, Pod>;
  readonly #isFast: boolean;
  readonly #gated: ReadonlyMap<Pod, string>;
  readonly #ignored: ReadonlySet<Pod>;

  constructor({model, configuration, running, pending}: Scenario, options: ReplayOptions) {
    this.#pending = pending;
    this.#names = model.nodes.map(({name}) => name);
    this.#scheduler = createScheduler(model, {...OPTIONS, ...options}, configuration);
    this.#isFast = options.evaluator === 'fast';
    this.#byKey = new Map(model.pods.map((pod) => [podKey(pod), pod]));
    // Pending pods that name a node are there only when their turn comes.
    const {gated, ignored} = takeIn(this.#scheduler, [
      ...running,
      ...pending.filter(({nodeName}) => nodeName === null),
    ]);
    this.#gated = new Map(gated.map(({pod, message}) => [pod, message]));
    this.#ignored = new Set(ignored.map(({pod}) => pod));
  }

  run(expected: readonly DecisionLine[]): readonly DecisionLine[] {
    return this.#pending.map((pod, i) => ({
      i,
      pod: podKey(pod),
      ...this.#profile(pod),
      ...this.#decide(pod, expected[i]),
    }));
  }

  /** The scheduler that a pod names, if it is there and not the default. */
  #profile({class: {schedulerName}}: Pod): Pick<DecisionLine, 'profile'> {
    const isNamed = schedulerName !== DEFAULT_SCHEDULER_NAME && this.#scheduler.frameworks.has(schedulerName);
    return isNamed ? {profile: schedulerName} : {};
  }

  #decide(pod: Pod, expected: DecisionLine | undefined): Omit<DecisionLine, 'i' | 'pod'> {
    const message = this.#gated.get(pod);
    if (message !== undefined) return {result: 'gated', ...this.#gate(pod), feasible: 0, message};
    if (pod.nodeName !== null) {
      takeIn(this.#scheduler, [pod]);
      return {result: 'preset', feasible: 0, node: pod.nodeName};
    }
    if (this.#ignored.has(pod)) return {result: 'ignored', feasible: 0};
    const {nominator} = this.#scheduler;
    const nominated = nominator.nodeOf(pod);
    const first = this.#attempt(pod);
    if (expected?.preemption?.code !== 'Success') {
      // An own nomination that was not to be.
      if (first.preemption?.code === 'Success') nominator.remove(pod);
      if (first.preemption?.code === 'Success' && nominated >= 0) nominator.nominate(pod, nominated);
      this.#follow(pod, expected);
      return first;
    }
    this.#followPreemption(pod, expected.preemption);
    if (expected.retry === undefined) return first;
    const retry = this.#attempt(pod);
    this.#follow(pod, expected.retry);
    if (first.preemption?.code !== 'Success') return first;
    const {node, ...withoutNode} = first;
    return {
      ...withoutNode,
      ...(retry.node === undefined ? {result: 'unschedulable'} : {result: 'preempted', node: retry.node}),
      retry: {i: expected.i, pod: expected.pod, ...retry},
    };
  }

  #gate(pod: Pod): Pick<DecisionLine, 'preFilter'> {
    const status = this.#scheduler.frameworks.get(pod.class.schedulerName)?.runPreEnqueue(pod);
    return status == null ? {} : {preFilter: {code: status.code, plugin: status.plugin, reasons: status.reasons}};
  }

  #follow(pod: Pod, {node}: Pick<DecisionLine, 'node'> = {}): void {
    if (node !== undefined) assume(this.#scheduler, pod, this.#scheduler.nodeOf.get(node)!);
  }

  #followPreemption(pod: Pod, {nominated, victims = []}: PreemptionLine): void {
    for (const victim of victims) evict(this.#scheduler, this.#byKey.get(victim)!);
    const node = this.#scheduler.nodeOf.get(nominated ?? '');
    if (node !== undefined) this.#scheduler.nominator.nominate(pod, node);
  }

  /** One attempt of the scheduler in the words of the format. */
  #attempt(pod: Pod): Omit<DecisionLine, 'i' | 'pod'> {
    // An explanation comes from the plain evaluator, whichever one decides.
    const quick = this.#isFast ? this.#scheduler.evaluator.evaluate(pod) : null;
    const own = attempt(this.#scheduler, pod, {explain: true});
    const {diagnosis, ties, scores} = own.outcome;
    const {node, feasible, score, tieCount} = quick ?? own.outcome;
    const names = (ties ?? []).map((index) => this.#names[index]!);
    const tie = names.length === tieCount ? names : [`${tieCount} nodes`];
    const chosen = node < 0 ? {} : {tie, node: this.#names[node]!};
    // Only the nominated node is taken without a look at the others.
    if (node >= 0 && diagnosis === null) {
      return {result: 'scheduled', viaNominated: this.#names[node]!, feasible, ...chosen};
    }
    return {
      result: node < 0 ? 'unschedulable' : 'scheduled',
      feasible,
      ...this.#rejections(pod, own),
      ...(scores === null || score === null || scores.plugins.length === 0 ? {} : this.#scores(scores, score)),
      ...chosen,
      ...(own.message === null ? {} : {message: own.message}),
      ...(own.postFilter === null ? {} : this.#preemption(own)),
    };
  }

  #rejections(pod: Pod, {outcome}: Attempt): Pick<DecisionLine, 'preFilter' | 'infeasible' | 'absent'> {
    const {diagnosis} = outcome;
    if (diagnosis === null) return {};
    const {preFilter, absent, statuses} = diagnosis;
    if (preFilter !== null) {
      const {plugin, code, reasons} = preFilter;
      return {preFilter: {code, plugin, reasons}};
    }
    const infeasible = this.#groups(statuses);
    const rejections = infeasible.length === 0 ? {} : {infeasible};
    if (absent === null) return rejections;
    const nodes = this.#narrowed(pod);
    const {plugin, code, reasons} = absent;
    return {
      preFilter: {code: 'Success', ...(nodes.length === 0 ? {} : {nodes})},
      ...rejections,
      absent: {plugin, code, reasons, count: this.#names.length - nodes.length},
    };
  }

  /** The nodes that PreFilter leaves. */
  #narrowed(pod: Pod): readonly string[] {
    const {evaluator, frameworks} = this.#scheduler;
    const outcome = frameworks.get(pod.class.schedulerName)?.runPreFilter(pod);
    // Plugins keep what they found for the pod until it is put on its node.
    evaluator.evaluate(pod, {explain: true});
    const nodes = outcome?.kind === 'Success' ? outcome.nodes : null;
    return (nodes ?? []).map((node) => this.#names[node]!);
  }

  /** Nodes with the same verdict, in the order of their first node. */
  #groups(statuses: NonNullable<Attempt['outcome']['diagnosis']>['statuses']): readonly RejectedNodes[] {
    const groups = new Map<string, RejectedNodes & {readonly nodes: string[]}>();
    for (const [node, status] of statuses.entries()) {
      if (status === null) continue;
      const {plugin, code, reasons} = status;
      const key = JSON.stringify([plugin, code, reasons]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, {plugin, code, reasons, nodes: [this.#names[node]!]});
      else group.nodes.push(this.#names[node]!);
    }
    return [...groups.values()];
  }

  #scores(
    {nodes, plugins, totals}: ScoreSheet,
    maxTotal: number,
  ): Required<Pick<DecisionLine, 'scorePlugins' | 'scores' | 'maxTotal'>> {
    const weighted = plugins.map(({weight, normalized}) => normalized.map((score) => score * weight));
    return {
      scorePlugins: plugins.map(({plugin}) => plugin),
      scores: Object.fromEntries(
        Array.from(nodes, (node, i) => [this.#names[node]!, [totals[i]!, ...weighted.map((own) => own[i]!)]]),
      ),
      maxTotal,
    };
  }

  /** Nothing where a profile has no PostFilter plugins, which then say nothing. */
  #preemption({
    outcome: {diagnosis},
    message,
    nominatedNode,
    postFilter,
    preemption,
  }: Attempt): Pick<DecisionLine, 'preemption'> {
    if (preemption === null) {
      const filters = diagnosis === null ? '' : fitErrorMessage(diagnosis);
      const reasons = (message ?? '').slice(filters.length + 1);
      return reasons === '' ? {} : {preemption: {code: String(postFilter), message: reasons}};
    }
    const violations = (count: number) => (count === 0 ? {} : {pdbViolations: count});
    const best = preemption.candidates.find(({node}) => node === nominatedNode);
    return {
      preemption: {
        code: 'Success',
        nominated: this.#names[nominatedNode]!,
        acceptable: preemption.acceptable.map((node) => this.#names[node]!),
        victims: preemption.victims.map(podKey),
        ...violations(best?.numPDBViolations ?? 0),
        candidates: preemption.candidates.map(({node, victims, numPDBViolations}) => ({
          node: this.#names[node]!,
          victims: victims.map(podKey),
          ...violations(numPDBViolations),
        })),
      },
    };
  }
}
