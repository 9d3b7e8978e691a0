import {podList} from '../../workloads/podList.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import {hasInput, type InputFlags, toInputOptions} from '../inputFlags.ts';
import type {Io} from '../io.ts';
import {Progress} from '../output/progress.ts';
import {prepareModel} from '../run.ts';
import {printWarnings} from './simulate.ts';

export interface ExpandFlags extends InputFlags {
  readonly output: string;
  readonly quiet?: boolean;
}

export async function expandCommand(flags: ExpandFlags, io: Io): Promise<ExitCode> {
  const format = flags.output;
  if (!['json', 'yaml', 'name'].includes(format)) throw new UsageError(`-o ${format}: expected json, yaml or name`);
  if (!hasInput(flags)) throw new UsageError('nothing to expand: give files or directories with -f, or -k or --helm');
  const progress = new Progress(io.stderr, flags.quiet === true);
  const {model, diagnostics} = prepareModel(
    {...toInputOptions(flags, io), reschedule: flags.reschedule === true},
    progress,
  );
  progress.end();
  printWarnings(diagnostics.warnings, format === 'json', io);
  if (format === 'name') {
    for (const {class: podClass, name} of model.pods) io.stdout.write(`pod/${podClass.namespace}/${name}\n`);
  } else if (format === 'yaml') {
    const {dump} = await import('js-yaml');
    io.stdout.write(dump(podList(model), {noRefs: true, lineWidth: -1}));
  } else io.stdout.write(`${JSON.stringify(podList(model), null, 2)}\n`);
  return ExitCode.Ok;
}
