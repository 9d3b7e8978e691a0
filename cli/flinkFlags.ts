import {type Command, Option} from 'commander';
import type {FlinkMemoryFlags} from './commands/flink/memory.ts';
import type {FlinkObjectsFlags} from './commands/flink/objects.ts';
import type {ExitCode} from './exitCode.ts';
import {collect} from './inputFlags.ts';
import type {Io} from './io.ts';

/** Adds `flink` and its commands. */
export function addFlinkCommand(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const flink = program
    .command('flink')
    .summary('show what Flink and its operators make of a resource')
    .description('Shows what Flink makes of a memory configuration, and an operator of a Flink resource.')
    .usage('memory|objects [flags]')
    .addHelpText(
      'after',
      `
Examples
  # how does a TaskManager divide 4 GiB?
  stowage flink memory -D taskmanager.memory.process.size=4g -D taskmanager.numberOfTaskSlots=4

  # which pods does the operator make of this, or why does it refuse it?
  stowage flink objects -f job.yaml`,
    );

  flink
    .command('memory')
    .summary('show how Flink divides the memory of its processes')
    .description(
      "Shows how Flink divides the memory of a JobManager or TaskManager, to the byte, with the JVM's arguments and the share of a slot; or why it does not start, in Flink's own words, and the smallest change with which it would.",
    )
    .option('-f, --filename <path>', 'file, directory or - with Flink resources; repeatable', collect, [])
    .option('-D, --define <key=value>', 'an option of Flink, over those of -f; repeatable', collect, [])
    .addOption(
      new Option('--component <name>', 'which process; those that the options speak of when left out').choices([
        'jobmanager',
        'taskmanager',
      ]),
    )
    .option('--flink-version <version>', 'from 1.10 to 2.3; that of the resource or 2.3 when left out')
    .option(
      '--flink-operator <name>',
      'the operator that reads the resources, as --operator of flink objects; by the resource when left out',
    )
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

  flink
    .command('objects')
    .summary('print the objects that an operator makes of a resource')
    .description(
      'Prints the objects that an operator makes of FlinkCluster, FlinkDeployment, FlinkSessionJob or FlinkBlueGreenDeployment, with the TaskManagers that Flink itself asks for and who downloads what; or the refusal, in the words of the API server, the operator or Flink.',
    )
    .option('-f, --filename <path>', 'file, directory or - with Flink resources; repeatable', collect, [])
    .option(
      '--operator <name>',
      'apache-1.15.0, apache-1.16-SNAPSHOT-6e9caeb, apache-1.7.0, spotify-v0.6.0 or gcp-fe98573; by the resource when left out, as for kinds that it does not know',
    )
    .option(
      '--from-ndjson <file>',
      'answer one {id, resource, operator, session, old} a line, of a file or - for stdin',
    )
    .option('-o, --output <format>', 'table, json (a v1 List), yaml or name', 'table')
    .addHelpText(
      'after',
      `
Examples
  # which pods, how large, with how many slots, and who downloads the jar how often?
  stowage flink objects -f clusters/

  # would the release that we run take it?
  stowage flink objects -f job.yaml --operator apache-1.15.0

  # the StatefulSets as the operator writes them
  stowage flink objects -f cluster.yaml -o json | jq '.items[] | select(.kind == "StatefulSet")'

  # the refusals of many resources
  stowage flink objects --from-ndjson resources.ndjson | jq -c 'select(.out.validation) | [.id, .out.validation]'`,
    )
    .action(async (flags: FlinkObjectsFlags) => {
      const {flinkObjectsCommand} = await import('./commands/flink/objects.ts');
      done(await flinkObjectsCommand(flags, io));
    });
}
