import {planFaults} from '../../results/planFaults.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {readPlan} from '../readPlan.ts';

export interface PlanVerifyFlags {
  readonly output: string;
}

/** Checks a plan's file by itself: its sums, its placement, and that its bound follows from its certificate. */
export function planVerifyCommand(path: string, flags: PlanVerifyFlags, io: Io): ExitCode {
  const format = flags.output;
  if (format !== 'table' && format !== 'json') throw new UsageError(`-o ${format}: expected table or json`);
  const faults = planFaults(readPlan(path));
  if (format === 'json') io.stdout.write(`${JSON.stringify({valid: faults.length === 0, faults})}\n`);
  else if (faults.length === 0) io.stdout.write('the bound is proved by its certificate, and the sums are right\n');
  else io.stdout.write(faults.map((fault) => `${fault}\n`).join(''));
  return faults.length === 0 ? ExitCode.Ok : ExitCode.CheckFailed;
}
