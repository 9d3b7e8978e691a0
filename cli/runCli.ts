import {Command, CommanderError, type Option} from 'commander';
import {closest, distance} from 'fastest-levenshtein';
import {addCatalogCommand} from './catalogFlags.ts';
import type {DemoFlags} from './commands/demo.ts';
import type {ExpandFlags} from './commands/expand.ts';
import type {ExplainFlags} from './commands/explain.ts';
import type {InitFlags} from './commands/init.ts';
import type {LintFlags} from './commands/lint.ts';
import type {SimulateFlags} from './commands/simulate.ts';
import {EXIT_CODES_HELP, ExitCode} from './exitCode.ts';
import {addFlinkCommand} from './flinkFlags.ts';
import {addInputFlags, collect, collectNodePool} from './inputFlags.ts';
import type {Io} from './io.ts';
import {VERSION} from './package.ts';
import {addPlanCommand} from './planFlags.ts';

/**
 * Runs one command line and returns its exit code. Commands are loaded when they are called, so that help is there at
 * once.
 */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.Ok;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, {from: 'user'});
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.InvalidInput;
    return (await import('./failure.ts')).reportFailure(error, io, args);
  }
}

type Done = (code: ExitCode) => void;

function createProgram(io: Io, done: Done): Command {
  const program = new Command('stowage')
    .description(
      'Capacity planning for Kubernetes: what fits, what is pending and why, what is stranded, what it costs.',
    )
    .usage('COMMAND [flags]')
    .helpCommand('help [command]', 'show the help of a command')
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('(stowage --help lists the commands and their flags)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? HELP_WIDTH, HELP_WIDTH),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? HELP_WIDTH, HELP_WIDTH),
    })
    .configureHelp({optionDescription})
    .allowExcessArguments()
    .exitOverride();
  addCommands(program, io, done);
  program.addHelpText('after', `\nExamples\n${PROGRAM_EXAMPLES}\n${EXIT_CODES_HELP}`);
  program.action(() => {
    if (program.args.length > 0) {
      program.error(`error: unknown command '${program.args[0]}'${nearestCommand(program)}`);
    }
    program.outputHelp();
  });
  return program;
}

const HELP_WIDTH = 100;

/** The choices and the default of a flag behind its description; an empty list is no default worth a word. */
function optionDescription({description, argChoices, defaultValue}: Option): string {
  const extra = argChoices === undefined ? [] : [argChoices.join(', ')];
  if (typeof defaultValue === 'string') extra.push(`default: ${defaultValue}`);
  return extra.length === 0 ? description : `${description} (${extra.join('; ')})`;
}

const PROGRAM_EXAMPLES = `  # see it work, without a cluster or an account
  stowage demo

  # where would these manifests go on ten machines?
  stowage simulate -f manifests/ --node-pool m6i.2xlarge=10

  # and on the cluster as it is?
  kubectl get nodes,pods,deployments -A -o json | stowage simulate -f -
`;

