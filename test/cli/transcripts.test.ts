import {expect, test} from 'vitest';
import {runCommand, transcript} from '../helpers/runCommand.ts';

/** Whole commands as a user sees them. After a change: look at the difference, then npm run golden:update. */
const COMMANDS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['help', '--help'],
  ['help-simulate', 'simulate', '--help'],
  ['help-explain', 'explain', '--help'],
  ['help-expand', 'expand', '--help'],
  ['help-demo', 'demo', '--help'],
  ['help-doctor', 'doctor', '--help'],
  ['help-version', 'version', '--help'],
  ['no-command'],
  ['unknown-command', 'simulat'],
  ['unknown-flag', 'simulate', '--fil', 'x'],
  ['simulate-without-input', 'simulate'],
  ['simulate-unknown-format', 'simulate', '-f', 'x', '-o', 'xml'],
  ['simulate-bad-node-pool', 'simulate', '-f', 'x', '--node-pool', 'm6i.large'],
  ['simulate-missing-file', 'simulate', '-f', 'no/such/file.yaml'],
  ['simulate-no-nodes', 'simulate', '-f', 'scenarios/online-and-flink/manifests'],
  ['simulate-unknown-instance-type', 'simulate', '-f', 'scenarios/flink-hello-world', '--node-pool', 'm6i.2xlage=3'],
  ['simulate-ten-problems', 'simulate', '-f', 'test/fixtures/ten-problems/scenario.yaml'],
  ['simulate-ten-problems-json', 'simulate', '-f', 'test/fixtures/ten-problems/scenario.yaml', '-o', 'json'],
  ['simulate-flink-hello-world', 'simulate', '-f', 'scenarios/flink-hello-world'],
  ['simulate-flink-hello-world-json', 'simulate', '-f', 'scenarios/flink-hello-world', '-o', 'json'],
  ['simulate-flink-hello-world-yaml', 'simulate', '-f', 'scenarios/flink-hello-world', '-o', 'yaml', '-q'],
  ['simulate-flink-hello-world-csv', 'simulate', '-f', 'scenarios/flink-hello-world', '-o', 'csv', '-q'],
  ['simulate-online-and-flink-wide', 'simulate', '-f', 'scenarios/online-and-flink', '-o', 'wide'],
  ['simulate-online-and-flink-name', 'simulate', '-f', 'scenarios/online-and-flink', '-o', 'name', '-q'],
  [
    'simulate-fail-on',
    'simulate',
    '-f',
    'scenarios/online-and-flink',
    '-q',
    '--fail-on',
    'unschedulable,rejected',
    '-o',
    'name',
  ],
  ['demo', 'demo'],
  ['demo-list', 'demo', '--list'],
  ['demo-unknown', 'demo', 'black-friday'],
  ['explain-code', 'explain', 'STW-1004'],
  ['explain-unknown-code', 'explain', 'STW-1044'],
  [
    'explain-pending-pod',
    'explain',
    'pod/embeddings-5485866596-2xh8f',
    '-n',
    'batch',
    '-f',
    'scenarios/online-and-flink',
    '-q',
  ],
  [
    'explain-placed-pod',
    'explain',
    'pod/clickstream-taskmanager-1-3',
    '-n',
    'streams',
    '-f',
    'scenarios/online-and-flink',
    '-q',
  ],
  ['explain-unknown-pod', 'explain', 'pod/storefront', '-f', 'scenarios/flink-hello-world', '-q'],
  ['expand-flink-hello-world', 'expand', '-f', 'scenarios/flink-hello-world', '-o', 'name'],
  ['expand-flink-hello-world-json', 'expand', '-f', 'scenarios/flink-hello-world'],
];

test.each(COMMANDS)('%s', async (name, ...args) => {
  const outcome = await runCommand(args);
  await expect(transcript(args, outcome)).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
});
