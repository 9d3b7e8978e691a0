import {InputError} from '../model/diagnostic.ts';
import {ExitCode} from './exitCode.ts';
import type {Io} from './io.ts';
import {diagnosticsJson, diagnosticsText} from './output/diagnosticsText.ts';
import {styleOf} from './output/style.ts';

/** A usage error found after parsing, such as an unknown output format. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Prints what went wrong on stderr, as JSON where the output was to be JSON, and returns the exit code. */
export function reportFailure(error: unknown, io: Io, args: readonly string[]): ExitCode {
  if (error instanceof InputError) {
    const style = styleOf(io.stderr);
    io.stderr.write(wantsJson(args) ? diagnosticsJson(error.diagnostics) : diagnosticsText(error.diagnostics, style));
    return ExitCode.InvalidInput;
  }
  if (error instanceof UsageError) {
    io.stderr.write(`error: ${error.message}\n`);
    return ExitCode.InvalidInput;
  }
  if (isOutside(error)) {
    io.stderr.write(`error: ${error.message}\n`);
    return ExitCode.Failure;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`error: this is a defect of Stowage, please report it\n${stack}\n`);
  return ExitCode.Failure;
}

function wantsJson(args: readonly string[]): boolean {
  return (
    args.some((arg, index) => (arg === '-o' || arg === '--output') && args[index + 1] === 'json') ||
    args.includes('-ojson')
  );
}

/** Failures of the file system and other programs, whose message says all. */
function isOutside(error: unknown): error is Error {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error;
}
