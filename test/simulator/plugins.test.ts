import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {defaultNormalizeScore} from '../../simulator/framework/normalizeScore.ts';
import type {FilterPlugin, ScorePlugin} from '../../simulator/framework/plugin.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import {normalizedImageName} from '../../simulator/plugins/imageLocality.ts';
import {REGISTRY} from '../../simulator/plugins/registry.ts';
import {brokenLinear, type UtilizationShapePoint} from '../../simulator/plugins/scoringStrategy.ts';
import {numFeasibleNodesToFind} from '../../simulator/reference/sampling.ts';
import {attempt, createHandle, createScheduler, takeIn} from '../../simulator/scheduler.ts';
import type {KubernetesVersion} from '../../simulator/simulation.ts';
import {cluster, node, OPTIONS, requests} from './builders.ts';
import {type GoldenCase, readGoldenCases, toModel, versionsOf} from './goldenCases.ts';
import {ORIGIN} from './origin.ts';

const cases = readGoldenCases();
const byVersion = (kind: string) =>
  cases
    .filter((golden) => golden.kind === kind && REGISTRY.has(golden.plugin))
    .flatMap((golden) => versionsOf(golden).map((version) => ({id: golden.id, version, golden})));

/** The attempt at the incoming pod of a case, which finds no room. */
function preempt(golden: GoldenCase, kubernetesVersion: KubernetesVersion) {
  const model = toModel(golden);
  const scheduler = createScheduler(model, {...OPTIONS, kubernetesVersion});
  takeIn(scheduler, model.pods);
  return {nodes: model.nodes, ...attempt(scheduler, model.pods.at(-1)!)};
}

interface Eligibility {
  readonly preemptionPolicy: string;
  readonly nominatedNodeStatus?: 'UnschedulableAndUnresolvable' | null;
  readonly lowerPriorityTerminatingPodOnNominatedNode?: object;
}

/** Whether a pod tries to preempt a pod of node `a`, to which it may be nominated already. */
function isEligible({preemptionPolicy, nominatedNodeStatus, lowerPriorityTerminatingPodOnNominatedNode}: Eligibility) {
  const isHopeless = nominatedNodeStatus === 'UnschedulableAndUnresolvable';
  const nodeSelector = isHopeless ? {nodeSelector: {no: 'where'}} : {};
  const isWaiting = lowerPriorityTerminatingPodOnNominatedNode !== undefined;
  const model = cluster(
    [node('a')],
    [
      {nodeName: 'a', spec: requests('3', '1Gi'), terminating: isWaiting, preempted: isWaiting},
      {
        nominatedNodeName: nominatedNodeStatus === undefined ? null : 'a',
        spec: requests('3', '1Gi', {priority: 1, preemptionPolicy, ...nodeSelector}),
      },
    ],
  );
  const scheduler = createScheduler(model, OPTIONS);
  takeIn(scheduler, model.pods);
  return !attempt(scheduler, model.pods[1]!).message?.includes('not eligible');
}

/** The plugin of a case in front of its nodes and pods, and the incoming pod. */
function setUp(golden: GoldenCase, kubernetesVersion: KubernetesVersion) {
  const model = toModel(golden);
  const handle = createHandle(model, {kubernetesVersion, seed: 1});
  for (const pod of model.pods.slice(0, -1)) {
    handle.state.addPod(
      pod,
      model.nodes.findIndex(({name}) => name === pod.nodeName),
    );
  }
  const diagnostics = new Diagnostics();
  const {profiles} = readSchedulerConfiguration(
    {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      profiles: [{pluginConfig: [{name: golden.plugin, args: golden.args ?? {}}]}],
    },
    ORIGIN,
    kubernetesVersion,
    diagnostics,
  );
  expect(diagnostics.all).toEqual([]);
  const plugin = REGISTRY.get(golden.plugin)!(profiles[0]!.args, handle);
  return {plugin, nodes: model.nodes, pod: model.pods.at(-1)!};
}

