import {expect, test} from 'vitest';
import {CATALOG_NAMES} from '../../catalog/catalogs.ts';
import {allocatableSchema, catalogFindingsSchema, instanceTypeListSchema} from '../../cli/output/catalogSchema.ts';
import {runCommand, transcript} from '../helpers/runCommand.ts';

const PRICES = 'test/catalog/fixtures/prices.yaml';

/** Whole commands as a user sees them. After a change: look at the difference, then npm run golden:update. */
const COMMANDS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['help', 'catalog', '--help'],
  ['help-list', 'catalog', 'list', '--help'],
  ['help-allocatable', 'catalog', 'allocatable', '--help'],
  ['help-lint', 'catalog', 'lint', '--help'],
  ['list-aws', 'catalog', 'list', 'r6i.*', 'r7g.4xlarge'],
  ['list-azure', 'catalog', 'list', '--catalog', 'azure/eastus'],
  ['list-gcp', 'catalog', 'list', '--catalog', 'gcp/us-central1'],
  ['list-tencent', 'catalog', 'list', '--catalog', 'tencent/ap-guangzhou'],
  ['list-own', 'catalog', 'list', '--catalog', PRICES, '*5.2XLARGE*', 'RACK*'],
  ['list-json', 'catalog', 'list', 'r5.*large', '-o', 'json'],
  ['list-csv', 'catalog', 'list', '--catalog', 'azure/eastus', 'Standard_E*as_v5', '-o', 'csv'],
  ['list-no-match', 'catalog', 'list', 'r5.xlrge'],
  ['list-unknown-catalog', 'catalog', 'list', '--catalog', 'asure/eastus'],
  ['list-missing-file', 'catalog', 'list', '--catalog', './no/such.yaml'],
  ['list-problems', 'catalog', 'list', '--catalog', 'test/catalog/fixtures/problems.yaml'],
  ['list-unknown-format', 'catalog', 'list', '-o', 'xml'],
  ['allocatable-eks', 'catalog', 'allocatable', 'r5.xlarge'],
  ['allocatable-eks-arm64', 'catalog', 'allocatable', 'r7g.4xlarge', '--memory-overhead-percent', '2.9'],
  ['allocatable-gke', 'catalog', 'allocatable', 'n2-highmem-8', '--catalog', 'gcp/us-central1'],
  ['allocatable-aks', 'catalog', 'allocatable', 'Standard_E8s_v5', '--catalog', 'azure/eastus', '--max-pods', '110'],
  [
    'allocatable-aks-1.28',
    'catalog',
    'allocatable',
    'Standard_E8s_v5',
    '--catalog',
    'azure/eastus',
    '--kubernetes-version',
    '1.28',
  ],
  ['allocatable-tke', 'catalog', 'allocatable', 'SA2.2XLARGE32', '--catalog', 'tencent/ap-guangzhou'],
  [
    'allocatable-tke-1.28',
    'catalog',
    'allocatable',
    'SA2.2XLARGE32',
    '--catalog',
    'tencent/ap-guangzhou',
    '--kubernetes-version',
    '1.28',
  ],
  ['allocatable-stated', 'catalog', 'allocatable', 'S5.2XLARGE32', '--catalog', PRICES],
  ['allocatable-rule', 'catalog', 'allocatable', 'r5.2xlarge', '--rule', 'ACK', '-o', 'json'],
  ['allocatable-unknown-rule', 'catalog', 'allocatable', 'r5.2xlarge', '--rule', 'OKE'],
  ['allocatable-unknown-type', 'catalog', 'allocatable', 'r5.2xlrge'],
  ['allocatable-bad-percent', 'catalog', 'allocatable', 'r5.2xlarge', '--memory-overhead-percent', '101'],
  ['allocatable-bad-version', 'catalog', 'allocatable', 'r5.2xlarge', '--kubernetes-version', 'v1.30.2'],
  ['lint-aws', 'catalog', 'lint'],
  ['lint-azure', 'catalog', 'lint', '--catalog', 'azure/eastus'],
  ['lint-own', 'catalog', 'lint', '--catalog', PRICES],
  ['lint-gcp-json', 'catalog', 'lint', '--catalog', 'gcp/us-central1', '-o', 'json'],
];

