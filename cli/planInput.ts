import {Diagnostics} from '../model/diagnostic.ts';
import {formatPlural} from '../results/format.ts';
import {readSchedulerConfiguration} from '../simulator/framework/readSchedulerConfiguration.ts';
import {inputNames, loadInput} from '../sources/node/loadInput.ts';
import {withAssumedStorage} from '../workloads/assumedStorage.ts';
import {expand} from '../workloads/expand.ts';
import {UsageError} from './failure.ts';
import {type InputFlags, toInputOptions} from './inputFlags.ts';
import type {Io} from './io.ts';
import type {Progress} from './output/progress.ts';

export type PreparedPlan = ReturnType<typeof preparePlan>;

/**
 * Reads and expands the input, for machines that are still to be chosen. Throws an InputError with every problem found
 * in it.
 */
export function preparePlan(flags: InputFlags, io: Io, progress: Progress) {
  const diagnostics = new Diagnostics();
  const options = toInputOptions(flags, io);
  progress.step(`reading ${inputNames(options).join(', ')}`);
  const input = loadInput(options, diagnostics);
  progress.step(`expanding ${formatPlural(input.objects.length, 'object')}`);
  const {customResourceRules, spec} = input;
  const {autoscaling = 'Current', cronJobs, flinkOperator = null, kubernetesVersion, seed, scheduler} = spec;
  const expanded = expand(
    input.objects,
    {nodes: [], autoscaling, cronJobs, flinkOperator, reschedule: true, customResourceRules},
    diagnostics,
  );
  const model = withAssumedStorage(expanded, input.objects, diagnostics);
  const document = input.schedulerConfiguration;
  const configuration =
    document === null
      ? undefined
      : readSchedulerConfiguration(document.value, document.origin, kubernetesVersion, diagnostics);
  diagnostics.throwIfErrors();
  const {catalog} = input;
  if (catalog === null) throw new UsageError('there is no catalogue of instance types: name one with --catalog');
  const percentageOfNodesToScore = scheduler.percentageOfNodesToScore ?? configuration?.percentageOfNodesToScore ?? 100;
  const simulation = {kubernetesVersion, percentageOfNodesToScore, seed, ties: scheduler.ties};
  return {input, model, configuration, diagnostics, catalog, simulation};
}
