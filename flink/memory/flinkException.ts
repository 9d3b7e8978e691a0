/** [exception class, message], outermost first. */
export type ErrorChain = readonly (readonly [exceptionClass: string, message: string])[];

export const ILLEGAL_CONFIGURATION = 'org.apache.flink.configuration.IllegalConfigurationException';
export const ILLEGAL_ARGUMENT = 'java.lang.IllegalArgumentException';

/** The total that leaves too little or too much for one of its parts. */
export interface Misfit {
  readonly total: 'process' | 'flink';
  readonly leaves: 'too little' | 'too much';
}

/** An exception of Flink's, with its causes. It never leaves this folder: every question has an answer. */
export class FlinkException extends Error {
  override readonly name = 'FlinkException';
  readonly chain: ErrorChain;
  readonly misfit: Misfit | undefined;

  constructor(exceptionClass: string, message: string, cause?: FlinkException, misfit = cause?.misfit) {
    super(message);
    this.chain = [[exceptionClass, message], ...(cause?.chain ?? [])];
    this.misfit = misfit;
  }

  get exceptionClass(): string {
    return this.chain[0]![0];
  }
}

export function illegalConfiguration(message: string, cause?: FlinkException): FlinkException {
  return new FlinkException(ILLEGAL_CONFIGURATION, message, cause);
}

/** The refusal of a total that is too small or too large for its parts. */
export function misfit(total: Misfit['total'], leaves: Misfit['leaves'], message: string): FlinkException {
  return new FlinkException(ILLEGAL_CONFIGURATION, message, undefined, {total, leaves});
}

/** Runs a step; what Flink wraps an IllegalConfigurationException of the step in is told by its message. */
export function wrapping<T>(message: (inner: string) => string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof FlinkException) || error.exceptionClass !== ILLEGAL_CONFIGURATION) throw error;
    throw illegalConfiguration(message(error.message), error);
  }
}