test.each(COMMANDS)('%s', async (name, ...args) => {
  const outcome = await runCommand(args);
  await expect(transcript(args, outcome)).toMatchFileSnapshot(`../golden/catalog/${name}.txt`);
});

test('the help names every bundled catalogue', async () => {
  const {stdout} = await runCommand(['catalog', 'list', '--help']);
  for (const name of CATALOG_NAMES) expect(stdout.replace(/\s+/g, ' ')).toContain(name);
});

test('every row of CSV has the cells of its head', async () => {
  const {stdout} = await runCommand(['catalog', 'list', '--catalog', 'gcp/us-central1', '-o', 'csv']);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(42);
  for (const line of lines) expect(line.split(',')).toHaveLength(11);
});

test.each([
  ['list', instanceTypeListSchema, ['list', '--catalog', PRICES]],
  ['allocatable', allocatableSchema, ['allocatable', 'RACK.48XLARGE768', '--catalog', PRICES]],
  ['lint', catalogFindingsSchema, ['lint', '--catalog', 'azure/eastus']],
])('%s -o json is as its schema says, and nothing else is on stdout', async (_name, schema, args) => {
  const {stdout} = await runCommand(['catalog', ...args, '-o', 'json']);
  expect(schema.parse(JSON.parse(stdout))).toEqual(JSON.parse(stdout));
});

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n';

function simulateOn(type: string, ...flags: string[]) {
  return runCommand(['simulate', '-f', '-', '-q', '--node-pool', `${type}=1`, '-o', 'json', ...flags], POD);
}

test('a pool takes the price and the allocatable of a file', async () => {
  const {stdout} = await simulateOn('S5.2XLARGE32', '--catalog', PRICES);
  const {nodes, summary} = JSON.parse(stdout);
  expect(nodes[0].pricePerHour).toBeCloseTo((100 * 2 + 300 + 330 * 0.68) / 730, 9);
  expect(nodes[0].allocatable).toEqual({cpu: 7.91, memory: 27 * 2 ** 30, pods: 61});
  expect(summary).toMatchObject({placed: 1, currency: 'CNY'});
});

test('a machine whose memory nobody knows is refused, not guessed', async () => {
  const {exitCode, stderr} = await simulateOn('SA2.2XLARGE32', '--catalog', PRICES);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('STW-1016');
  expect(stderr).toContain('state allocatable');
});

test('a pool of another cloud follows that cloud’s rule', async () => {
  const {stdout} = await simulateOn('n2-highmem-8', '--catalog', 'gcp/us-central1');
  expect(JSON.parse(stdout).nodes[0].allocatable).toEqual({cpu: 7.91, memory: 58_606 * 2 ** 20, pods: 110});
});

test('a scenario names the file relative to itself', async () => {
  const args = ['simulate', '-f', 'test/catalog/fixtures/scenario.yaml', '-f', '-', '-q', '-o', 'json'];
  const {stdout} = await runCommand(args, POD);
  const {nodes, summary} = JSON.parse(stdout);
  expect(nodes.map(({instanceType}: {instanceType: string}) => instanceType)).toEqual(['S5.2XLARGE32', 'S5.2XLARGE32']);
  expect(summary.costPerMonth).toBeCloseTo(2 * (100 * 2 + 300 + 330 * 0.68), 2);
});

test('the path of a file does not enter the digest, its content does', async () => {
  const digest = async (path: string) => {
    const {stdout} = await simulateOn('S5.2XLARGE32', '--catalog', path);
    return JSON.parse(stdout).inputDigest;
  };
  expect(await digest(`./${PRICES}`)).toBe(await digest(PRICES));
});
