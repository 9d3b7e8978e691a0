import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type PlanResult, planSchema} from '../../results/planResult.ts';
import {nodeCatalog, temporaryFiles} from '../helpers/planInputs.ts';
import {runCommand} from '../helpers/runCommand.ts';

interface Wishes {
  readonly replicas?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly select?: Readonly<Record<string, string>>;
}

function deployment(name: string, {replicas = 1, cpu = '1', memory = '1Gi', select = {}}: Wishes): string {
  return `---\n${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name},
    spec: {
      replicas,
      selector: {matchLabels: {app: name}},
      template: {
        metadata: {labels: {app: name}},
        spec: {
          nodeSelector: select,
          containers: [{name: 'main', image: 'main', resources: {requests: {cpu, memory}}}],
        },
      },
    },
  })}\n`;
}

const CATALOG = nodeCatalog(
  '{name: m.2, vcpu: 2, memory: 8Gi, maxPods: 58, pricePerHour: 0.10}',
  '{name: m.4, vcpu: 4, memory: 16Gi, maxPods: 58, pricePerHour: 0.20}',
  '{name: m.8, vcpu: 8, memory: 32Gi, maxPods: 58, pricePerHour: 0.42}',
  '{name: r.4, vcpu: 4, memory: 32Gi, maxPods: 58, pricePerHour: 0.26}',
  '{name: c.8, vcpu: 8, memory: 16Gi, maxPods: 58, pricePerHour: 0.33}',
);

/** 25 cores and 83 GiB, of pods that are large in one or the other. */
const SHOP =
  deployment('web', {replicas: 11, cpu: '1300m', memory: '1Gi'}) +
  deployment('store', {replicas: 7, cpu: '700m', memory: '6Gi'}) +
  deployment('etl', {replicas: 3, cpu: '1', memory: '10Gi'});

const {directory, file} = temporaryFiles();
const catalog = file('catalog.yaml', CATALOG);
const out = join(directory, 'plan.json');

async function run(text: string, flags: readonly string[]) {
  return runCommand([
    ...['plan', '-f', file('input.yaml', text), '--catalog', catalog, '-q', '--out', out],
    ...['--time-limit', '20', ...flags],
  ]);
}

/** A plan that `plan verify` accepts, by itself and beside its input. */
async function planned(text: string, ...flags: readonly string[]): Promise<PlanResult> {
  const {exitCode, stderr} = await run(text, flags);
  expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
  const verified = await runCommand([
    'plan',
    'verify',
    out,
    '-q',
    '-f',
    file('input.yaml', text),
    '--catalog',
    catalog,
  ]);
  expect(verified).toMatchObject({exitCode: 0, stderr: ''});
  return planSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
}

async function refused(text: string, ...flags: readonly string[]): Promise<string> {
  const {exitCode, stdout, stderr} = await run(text, flags);
  expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
  return stderr.replaceAll(`${directory}/`, '').replace(/\n\n\d+ errors?\b.*\n$/, '\n');
}

function nodesOf({nodes}: PlanResult): number {
  return nodes.reduce((sum, {count}) => sum + count, 0);
}

function typesOf({nodes}: PlanResult): ReadonlySet<string> {
  return new Set(nodes.map(({instanceType}) => instanceType));
}

const unlimited = await planned(SHOP);

describe('a plan keeps to', () => {
  test.each<[flags: readonly string[], exceeds: (plan: PlanResult) => boolean]>([
    [['--max-nodes', '5'], (plan) => nodesOf(plan) > 5],
    [['--max-instance-types', '1'], (plan) => typesOf(plan).size > 1],
    [['--max-node-size', 'cpu=4'], ({nodes}) => nodes.some(({capacity}) => capacity.cpu > 4)],
    [['--max-node-size', 'memory=16Gi'], ({nodes}) => nodes.some(({memory}) => memory.nominal > 16 * 2 ** 30)],
    [
      ['--max-node-size', 'cpu=4', '--max-nodes', '9', '--max-instance-types', '2'],
      (plan) => nodesOf(plan) > 9 || typesOf(plan).size > 2 || plan.nodes.some(({capacity}) => capacity.cpu > 4),
    ],
  ])('%j, which costs something, and holds', async (flags, exceeds) => {
    const plan = await planned(SHOP, ...flags);
    expect(exceeds(unlimited)).toBe(true);
    expect(exceeds(plan)).toBe(false);
    expect(plan.verified.pending).toBe(0);
    expect(plan.costPerHour).toBeGreaterThan(unlimited.costPerHour);
    expect(plan.lowerBoundPerHour).toBeLessThanOrEqual(plan.packing.costPerHour);
    expect(plan.lowerBoundPerHour).toBeGreaterThan(0);
  });

  test('a number of nodes with those that a loss needs', async () => {
    const flags = ['--survive', 'node-loss', '--max-instance-types', '1'];
    const free = await planned(SHOP, ...flags);
    const plan = await planned(SHOP, ...flags, '--max-nodes', String(nodesOf(free) - 1));
    expect(nodesOf(plan)).toBeLessThan(nodesOf(free));
    expect(typesOf(plan).size).toBe(1);
  });

  test('the number of nodes where the scheduler would need more, and says what stays pending', async () => {
    const {packing, nodes, gap, pending} = await planned(SHOP, '--max-nodes', '3');
    expect(packing.bins.reduce((sum, {times}) => sum + times, 0)).toBeLessThanOrEqual(3);
    expect(nodes.reduce((sum, {count}) => sum + count, 0)).toBeLessThanOrEqual(3);
    expect({gap, isHeld: pending.length === 0}).toEqual({gap: null, isHeld: false});
  });

  test('any limits, over seeded demands', async () => {
    let held = 0;
    const shape = fc.record({
      replicas: fc.integer({min: 1, max: 6}),
      cpu: fc.integer({min: 1, max: 14}).map((quarters) => `${quarters * 250}m`),
      memory: fc.integer({min: 1, max: 20}).map((halves) => `${halves * 512}Mi`),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(shape, {minLength: 1, maxLength: 4}),
        fc.integer({min: 2, max: 6}),
        fc.integer({min: 1, max: 2}),
        async (shapes, nodes, types) => {
          const text = shapes.map((wishes, index) => deployment(`shape-${index}`, wishes)).join('');
          const flags = ['--max-nodes', String(nodes), '--max-instance-types', String(types)];
          const {exitCode, stderr} = await run(text, flags);
          if (exitCode !== 0) {
            expect(stderr).toContain('error STW-1020');
            return;
          }
          held++;
          const plan = await planned(text, ...flags);
          expect(nodesOf(plan)).toBeLessThanOrEqual(nodes);
          expect(typesOf(plan).size).toBeLessThanOrEqual(types);
        },
      ),
      {numRuns: 6, seed: 11, endOnFailure: true},
    );
    expect(held).toBeGreaterThan(2);
  });
});

