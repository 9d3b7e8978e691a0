import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {parse as parseYaml} from 'yaml';
import {type PlanResult, planSchema} from '../../results/planResult.ts';
import {DAEMON_SET, nodeCatalog, temporaryFiles} from '../helpers/planInputs.ts';
import {runCommand} from '../helpers/runCommand.ts';

const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 12
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web, resources: {requests: {cpu: 500m, memory: 1Gi}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cache}
spec:
  replicas: 2
  selector: {matchLabels: {app: cache}}
  template:
    metadata: {labels: {app: cache}}
    spec:
      nodeSelector: {disk: ssd}
      containers: [{name: cache, image: cache, resources: {requests: {cpu: "1", memory: 12Gi}}}]
---${DAEMON_SET}`;

const JOB = `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: clicks, namespace: default}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  flinkConfiguration: {taskmanager.numberOfTaskSlots: "2"}
  serviceAccount: flink
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 4096m, cpu: 2}}
  job: {jarURI: local:///job.jar, parallelism: 4}
`;

const CATALOG = nodeCatalog(
  '{name: m.4, vcpu: 4, memory: 16Gi, maxPods: 58, pricePerHour: 0.20}',
  '{name: m.8, vcpu: 8, memory: 32Gi, maxPods: 58, pricePerHour: 0.39}',
  '{name: r.4, vcpu: 4, memory: 32Gi, maxPods: 58, pricePerHour: 0.26}',
);

const {directory, file} = temporaryFiles();
const manifests = file('manifests.yaml', MANIFESTS);
const catalog = file('catalog.yaml', CATALOG);
const INPUT = ['-f', manifests, '--catalog', catalog, '-q'];

async function plan(...flags: readonly string[]): Promise<PlanResult> {
  const {stdout, exitCode, stderr} = await runCommand(['plan', ...INPUT, '-o', 'json', ...flags]);
  expect({exitCode, stderr}).toMatchObject({exitCode: 0});
  return planSchema.parse(JSON.parse(stdout));
}

/** The plan's machines as a scenario, so that `simulate` can be asked about them. */
function scenarioOf({nodes}: PlanResult): string {
  const nodePools = nodes.map(({instanceType, count, labels, taints, zones, nodePool}, index) => ({
    name: `${nodePool}-${index}`,
    instanceType,
    count,
    labels,
    taints,
    zones,
  }));
  return JSON.stringify({
    apiVersion: 'stowage.dev/v1alpha1',
    kind: 'Scenario',
    metadata: {name: 'planned'},
    spec: {nodePools},
  });
}

describe('stowage plan', () => {
  test('says what to buy, for how much, and how far that is from a bound', async () => {
    const result = await plan();
    const {costPerHour, lowerBoundPerHour, gap, packing, verified, nodes} = result;
    expect(nodes.reduce((sum, {count, pricePerHour}) => sum + count * pricePerHour, 0)).toBeCloseTo(costPerHour, 9);
    expect(lowerBoundPerHour).toBeGreaterThan(0);
    expect(packing.costPerHour).toBeGreaterThanOrEqual(lowerBoundPerHour);
    expect(costPerHour).toBeGreaterThanOrEqual(packing.costPerHour);
    expect(gap).toBeCloseTo(costPerHour / lowerBoundPerHour - 1, 9);
    // Every pod, and a DaemonSet's pod on each machine.
    expect(verified).toMatchObject({placed: 14 + nodes.reduce((sum, {count}) => sum + count, 0), pending: 0});
    expect(result.comparisons.map(({name}) => name)).toContain('best single type');
  });

  test('holds when the scheduler is asked about its machines', async () => {
    const scenario = file('planned.yaml', scenarioOf(await plan()));
    const {stdout} = await runCommand(['simulate', '-f', scenario, ...INPUT, '-o', 'json']);
    expect(JSON.parse(stdout).summary).toMatchObject({pending: 0, rejected: 0});
  });

  test('is the same each time', async () => {
    expect(await plan()).toEqual(await plan());
  });

  test('chooses among the named types', async () => {
    const {nodes} = await plan('--instance-types', 'm.*,!m.8');
    expect([...new Set(nodes.map(({instanceType}) => instanceType))]).toEqual(['m.4']);
  });

  test('costs more where it has to survive the loss of a node', async () => {
    const {costPerHour, verified} = await plan('--survive', 'node-loss');
    expect(costPerHour).toBeGreaterThan((await plan()).costPerHour);
    expect(verified.pending).toBe(0);
  });

  test('of a few pods over a whole catalogue buys no more machines than there are pods', async () => {
    const flags = ['-f', 'scenarios/flink-hello-world', '--time-limit', '5', '-q', '-o', 'json'];
    const {nodes, verified} = planSchema.parse(JSON.parse((await runCommand(['plan', ...flags])).stdout));
    expect(nodes.reduce((sum, {count}) => sum + count, 0)).toBeLessThanOrEqual(verified.placed);
    expect(verified.pending).toBe(0);
  });

  test('as a table names pools and what they need', async () => {
    const {stdout} = await runCommand(['plan', ...INPUT]);
    expect(stdout).toContain('none pending');
    expect(stdout).toContain('nodes of pool ssd need label disk=ssd');
  });
});

describe('stowage plan export', () => {
  test('writes as many machines as the plan has, in the manner of each tool', async () => {
    const path = join(directory, 'exported.json');
    const {nodes} = await plan('--out', path);
    const exported = async (format: string) => (await runCommand(['plan', 'export', path, '--format', format])).stdout;
    const eksctl = parseYaml(await exported('eksctl')) as {managedNodeGroups: {instanceType: string}[]};
    expect(eksctl.managedNodeGroups).toMatchObject(
      nodes.map(({instanceType, count}) => ({instanceType, minSize: count, maxSize: count})),
    );
    const pools = (await exported('karpenter')).split('---\n').map((text) => parseYaml(text));
    expect(pools).toMatchObject(nodes.map(() => ({apiVersion: 'karpenter.sh/v1', kind: 'NodePool'})));
    for (const {count} of nodes) expect(await exported('cluster-autoscaler')).toContain(`--nodes=0:${count}:`);
  });

  test.each([
    [['--format', 'terraform'], 'expected karpenter, cluster-autoscaler, eksctl'],
    [[], '--format'],
  ])('refuses %j', async (flags, message) => {
    const {exitCode, stderr} = await runCommand(['plan', 'export', file('any.json', '{}'), ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('refuses a file that is no plan', async () => {
    const {exitCode, stderr} = await runCommand(['plan', 'export', file('no.json', '{}'), '--format', 'eksctl']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('STW-1015: kind is not given, not "Plan"');
  });
});

describe('policies', () => {
  const withJob = [...INPUT, '-f', file('job.yaml', JOB)];
  const planned = async (...flags: readonly string[]): Promise<PlanResult> => {
    const {stdout} = await runCommand(['plan', ...withJob, '-o', 'json', ...flags]);
    return planSchema.parse(JSON.parse(stdout));
  };

  test('have their price beside that of the plan', async () => {
    const {policies, costPerHour} = await planned('--policy', 'shared,isolated-flink,most-allocated');
    expect(policies.map(({name, pending}) => [name, pending])).toEqual([
      ['shared', 0],
      ['isolated-flink', 0],
      ['most-allocated', 0],
    ]);
    const [shared, isolated, most] = policies;
    expect(shared!.costPerHour).toBe(costPerHour);
    expect(isolated!.lowerBoundPerHour).toBeGreaterThanOrEqual(shared!.lowerBoundPerHour);
    expect(most!.lowerBoundPerHour).toBe(shared!.lowerBoundPerHour);
  });

  test('that isolate Flink give it nodes of its own, and say what its pods need for that', async () => {
    const {nodes, pins} = await planned('--policy', 'isolated-flink');
    const taint = {key: 'dedicated', value: 'flink', effect: 'NoSchedule'};
    const own = nodes.filter(({taints}) => taints.length > 0);
    expect(own.length).toBeGreaterThan(0);
    for (const node of own) expect(node).toMatchObject({labels: {dedicated: 'flink'}, taints: [taint]});
    expect(nodes.length).toBeGreaterThan(own.length);
    expect(pins.map(({workload, key, values, toleration}) => ({workload, key, values, toleration}))).toEqual(
      pins.map(({workload}) => ({workload, key: 'dedicated', values: ['flink'], toleration: taint})),
    );
    expect(pins.every(({workload}) => workload === 'FlinkDeployment/default/clicks')).toBe(true);
  });

  test('are priced without what the plan survives, too', async () => {
    const {policies} = await planned('--survive', 'node-loss');
    expect(policies.map(({name, states}) => ({name, states}))).toEqual([
      {name: 'shared', states: ['now', 'node-loss']},
      {name: 'shared', states: ['now']},
    ]);
    expect(policies[1]!.costPerHour).toBeLessThan(policies[0]!.costPerHour ?? 0);
  });
});
