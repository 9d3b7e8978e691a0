import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import type {
  CertificateBranch,
  CertificateLeaf,
  CertificateNode,
  CertificateSum,
} from '../../planner/packingCertificate.ts';
import {type PlanResult, planSchema} from '../../results/planResult.ts';
import {nodeCatalog, temporaryFiles} from '../helpers/planInputs.ts';
import {runCommand} from '../helpers/runCommand.ts';

/** Pods of four shapes: some that select a pool, some that want no second of their kind on a node. */
const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 11
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web, resources: {requests: {cpu: 1300m, memory: 3Gi}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: store}
spec:
  replicas: 7
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: store, image: store, resources: {requests: {cpu: 700m, memory: 9Gi}}}]
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
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shy}
spec:
  replicas: 3
  selector: {matchLabels: {app: shy}}
  template:
    metadata: {labels: {app: shy}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: shy}}}
      containers: [{name: shy, image: shy, resources: {requests: {cpu: 200m, memory: 512Mi}}}]
`;

const CATALOG = nodeCatalog(
  '{name: m.4, vcpu: 4, memory: 16Gi, maxPods: 58, pricePerHour: 0.20}',
  '{name: m.8, vcpu: 8, memory: 32Gi, maxPods: 58, pricePerHour: 0.39}',
  '{name: r.4, vcpu: 4, memory: 32Gi, maxPods: 58, pricePerHour: 0.26}',
  '{name: old.4, vcpu: 4, memory: 16Gi, maxPods: 58, pricePerHour: 0.31}',
);

const {directory, file} = temporaryFiles();
const manifests = file('manifests.yaml', MANIFESTS);
const catalog = file('catalog.yaml', CATALOG);
const path = join(directory, 'plan.json');
let written: PlanResult;

async function planned(name: string, ...flags: readonly string[]): Promise<string> {
  const out = join(directory, `${name}.json`);
  const {exitCode, stderr} = await runCommand(['plan', ...flags, '-q', '--out', out]);
  expect({exitCode, stderr}).toMatchObject({exitCode: 0});
  return out;
}

beforeAll(async () => {
  await planned('plan', '-f', manifests, '--catalog', catalog);
  written = planSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
});

const verify = (of: string, ...flags: readonly string[]) => runCommand(['plan', 'verify', of, '-q', ...flags]);

describe('stowage plan verify accepts', () => {
  test('a plan as it was written, and says what holds', async () => {
    expect(await verify(path)).toEqual({
      exitCode: 0,
      stdout: `✓ the sums are right, and the machines hold what the plan says: 23 pods
