/** [exception class, message], outermost first. */
export type ErrorChain = readonly (readonly [exceptionClass: string, message: string])[];

export const ILLEGAL_CONFIGURATION = 'org.apache.flink.configuration.IllegalConfigurationException';
export const ILLEGAL_ARGUMENT = 'java.lang.IllegalArgumentException';

/** An exception of Flink's, with its causes. It never leaves this folder: every question has an answer. */
export class FlinkException extends Error {
  override readonly name = 'FlinkException';
  readonly chain: ErrorChain;

  constructor(exceptionClass: string, message: string, cause?: FlinkException) {
    super(message);
    this.chain = [[exceptionClass, message], ...(cause?.chain ?? [])];
  }

  get exceptionClass(): string {
    return this.chain[0]![0];
  }
}

export function illegalConfiguration(message: string, cause?: FlinkException): FlinkException {
  return new FlinkException(ILLEGAL_CONFIGURATION, message, cause);
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
