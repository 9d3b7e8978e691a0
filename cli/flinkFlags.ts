import {type Command, Option} from 'commander';
import type {FlinkMemoryFlags} from './commands/flink/memory.ts';
import type {ExitCode} from './exitCode.ts';
import {collect} from './inputFlags.ts';
import type {Io} from './io.ts';

/** Adds `flink` and its commands. */
export function addFlinkCommand(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const flink = program
    .command('flink')
    .summary('show what Flink makes of a configuration')
    .description('Shows what Flink and its operators make of a configuration.')
    .usage('memory [flags]')
    .addHelpText(
      'after',
      `
Examples
  # how does a TaskManager divide 4 GiB?
  stowage flink memory -D taskmanager.memory.process.size=4g -D taskmanager.numberOfTaskSlots=4`,
    );

  flink
    .command('memory')
    .summary('show how Flink divides the memory of its processes')
    .description(
      "Shows how Flink divides the memory of a JobManager or TaskManager, to the byte, with the JVM's arguments and the share of a slot; or why it does not start, in Flink's own words, and the smallest change with which it would.",
    )
    .option(
      '-f, --filename <path>',
      'file, directory or - with FlinkDeployment or FlinkCluster; repeatable',
      collect,
      [],
    )
    .option('-D, --define <key=value>', 'an option of Flink, over those of -f; repeatable', collect, [])
    .addOption(
      new Option('--component <name>', 'which process; those that the options speak of when left out').choices([
        'jobmanager',
        'taskmanager',
      ]),
    )
    .option('--flink-version <version>', 'from 1.10 to 2.3; that of the resource or 2.3 when left out')
    .option('--flink-operator <name>', 'the operator that reads FlinkDeployment and FlinkCluster')
    .addOption(
      new Option(
        '--environment <name>',
        'what old heap keys mean; active: as in native Kubernetes; by the resource or standalone when left out',
      ).choices(['standalone', 'active']),
    )
    .option('--from-ndjson <file>', 'answer one {id, target, env, conf} a line, of a file or - for stdin')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .addHelpText(
      'after',
      `
Examples
  # how does a TaskManager divide 4 GiB, and what does a slot get?
  stowage flink memory -D taskmanager.memory.process.size=4g -D taskmanager.numberOfTaskSlots=4

  # does what an operator makes of these resources start, and does it fit its containers?
  stowage flink memory -f clusters/

  # how much less is left for the network under 1.16?
  stowage flink memory -D taskmanager.memory.process.size=16g --flink-version 1.16

  # does it start with so little, and if not, with how much?
  stowage flink memory -D taskmanager.memory.process.size=900m

  # the heap of many configurations
  stowage flink memory --from-ndjson configurations.ndjson | jq -c '[.id, .out.heap]'`,
    )
    .action(async (flags: FlinkMemoryFlags) => {
      const {flinkMemoryCommand} = await import('./commands/flink/memory.ts');
      done(await flinkMemoryCommand(flags, io));
    });
}