✓ no plan costs less than €1.43 an hour: proved in ${leavesOf(rootOf(written)).length} cases
`,
      stderr: '',
    });
    expect(JSON.parse((await verify(path, '-o', 'json')).stdout)).toEqual({valid: true, faults: []});
  });

  test.each([
    ['flink-hello-world', []],
    ['online-and-flink', []],
    ['sale-day', ['--policy', 'isolated-flink']],
    ['zone-gone', ['--survive', 'node-loss,rescale']],
  ])('the plan for %s with %j, alone and beside its input', async (scenario, flags) => {
    const input = ['-f', `scenarios/${scenario}`];
    const types = ['--instance-types', 'm6i.*,c6i.*,r6i.*', '--time-limit', '6'];
    const out = await planned(scenario, ...input, ...types, ...flags);
    expect(await verify(out)).toMatchObject({exitCode: 0});
    expect(await verify(out, ...input)).toMatchObject({exitCode: 0});
  });

  test('a plan that says which pods it has no machine for', async () => {
    const giant = file('giant.yaml', MANIFESTS.replace('memory: 12Gi', 'memory: 120Gi'));
    const {exitCode, stdout} = await verify(await planned('giant', '-f', giant, '--catalog', catalog));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('! 2 pods without a node, as the plan says');
  });
});

type Tampering = (plan: PlanResult) => void;

/** What somebody could change in a plan that has been made, and what verify finds. */
const TAMPERED: readonly (readonly [string, RegExp, Tampering])[] = [
  [
    'a lower price',
    /^✗ costPerHour is \S+, the nodes cost/,
    (plan) => {
      plan.costPerHour -= 0.1;
      plan.gap = gapOf(plan.costPerHour, plan);
    },
  ],
  [
    'a smaller gap',
    /gap is 0\.01, cost and bound make it/,
    (plan) => {
      plan.gap = 0.01;
    },
  ],
  [
    'cheaper machines',
    /nodes: \S+ costs 0\.1, but has the price \S+ in the problem/,
    (plan) => {
      plan.nodes[0]!.pricePerHour = 0.1;
      summed(plan);
    },
  ],
  [
    'cheaper machines, in the problem as well',
    /proof[.a-z]*: a \S+ may hold more than it costs/,
    (plan) => {
      for (const type of plan.problem.binTypes) type.cost! /= 2;
      for (const node of plan.nodes) node.pricePerHour /= 2;
      summed(plan);
    },
  ],
  [
    'a machine fewer',
    /nodes: \d+ of \S+, but pods are placed on \d+/,
    (plan) => {
      plan.nodes[0]!.count -= 1;
      summed(plan);
    },
  ],
  [
    'a higher bound',
    /lowerBoundPerHour is 1\.5, the certificate is for 1\.43/,
    (plan) => {
      plan.lowerBoundPerHour = 1.5;
    },
  ],
  [
    'a higher bound everywhere',
    /proof[.a-z]*: proves 1430000000, not 1440000000/,
    (plan) => {
      plan.lowerBoundPerHour = 1.44;
      plan.certificate!.lowerBound = 1_440_000_000;
      summed(plan);
    },
  ],
  [
    'a bound above its own packing',
    /lowerBoundPerHour is 1\.44, a plan costs 1\.43/,
    (plan) => {
      plan.lowerBoundPerHour = 1.44;
      plan.certificate!.lowerBound = 1_440_000_000;
      plan.packing.gap = 0;
      summed(plan);
    },
  ],
  [
    'no certificate',
    /lowerBoundPerHour is 1\.43, without a certificate/,
    (plan) => {
      plan.certificate = null;
    },
  ],
  [
    'a case left out',
    /proof[.a-z]*: (proves|a \S+ may hold more)/,
    (plan) => {
      const {below} = rootOf(plan);
      plan.certificate!.proof = eachLeaf(below, (leaf) => ({...leaf, fees: leaf.fees.slice(1)}));
    },
  ],
  [
    'a case that is wider than proved',
    /proof[.a-z]*: proves \d+, not 1430000000/,
    (plan) => {
      const root = rootOf(plan);
      const isChargedBelow = leavesOf(root.below).some(({fees}) => fees[0]! < 0);
      plan.certificate!.proof = {...root, at: root.at + (isChargedBelow ? 100 : -100)};
    },
  ],
  [
    'a sum over what does not exist',
    /proof: there is no bin type 99/,
    (plan) => {
      plan.certificate!.proof = {...rootOf(plan), weights: [{binType: 99, weight: 1}]};
    },
  ],
  [
    'a raised price of a pod',
    /valuations\[\d+\]: a \S+ can hold more than that/,
    (plan) => {
      for (const {prices} of plan.certificate!.valuations) prices[0]! *= 2;
    },
  ],
  [
    'less than what a machine can hold',
    /valuations\[\d+\]: a \S+ can hold more than that/,
    (plan) => {
      plan.certificate!.valuations = plan.certificate!.valuations.map(({prices, uppers}) => ({
        prices,
        uppers: uppers.map((upper) => Math.floor(upper / 2)),
      }));
    },
  ],
  [
    'prices taken more often than machines allow',
    /proof[.a-z]*: a \S+ may hold more than it costs/,
    (plan) => {
      plan.certificate!.proof = eachLeaf(rootOf(plan), (leaf) =>
        'parts' in leaf
          ? {...leaf, parts: leaf.parts.map(({valuation, times}) => ({valuation, times: times * 2}))}
          : leaf,
      );
    },
  ],
  [
    'a valuation that is not there',
    /proof[.a-z]*: parts have to be of valuations that are there/,
    (plan) => {
      plan.certificate!.valuations.length = 0;
    },
  ],
  [
    'a fee that pays for a limit',
    /proof[.a-z]*: fees have to be whole numbers of the right sign/,
    (plan) => {
      plan.problem.limits.bins = 100;
      plan.certificate!.proof = eachLeaf(rootOf(plan), (leaf) => ({...leaf, fees: [1, ...leaf.fees]}));
    },
  ],
  [
    'more nodes than a limit allows',
    /verified: \d+ bins, at most 1/,
    (plan) => {
      plan.problem.limits.bins = 1;
    },
  ],
  [
    'more nodes of a type than there are',
    /verified: \d+ of \S+, at most 0/,
    (plan) => {
      plan.problem.binTypes[plan.nodes[0]!.binType]!.available = 0;
    },
  ],
  [
    'more types than a limit allows',
    /packing: 2 kinds, at most 1/,
    (plan) => {
      plan.problem.limits.kinds = 1;
    },
  ],
  [
    'a cheap type replaced by a dear one',
    /old\.4 cannot replace m\.4/,
    (plan) => {
      const [cheap, dear] = [typeOf(plan, 'm.4'), typeOf(plan, 'old.4')];
      const others = plan.certificate!.replaced.filter(({binType}) => binType !== dear);
      plan.certificate!.replaced = [...others, {binType: cheap, by: dear}];
    },
  ],
  [
    'larger pods',
    /verified: bins \d: \d+ of memory in/,
    (plan) => {
      itemOf(plan, 'default/store').size[1]! *= 3;
    },
  ],
  [
    'smaller pods',
    /valuations\[\d+\]: a \S+ can hold more than that/,
    (plan) => {
      itemOf(plan, 'default/store').size[1]! /= 4;
    },
  ],
  [
    'fewer pods',
    /verified: default\/web: 11 packed of 10/,
    (plan) => {
      itemOf(plan, 'default/web').count -= 1;
    },
  ],
  [
    'a packing with a pod missing',
    /packing: default\/\S+: \d+ packed of \d+/,
    (plan) => {
      plan.packing.bins[0]!.items.pop();
    },
  ],
  [
    'a placement with a pod missing',
    /verified: default\/\S+: \d+ packed of \d+/,
    (plan) => {
      plan.verified.bins[0]!.items.pop();
    },
  ],
  [
    'a placement with an overfull node',
    /verified: bins 0: \d+ of cpu in \d+ of/,
    (plan) => {
      plan.verified.bins[0]!.items[0]!.count += 9;
    },
  ],
  [
    'a pod where it may not be',
    /verified: bins \d: default\/cache may not be in m\.8/,
    (plan) => {
      binsWith(plan, 'default/cache').binType = typeOf(plan, 'm.8');
    },
  ],
  [
    'two pods that refuse each other on a node',
    /verified: bins \d: 2 of default\/shy, at most 1/,
    (plan) => {
      const shy = plan.problem.items.indexOf(itemOf(plan, 'default/shy'));
      binsWith(plan, 'default/shy').items.find(({item}) => item === shy)!.count = 2;
    },
  ],
  [
    'pods of two kinds that may not meet',
    /packing: bins \d: default\/web beside default\/store/,
    (plan) => {
      plan.problem.exclusions.push([0, 1]);
      plan.packing.bins[0]!.items = [0, 1].map((item) => ({item, count: 1}));
    },
  ],
  [
    'pods on machines that nobody buys',
    /verified: bins 0: there is no bin type 99/,
    (plan) => {
      plan.verified.bins[0]!.binType = 99;
    },
  ],
  [
    'a packing at another price',
    /packing: the bins cost 1430000000, not 1400000000/,
    (plan) => {
      plan.packing.costPerHour = 1.4;
    },
  ],
  [
    'a pending pod left uncounted',
    /verified\.pending is 0, but 1 pod without a node/,
    (plan) => {
      plan.pending.push({pod: 'default/web-0', message: ''});
    },
  ],
  [
    'a cheaper line in the list of policies',
    /policies: the first, shared, is not the plan/,
    (plan) => {
      plan.policies[0]!.costPerHour = 1;
    },
  ],
  [
    'an index that leads nowhere',
    /problem: bin types of default\/cache: 99 is beyond the last of 8/,
    (plan) => {
      itemOf(plan, 'default/cache').binTypes = [99];
    },
  ],
];

describe('stowage plan verify rejects', () => {
  test.each(TAMPERED)('%s', async (_, fault, tamper) => {
    const plan = structuredClone(written);
    tamper(plan);
    const {exitCode, stdout} = await verify(file('tampered.json', JSON.stringify(plan)));
    expect(stdout).toMatch(fault);
    expect(exitCode).toBe(3);
  });

  test.each([
    [
      'one replica more',
      MANIFESTS.replace('replicas: 11', 'replicas: 12'),
      CATALOG,
      'item default/web: copies: 11 in the plan, 12 by the input',
    ],
    [
      'a larger request',
      MANIFESTS.replace('9Gi', '10Gi'),
      CATALOG,
      'item default/store: memory: 9663676416 in the plan, 10737418240 by the input',
    ],
    [
      'a selector gone',
      MANIFESTS.replace('nodeSelector: {disk: ssd}', ''),
      CATALOG,
      'bin type m.4/ssd: not in the input',
    ],
    [
      'another workload',
      MANIFESTS.replace('{name: shy}', '{name: loud}'),
      CATALOG,
      'item default/loud: not in the plan',
    ],
    [
      'another price',
      MANIFESTS,
      CATALOG.replace('0.39', '0.35'),
      'bin type m.8: cost: 390000000 in the plan, 350000000 by the input',
    ],
    [
      'a pod that no machine takes',
      MANIFESTS.replace('12Gi', '120Gi'),
      CATALOG,
      'no machine can take 2 pods, the plan says 0',
    ],
  ])('a plan beside an input with %s', async (_, changed, prices, fault) => {
    const input = ['-f', file('changed.yaml', changed), '--catalog', file('changed-catalog.yaml', prices)];
    const {exitCode, stdout} = await verify(path, ...input);
    expect(stdout).toContain(`✗ input: ${fault}\n`);
    expect(exitCode).toBe(3);
  });

  test.each([
    ['no JSON', 'apiVersion: x', 'STW-1015: not JSON'],
    ['half a file', '{"kind": "Plan", "nodes": [', 'STW-1015: not JSON'],
    ['a file of another kind', '{"kind": "SimulationResult"}', 'STW-1015: kind is "SimulationResult", not "Plan"'],
    ['a list', '[]', 'STW-1015: kind is not given, not "Plan"'],
    [
      'a later version',
      '{"kind": "Plan", "apiVersion": "stowage.dev/v2"}',
      'STW-1015: apiVersion is "stowage.dev/v2", not "stowage.dev/v1alpha1"',
    ],
    [
      'a plan without its nodes',
      '{"kind": "Plan", "apiVersion": "stowage.dev/v1alpha1"}',
      'STW-1015: not a Plan of stowage.dev/v1alpha1: ',
    ],
  ])('%s as an input that is not valid', async (_, text, message) => {
    const broken = file('broken.json', text);
    const {exitCode, stdout, stderr} = await verify(broken);
    expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
    expect(stderr).toContain(`error ${message}`);
    expect(stderr).toContain(`${broken}:1:`);
  });

  test.each([
    [[join(directory, 'missing.json')], 'error STW-1007: there is no such file'],
    [[path, '-o', 'html'], 'error: -o html: expected table or json'],
    [[path, '-f', manifests, '--survive', 'zone-loss'], 'error: --survive is of no use to verify'],
    [[path, '--catalog', catalog], 'error: --catalog says how an input is read'],
  ])('%j as a wrong use', async ([of, ...flags], message) => {
    const {exitCode, stderr} = await verify(of!, ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

/** The bound of these pods takes more than one case to prove. */
function rootOf({certificate}: PlanResult): CertificateBranch {
  const root = certificate!.proof as CertificateNode;
  if (!('below' in root)) throw new Error('these pods were to need several cases');
  return root;
}

type Leaf = CertificateLeaf | CertificateSum;

function leavesOf(node: CertificateNode): readonly Leaf[] {
  if ('below' in node) return [...leavesOf(node.below), ...leavesOf(node.above)];
  return 'refutation' in node ? [] : [node];
}

function eachLeaf(node: CertificateNode, change: (leaf: Leaf) => Leaf): CertificateNode {
  if ('below' in node) return {...node, below: eachLeaf(node.below, change), above: eachLeaf(node.above, change)};
  return 'refutation' in node ? node : change(node);
}

function binsWith(plan: PlanResult, name: string): PlanResult['verified']['bins'][number] {
  const wanted = plan.problem.items.indexOf(itemOf(plan, name));
  return plan.verified.bins.find(({items}) => items.some(({item}) => item === wanted))!;
}

function itemOf({problem}: PlanResult, name: string): PlanResult['problem']['items'][number] {
  return problem.items.find((one) => one.name === name)!;
}

function typeOf({problem}: PlanResult, name: string): number {
  return problem.binTypes.findIndex((one) => one.name === name);
}

/** Makes price and gap what the nodes and the bound make of them. */
function summed(plan: PlanResult): void {
  plan.costPerHour = plan.nodes.reduce((sum, {count, pricePerHour}) => sum + count * pricePerHour, 0);
  plan.gap = gapOf(plan.costPerHour, plan);
}

function gapOf(cost: number, {lowerBoundPerHour}: PlanResult): number {
  return cost / lowerBoundPerHour - 1;
}