function addCommands(program: Command, io: Io, done: Done): void {
  addInputFlags(
    program
      .command('simulate')
      .summary('place pods on nodes as kube-scheduler would')
      .description(
        'Places the pods that the input makes on its nodes, as kube-scheduler would, and reports the outcome.',
      ),
  )
    .option('-o, --output <format>', 'table, wide, json, yaml, csv, name (pods without a node) or html', 'table')
    .option('--out <file>', 'write the result file (JSON) there, too')
    .option('--decisions <file>', 'write one line of JSON per scheduling attempt')
    .option('--explain-scores', 'add ties and scores by plugin to the decisions')
    .option(
      '--fail-on <conditions>',
      'return 3 when there are: unschedulable, rejected, jobs that do not run, warnings (comma-separated)',
    )
    .option('-q, --quiet', 'print no progress')
    .addHelpText(
      'after',
      `
Examples
  # a directory of manifests, namespaces from the file names, on 40 machines of two types
  stowage simulate -f releases/ --namespace-from-file '^(.+?)--' --node-pool m6i.8xlarge=30 --node-pool r6i.4xlarge=10

  # a scenario, as a page with charts
  stowage simulate -f scenarios/online-and-flink -o html > report.html

  # in CI: fail when a pod finds no place
  stowage simulate -f scenario.yaml --fail-on unschedulable,rejected`,
    )
    .action(async (flags: SimulateFlags) => {
      const {simulateCommand} = await import('./commands/simulate.ts');
      done(await simulateCommand(flags, io));
    });

  addInputFlags(
    program
      .command('explain')
      .summary('say why a pod is where it is, or what a code or a field means')
      .description(
        'Says why a pod is pending or placed where it is: how every node stood with every filter and score, what is missing, and what would make it fit, each remedy simulated. Or what a diagnostic code means, or what a field is for.',
      )
      .argument('<subject>', 'pod/NAME, a code such as STW-1004, or a field such as scenario.spec.nodePools'),
  )
    .option('--result <file>', 'explain from a result file instead of the input')
    .option('-o, --output <format>', 'text, wide (a row for every node) or json', 'text')
    .option('-q, --quiet', 'print no progress')
    .addHelpText(
      'after',
      `
Examples
  # why is it pending, and what would make it fit?
  stowage explain pod/etl-0 -n batch -f scenario.yaml

  # every node with every verdict and score
  stowage explain pod/etl-0 -n batch -f scenario.yaml -o wide

  # the three smallest changes that would do
  stowage explain pod/etl-0 -n batch -f scenario.yaml -o json | jq '.remedies[:3]'

  # what a result file knows of it, without a simulation
  stowage explain pod/etl-0 -n batch --result result.json

  # what a code means
  stowage explain STW-1004

  # what a scenario may say about node pools
  stowage explain scenario.spec.nodePools`,
    )
    .action(async (subject: string, flags: ExplainFlags) => {
      const {explainCommand} = await import('./commands/explain.ts');
      done(await explainCommand(subject, flags, io));
    });

  addInputFlags(
    program
      .command('expand')
      .summary('print the pods that the input makes')
      .description('Prints the pods that the input makes, after admission, as the API server would hold them.'),
  )
    .option('-o, --output <format>', 'json, yaml or name', 'json')
    .option('-q, --quiet', 'print no progress')
    .addHelpText(
      'after',
      `
Examples
  # how many pods, and of which workloads?
  stowage expand -f manifests/ | jq -r '.items[].metadata.annotations["stowage.dev/workload"]' | sort | uniq -c`,
    )
    .action(async (flags: ExpandFlags) => {
      const {expandCommand} = await import('./commands/expand.ts');
      done(await expandCommand(flags, io));
    });

  addInputFlags(
    program
      .command('lint')
      .summary('find what is risky in the input')
      .description(
        'Finds what is risky in the input: missing requests, limits far above them, quotas nearly full, pods that fit no node; of Flink, processes that cannot start or outgrow their containers, idle slots, and sizes that waste machines.',
      ),
  )
    .option('-o, --output <format>', 'text or json (one object a line)', 'text')
    .option('--fail-on <codes>', 'return 3 when there are findings of these codes, or any (comma-separated)')
    .option('-q, --quiet', 'print no progress')
    .addHelpText(
      'after',
      `
Examples
  # what would a reviewer say?
  stowage lint -f manifests/ -R --node-pool m6i.2xlarge=10

  # in CI: no workload without requests
  stowage lint -f manifests/ -R --fail-on STW-4001

  # which size of TaskManagers uses these machines up?
  stowage lint -f job.yaml --node-pool r5.4xlarge=1`,
    )
    .action(async (flags: LintFlags) => {
      const {lintCommand} = await import('./commands/lint.ts');
      done(await lintCommand(flags, io));
    });

  program
    .command('init')
    .summary('write a scenario to begin with')
    .description('Writes scenario.yaml with a node pool and the schema that editors complete it by.')
    .argument('[directory]', 'where to', '.')
    .option('-f, --filename <path>', 'manifests to include, below the directory; repeatable', collect, [])
    .option('--node-pool <type=count>', 'machines of an instance type; repeatable', collectNodePool, [])
    .addHelpText(
      'after',
      `
Examples
  stowage init plans/autumn -f plans/autumn/manifests --node-pool m6i.2xlarge=10`,
    )
    .action(async (directory: string, flags: InitFlags) => {
      const {initCommand} = await import('./commands/init.ts');
      done(initCommand(directory, flags, io));
    });

  program
    .command('schema')
    .summary('print a JSON Schema')
    .description('Prints the JSON Schema of a file format, or the names of all of them.')
    .argument('[name]', 'such as scenario')
    .addHelpText(
      'after',
      `
Examples
  stowage schema scenario > scenario.schema.json`,
    )
    .action(async (name: string | undefined) => {
      const {schemaCommand} = await import('./commands/schema.ts');
      done(schemaCommand(name, io));
    });

  addPlanCommand(program, io, done);
  addCatalogCommand(program, io, done);
  addFlinkCommand(program, io, done);

  program
    .command('demo')
    .summary('simulate a bundled scenario')
    .description('Simulates the bundled scenario online-and-flink: no cluster, no account, a few seconds.')
    .argument('[scenario]', 'name of a bundled scenario', 'online-and-flink')
    .option('-o, --output <format>', 'as of simulate', 'table')
    .option('--list', 'list the bundled scenarios')
    .option('-q, --quiet', 'print no progress')
    .action(async (scenario: string, flags: DemoFlags) => {
      const {demoCommand} = await import('./commands/demo.ts');
      done(await demoCommand(scenario, flags, io));
    });

  program
    .command('doctor')
    .summary('check that everything Stowage needs is there')
    .description('Checks Node, the bundled data, the renderer and the optional tools, each with its remedy.')
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (flags: {readonly output: string}) => {
      const {doctorCommand} = await import('./commands/doctor.ts');
      done(await doctorCommand(flags, io));
    });

  program
    .command('version')
    .summary('print the version')
    .description('Prints the version of Stowage, of Node and of the schemas.')
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (flags: {readonly output: string}) => {
      const {versionCommand} = await import('./commands/version.ts');
      done(versionCommand(flags, io));
    });
  program.version(VERSION, '--version', 'print the version');
}

function nearestCommand(program: Command): string {
  const word = program.args[0] ?? '';
  const near = closest(
    word,
    program.commands.map((command) => command.name()),
  );
  return distance(word, near) <= 3 ? `\n(Did you mean ${near}?)` : '';
}
