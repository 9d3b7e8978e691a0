import type {ClusterModel} from '../model/clusterModel.ts';
import type {Node} from '../model/node.ts';
import {type Pod, podKey} from '../model/pod.ts';
import {PODS, type Resources} from '../model/resources.ts';
import type {SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import {run} from './run.ts';
import {type Attempt, createScheduler, type Scheduler, takeIn} from './scheduler.ts';
import type {SimulationOptions, StatusCode} from './simulation.ts';

/** A score of one plugin for one node. */
export interface ExplainedScore {
  readonly plugin: string;
  /** What the plugin says, before and after it is brought into 0 … 100, and times the plugin's weight. */
  readonly raw: number;
  readonly normalized: number;
  readonly weighted: number;
}

/** How one node stood at the moment of the attempt. */
export interface ExplainedNode {
  readonly node: string;
  readonly feasible: boolean;
  /** Whether the search came to this node: it ends early when nodes are sampled or the nominated node will do. */
  readonly visited: boolean;
  /** The first plugin that turned the pod down on this node. */
  readonly rejection: {readonly plugin: string; readonly code: StatusCode; readonly reasons: readonly string[]} | null;
  /** What a node turned down by NodeResourcesFit is short of, in the scheduler's units; empty otherwise. */
  readonly short: Resources;
  readonly scores: readonly ExplainedScore[];
  readonly total: number | null;
}

export interface PodExplanation {
  readonly pod: string;
  readonly outcome: 'placed' | 'bound' | 'pending' | 'gated' | 'ignored';
  readonly node: string | null;
  readonly message: string | null;
  readonly priority: number;
  readonly requests: Resources;
  /** Pods that were scheduled before this one in the run. */
  readonly position: number;
  readonly nodes: readonly ExplainedNode[];
  /** Of the nodes that only lack resources, the one that lacks the least of its own size. */
  readonly nearestMiss: ExplainedNode | null;
}

/** Replays the run up to the attempt of one pod and tells how every node stood then. */
export function explainPod(
  model: ClusterModel,
  options: SimulationOptions,
  configuration: SchedulerConfiguration | undefined,
  pod: Pod,
): PodExplanation {
  const scheduler = createScheduler(model, options, configuration);
  const {queue, gated, ignored, stray} = takeIn(scheduler, model.pods);
  const {priority, requests} = pod.class;
  const base = {pod: podKey(pod), priority, requests, nodes: [], nearestMiss: null, position: 0};
  const held = gated.find((waiting) => waiting.pod === pod);
  if (held !== undefined) return {...base, outcome: 'gated', node: null, message: held.message};
  const passedOver = ignored.find((waiting) => waiting.pod === pod);
  if (passedOver !== undefined) return {...base, outcome: 'ignored', node: null, message: passedOver.message};
  const lost = stray.find((waiting) => waiting.pod === pod);
  if (lost !== undefined) return {...base, outcome: 'pending', node: null, message: lost.message};
  if (pod.nodeName !== null) return {...base, outcome: 'bound', node: pod.nodeName, message: null};

  let position = 0;
  let explanation: PodExplanation | undefined;
  run(scheduler, queue, {
    explains: (next) => next === pod,
    onAttempt: (next, attempt) => {
      if (next === pod) explanation = {...base, position, ...describe(model, scheduler, pod, attempt)};
      position++;
      return next === pod;
    },
  });
  if (explanation === undefined) throw new Error(`pod ${podKey(pod)} is not part of the run`);
  return explanation;
}

function describe(
  model: ClusterModel,
  scheduler: Scheduler,
  pod: Pod,
  {message, outcome: {node, diagnosis, scores}}: Attempt,
): Pick<PodExplanation, 'outcome' | 'node' | 'message' | 'nodes' | 'nearestMiss'> {
  const positions = new Map(scores === null ? [] : [...scores.nodes].map((index, position) => [index, position]));
  const nodes = model.nodes.map((one, index): ExplainedNode => {
    const status = diagnosis === null ? null : (diagnosis.statuses[index] ?? diagnosis.preFilter ?? null);
    const position = positions.get(index);
    const rejected = status ?? (index !== node && position === undefined ? (diagnosis?.absent ?? null) : null);
    return {
      node: one.name,
      feasible: rejected === null && (index === node || position !== undefined),
      visited: rejected !== null || index === node || position !== undefined,
      rejection: rejected === null ? null : {plugin: rejected.plugin, code: rejected.code, reasons: rejected.reasons},
      short: rejected?.plugin === 'NodeResourcesFit' ? shortOf(scheduler, pod, one, index) : {},
      scores:
        position === undefined || scores === null
          ? []
          : scores.plugins.map(({plugin, weight, raw, normalized}) => ({
              plugin,
              raw: raw[position]!,
              normalized: normalized[position]!,
              weighted: normalized[position]! * weight,
            })),
      total: position === undefined || scores === null ? null : scores.totals[position]!,
    };
  });
  return {
    outcome: node < 0 ? 'pending' : 'placed',
    node: node < 0 ? null : model.nodes[node]!.name,
    message,
    nodes,
    nearestMiss: node < 0 ? nearestMiss(nodes, model.nodes) : null,
  };
}

/** What the pod asks for beyond what is free; a full node is short of one pod. */
function shortOf({state}: Scheduler, pod: Pod, node: Node, index: number): Resources {
  const short: Record<string, number> = {};
  const {resources, allocatable, requested} = state;
  for (const name of Object.keys(pod.class.requests).sort()) {
    const wanted = pod.class.requests[name]!;
    const cell = index * resources.size + resources.indexOf(name);
    const missing = wanted - (resources.indexOf(name) < 0 ? 0 : allocatable[cell]! - requested[cell]!);
    if (wanted > 0 && missing > 0) short[name] = missing;
  }
  if (state.podCount[index]! >= (node.allocatable[PODS] ?? 0)) short[PODS] = 1;
  return short;
}

function nearestMiss(nodes: readonly ExplainedNode[], sizes: readonly Node[]): ExplainedNode | null {
  let nearest: ExplainedNode | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, node] of nodes.entries()) {
    const names = Object.keys(node.short);
    if (names.length === 0) continue;
    // Relative to the size of the node, so that cores and bytes can be compared.
    const lack = Math.max(
      ...names.map((name) => node.short[name]! / Math.max(1, sizes[index]!.allocatable[name] ?? 0)),
    );
    if (lack < least) {
      nearest = node;
      least = lack;
    }
  }
  return nearest;
}
