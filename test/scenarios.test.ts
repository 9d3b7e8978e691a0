import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {SimulationResult} from '../results/simulationResult.ts';
import {runCommand} from './helpers/runCommand.ts';

const SCENARIOS = readdirSync('scenarios', {withFileTypes: true})
  .filter((entry) => entry.isDirectory())
  .map(({name}) => name)
  .sort();

test.each(SCENARIOS)('scenario %s gives its expected result', async (name) => {
  const {exitCode, stdout, stderr} = await runCommand(['simulate', '-f', join('scenarios', name), '-o', 'json', '-q']);
  expect(exitCode, stderr).toBe(0);
  const {summary, jobs, pending, rejected, warnings} = JSON.parse(stdout) as SimulationResult;
  const {pods, placed, pending: waiting, gated, ignored, rejected: refused} = summary;
  expect(placed + waiting + gated + ignored + refused).toBe(pods);
  const expected = `${JSON.stringify({summary, jobs, pending, rejected, warnings}, null, 2)}\n`;
  await expect(expected).toMatchFileSnapshot(`../scenarios/${name}/expected.json`);
});

test.each(SCENARIOS)('scenario %s says what it shows and how to run it', (name) => {
  const readme = join('scenarios', name, 'README.md');
  expect(existsSync(readme)).toBe(true);
  expect(readFileSync(readme, 'utf8')).toContain(`stowage simulate -f scenarios/${name}`);
});
