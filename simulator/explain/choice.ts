import type {Pod} from '../../model/pod.ts';
import type {Outcome} from '../framework/evaluator.ts';
import type {Scheduler} from '../scheduler.ts';
import type {Choice} from './explanation.ts';
import {inResultUnits} from './resultUnits.ts';

/** How the node of a successful attempt was chosen. */
export function toChoice(
  names: readonly string[],
  {node, feasible, scores, ties}: Outcome,
  wasNominated: boolean,
  left: Choice['left'],
): Choice | null {
  if (node < 0) return null;
  const name = names[node]!;
  if (scores === null) {
    return {node: name, kind: wasNominated ? 'Nominated' : 'OnlyOne', feasible, ties: [], runnerUp: null, left};
  }
  const position = scores.nodes.indexOf(node);
  const total = scores.totals[position]!;
  let second = -1;
  for (const [i, other] of scores.totals.entries()) {
    if (other < total && (second < 0 || other > scores.totals[second]!)) second = i;
  }
  return {
    node: name,
    kind: 'Best',
    feasible,
    ties: (ties ?? []).filter((other) => other !== node).map((other) => names[other]!),
    runnerUp:
      second < 0
        ? null
        : {
            node: names[scores.nodes[second]!]!,
            behind: total - scores.totals[second]!,
            differences: scores.plugins
              .map(({plugin, weight, normalized}) => ({
                plugin,
                points: (normalized[position]! - normalized[second]!) * weight,
              }))
              .filter(({points}) => points !== 0),
          },
    left,
  };
}

/** What is free of each resource that the node has, or that the pod asks for, once the pod is there. */
export function leftOn({state}: Scheduler, pod: Pod, node: number): Choice['left'] {
  const {resources, allocatable, requested} = state;
  const isThere = state.nodeOfPod[pod.index] === node;
  const left: Record<string, number> = {};
  for (const [column, name] of resources.names.entries()) {
    const wanted = pod.class.requests[name] ?? 0;
    const cell = node * resources.size + column;
    if (allocatable[cell] === 0 && wanted === 0) continue;
    left[name] = allocatable[cell]! - requested[cell]! - (isThere ? 0 : wanted);
  }
  left.pods = state.allowedPods[node]! - state.podCount[node]! - (isThere ? 0 : 1);
  return inResultUnits(left);
}
