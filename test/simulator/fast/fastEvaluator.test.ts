import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import {generate} from '../../../scripts/parity/generate.ts';
import {ingest} from '../../../scripts/parity/ingest.ts';
import type {SchedulerConfiguration} from '../../../simulator/framework/schedulerConfiguration.ts';
import {simulate} from '../../../simulator/simulate.ts';
import {type Decision, KUBERNETES_VERSIONS, type SimulationOptions} from '../../../simulator/simulation.ts';
import {OPTIONS} from '../builders.ts';
import {largeRandomCluster, randomCluster} from './randomCluster.ts';

/** More for a longer search: STOWAGE_RUNS=10000. */
const RUNS = Number(process.env.STOWAGE_RUNS ?? 300);

/** The decisions of a run, and where all pods ended. */
function runWith(
  evaluator: 'fast' | 'reference',
  model: ClusterModel,
  options: Partial<SimulationOptions> = {},
  configuration?: SchedulerConfiguration,
) {
  const decisions: Decision[] = [];
  const onDecision = (decision: Decision): void => void decisions.push(decision);
  const simulation = simulate(model, {...OPTIONS, ...options, evaluator, onDecision}, configuration);
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

  test('in the scenarios that are compared with the real plugins', () => {
    for (let seed = 1; seed <= RUNS / 3; seed++) {
      const {model, configuration} = ingest(generate(seed, OPTIONS.kubernetesVersion), OPTIONS.kubernetesVersion);
      const fast = runWith('fast', model, {}, configuration);
      expect(fast, `seed ${seed}`).toEqual(runWith('reference', model, {}, configuration));
    }
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
