import {mkdtempSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {planSchema} from '../../results/planResult.ts';
import {runCommand} from '../helpers/runCommand.ts';

/** Two types at one price per core: the first bound is met, so that no report depends on how far a search came. */
const INPUT = [
  ...['-f', 'scenarios/flink-hello-world', '--instance-types', 'm6i.large,m6i.xlarge'],
  ...['--time-limit', '3600', '-q'],
];

async function report(...flags: readonly string[]): Promise<string> {
  const {exitCode, stderr, stdout} = await runCommand(['plan', ...INPUT, ...flags]);
  expect({exitCode, stderr}).toMatchObject({exitCode: 0});
  return stdout;
}

describe('a report on a plan', () => {
  test('as Markdown', async () => {
    await expect(await report('-o', 'md')).toMatchFileSnapshot('../golden/cli/plan-report.md');
  });

  test('as a page has the answer, every section and chart, and needs nothing from elsewhere', async () => {
    const page = await report('-o', 'html');
    const titles = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'The bill',
      'How good it is',
      'What is on the machines',
      'What would change it',
      'What it rests on',
      ...titles.slice(5),
    ]);
    expect(titles.slice(5).filter((title) => title !== 'Warnings')).toEqual([]);
    const charts = [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title);
    expect(charts).toEqual([
      'What an hour costs',
      'Cost and risk',
      'A typical node of each type',
      'Where the memory you pay for goes',
      'Free and stranded capacity',
    ]);
    expect(page.match(/<svg [^>]*class="marks"/g)).toHaveLength(5);
    expect(page.match(/class="verdict"/g)).toHaveLength(3);
    expect(page).not.toMatch(/<script|<link|<img|src=|href="http|url\((?!#)|NaN|undefined|Infinity/);
  });
});

test('plan --outlook stores what would change the plan, and the plan is still proved', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'stowage-report-')), 'plan.json');
  await report('--outlook', '--out', path);
  const {outlook} = planSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const kinds = new Set(outlook!.variations.map(({kind}) => kind));
  expect([...kinds]).toEqual(['price', 'growth', 'taskManagers', 'largestMachine']);
  for (const {costPerHour, lowerBoundPerHour} of outlook!.variations) {
    if (costPerHour !== null) expect(costPerHour).toBeGreaterThanOrEqual(lowerBoundPerHour!);
  }
  expect(await runCommand(['plan', 'verify', path])).toMatchObject({exitCode: 0});
});
