import {writeFileSync} from 'node:fs';
import type {Resources} from '../../model/resources.ts';
import type {FleetLimits} from '../../planner/demand/fleetLimits.ts';
import {SURGES, type Surge} from '../../planner/demand/states.ts';
import type {Plan} from '../../planner/makePlan.ts';
import {loadHighsSolver} from '../../planner/node/highsSolver.ts';
import {configurationOf, POLICIES, type Policy, planPolicies, type Stops} from '../../planner/policies.ts';
import {type Outlook, outlookOf} from '../../planner/sensitivity/outlook.ts';
import type {Solver} from '../../planner/solver.ts';
import type {PlanSetting} from '../../results/planAssumptions.ts';
import {statedLimits} from '../../results/planLimits.ts';
import {type PlanResult, toPlanResult} from '../../results/planResult.ts';
import {toSimulationResult} from '../../results/toSimulationResult.ts';
import {simulate} from '../../simulator/simulate.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import {hasInput, type InputFlags} from '../inputFlags.ts';
import type {Io} from '../io.ts';
import {Progress} from '../output/progress.ts';
import {formatPlan, isPlanFormat, PLAN_FORMATS, renderPlan} from '../output/renderPlan.ts';
import {styleOf} from '../output/style.ts';
import {EXPORTER} from '../package.ts';
import {nothingToBuy, overLimits, requireMachines} from '../planDefects.ts';
import {type PreparedPlan, preparePlan} from '../planInput.ts';
import {printWarnings} from './simulate.ts';

export interface PlanFlags extends InputFlags {
  readonly objective: 'cost';
  readonly instanceTypes: readonly string[];
  readonly architectures: string;
  readonly maxNodes?: number;
  readonly maxInstanceTypes?: number;
  /** In the scheduler's units. */
  readonly maxNodeSize?: Resources;
  readonly survive: string;
  readonly policy: string;
  readonly pin?: boolean;
  readonly outlook?: boolean;
  readonly timeLimit: number;
  readonly output: string;
  readonly out?: string;
  readonly quiet?: boolean;
}

const LOSSES = ['node-loss', 'zone-loss'] as const;
const ARCHITECTURES = ['amd64', 'arm64'] as const;
/** What of the time the search for a packing may take; the rest is for the scheduler's replay. */
const PACKING_SHARE = 0.4;
/** When the search for a fleet begins to take away what it can. */
const TRIM_SHARE = 0.8;

/** What the outlook may take beside that, as a share of the time limit. */
const OUTLOOK_SHARE = 0.5;
/** Relaxations in the search for a proof of a variation. */
const OUTLOOK_NODES = 20;

/** What of the time the planned policy may take where others are priced beside it. */
const PLANNED_SHARE = 0.5;

