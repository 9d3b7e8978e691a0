import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import {simulate} from '../../../simulator/simulate.ts';
import {type Decision, KUBERNETES_VERSIONS, type SimulationOptions} from '../../../simulator/simulation.ts';
import {OPTIONS} from '../builders.ts';
import {largeRandomCluster, randomCluster} from './randomCluster.ts';

/** More for a longer search: STOWAGE_RUNS=10000. */
const RUNS = Number(process.env.STOWAGE_RUNS ?? 300);

/** The decisions of a run, and where all pods ended. */
function runWith(evaluator: 'fast' | 'reference', model: ClusterModel, options: Partial<SimulationOptions> = {}) {
  const decisions: Decision[] = [];
  const simulation = simulate(model, {
    ...OPTIONS,
    ...options,
    evaluator,
    onDecision: (decision) => decisions.push(decision),
  });
  return {decisions, nodeOfPod: [...simulation.nodeOfPod], pending: simulation.pending};
}

describe('the fast evaluator decides as the plain one', () => {
  test.each(KUBERNETES_VERSIONS)('in random clusters of %s', (kubernetesVersion) => {
    fc.assert(
      fc.property(randomCluster, fc.boolean(), fc.nat(1000), (model, random, seed) => {
        const options = {kubernetesVersion, seed, ties: random ? 'random' : 'first'} as const;
        expect(runWith('fast', model, options)).toEqual(runWith('reference', model, options));
      }),
      {numRuns: RUNS},
    );
  });

  test('where hosts are many', () => {
    fc.assert(
      fc.property(largeRandomCluster, (model) => {
        expect(runWith('fast', model)).toEqual(runWith('reference', model));
      }),
      {numRuns: RUNS / 10},
    );
  });
});
