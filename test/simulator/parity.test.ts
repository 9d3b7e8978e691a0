import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Pod} from '../../model/pod.ts';
import type {Outcome} from '../../simulator/framework/evaluator.ts';
import {fitErrorMessage} from '../../simulator/framework/fitError.ts';
import {REGISTRY} from '../../simulator/plugins/registry.ts';
import {assume, createScheduler, giveUp, type Scheduler, takeIn} from '../../simulator/scheduler.ts';
import {OPTIONS} from './builders.ts';
import {type ExpectedAttempt, readScenario, scenarioNames} from './parityScenario.ts';

describe('decisions agree with those of the real plugins', () => {
  test.each(scenarioNames())('%s', (name) => {
    const {model, configuration, pending, expected} = readScenario(name);
    const scheduler = createScheduler(model, OPTIONS, configuration);
    const nodeOf = new Map(model.nodes.map((node, index) => [node.name, index]));
    const waiting = new Set(pending);
    // Presets among the pending pods are bound when their turn comes.
    const {gated, ignored} = takeIn(
      scheduler,
      model.pods.filter((pod) => !waiting.has(pod) || pod.nodeName === null),
    );
    expect(pending.length).toBe(expected.length);

    for (const [i, pod] of pending.entries()) {
      const line = expected[i]!;
      expect(attempt(scheduler, model, pod, {gated, ignored}), `${name} #${i} ${line.pod}`).toEqual(relevant(line));
      if (line.node === undefined) {
        if (line.result === 'unschedulable') giveUp(scheduler, pod);
      } else assume(scheduler, pod, nodeOf.get(line.node)!);
    }
  });
});

/** What of an expected line is compared. */
function relevant(line: ExpectedAttempt) {
  const {result, feasible, infeasible = [], scorePlugins = [], scores, maxTotal, tie, message = ''} = line;
  const absent = line.preFilter?.code === 'Success' ? line.absent : line.preFilter;
  if (result === 'gated') return {result, message};
  if (result === 'preset' || result === 'ignored') return {result};
  return {
    result,
    feasible,
    infeasible,
    absent: absent === undefined ? null : {plugin: absent.plugin, code: absent.code, reasons: absent.reasons ?? []},
    maxTotal: maxTotal ?? null,
    tie: tie ?? null,
    scores:
      scores === undefined
        ? null
        : Object.fromEntries(
            Object.entries(scores).map(([node, [, ...own]]) => [
              node,
              Object.fromEntries(
                scorePlugins.map((plugin, i) => [plugin, own[i]]).filter(([plugin]) => REGISTRY.has(String(plugin))),
              ),
            ]),
          ),
    message: filterPart(message),
  };
}

/**
 * The message up to what PostFilter adds; that starts with the part of DynamicResources, which is always there: `not
 * found` when PreFilter ended before that plugin could write its state.
 */
function filterPart(message: string): string {
  return message.replace(/\. (no new claims to deallocate|still not schedulable|not found$).*$/, '.');
}

function attempt(
  scheduler: Scheduler,
  model: ClusterModel,
  pod: Pod,
  {gated, ignored}: Pick<ReturnType<typeof takeIn>, 'gated' | 'ignored'>,
): object {
  const held = gated.find((waiting) => waiting.pod === pod);
  if (held !== undefined) return {result: 'gated', message: held.message};
  if (pod.nodeName !== null) return {result: 'preset'};
  if (ignored.some((waiting) => waiting.pod === pod)) return {result: 'ignored'};
  const outcome = scheduler.evaluator.evaluate(pod, {explain: true});
  const {node, feasible, diagnosis, ties, scores, score} = outcome;
  const nameOf = (index: number): string => model.nodes[index]!.name;
  return {
    result: node < 0 ? 'unschedulable' : 'scheduled',
    feasible,
    infeasible: diagnosis?.preFilter === null ? rejectedNodes(model, outcome) : [],
    absent: diagnosis?.absent ?? null,
    maxTotal: score,
    tie: ties?.map(nameOf) ?? null,
    scores:
      scores === null
        ? null
        : Object.fromEntries(
            Array.from(scores.nodes, (index, i) => [
              nameOf(index),
              Object.fromEntries(
                scores.plugins.map(({plugin, weight, normalized}) => [plugin, normalized[i]! * weight]),
              ),
            ]),
          ),
    message: node < 0 && diagnosis !== null ? fitErrorMessage(diagnosis) : '',
  };
}

/** Groups of nodes with the same verdict, in the order of their first node. */
function rejectedNodes(model: ClusterModel, {diagnosis}: Outcome): object[] {
  const groups = new Map<string, {plugin: string; code: string; reasons: readonly string[]; nodes: string[]}>();
  for (const [node, status] of (diagnosis?.statuses ?? []).entries()) {
    if (status === null) continue;
    const key = JSON.stringify([status.plugin, status.code, status.reasons]);
    const group = groups.get(key) ?? {...status, nodes: []};
    group.nodes.push(model.nodes[node]!.name);
    groups.set(key, group);
  }
  return [...groups.values()];
}
