import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {runCommand} from '../helpers/runCommand.ts';

const folder = mkdtempSync(join(tmpdir(), 'stowage-commands-'));
afterAll(() => rmSync(folder, {recursive: true}));

describe('init', () => {
  test('writes a scenario that its own schema and simulate accept', async () => {
    const directory = join(folder, 'plan');
    const {exitCode, stdout} = await runCommand(['init', directory, '--node-pool', 'm6i.large=2']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${join(directory, 'scenario.yaml')}\n`);
    expect(readFileSync(join(directory, 'scenario.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=.*scenario/,
    );
    const run = await runCommand([
      'simulate',
      '-f',
      directory,
      '-f',
      'scenarios/flink-hello-world/manifests/online.yaml',
      '-o',
      'name',
      '-q',
    ]);
    expect(run.exitCode, run.stderr).toBe(0);
  });

  test('never writes over a file that is there', async () => {
    const directory = join(folder, 'twice');
    await runCommand(['init', directory]);
    const {exitCode, stderr} = await runCommand(['init', directory]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is there already');
  });
});

describe('schema', () => {
  test.each(['scenario', 'simulation-result'])('%s is JSON Schema', async (name) => {
    const {stdout} = await runCommand(['schema', name]);
    expect(JSON.parse(stdout)).toMatchObject({$schema: 'http://json-schema.org/draft-07/schema#'});
  });

  test('an unknown name is refused with those that are known', async () => {
    const {exitCode, stderr} = await runCommand(['schema', 'scenaro']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean "scenario"?');
  });
});

describe('explain of a field', () => {
  test.each([
    ['scenario.spec.nodePools', '<[]object>'],
    ['scenario.spec.nodePools.taints.effect', 'one of NoSchedule, PreferNoSchedule, NoExecute'],
    ['scenario.spec.overlays.scale.factor', 'rounded up'],
    ['simulation-result.summary.costPerMonth', '730 hours'],
  ])('%s says %s', async (path, text) => {
    const {exitCode, stdout} = await runCommand(['explain', path]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(text);
  });

  test('a misspelt field has a suggestion', async () => {
    const {exitCode, stderr} = await runCommand(['explain', 'scenario.spec.nodePool']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('scenario.spec has no field "nodePool"; did you mean "nodePools"?');
  });
});

describe('lint', () => {
  test('prints findings with their place, and fails only when asked to', async () => {
    const args = ['lint', '-f', 'scenarios/online-and-flink', '-q'];
    const plain = await runCommand(args);
    expect(plain.exitCode).toBe(0);
    expect(plain.stdout).toContain('STW-4003: a quota is nearly full  (2)');
    expect(plain.stdout).toMatch(/cluster\.yaml:\d+:1 {2}ResourceQuota\/batch\/compute/);
    expect((await runCommand([...args, '--fail-on', 'STW-4001'])).exitCode).toBe(0);
    expect((await runCommand([...args, '--fail-on', 'STW-4003'])).exitCode).toBe(3);
  });

  test('is a line of JSON for every finding with -o json', async () => {
    const {stdout} = await runCommand(['lint', '-f', 'scenarios/online-and-flink', '-q', '-o', 'json']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({code}) => code === 'STW-4003')).toHaveLength(2);
    expect(lines.every(({severity, message}) => severity === 'warning' && message !== '')).toBe(true);
  });
});

test('version and doctor speak JSON, too', async () => {
  expect(JSON.parse((await runCommand(['version', '-o', 'json'])).stdout)).toMatchObject({
    apiVersion: 'stowage.dev/v1alpha1',
  });
  const {checks} = JSON.parse((await runCommand(['doctor', '-o', 'json'])).stdout);
  expect(checks.filter(({ok, optional}: {ok: boolean; optional: boolean}) => !ok && !optional)).toEqual([]);
});
