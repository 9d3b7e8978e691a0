import {isolateFlink} from '../../planner/demand/isolation.ts';
import {SURGES} from '../../planner/demand/states.ts';
import {demandStates} from '../../planner/makePlan.ts';
import {configurationOf} from '../../planner/policies.ts';
import {problemDifferences} from '../../planner/verify/problemDifferences.ts';
import {formatPlural, formatPrice} from '../../results/format.ts';
import {planFaults} from '../../results/planFaults.ts';
import {limitsStated} from '../../results/planLimits.ts';
import type {PlanResult} from '../../results/planResult.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import {hasInput, type InputFlags} from '../inputFlags.ts';
import type {Io} from '../io.ts';
import {Progress} from '../output/progress.ts';
import {type Style, styleOf} from '../output/style.ts';
import {preparePlan} from '../planInput.ts';
import {readPlan} from '../readPlan.ts';

export interface PlanVerifyFlags extends InputFlags {
  readonly output: string;
  readonly quiet?: boolean;
}

/** Faults that text shows; the rest are counted. */
const SHOWN = 20;

/**
 * Checks a plan's file by itself: its sums, its packing and placement, and that its bound follows from its certificate.
 * With an input, also that the problem in the file is the one that the input makes.
 */
export function planVerifyCommand(path: string, flags: PlanVerifyFlags, io: Io): ExitCode {
  const format = flags.output;
  if (format !== 'table' && format !== 'json') throw new UsageError(`-o ${format}: expected table or json`);
  const plan = readPlan(path);
  const faults = [...planFaults(plan), ...(hasInput(flags) ? inputFaults(plan, flags, io) : [])];
  io.stdout.write(
    format === 'json'
      ? `${JSON.stringify({valid: faults.length === 0, faults})}\n`
      : faults.length === 0
        ? acceptedText(plan, hasInput(flags), styleOf(io.stdout))
        : faultsText(faults, styleOf(io.stdout)),
  );
  return faults.length === 0 ? ExitCode.Ok : ExitCode.CheckFailed;
}

/** What the machines are to be chosen for and among is read from the plan, everything else from the flags. */
function inputFaults(plan: PlanResult, flags: PlanVerifyFlags, io: Io): readonly string[] {
  const progress = new Progress(io.stderr, flags.quiet === true);
  const {input, model, catalog, simulation, configuration} = preparePlan(flags, io, progress);
  const {parameters, assumptions, policies, bindingState} = plan;
  const policy = policies[0]?.name ?? 'shared';
  const {memoryOverheadPercent} = input.spec;
  progress.step('comparing');
  const states = demandStates(
    {
      model: policy === 'isolated-flink' ? isolateFlink(model).model : model,
      objects: input.objects.map(({object}) => object),
      nodes: input.nodes,
      catalog,
    },
    {
      instanceTypes: parameters.instanceTypes,
      architectures: assumptions.architectures,
      limits: limitsStated(parameters.limits),
      surges: SURGES.filter((surge) => parameters.states.includes(surge)),
      simulation,
      configuration: configurationOf(policy, {configuration, simulation}),
      ...(memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent}),
    },
  );
  progress.end();
  const binding = states.find(({name}) => name === bindingState);
  if (binding === undefined) return [`bindingState: there is no state "${bindingState}"`];
  const {demand} = binding;
  const unplaceable = demand.unplaceable.reduce((sum, {pods}) => sum + pods, 0);
  const said = plan.unplaceable.reduce((sum, {pods}) => sum + pods, 0);
  return [
    ...problemDifferences(plan.problem, demand.relaxed).map((text) => `input: ${text}`),
    ...(said === unplaceable
      ? []
      : [`input: no machine can take ${formatPlural(unplaceable, 'pod')}, the plan says ${said}`]),
  ];
}

function acceptedText(plan: PlanResult, hasRead: boolean, style: Style): string {
  const {certificate, lowerBoundPerHour, currency, pending, unplaceable, verified} = plan;
  const left = pending.length + unplaceable.reduce((sum, {pods}) => sum + pods, 0);
  const lines = [
    `the sums are right, and the machines hold what the plan says: ${formatPlural(verified.placed, 'pod')}`,
    certificate === null
      ? 'no bound is claimed'
      : `no plan costs less than ${formatPrice(lowerBoundPerHour, currency)} an hour: proved in ${formatPlural(casesOf(certificate.proof), 'case')}`,
    ...(hasRead ? ['the input asks for what was planned, of the machines that were chosen from'] : []),
  ];
  const remark =
    left === 0 ? '' : `${style.yellow(`! ${formatPlural(left, 'pod')} without a node, as the plan says`)}\n`;
  return `${lines.map((line) => `${style.green('✓')} ${line}\n`).join('')}${remark}`;
}

function casesOf(node: unknown): number {
  const {below, above} = node as {readonly below?: unknown; readonly above?: unknown};
  return below === undefined ? 1 : casesOf(below) + casesOf(above);
}

function faultsText(faults: readonly string[], style: Style): string {
  const lines = faults.slice(0, SHOWN).map((fault) => `${style.red('✗')} ${fault}\n`);
  const more = faults.length - SHOWN;
  return `${lines.join('')}${more > 0 ? `and ${more} more: -o json lists all\n` : ''}`;
}
