import {mkdtempSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {formatCount, formatMoney, formatPercent} from '../../results/format.ts';
import {answer} from '../../results/planReport/answer.ts';
import {proof} from '../../results/planReport/proof.ts';
import {type PlanResult, planSchema} from '../../results/planResult.ts';
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

const OUT = join(mkdtempSync(join(tmpdir(), 'stowage-report-')), 'plan.json');
let page = '';
let plan: PlanResult;

beforeAll(async () => {
  page = await report('-o', 'html', '--out', OUT);
  plan = planSchema.parse(JSON.parse(readFileSync(OUT, 'utf8')));
}, 60_000);

/** The texts of the cells of the first table whose caption begins so. */
function tableOf(caption: string): readonly (readonly string[])[] {
  const table = page.split('<table>').find((part) => textOf(part).trimStart().startsWith(caption));
  expect(table, `a table with the caption ${caption}`).toBeDefined();
  const body = table!.slice(table!.indexOf('<tbody>'), table!.indexOf('</table>'));
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => textOf(cell!)),
  );
}

function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('\u{a0}', ' ');
}

const money = (amount: number | null) => formatMoney(amount, 'USD');

describe('a report on a plan', () => {
  test('as Markdown', async () => {
    await expect(await report('-o', 'md')).toMatchFileSnapshot('../golden/cli/plan-report.md');
  });

  test('is the same, byte for byte, when it is made again', async () => {
    expect(await report('-o', 'html')).toBe(page);
  });

  test('as a page has the answer, every section and chart', () => {
    const titles = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'The bill',
      'How good it is',
      'What is on the machines',
      'What would change it',
      'What it rests on',
    ]);
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
  });

  test('as a page needs nothing from elsewhere and has no figure that is none', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|src=|href="(?!#)|url\((?!#)|@import/);
    expect(textOf(page)).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(page).toMatch(/http-equiv="Content-Security-Policy" content="default-src (?:'|&#39;)none/);
  });

  test('says what its figures rest on, with source and date', () => {
    const facts = textOf(page.slice(page.indexOf('What it rests on')));
    const {allocatableRule, prices} = plan.assumptions;
    for (const text of [prices.source, prices.asOf, allocatableRule.source, plan.inputDigest]) {
      expect(facts).toContain(text);
    }
    expect(facts).toMatch(/Kubernetes\s*1\.\d+\. Source: kube-scheduler/);
  });
});

describe('the figures of the page are those of the result file', () => {
  test('of the bill', () => {
    const rows = tableOf('What to buy');
    const bought = plan.nodes.map(({instanceType, count}) => [instanceType, formatCount(count)]);
    expect(rows.slice(0, -1).map((row) => row.slice(0, 2))).toEqual(expect.arrayContaining(bought));
    expect(rows).toHaveLength(bought.length + 1);
    expect(rows.at(-1)).toContain(money(plan.costPerHour));
    expect(rows.at(-1)).toContain(money(plan.costPerHour * 730));
    expect(rows.at(-1)!.at(-1)).toBe(formatCount(plan.verified.placed));
  });

  test('of the bound and of other ways to buy', () => {
    const others = plan.comparisons.map(({costPerHour}) => money(costPerHour)).sort();
    const [bound, own, ...rows] = tableOf('No fleet that holds these pods costs less');
    expect(bound!.slice(0, 2)).toEqual(['lower bound', money(plan.lowerBoundPerHour)]);
    expect(own!.slice(0, 3)).toEqual(['this plan', money(plan.costPerHour), formatPercent(plan.gap)]);
    expect(rows.map(([, cost]) => cost).sort()).toEqual(others);
  });

  test('of the risks', () => {
    const rows = tableOf('What goes with one node at worst');
    for (const {costPerHour, loss, nodes} of plan.outlook!.risks) {
      const figures = [money(costPerHour), formatCount(nodes), formatPercent(loss.memory), formatPercent(loss.pods)];
      expect(rows.map((row) => row.slice(1, 5))).toContainEqual(figures);
    }
  });

  test.each([
    ['Prices: a family', 'price', 4],
    ['Growth: more pods', 'growth', 2],
    ['TaskManagers: the same slots', 'taskManagers', 2],
  ] as const)('of the table %s', (caption, kind, column) => {
    const variations = plan.outlook!.variations.filter((variation) => variation.kind === kind);
    expect(variations.length).toBeGreaterThan(0);
    expect(tableOf(caption).map((row) => row.slice(column, column + 2))).toEqual(
      variations.map(({costPerHour, lowerBoundPerHour}) => [money(costPerHour), money(lowerBoundPerHour)]),
    );
  });
});

describe('the words', () => {
  test.each<[string, Partial<PlanResult>, RegExp, RegExp]>([
    ['of a proved plan name no gap to worry about', {}, /^No choice of machines is cheaper/, /There are two gaps/],
    [
      'of a plan near its bound say what could still be saved',
      {gap: 0.1, lowerBoundPerHour: 0.2618},
      /at most 9\.1% could still be saved/,
      /The verified gap, 10\.0%/,
    ],
    [
      'of a plan far above its bound do not call it good or bad',
      {gap: 0.5, lowerBoundPerHour: 0.192},
      /not settled: somewhere between \$0\.19 and this plan/,
      /far below the plan, so that it says little/,
    ],
    [
      'of a plan without a bound prove nothing',
      {gap: null, certificate: null, lowerBoundPerHour: 0},
      /How cheap it could be at best is not known/,
      /There is no bound/,
    ],
    [
      'of a plan that the scheduler makes dearer say by how much',
      {packing: {costPerHour: 0.188, gap: 0, bins: []}},
      /./,
      /The difference, \$0\.10 an hour, is what the scheduler's habits cost/,
    ],
    ['of a search that was ended say so', {isStopped: true}, /./, /with more time, plan and bound may come closer/],
  ])('%s', (_rule, change, inAnswer, inProof) => {
    const changed = {...plan, ...change};
    expect(answer(changed).at(-1)).toMatch(inAnswer);
    expect(proof(changed).join('\n')).toMatch(inProof);
  });

  test('of a plan that leaves pods pending say how many, first of all', () => {
    expect(answer({...plan, verified: {...plan.verified, pending: 2}})[0]).toMatch(/2 pods would have no place\.$/);
  });
});

test('the table says in words what would change the plan', async () => {
  const text = await report('--outlook');
  expect(text).toMatch(/WHAT WOULD CHANGE IT\nPrice of m6i .*\n(?: .*\n)*Growth .*\n(?: .*\n)*TaskManagers /);
});

test('policies that were asked for are priced beside the plan', async () => {
  const text = await report('-o', 'md', '--policy', 'shared,isolated-flink');
  expect(text).toMatch(/## What a policy costs\n[^#]*\| shared: .*\n\| isolated-flink: .*\| [+−]?\d+\.\d% \|/);
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
