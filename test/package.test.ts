import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'stowage-package-'));
afterAll(() => rmSync(folder, {recursive: true}));

function run(command: string, args: readonly string[], cwd: string): string {
  const {status, stdout, stderr} = spawnSync(command, args, {cwd, encoding: 'utf8'});
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

beforeAll(() => {
  run('npm', ['pack', '--pack-destination', folder], '.');
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${archive}`], folder);
}, 180_000);

test.each(['stowage', 'kubectl-stowage'])('%s of the installed package simulates its demo', (name) => {
  const output = run(join(folder, 'node_modules/.bin', name), ['demo', '-q'], folder);
  expect(output).toMatch(/^Scenario online-and-flink: 296 pods, 24 nodes/);
});

test('the installed package renders a page and finds everything it needs', () => {
  const bin = join(folder, 'node_modules/.bin/stowage');
  expect(run(bin, ['demo', 'flink-hello-world', '-o', 'html', '-q'], folder)).toMatch(/^<!doctype html>[\s\S]*<svg/i);
  expect(run(bin, ['doctor'], folder)).not.toContain('✗');
});
