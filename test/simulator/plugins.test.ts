import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {defaultNormalizeScore} from '../../simulator/framework/normalizeScore.ts';
import type {FilterPlugin, Handle, ScorePlugin} from '../../simulator/framework/plugin.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import {normalizedImageName} from '../../simulator/plugins/imageLocality.ts';
import {REGISTRY} from '../../simulator/plugins/registry.ts';
import {brokenLinear, type UtilizationShapePoint} from '../../simulator/plugins/scoringStrategy.ts';
import {numFeasibleNodesToFind} from '../../simulator/reference/sampling.ts';
import type {KubernetesVersion} from '../../simulator/simulation.ts';
import {ClusterState} from '../../simulator/state/clusterState.ts';
import {cluster} from './builders.ts';
import {type GoldenCase, readGoldenCases, toInput, toNodes, versionsOf} from './goldenCases.ts';
import {ORIGIN} from './origin.ts';

const cases = readGoldenCases();
const byVersion = (kind: string) =>
  cases
    .filter((golden) => golden.kind === kind && REGISTRY.has(golden.plugin))
    .flatMap((golden) => versionsOf(golden).map((version) => ({id: golden.id, version, golden})));

/** The plugin of a case in front of its nodes and pods, and the incoming pod. */
function setUp(golden: GoldenCase, kubernetesVersion: KubernetesVersion) {
  const pods = [...(golden.pods ?? []), golden.pod!].map(toInput);
  const model = cluster(toNodes(golden.nodes), pods);
  const state = ClusterState.empty(model.nodes, model.classes, model.pods.length);
  for (const pod of model.pods.slice(0, -1)) {
    state.addPod(
      pod,
      model.nodes.findIndex(({name}) => name === pod.nodeName),
    );
  }
  const handle: Handle = {nodes: model.nodes, state, kubernetesVersion};
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
    if (pre.kind === 'Success') scorer.normalizeScore?.(scores);
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

  const functions: Record<string, (input: never) => unknown> = {
    'helper.brokenLinear': ({shape, utilizations}: {shape: UtilizationShapePoint[]; utilizations: number[]}) =>
      utilizations.map((utilization) => brokenLinear(shape, utilization)),
    'helper.normalizedImageName': ({images}: {images: string[]}) => images.map(normalizedImageName),
    'helper.defaultNormalizeScore': (input: {scores: number[]; reverse: boolean; maxPriority: number}) => {
      const scores = Float64Array.from(input.scores);
      defaultNormalizeScore(scores, input.reverse ? 'reverse' : 'forward', input.maxPriority);
      return [...scores];
    },
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
  ])('none of the cases of %s is left out', (plugin, count) => {
    const run = [...byVersion('score'), ...byVersion('filter')].filter(({golden}) => golden.plugin === plugin);
    expect(new Set(run.map(({id}) => id)).size).toBe(count);
  });
});