describe('plugins agree with the unit tests of kube-scheduler', () => {
  test.each(byVersion('score'))('score $id on $version', ({golden, version}) => {
    const {plugin, nodes, pod} = setUp(golden, version);
    const scorer = plugin as ScorePlugin;
    const candidates = golden.candidates ?? nodes.map(({name}) => name);
    const feasible = Int32Array.from(candidates, (name) => nodes.findIndex((node) => node.name === name));
    const pre = scorer.preScore(pod, feasible);
    if (golden.expect.preScore === 'Skip') {
      expect(pre.kind).toBe('Skip');
      return;
    }
    const scores = Float64Array.from(feasible, (node) => (pre.kind === 'Skip' ? 0 : scorer.score(pre.state, node)));
    if (pre.kind === 'Success') scorer.normalizeScore?.(scores, pre.state, feasible);
    expect(Object.fromEntries(candidates.map((name, i) => [name, scores[i]]))).toEqual(golden.expect.scores);
  });

  test.each(byVersion('filter'))('filter $id on $version', ({golden, version}) => {
    const {plugin, nodes, pod} = setUp(golden, version);
    const filter = plugin as FilterPlugin;
    const pre = filter.preFilter(pod);
    for (const [i, {name}] of nodes.entries()) {
      const status = pre.kind === 'Rejected' ? pre.status : pre.kind === 'Skip' ? null : filter.filter(pre.state, i);
      const {code, reasons} = golden.expect.verdicts![name]!;
      expect(status?.code ?? 'Success').toBe(code);
      if (reasons !== undefined) expect(status?.reasons ?? []).toEqual(reasons);
    }
  });

  test.each(byVersion('preemption-select'))('preemption $id on $version', ({golden, version}) => {
    const {nodes, preemption} = preempt(golden, version);
    const acceptable = preemption?.acceptable.map((node) => nodes[node]!.name);
    expect(acceptable).toEqual(golden.expect.selectedAnyOf);
  });

  test.each(byVersion('preemption-dryrun'))('preemption $id on $version', ({golden, version}) => {
    const {nodes, preemption} = preempt(golden, version);
    const victims = (preemption?.candidates ?? []).map((candidate) => [
      nodes[candidate.node]!.name,
      candidate.victims.map(({name}) => name).sort(),
    ]);
    expect(Object.fromEntries(victims)).toEqual(golden.expect.victims);
  });

  const functions: Record<string, (input: never) => unknown> = {
    'helper.brokenLinear': ({shape, utilizations}: {shape: UtilizationShapePoint[]; utilizations: number[]}) =>
      utilizations.map((utilization) => brokenLinear(shape, utilization)),
    'helper.normalizedImageName': ({images}: {images: string[]}) => images.map(normalizedImageName),
    'helper.defaultNormalizeScore': (input: {scores: number[]; reverse: boolean; maxPriority: number}) => {
      const scores = Float64Array.from(input.scores);
      defaultNormalizeScore(scores, input.reverse ? 'reverse' : 'forward', input.maxPriority);
      return [...scores];
    },
    'DefaultPreemption.podEligibleToPreemptOthers': isEligible,
    numFeasibleNodesToFind: (input: {percentageOfNodesToScore: number; numAllNodes: number}) =>
      numFeasibleNodesToFind(input.percentageOfNodesToScore, input.numAllNodes),
  };

  test.each(cases.filter(({plugin}) => Object.hasOwn(functions, plugin)))('func $id', (golden) => {
    const {plugin, input, expect: wanted} = golden;
    expect(functions[plugin]!(input as never)).toEqual(wanted.outputs ?? wanted.output);
  });

  test.each([
    ['NodeResourcesFit', 34 + 32],
    ['NodeResourcesBalancedAllocation', 14],
    ['TaintToleration', 5 + 9],
    ['NodeAffinity', 6],
    ['ImageLocality', 7],
    ['PodTopologySpread', 22 + 11],
    ['InterPodAffinity', 17 + 10],
    ['DefaultPreemption', 9 + 3],
  ])('none of the cases of %s is left out', (plugin, count) => {
    const kinds = ['score', 'filter', 'preemption-select', 'preemption-dryrun'];
    const run = kinds.flatMap(byVersion).filter(({golden}) => golden.plugin === plugin);
    expect(new Set(run.map(({id}) => id)).size).toBe(count);
  });
});
