import {compile} from 'vega-lite';
import {describe, expect, test} from 'vitest';
import {memoryBreakdown} from '../../../results/charts/memoryBreakdown.ts';
import {nodeBars, nodeBarsTable} from '../../../results/charts/nodeBars.ts';
import {amountOf, nodeContents, OTHERS, workloadNames} from '../../../results/charts/nodeContents.ts';
import {strandedScatter} from '../../../results/charts/strandedScatter.ts';
import {theme} from '../../../results/charts/theme.ts';
import {renderSvg} from '../../../results/node/renderSvg.ts';
import type {SimulationResult} from '../../../results/simulationResult.ts';
import {buildResult, emptyResult, exampleResult, largeResult} from '../exampleResult.ts';

const HOSTILE = '"><script>alert(1)</script>\u202e\0__proto__';

describe('what is on a node', () => {
  test.each([
    ['a small result', exampleResult()],
    ['a large one', largeResult()],
  ])('adds up to what is allocatable, in %s', (_name, result) => {
    for (const {node, amounts} of nodeContents(result).nodes) {
      for (const resource of ['cpu', 'memory'] as const) {
        const sum = amounts.reduce((total, amount) => total + amount[resource], 0);
        expect(sum / amountOf(node.allocatable, resource)).toBeCloseTo(1, 6);
      }
    }
  });

  test('is scaled to what the node says where pods are smaller than the largest of their workload', () => {
    const result = withFirstNode(exampleResult(), (node) => ({...node, requested: {cpu: 1, memory: 2 ** 30}}));
    const [first] = nodeContents(result).nodes.filter(({node}) => node.name === result.nodes[0]!.name);
    const requested = first!.amounts.slice(0, -2).reduce((sum, {memory}) => sum + memory, 0);
    expect(requested).toBeCloseTo(2 ** 30, 0);
  });

  test('counts what no placement accounts for among the other workloads', () => {
    const result = {...exampleResult(), placements: []};
    const {series, nodes} = nodeContents(result);
    const other = series.findIndex(({name}) => name === OTHERS.workload);
    for (const {node, amounts} of nodes) expect(amounts[other]!.memory).toBe(node.requested.memory);
  });

  test('has one colour for each of the biggest workloads and no colour twice', () => {
    const {series} = nodeContents(largeResult());
    expect(series).toHaveLength(theme.series.length + 3);
    expect(new Set(series.map(({color}) => color)).size).toBe(series.length);
  });

  test.each([
    {rule: 'workloads where the biggest hold most of the memory', workloads: sketches(20, 20, 1), by: 'workload'},
    {rule: 'namespaces where many small workloads hold it', workloads: sketches(40, 4, 1), by: 'namespace'},
    {rule: 'workloads where one namespace holds nearly all', workloads: sketches(40, 1, 1), by: 'workload'},
    {rule: 'workloads where nothing is placed', workloads: sketches(40, 4, 100), by: 'workload'},
  ])('colours $rule', ({workloads, by}) => {
    const machine = {instanceType: 'm6i.4xlarge', cpu: 64, memory: 64 * 2 ** 30, pricePerHour: null};
    const contents = nodeContents(buildResult({machines: [machine], workloads}));
    expect(contents.by).toBe(by);
    expect(contents.series.at(-3)!.name).toBe(`other ${by}s`);
  });

  test('tells workloads apart by their kind only where they share a name', () => {
    const [workload] = exampleResult().workloads;
    const of = (kind: string, name: string) => ({...workload!, kind, namespace: 'shop', name, component: null});
    expect(workloadNames([of('Job', 'a'), of('Deployment', 'a'), of('Deployment', 'b')])).toEqual([
      'Job shop/a',
      'Deployment shop/a',
      'shop/b',
    ]);
  });
});

describe('nodeBars', () => {
  test('says how many nodes it leaves out, and the rows and the rest make all', () => {
    const result = largeResult();
    const {subtitle} = nodeBars(result).title;
    const [, shown, more] = /60 rows with (\d+) nodes are shown.*; (\d+) more nodes are in the result file/.exec(
      subtitle,
    )!;
    expect(Number(shown) + Number(more)).toBe(result.nodes.length);
    expect(nodeBarsTable(result).rows).toHaveLength(60);
  });

  test('puts many nodes that hold the same into one row', () => {
    const result = emptyResult();
    const [node] = exampleResult().nodes;
    const nodes = [...Array(500).keys()].map((index) => ({...node!, name: `node-${index}`}));
    expect(nodeBarsTable({...result, nodes}).rows.map(([name]) => name)).toEqual(['node-0 + 499 alike']);
  });

  test('shows an overcommitted node beyond 100%', () => {
    const node = exampleResult().nodes[0]!;
    const requested = {cpu: amountOf(node.allocatable, 'cpu') * 1.3, memory: 0};
    const spec = nodeBars({...emptyResult(), nodes: [{...node, requested}]});
    expect(JSON.stringify(spec)).toContain('"domain":[0,1.5]');
  });
});

describe.each([
  ['nodeBars', nodeBars],
  ['strandedScatter', strandedScatter],
  ['memoryBreakdown', memoryBreakdown],
])('%s', (_name, chart) => {
  test('is compiled without a warning', () => {
    const warnings: unknown[] = [];
    const collect = (...messages: unknown[]) => {
      warnings.push(messages);
      return logger;
    };
    const ignore = () => logger;
    const logger = {level: ignore, error: collect, warn: collect, info: ignore, debug: ignore};
    compile(chart(exampleResult()), {logger: logger as never});
    expect(warnings).toEqual([]);
  });

  test('escapes hostile names', async () => {
    const result = exampleResult();
    const nodes = result.nodes.map((node) => ({...node, name: `${node.name}${HOSTILE}`, instanceType: HOSTILE}));
    const svg = await renderSvg(chart({...result, nodes}));
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/[\u202e\0]/);
  });

  test('renders without nodes', async () => {
    expect(await renderSvg(chart(emptyResult()))).toMatch(/^<svg/);
  });
});

/** Workloads of one pod each, over namespaces in turn. Of twenty, the first has half of the memory. */
function sketches(count: number, namespaces: number, gibibytes: number) {
  return [...Array(count).keys()].map((index) => ({
    namespace: `team-${index % namespaces}`,
    name: `service-${index}`,
    replicas: 1,
    cpu: 0.1,
    gibibytes: gibibytes * (index === 0 && count === 20 ? 20 : 1),
  }));
}

function withFirstNode(
  result: SimulationResult,
  change: (node: SimulationResult['nodes'][number]) => SimulationResult['nodes'][number],
): SimulationResult {
  return {...result, nodes: result.nodes.map((node, index) => (index === 0 ? change(node) : node))};
}