describe('what others would buy', () => {
  test('is for the best single type the cheapest of those that keep to the limits', async () => {
    const costOfSingle = ({comparisons}: PlanResult) =>
      comparisons.find(({name}) => name === 'best single type')!.costPerHour;
    expect(costOfSingle(unlimited)).toBeCloseTo(1.4);
    // Of the other types more than four are needed.
    expect(costOfSingle(await planned(SHOP, '--max-nodes', '4'))).toBeCloseTo(4 * 0.42);
  });

  test('has a price only where it keeps to the limits', async () => {
    const {comparisons} = await planned(SHOP, '--max-instance-types', '1');
    const isPriced = (name: string) => comparisons.find((one) => one.name === name)!.costPerHour !== null;
    expect(unlimited.comparisons.every(({costPerHour}) => costPerHour !== null)).toBe(true);
    expect({karpenter: isPriced('karpenter'), single: isPriced('best single type')}).toEqual({
      karpenter: false,
      single: true,
    });
    expect((await run(SHOP, ['--max-instance-types', '1'])).stdout).toMatch(/^karpenter +none within the limits +–$/m);
  });
});

test('a plan says what it was to keep to', async () => {
  const flags = ['--max-nodes', '9', '--max-instance-types', '2', '--max-node-size', 'cpu=4000m,memory=32Gi'];
  const {parameters, problem, notPlanned} = await planned(SHOP, ...flags);
  expect(parameters.limits).toEqual({nodes: 9, instanceTypes: 2, nodeSize: {cpu: '4', memory: '32Gi'}});
  expect(problem.limits).toMatchObject({bins: 9, kinds: 2});
  expect(notPlanned.oversizedTypes).toEqual(['m.8', 'c.8']);
  expect((await run(SHOP, [...flags, '-o', 'md'])).stdout).toContain(
    'at most 9 nodes; at most 2 instance types; no node of more than 4 of cpu or 32Gi of memory, as advertised, which leaves out 2 types. The bound is for plans that keep to them',
  );
});

