import {type Command, InvalidArgumentError, Option} from 'commander';
import {parseQuantity} from '../model/quantity.ts';
import {type Resources, toAmount} from '../model/resources.ts';
import {SIZES} from '../planner/demand/fleetLimits.ts';
import type {PlanFlags} from './commands/plan.ts';
import type {PlanExportFlags} from './commands/planExport.ts';
import type {PlanVerifyFlags} from './commands/planVerify.ts';
import type {ExitCode} from './exitCode.ts';
import {addInputFlags, collect, hasInput, integer} from './inputFlags.ts';
import type {Io} from './io.ts';

/** Adds `plan`, `plan verify` and `plan export`. */
export function addPlanCommand(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const plan = addInputFlags(
    program
      .command('plan')
      .summary('choose machines for the pods of the input')
      .description(
        'Chooses the machines that hold all pods of the input for the least money: with a bound that no plan can undercut, and checked by placing every pod as kube-scheduler would.',
      ),
  )
    .option(
      '--instance-types <globs>',
      "types to choose from, such as 'm6i.*,r6i.*'; ! before those to leave out; repeatable (default: all with a price but burstable and accelerated ones, such as t3 and inf2; those with GPUs only for pods that ask for one)",
      collect,
      [],
    )
    .option('--architectures <names>', 'of machines for pods that name none: amd64, arm64 or both', 'amd64')
    .option('--max-nodes <count>', 'nodes to buy at most, what is to be survived included', integer(1, 1_000_000))
    .option('--max-instance-types <count>', 'different types to buy at most', integer(1, 1_000_000))
    .option(
      '--max-node-size <resources>',
      'largest node to buy, as its type is advertised, such as cpu=32,memory=256Gi: what one may lose at once',
      nodeSize,
    )
    .option(
      '--survive <states>',
      'the plan also holds in: rescale, blue-green, rolling-upgrade, peak-hour, node-loss, zone-loss (comma-separated)',
      '',
    )
    .option(
      '--policy <names>',
      'shared, isolated-flink (nodes of its own) or most-allocated (a scheduler that fills nodes): the first is planned, others are priced beside it',
      'shared',
    )
    .addOption(
      new Option('--objective <name>', 'what a plan makes as small as it can: what its machines cost')
        .choices(['cost'])
        .default('cost'),
    )
    .option('--pin', 'hold every workload to the instance types that the packing has it on')
    .option(
      '--outlook',
      'also say what would change the plan, and what it risks (html and md do), in half as much time again',
    )
    .option('--time-limit <seconds>', 'of the whole search (default: 60)', integer(1, 86_400), 60)
    .option('-o, --output <format>', 'table, json, html (a page with charts) or md (Markdown)', 'table')
    .option('--out <file>', 'write the result file (JSON) there, too')
    .option('-q, --quiet', 'print no progress')
    .addHelpText(
      'after',
      `
Examples
  # the cheapest machines for these manifests, of two families
  stowage plan -f manifests/ --instance-types 'm6i.*,r6i.*'

  # no more than 40 nodes of three types, none of them so large that its loss hurts
  stowage plan -f manifests/ --max-nodes 40 --max-instance-types 3 --max-node-size cpu=32,memory=256Gi

  # what does it cost to keep Flink's pods on nodes of their own, or to have the scheduler fill nodes?
  stowage plan -f scenario.yaml --policy shared,isolated-flink,most-allocated

  # that also hold when a zone is lost or the largest Flink job is rescaled
  stowage plan -f scenario.yaml --survive zone-loss,rescale --out plan.json

  # a page for those who pay
  stowage plan -f scenario.yaml -o html > plan.html

  # is the bound of a plan proved?
  stowage plan verify plan.json`,
    )
    .action(async (flags: PlanFlags) => {
      const {planInThread} = await import('./planThread.ts');
      done(await planInThread(flags, io));
    });

  plan
    .command('verify')
    .summary('check the bound, the machines and the sums of a plan')
    .description(
      "Checks a plan's file without a solver and without the planner: that its bound follows from its certificate, that its machines hold the pods, and that its sums are right. With the input that it was made from (-f and the other flags of the input), also that this is what was planned. Returns 3 when something does not hold.",
    )
    .argument('<file>', 'a plan as -o json or --out writes it')
    .option('-o, --output <format>', 'table or json', 'table')
    .addHelpText(
      'after',
      `
Examples
  stowage plan verify plan.json

  # and is it the plan for these manifests?
  stowage plan verify plan.json -f manifests/`,
    )
    .action(async (file: string, _flags: PlanVerifyFlags, command: Command) => {
      const flags = command.optsWithGlobals<PlanVerifyFlags>();
      refuseFlagsOfPlan(plan, hasInput(flags));
      const {planVerifyCommand} = await import('./commands/planVerify.ts');
      done(planVerifyCommand(file, flags, io));
    });

  plan
    .command('export')
    .summary('write the machines of a plan for another tool')
    .description("Writes the machines of a plan's file as manifests of Karpenter, Cluster Autoscaler or eksctl.")
    .argument('<file>', 'a plan as -o json or --out writes it')
    .requiredOption('--format <name>', 'karpenter, cluster-autoscaler or eksctl')
    .option('--node-class <name>', 'EC2NodeClass of the NodePools', 'default')
    .option('--cluster <name>', 'name of the cluster in the ClusterConfig', 'cluster')
    .option('--region <name>', 'its region', 'us-east-1')
    .addHelpText(
      'after',
      `
Examples
  # NodePools that may buy the machines of the plan, and no more
  stowage plan export plan.json --format karpenter | kubectl apply -f -`,
    )
    .action(async (file: string, _flags: PlanExportFlags, command: Command) => {
      const {planExportCommand} = await import('./commands/planExport.ts');
      done(planExportCommand(file, command.optsWithGlobals<PlanExportFlags>(), io));
    });
}

/** Reads `cpu=32,memory=256Gi` into the scheduler's units. */
function nodeSize(text: string): Resources {
  const size: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name = '', amount = '', ...rest] = part.split('=');
    const quantity = parseQuantity(amount);
    const isKnown = SIZES.some((known) => known === name) && size[name] === undefined && rest.length === 0;
    if (isKnown && (quantity === undefined || toAmount(name, quantity) <= 0)) {
      throw new InvalidArgumentError(`'${amount}' of ${name} is no quantity above 0, such as 32 or 256Gi.`);
    }
    if (!isKnown || quantity === undefined) {
      throw new InvalidArgumentError(`expected ${SIZES.join(', ')} once each, such as cpu=32,memory=256Gi.`);
    }
    size[name] = toAmount(name, quantity);
  }
  return size;
}

const NOT_OF_VERIFY = [
  'instanceTypes',
  'architectures',
  'objective',
  'maxNodes',
  'maxInstanceTypes',
  'maxNodeSize',
  'survive',
  'policy',
  'pin',
  'outlook',
  'timeLimit',
  'out',
];

/** `verify` comes after `plan`, so that it is given the flags of it: those it has no use for are not to be ignored. */
function refuseFlagsOfPlan(plan: Command, isInputGiven: boolean): void {
  for (const option of plan.options) {
    const name = option.attributeName();
    if (plan.getOptionValueSource(name) !== 'cli' || name === 'output' || name === 'quiet') continue;
    if (NOT_OF_VERIFY.includes(name))
      plan.error(`error: ${option.long} is of no use to verify: the plan's file says it`);
    if (!isInputGiven) plan.error(`error: ${option.long} says how an input is read: give that, too, with -f`);
  }
}