/** `isInterrupted`: once it says true, the best so far is printed. Where the solver cannot be loaded, it goes without. */
export async function planCommand(
  flags: PlanFlags,
  io: Io,
  isInterrupted: () => boolean,
  loadSolver: () => Promise<Solver> = loadHighsSolver,
): Promise<ExitCode> {
  const format = flags.output;
  if (!isPlanFormat(format)) throw new UsageError(`-o ${format}: expected one of ${PLAN_FORMATS.join(', ')}`);
  if (!hasInput(flags)) throw new UsageError('nothing to plan for: give files or directories with -f, or -k or --helm');
  const survived = listOf(flags.survive, '--survive', [...SURGES, ...LOSSES]);
  const policies = policiesOf(flags.policy);
  const architectures = listOf(flags.architectures, '--architectures', ARCHITECTURES);
  if (architectures.length === 0) throw new UsageError(`--architectures needs one of ${ARCHITECTURES.join(', ')}`);
  const instanceTypes = flags.instanceTypes.flatMap((text) => text.split(',')).filter((text) => text !== '');
  const limits: FleetLimits = {
    nodes: flags.maxNodes ?? null,
    instanceTypes: flags.maxInstanceTypes ?? null,
    nodeSize: flags.maxNodeSize ?? {},
  };
  const progress = new Progress(io.stderr, flags.quiet === true);
  const prepared = preparePlan(flags, io, progress);
  requireMachines(instanceTypes, limits, prepared);
  const {input, catalog, diagnostics, simulation} = prepared;
  const {memoryOverheadPercent} = input.spec;
  const overhead = memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent};
  const solver = await loadSolver().catch(() => null);
  const stopsOf = (index: number, count: number): Stops => {
    const share = count === 1 ? 1 : index === 0 ? PLANNED_SHARE : (1 - PLANNED_SHARE) / (count - 1);
    const start = performance.now();
    const isPast = (part: number) => (): boolean =>
      isInterrupted() || performance.now() - start > flags.timeLimit * 1000 * share * part;
    return {shouldStopPacking: isPast(PACKING_SHARE), shouldTrim: isPast(TRIM_SHARE), shouldStopVerifying: isPast(1)};
  };
  const planned = planPolicies(
    {model: prepared.model, objects: input.objects.map(({object}) => object), nodes: input.nodes, catalog},
    {
      instanceTypes,
      architectures,
      surges: SURGES.filter((surge: Surge) => survived.includes(surge)),
      losses: {node: survived.includes('node-loss'), zone: survived.includes('zone-loss')},
      pinTypes: flags.pin === true,
      limits,
      ...overhead,
      simulation,
      configuration: prepared.configuration,
      solver,
      onStep: (text) => progress.step(text),
    },
    policies,
    stopsOf,
  );
  const wantsOutlook = flags.outlook === true || format === 'html' || format === 'md';
  const outlook =
    'kind' in planned || !wantsOutlook ? null : toOutlook(planned.plan, solver, flags, progress, isInterrupted);
  progress.end();
  if ('kind' in planned) {
    throw planned.kind === 'nothing' ? nothingToBuy(planned.demand, prepared) : overLimits(planned, limits, prepared);
  }
  const {plan, policies: priced} = planned;
  const configuration = configurationOf(policies[0], prepared);
  const {kubernetesVersion, percentageOfNodesToScore, seed, ties} = simulation;
  const setting: PlanSetting = {
    catalog,
    kubernetesVersion,
    architectures,
    configuration,
    ...overhead,
  };
  const result = toPlanResult(
    plan,
    {
      exporter: EXPORTER,
      scenario: input.scenario,
      inputDigest: input.digest,
      catalog: catalog.name,
      currency: catalog.currency,
      parameters: {
        kubernetesVersion,
        percentageOfNodesToScore,
        seed,
        ties,
        instanceTypes,
        limits: statedLimits(limits),
        states: ['now', ...survived],
      },
    },
    setting,
    outlook,
    priced,
  );
  if (solver === null || plan.packing.notes.hasSolverFailed) {
    diagnostics.warn('STW-2016', "the solver failed, so that the planner's own, slower method took its place");
  }
  if (flags.out !== undefined) writeFileSync(flags.out, formatPlan(result));
  printWarnings(diagnostics.warnings, format === 'json', io);
  const placementOf = () => toPlacement(plan, result, {...prepared, configuration});
  io.stdout.write(await renderPlan(result, format, {style: styleOf(io.stdout), placementOf}));
  return ExitCode.Ok;
}

/** Packs what is varied, in an equal share of the time for each. */
function toOutlook(
  plan: Plan,
  solver: Solver | null,
  {timeLimit}: PlanFlags,
  progress: Progress,
  isInterrupted: () => boolean,
): Outlook {
  const end = performance.now() + timeLimit * 1000 * OUTLOOK_SHARE;
  progress.step('varying prices, demand and sizes');
  return outlookOf(plan, {
    solver,
    seed: 0,
    nodes: OUTLOOK_NODES,
    shouldStopOf: (left) => {
      const own = performance.now() + Math.max(0, end - performance.now()) / left;
      return () => isInterrupted() || performance.now() > own;
    },
    onStep: (done, all) => progress.update(`varying prices, demand and sizes: ${done} of ${all}`),
  });
}

/** What kube-scheduler makes of the machines of a plan. */
function toPlacement({fleet}: Plan, {exporter, scenario, inputDigest, currency}: PlanResult, prepared: PreparedPlan) {
  const {configuration, diagnostics, simulation: parameters} = prepared;
  const simulation = simulate(fleet.model, parameters, configuration);
  const identity = {exporter, scenario, inputDigest, currency, parameters};
  return toSimulationResult(fleet.model, simulation, diagnostics.warnings, identity);
}

function listOf(text: string, flag: string, known: readonly string[]): readonly string[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`${flag} ${unknown}: expected ${known.join(', ')}, separated by commas`);
  }
  return names;
}

function policiesOf(text: string): readonly [Policy, ...Policy[]] {
  const [first, ...others] = [...new Set(listOf(text, '--policy', POLICIES))] as readonly Policy[];
  if (first === undefined) throw new UsageError(`--policy needs one of ${POLICIES.join(', ')}`);
  return [first, ...others];
}
