import {describe, expect, test} from 'vitest';
import {htmlReport} from '../../../results/node/htmlReport.ts';
import type {SimulationResult} from '../../../results/simulationResult.ts';
import {emptyResult, exampleResult, largeResult} from '../exampleResult.ts';

const HOSTILE = '<script>alert(1)</script>"&\'';

function hostileResult(): SimulationResult {
  const result = exampleResult();
  return {
    ...result,
    scenario: HOSTILE,
    inputDigest: HOSTILE,
    nodes: result.nodes.map((node) => ({...node, name: HOSTILE, instanceType: HOSTILE, zone: HOSTILE})),
    placements: result.placements.map((placement) => ({...placement, pod: `a/${HOSTILE}`, node: HOSTILE})),
    jobs: result.jobs.map((job) => ({...job, name: HOSTILE})),
    rejected: [{pod: `a/${HOSTILE}`, workload: 0, message: HOSTILE}],
    workloads: result.workloads.map((workload) => ({...workload, name: HOSTILE, namespace: HOSTILE})),
    pending: [{pod: `a/${HOSTILE}`, workload: 0, message: HOSTILE, reasons: []}],
    warnings: [{code: 'STW-2001', object: HOSTILE, message: HOSTILE}],
  };
}

describe('the report', () => {
  test.each([
    ['a small result', exampleResult()],
    ['a large result', largeResult()],
    ['an empty result', emptyResult()],
  ])('of %s is one page that asks for nothing else', async (_name, result) => {
    const page = await htmlReport(result);
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('default-src &#39;none&#39;');
    // Namespaces of SVG and the schema are names, not requests.
    const urls = [...page.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')>\s]+)/g)].map(([, url]) => url!);
    expect(urls.filter((url) => !url.startsWith('#') && !url.startsWith('data:'))).toEqual([]);
    expect(page).not.toContain('<script');
  });

  test('shows names as they are and runs none of them', async () => {
    const page = await htmlReport(hostileResult());
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('is the same for the same result', async () => {
    expect(await htmlReport(exampleResult())).toBe(await htmlReport(exampleResult()));
  });

  test('has every table with a caption and every column head with a scope', async () => {
    const page = await htmlReport(exampleResult());
    const tables = page.match(/<table/g)?.length ?? 0;
    expect(tables).toBeGreaterThan(5);
    expect(page.match(/<caption/g)).toHaveLength(tables);
    expect(page.match(/<th(?![^>]*scope=)[^a-z]/g)).toBeNull();
    expect(page.match(/role="img"/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test('says that a cost is unknown, and not that it is nothing', async () => {
    const result = exampleResult();
    const page = await htmlReport({...result, summary: {...result.summary, costPerHour: null, costPerMonth: null}});
    expect(page).toContain('unknown');
    expect(page).not.toContain('$0.00');
  });

  test('says how many workloads it leaves out', async () => {
    const workload = exampleResult().workloads[0]!;
    const workloads = [...Array(1234).keys()].map((index) => ({...workload, name: `service-${index}`}));
    expect(await htmlReport({...exampleResult(), workloads})).toContain('1,034 more in the result file.');
  });

  test.each([
    ['All 84 pods are placed.', {pods: 84, placed: 84}, {running: 3}],
    ['1 of 85 pods is not placed.', {pods: 85, placed: 84}, {running: 3}],
    ['All 84 pods are placed; 1 of 3 jobs does not run.', {pods: 84, placed: 84}, {running: 2, refused: 1}],
    ['2 of 84 pods are not placed; 2 of 2 jobs do not run.', {pods: 84, placed: 82}, {waiting: 1, refused: 1}],
    ['There are no pods to place.', {pods: 0, placed: 0}, {}],
  ])('comes to the point: %s', async (verdict, counts, states) => {
    const result = exampleResult();
    const jobs = {...result.summary.jobs, running: 0, waiting: 0, refused: 0, ...states};
    expect(await htmlReport({...result, summary: {...result.summary, ...counts, jobs}})).toContain(verdict);
  });

  test('shows no figure where there is no whole to take a share of', async () => {
    expect(await htmlReport(emptyResult())).not.toMatch(/NaN|Infinity|undefined/);
  });
});
