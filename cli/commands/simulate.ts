import {closeSync, openSync, writeFileSync, writeSync} from 'node:fs';
import type {Diagnostic} from '../../model/diagnostic.ts';
import {formatResultFile} from '../../results/resultFile.ts';
import type {SimulationResult} from '../../results/simulationResult.ts';
import type {Decision} from '../../simulator/simulation.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import {hasInput, type InputFlags, inputFlagsText, toInputOptions} from '../inputFlags.ts';
import type {Io} from '../io.ts';
import {diagnosticsJson, diagnosticsText} from '../output/diagnosticsText.ts';
import {Progress} from '../output/progress.ts';
import {isResultFormat, RESULT_FORMATS, renderResult} from '../output/renderResult.ts';
import {styleOf} from '../output/style.ts';
import {prepareRun, runSimulation} from '../run.ts';

export interface SimulateFlags extends InputFlags {
  readonly output: string;
  readonly out?: string;
  readonly decisions?: string;
  readonly explainScores?: boolean;
  readonly failOn?: string;
  readonly quiet?: boolean;
}

/** Conditions of --fail-on and when they hold. */
const CONDITIONS: Readonly<Record<string, (result: SimulationResult) => boolean>> = {
  unschedulable: ({summary}) => summary.pending > 0,
  rejected: ({summary}) => summary.rejected > 0,
  jobs: ({summary: {jobs}}) => jobs.waiting + jobs.refused > 0,
  warnings: ({warnings}) => warnings.length > 0,
};

export async function simulateCommand(flags: SimulateFlags, io: Io): Promise<ExitCode> {
  const format = flags.output;
  if (!isResultFormat(format)) throw new UsageError(`-o ${format}: expected one of ${RESULT_FORMATS.join(', ')}`);
  const conditions = readConditions(flags.failOn);
  if (!hasInput(flags)) throw new UsageError('nothing to simulate: give files or directories with -f, or -k or --helm');
  const progress = new Progress(io.stderr, flags.quiet === true);
  const run = prepareRun({...toInputOptions(flags, io), reschedule: flags.reschedule === true}, progress);
  const result = withDecisionLog(flags, (onDecision) =>
    runSimulation(run, progress, {
      ...(onDecision === undefined ? {} : {onDecision}),
      explainScores: flags.explainScores === true,
    }),
  );
  if (flags.out !== undefined) writeFileSync(flags.out, formatResultFile(result));
  printWarnings(run.diagnostics.warnings, format === 'json', io);
  io.stdout.write(await renderResult(result, format, {style: styleOf(io.stdout), inputFlags: inputFlagsText(flags)}));
  const failed = conditions.filter((name) => CONDITIONS[name]!(result));
  if (failed.length > 0) io.stderr.write(`check failed: --fail-on ${failed.join(',')}\n`);
  return failed.length > 0 ? ExitCode.CheckFailed : ExitCode.Ok;
}

/** Warnings go to stderr, after the progress and before the report. */
export function printWarnings(warnings: readonly Diagnostic[], asJson: boolean, io: Io): void {
  io.stderr.write(asJson ? diagnosticsJson(warnings) : diagnosticsText(warnings, styleOf(io.stderr)));
}

function readConditions(text: string | undefined): readonly string[] {
  const names = (text ?? '').split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !Object.hasOwn(CONDITIONS, name));
  if (unknown !== undefined) {
    throw new UsageError(`--fail-on ${unknown}: expected ${Object.keys(CONDITIONS).join(', ')}, separated by commas`);
  }
  return names;
}

/** Lines are written in blocks: a run makes hundreds of thousands of them a second. */
const BLOCK = 1 << 20;

function withDecisionLog<Value>(
  {decisions}: SimulateFlags,
  use: (onDecision: ((decision: Decision) => void) | undefined) => Value,
): Value {
  if (decisions === undefined) return use(undefined);
  const file = openSync(decisions, 'w');
  let block = '';
  try {
    const value = use((decision) => {
      block += `${JSON.stringify(decision)}\n`;
      if (block.length > BLOCK) {
        writeSync(file, block);
        block = '';
      }
    });
    writeSync(file, block);
    return value;
  } finally {
    closeSync(file);
  }
}
