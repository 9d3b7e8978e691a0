import type {ClusterModel} from '../model/clusterModel.ts';
import {Diagnostics, placeOf} from '../model/diagnostic.ts';
import {formatCount, formatPlural} from '../results/format.ts';
import type {SimulationResult} from '../results/simulationResult.ts';
import {toSimulationResult} from '../results/toSimulationResult.ts';
import {readSchedulerConfiguration} from '../simulator/framework/readSchedulerConfiguration.ts';
import type {SchedulerConfiguration} from '../simulator/framework/schedulerConfiguration.ts';
import {simulate} from '../simulator/simulate.ts';
import type {Decision, SimulationOptions} from '../simulator/simulation.ts';
import {type InputOptions, inputNames, type LoadedInput, loadInput} from '../sources/node/loadInput.ts';
import {withAssumedStorage} from '../workloads/assumedStorage.ts';
import {expand} from '../workloads/expand.ts';
import type {Progress} from './output/progress.ts';
import {EXPORTER} from './package.ts';

/** The input of a run, expanded and checked: what every command that simulates starts from. */
export interface PreparedRun {
  readonly input: LoadedInput;
  readonly model: ClusterModel;
  readonly options: SimulationOptions;
  readonly configuration: SchedulerConfiguration | undefined;
  readonly diagnostics: Diagnostics;
}

/** Reads and expands the input. Throws an InputError with every problem found in it. */
export function prepareModel(
  options: InputOptions & {readonly reschedule: boolean},
  progress: Progress,
): {input: LoadedInput; model: ClusterModel; diagnostics: Diagnostics} {
  const diagnostics = new Diagnostics();
  progress.step(`reading ${inputNames(options).join(', ')}`);
  const input = loadInput(options, diagnostics);
  progress.step(`expanding ${formatPlural(input.objects.length, 'object')}`);
  const {customResourceRules} = input;
  const {autoscaling = 'Current', cronJobs, flinkOperator = null} = input.spec;
  const model = expand(
    input.objects,
    {nodes: input.nodes, autoscaling, cronJobs, flinkOperator, reschedule: options.reschedule, customResourceRules},
    diagnostics,
  );
  diagnostics.throwIfErrors();
  return {input, model, diagnostics};
}

/** Reads and expands the input of a simulation, which also needs pods and nodes. */
export function prepareRun(options: InputOptions & {readonly reschedule: boolean}, progress: Progress): PreparedRun {
  const {input, model: expanded, diagnostics} = prepareModel(options, progress);
  const model = withAssumedStorage(expanded, input.objects, diagnostics);
  const {kubernetesVersion, seed, scheduler} = input.spec;
  const document = input.schedulerConfiguration;
  const configuration =
    document === null
      ? undefined
      : readSchedulerConfiguration(document.value, document.origin, kubernetesVersion, diagnostics);
  if (model.nodes.length === 0) {
    diagnostics.error('STW-1013', 'there are no nodes to place the pods on', {
      hint: 'give machines, such as --node-pool m6i.2xlarge=10, or the nodes of a cluster (kubectl get nodes -o json)',
    });
  }
  if (model.pods.length === 0 && model.rejected.length === 0) {
    const place = input.objects[0] === undefined ? undefined : placeOf(input.objects[0].origin, '');
    diagnostics.error('STW-1014', `none of the ${formatPlural(input.objects.length, 'object')} makes a pod`, {
      hint: 'give manifests of workloads with -f; add -R for subdirectories',
      ...(place === undefined ? {} : {place}),
    });
  }
  diagnostics.throwIfErrors();
  const {ties} = scheduler;
  // Planning wants the true best node, so that all nodes are scored unless somebody says otherwise.
  const percentageOfNodesToScore = scheduler.percentageOfNodesToScore ?? configuration?.percentageOfNodesToScore ?? 100;
  return {input, model, diagnostics, configuration, options: {kubernetesVersion, percentageOfNodesToScore, seed, ties}};
}

/** Simulates a prepared run. */
export function runSimulation(
  run: PreparedRun,
  progress: Progress,
  log: {readonly onDecision?: (decision: Decision) => void; readonly explainScores?: boolean} = {},
): SimulationResult {
  const {model, input, diagnostics, configuration, options} = run;
  progress.step(`simulating ${formatPlural(model.pods.length, 'pod')} on ${formatPlural(model.nodes.length, 'node')}`);
  const onProgress = (attempted: number, total: number): void =>
    progress.update(`simulating: ${formatCount(attempted)} of ${formatCount(total)} pods`);
  const simulation = simulate(model, {...options, ...log, onProgress}, configuration);
  const unpriced = new Set(
    model.nodes.filter(({pricePerHour}) => pricePerHour === null).map(({instanceType}) => instanceType),
  );
  for (const type of unpriced) {
    diagnostics.warn(
      'STW-2005',
      type === null ? 'nodes without an instance type have no known price' : `instance type ${type} has no known price`,
      {hint: 'state pricePerHour in the scenario to know the cost'},
    );
  }
  progress.end();
  return toSimulationResult(model, simulation, diagnostics.warnings, {
    exporter: EXPORTER,
    scenario: input.scenario,
    inputDigest: input.digest,
    currency: input.currency,
    parameters: options,
  });
}
