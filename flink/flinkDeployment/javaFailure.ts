/**
 * An exception of the operator or of Flink's client: what Java prints of it and of its causes, the outermost first.
 * `key` names the configuration at fault where there is one.
 */
export class JavaFailure extends Error {
  override readonly name = 'JavaFailure';
  readonly chain: readonly string[];
  readonly key: string | undefined;

  constructor(chain: readonly string[], key?: string) {
    super(chain.at(-1) ?? '');
    this.chain = chain;
    this.key = key;
  }

  /** The same failure as the cause of another. */
  causing(outer: string): JavaFailure {
    return new JavaFailure([outer, ...this.chain], this.key);
  }
}

export function illegalArgument(message: string, key?: string): JavaFailure {
  return new JavaFailure([`java.lang.IllegalArgumentException: ${message}`], key);
}

/** Java's own words of a failure, without the class that says them. */
export function messageOf(entry: string): string {
  return entry.replace(/^[\w.$]+(?:Exception|Error): /, '');
}
