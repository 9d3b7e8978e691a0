/** What the process returns; `stowage help exit-codes` prints the same table. */
export const ExitCode = {
  Ok: 0,
  /** The program or the outside failed. */
  Failure: 1,
  /** A flag or the input is not valid. */
  InvalidInput: 2,
  /** It ran well, but a check asked for with --fail-on did not hold. */
  CheckFailed: 3,
  Interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODES_HELP = `Exit codes
  0    ok
  1    failure
  2    a flag or the input is not valid
  3    ran well, but a check given with --fail-on did not hold
  130  interrupted`;