describe('a plan whose file says otherwise is rejected:', () => {
  test.each<[what: string, tamper: (plan: PlanResult) => PlanResult, fault: string]>([
    [
      'more was allowed than the bound is of',
      (plan) => ({...plan, parameters: {...plan.parameters, limits: {...plan.parameters.limits, nodes: 50}}}),
      'parameters.limits.nodes is 50, the bound is for 9',
    ],
    [
      'machines are larger than they may be',
      (plan) => ({
        ...plan,
        parameters: {...plan.parameters, limits: {...plan.parameters.limits, nodeSize: {cpu: '1'}}},
      }),
      'of cpu, at most 1',
    ],
    [
      'more machines than there may be',
      (plan) => ({
        ...plan,
        parameters: {...plan.parameters, limits: {...plan.parameters.limits, nodes: 1}},
        problem: {...plan.problem, limits: {...plan.problem.limits, bins: 1}},
      }),
      'bins, at most 1',
    ],
  ])('%s', async (_, tamper, fault) => {
    const plan = await planned(SHOP, '--max-nodes', '9', '--max-node-size', 'cpu=4');
    const path = file('tampered.json', JSON.stringify(tamper(plan)));
    const {exitCode, stdout} = await runCommand(['plan', 'verify', path]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain(fault);
  });
});

const REMEDY = '  raise one of the limits that are named, or change what else is named\n';

describe('limits that leave no plan', () => {
  const type = (name: string): Wishes => ({select: {'node.kubernetes.io/instance-type': name}});

  /** Each with as little as is enough to contradict; without any one of them there is a plan. */
  test.each<[message: string, text: string, flags: readonly (readonly [string, string])[], smaller: number]>([
    ['--max-nodes 2: at least 3 nodes are needed', SHOP, [['--max-nodes', '2']], 1],
    [
      '--max-nodes 5 and --max-node-size cpu=4: at least 6 nodes are needed',
      SHOP,
      [
        ['--max-nodes', '5'],
        ['--max-node-size', 'cpu=4'],
      ],
      2,
    ],
    [
      '--max-nodes 5 and --instance-types m.4,r.4: at least 6 nodes are needed',
      SHOP,
      [
        ['--max-nodes', '5'],
        ['--instance-types', 'm.4,r.4'],
        ['--max-instance-types', '2'],
      ],
      2,
    ],
    [
      '--max-instance-types 1: at least 2 instance types are needed, since no type can hold all of Deployment/default/a, Deployment/default/b',
      deployment('a', type('m.4')) + deployment('any', {}) + deployment('b', type('r.4')),
      [
        ['--max-instance-types', '1'],
        ['--max-nodes', '9'],
      ],
      1,
    ],
    [
      '--max-instance-types 2: at least 3 instance types are needed, since no 2 types can hold all of Deployment/default/a, Deployment/default/b, Deployment/default/c',
      deployment('a', type('m.4')) + deployment('b', type('r.4')) + deployment('c', type('c.8')),
      [['--max-instance-types', '2']],
      1,
    ],
  ])('%s', async (message, text, flags, conflicting) => {
    expect(await refused(text, ...flags.flat())).toBe(
      `error STW-1020: no plan keeps to ${message}\n  input.yaml:2:1\n${REMEDY}`,
    );
    for (let left = 0; left < conflicting; left++) {
      const fewer = flags.filter((_, index) => index !== left);
      expect(await run(text, fewer.flat())).toMatchObject({exitCode: 0});
    }
  });

  test('are said of what is to be survived, where only that is too much', async () => {
    const rolling = deployment('web', {replicas: 10, cpu: '1500m', memory: '1Gi'});
    const message = await refused(rolling, '--survive', 'rolling-upgrade', '--max-nodes', '2');
    expect(message).toBe(
      `error STW-1020: no plan keeps to --max-nodes 2 and --survive rolling-upgrade: at least 3 nodes are needed\n  input.yaml:2:1\n${REMEDY}`,
    );
    expect(await run(rolling, ['--max-nodes', '2'])).toMatchObject({exitCode: 0});
  });

  test('are said of a size that no type of the catalogue keeps to', async () => {
    expect(await refused(SHOP, '--max-node-size', 'cpu=1')).toContain(
      'error STW-1019: the catalogue ours has no type to plan with: 5 types larger than --max-node-size cpu=1\n',
    );
  });

  test('of size are among the wishes that contradict what pods ask for', async () => {
    expect(await refused(deployment('etl', {memory: '10Gi'}), '--max-node-size', 'memory=8Gi')).toContain(
      'no machine can take 1 pod: --max-node-size memory=8Gi and 10Gi of memory; m.2 comes nearest and lacks ',
    );
  });

  test('for a policy leave that without a price, and the plan as it is', async () => {
    const flink = `---
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: clicks}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  flinkConfiguration: {taskmanager.numberOfTaskSlots: "2"}
  serviceAccount: default
  jobManager: {resource: {memory: 1024m, cpu: 0.5}}
  taskManager: {resource: {memory: 1024m, cpu: 0.5}}
  job: {jarURI: local:///job.jar, parallelism: 2, upgradeMode: stateless}
`;
    const {stdout} = await run(deployment('web', {}) + flink, [
      ...['--max-nodes', '1', '--policy', 'shared,isolated-flink'],
    ]);
    expect(stdout).toMatch(/^isolated-flink +– +none within the limits/m);
  });
});

describe('flags that are no limits are refused:', () => {
  test.each([
    [['--max-nodes', '0'], "option '--max-nodes <count>' argument '0' is invalid"],
    [['--max-instance-types', 'few'], "option '--max-instance-types <count>' argument 'few' is invalid"],
    ...['32', 'cpu=4,cpu=8', 'pods=10', 'cpu=4=5'].map((text): [string[], string] => [
      ['--max-node-size', text],
      `option '--max-node-size <resources>' argument '${text}' is invalid. expected cpu, memory, nvidia.com/gpu once each`,
    ]),
    [['--max-node-size', 'cpu='], "'' of cpu is no quantity above 0, such as 32 or 256Gi"],
    [['--max-node-size', 'cpu=0'], "'0' of cpu is no quantity above 0, such as 32 or 256Gi"],
    [['--max-node-size', 'memory=16 GB'], "'16 GB' of memory is no quantity above 0, such as 32 or 256Gi"],
  ])('%j', async (flags, message) => {
    expect(await refused(SHOP, ...flags)).toContain(message);
  });
});
