import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {runCommand, transcript} from '../helpers/runCommand.ts';

const HELLO = 'scenarios/flink-hello-world';
const SESSIONS = ['-f', 'test/fixtures/flink-lint/sessions.yaml', '--node-pool', 'r5.4xlarge=2'];

/** Whole commands as a user sees them. After a change: look at the difference, then npm run golden:update. */
test.each<[name: string, args: readonly string[]]>([
  ['lint-flink-hello-world', ['-f', HELLO]],
  ['lint-flink-other-operators', ['-f', `${HELLO}/other-operators`, '--node-pool', 'r6i.large=1']],
  ['lint-flink-wasted-slot', SESSIONS],
  [
    'lint-flink-wasted-slot-measured',
    ['-f', 'test/fixtures/flink-lint/measured', '-f', 'test/fixtures/flink-lint/sessions.yaml'],
  ],
  ['lint-flink-cannot-start', ['-f', 'test/fixtures/flink-lint/cannot-start.yaml', '--node-pool', 'm6i.xlarge=1']],
])('%s', async (name, args) => {
  const command = ['lint', ...args, '-q'];
  await expect(transcript(command, await runCommand(command))).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
});

test.each<[page: string, args: readonly string[]]>([
  [`${HELLO}/README.md`, ['-f', HELLO]],
  ['docs/flink-lint.md', SESSIONS],
  ['docs/flink-lint.md', ['-f', 'test/fixtures/flink-lint/cannot-start.yaml', '--node-pool', 'm6i.xlarge=1']],
])('%s shows what lint says of %j', async (page, args) => {
  const {stdout} = await runCommand(['lint', ...args, '-q']);
  const text = readFileSync(page, 'utf8');
  const findings = stdout.split('\n\n').filter((block) => block.startsWith('STW-41'));
  expect(findings.length).toBeGreaterThan(0);
  for (const finding of findings)
    expect(text).toContain(finding.replace(/\d+ findings?; more on each.*\n/, '').trimEnd());
});

describe('findings for programs', () => {
  test('have code, message, hint, object and the place of the field, one JSON object a line', async () => {
    const {exitCode, stdout} = await runCommand(['lint', ...SESSIONS, '-o', 'json', '-q']);
    expect(exitCode).toBe(0);
    const findings = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as {code: string});
    expect(findings.find(({code}) => code === 'STW-4105')).toEqual({
      code: 'STW-4105',
      severity: 'warning',
      message: expect.stringContaining('TaskManagers of 24576Mi on r5.4xlarge: 4 by memory and 5 by CPU, so 4'),
      at: {file: 'test/fixtures/flink-lint/sessions.yaml', line: 11, column: 3},
      hint: expect.stringContaining('5 fit with spec.taskManager.resource.memory: 23662m'),
      object: 'FlinkDeployment/streams/sessions',
    });
  });

  test.each([
    ['STW-4105', 3],
    ['STW-4101', 0],
    ['any', 3],
  ])('--fail-on %s returns %i', async (codes, expected) => {
    const {exitCode} = await runCommand(['lint', ...SESSIONS, '--fail-on', codes, '-q']);
    expect(exitCode).toBe(expected);
  });

  test('what Flink refuses is said once, with the remedy', async () => {
    const args = ['-f', 'test/fixtures/flink-lint/cannot-start.yaml', '-o', 'json', '-q'];
    const {stdout} = await runCommand(['lint', ...args]);
    const codes = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as {code: string}).code);
    expect(codes.filter((code) => code === 'STW-4101')).toHaveLength(2);
    expect(codes).not.toContain('STW-2015');
  });
});

test.each([
  ['24g', 4],
  ['23662m', 5],
  ['23663m', 4],
])('of TaskManagers of %s the scheduler places %i on a machine: what lint says of it is so', async (size, expected) => {
  const elsewhere = 'podTemplate: {spec: {nodeSelector: {node.kubernetes.io/instance-type: m6i.large}}}';
  const text = readFileSync('test/fixtures/flink-lint/sessions.yaml', 'utf8')
    .replace('24g', size)
    .replace('  jobManager:', `$&\n    ${elsewhere}`);
  const nodes = ['--node-pool', 'r5.4xlarge=1', '--node-pool', 'm6i.large=1'];
  const {stdout} = await runCommand(['simulate', '-f', '-', ...nodes, '-o', 'json', '-q'], text);
  const {jobs} = JSON.parse(stdout) as {jobs: readonly {members: readonly {component: string; placed: number}[]}[]};
  expect(jobs[0]!.members.find(({component}) => component === 'taskmanager')!.placed).toBe(expected);
});
