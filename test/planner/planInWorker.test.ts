import {expect, test} from 'vitest';
import {mixedFleet} from '../../bench/packing/mixedFleet.ts';
import {planInWorker} from '../../planner/node/planInWorker.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';

test('a plan comes back from a thread of its own, with progress on the way', async () => {
  const given = mixedFleet(1, 30);
  let reports = 0;
  const outcome = await planInWorker(given, {seed: 1, nodes: 2, timeLimit: null, onProgress: () => reports++});
  if (outcome.kind !== 'packed') throw new Error(outcome.kind);
  expect(verifyPlan(given, outcome.solution, outcome.cost)).toEqual([]);
  expect(reports).toBeGreaterThan(0);
});

test('an aborted plan is the best so far', async () => {
  const outcome = await planInWorker(mixedFleet(1, 30), {
    seed: 1,
    nodes: 1000,
    timeLimit: null,
    signal: AbortSignal.abort(),
  });
  expect(outcome).toMatchObject({kind: 'packed', notes: {isStopped: true}});
});
