import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {parseResultFile} from '../../results/resultFile.ts';
import type {SimulationResult} from '../../results/simulationResult.ts';
import {runCommand} from '../helpers/runCommand.ts';

const folder = mkdtempSync(join(tmpdir(), 'stowage-cli-'));
afterAll(() => rmSync(folder, {recursive: true}));
const SCENARIO = 'scenarios/online-and-flink';

async function simulateJson(args: readonly string[], stdin?: string): Promise<SimulationResult> {
  const {stdout, stderr, exitCode} = await runCommand(['simulate', ...args, '-o', 'json', '-q'], stdin);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('the result file', () => {
  const out = join(folder, 'result.json');

  test('is what -o json prints, and reads back as it is', async () => {
    const {stdout} = await runCommand(['simulate', '-f', SCENARIO, '-o', 'json', '-q', '--out', out]);
    const text = readFileSync(out, 'utf8');
    expect(text).toBe(stdout);
    expect(parseResultFile(text)).toEqual({result: JSON.parse(stdout)});
  });

  test('explains its pods', async () => {
    const pending = await runCommand(['explain', 'pod/embeddings-5485866596-2xh8f', '-n', 'batch', '--result', out]);
    expect(pending.stdout).toContain('is pending');
    expect(pending.stdout).toContain("node(s) didn't match Pod's node affinity/selector");
    const placed = await runCommand(['explain', 'pod/sessions-0', '-n', 'shop', '--result', out, '-o', 'json']);
    expect(JSON.parse(placed.stdout)).toMatchObject({state: 'placed', node: expect.stringMatching(/^storage-/)});
  });

  test.each([
    ['no JSON', 'nope', 'not JSON'],
    ['another kind', '{"kind": "Plan"}', 'kind is "Plan"'],
    [
      'a file with a field missing',
      '{"apiVersion": "stowage.dev/v1alpha1", "kind": "SimulationResult"}',
      'not a SimulationResult',
    ],
  ])('%s is refused', (_name, text, problem) => {
    expect(parseResultFile(text)).toEqual({problem: expect.stringContaining(problem)});
  });

  test('has counts that add up', async () => {
    const {summary, nodes, workloads, placements} = await simulateJson(['-f', SCENARIO]);
    expect(summary.placed + summary.pending + summary.gated + summary.ignored + summary.rejected).toBe(summary.pods);
    expect(nodes.reduce((sum, {pods}) => sum + pods, 0)).toBe(summary.placed);
    expect(workloads.reduce((sum, {placed}) => sum + placed, 0)).toBe(summary.placed);
    expect(placements).toHaveLength(summary.placed);
    const prices = nodes.map(({pricePerHour}) => pricePerHour!);
    expect(summary.costPerHour).toBeCloseTo(
      prices.reduce((sum, price) => sum + price, 0),
      9,
    );
  });
});

test('the decision log has a line for every pod that was tried', async () => {
  const path = join(folder, 'decisions.ndjson');
  await runCommand(['simulate', '-f', SCENARIO, '-q', '--decisions', path]);
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(292);
  expect(lines.map(({seq}) => seq)).toEqual([...lines.keys()]);
  expect(Object.keys(lines[0])).toEqual([
    'seq',
    'pod',
    'node',
    'evaluated',
    'feasible',
    'score',
    'tieCount',
    'message',
    'nominatedNode',
    'victims',
  ]);
});

describe('a kubectl dump', () => {
  const node = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name},
    status: {allocatable: {cpu: '940m', memory: '3070604Ki', pods: '58'}},
  });
  const template = {
    metadata: {labels: {app: 'web'}},
    spec: {containers: [{name: 'web', image: 'web:1', resources: {requests: {cpu: '200m'}}}]},
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: 'shop'},
    spec: {replicas: 3, selector: {matchLabels: {app: 'web'}}, template},
  };
  const replicaSet = {
    ...deployment,
    kind: 'ReplicaSet',
    metadata: {
      name: 'web-abc',
      namespace: 'shop',
      ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u', controller: true}],
    },
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-abc-1',
      namespace: 'shop',
      labels: {app: 'web'},
      ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-abc', uid: 'u', controller: true}],
    },
    spec: {...template.spec, nodeName: 'b'},
    status: {phase: 'Running'},
  };
  const dump = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [node('a'), node('b'), deployment, replicaSet, pod],
  });

  test('counts what it holds once, and bound pods stay', async () => {
    const result = await simulateJson(['-f', '-'], dump);
    expect(result.summary).toMatchObject({pods: 3, placed: 3, nodes: 2});
    expect(result.placements.find((placement) => placement.pod === 'shop/web-abc-1')?.node).toBe('b');
    expect(result.workloads).toMatchObject([{kind: 'Deployment', name: 'web', replicas: 3, placed: 3}]);
    expect(result.summary.costPerHour).toBeNull();
  });

  test('is placed anew with --reschedule', async () => {
    const result = await simulateJson(['-f', '-', '--reschedule'], dump);
    expect(result.placements.find((placement) => placement.pod === 'shop/web-abc-1')?.node).toBe('a');
  });
});

describe('flags', () => {
  test('another version of Kubernetes scores otherwise', async () => {
    const newest = await simulateJson(['-f', SCENARIO]);
    const older = await simulateJson(['-f', SCENARIO, '--kubernetes-version', '1.33']);
    expect(older.parameters.kubernetesVersion).toBe('1.33');
    expect(older.pending[0]?.message).toContain('untolerated taint {dedicated: storage}');
    expect(newest.pending[0]?.message).toContain('untolerated taint(s)');
  });

  test('a scheduler configuration changes placements', async () => {
    const packed = await simulateJson([
      '-f',
      'scenarios/flink-hello-world',
      '--scheduler-config',
      'test/fixtures/most-allocated.yaml',
      '--node-pool',
      'm6i.4xlarge=3',
    ]);
    const empty = packed.nodes.filter(({pods}) => pods === 0);
    expect(empty.length).toBeGreaterThanOrEqual(2);
  });

  test('ties drawn at random depend on the seed alone', async () => {
    const run = (seed: number) => simulateJson(['-f', SCENARIO, '--ties', 'random', '--seed', String(seed)]);
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(one).toEqual(again);
    expect(one.placements).not.toEqual(other.placements);
  });

  test('a strict validation refuses unknown fields', async () => {
    const manifest =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}], nodeSelectr: {a: b}}\n';
    const args = ['simulate', '-f', '-', '--node-pool', 'm6i.large=1', '-q', '-o', 'name'];
    expect((await runCommand(args, manifest)).exitCode).toBe(0);
    const strict = await runCommand([...args, '--validate', 'strict'], manifest);
    expect(strict.exitCode).toBe(2);
    expect(strict.stderr).toContain('error STW-1002');
  });
});
