import {readJavaDouble, readJavaFloat, readJavaInteger} from '../javaNumber.ts';
import {parseMemorySize} from '../memorySize.ts';
import {FlinkException, ILLEGAL_ARGUMENT, illegalConfiguration} from './flinkException.ts';
import type {FractionOption, Option, SizeOption} from './memoryOptions.ts';

/**
 * A flat configuration, read as Flink reads it: every look at an option that only its deprecated key answers leaves a
 * line in the log, so that the order and number of looks are Flink's own.
 */
export class MemoryConfiguration {
  readonly #values: ReadonlyMap<string, string>;
  readonly #derived = new Map<string, bigint>();
  readonly log: string[] = [];

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  info(text: string): void {
    this.log.push(`INFO ${text}`);
  }

  warn(text: string): void {
    this.log.push(`WARN ${text}`);
  }

  /** Sets an option to so many bytes, as Flink does with the meaning of a legacy key. */
  set({key}: Option, bytes: bigint): void {
    this.#derived.set(key, bytes);
  }

  has({key, deprecated}: Option): boolean {
    if (this.#values.has(key) || this.#derived.has(key)) return true;
    if (deprecated === undefined || !this.#values.has(deprecated)) return false;
    this.#warnDeprecated(deprecated, key);
    return true;
  }

  /** A memory size in bytes. Throws what Flink throws, in the words of its memory model. */
  size(option: SizeOption): bigint {
    return this.#size(option) ?? option.standard;
  }

  /** A memory size that is known to be set. */
  setSize(option: Option): bigint {
    const bytes = this.#size(option);
    if (bytes === undefined) throw new Error(`${option.key} is not set`);
    return bytes;
  }

  #size(option: Option): bigint | undefined {
    try {
      return this.plainSize(option);
    } catch (error) {
      if (!(error instanceof FlinkException)) throw error;
      throw illegalConfiguration(`Cannot read memory size from config option '${option.key}'.`, error);
    }
  }

  /** A memory size that Flink reads outside its memory model, with a shorter chain of exceptions. */
  plainSize(option: Option): bigint | undefined {
    const derived = this.#derived.get(option.key);
    if (derived !== undefined) return derived;
    const text = this.#text(option);
    if (text === undefined) return undefined;
    try {
      return readSize(text);
    } catch (error) {
      throw error instanceof FlinkException ? unreadable(text, option, error) : error;
    }
  }

  /** A memory size that is known to be set, refused without a word of its key. */
  unnamedSize(option: Option): bigint {
    return readSize(this.#text(option) ?? '');
  }

  /** A Java float, widened to a double. */
  fraction(option: FractionOption): number {
    return this.#number(option, readJavaFloat) ?? Math.fround(option.standard);
  }

  double(option: Option): number | undefined {
    return this.#number(option, readJavaDouble);
  }

  integer(option: Option): number | undefined {
    return this.#number(option, readJavaInteger);
  }

  boolean(option: Option): boolean | undefined {
    const text = this.#text(option);
    const upper = text?.toUpperCase();
    if (text === undefined || upper === 'TRUE' || upper === 'FALSE')
      return text === undefined ? undefined : upper === 'TRUE';
    const message = `Unrecognized option for boolean: ${text}. Expected either true or false(case insensitive)`;
    throw unreadable(text, option, new FlinkException(ILLEGAL_ARGUMENT, message));
  }

  #number(option: Option, read: typeof readJavaInteger): number | undefined {
    const text = this.#text(option);
    if (text === undefined) return undefined;
    const number = read(text);
    if ('value' in number) return number.value;
    throw unreadable(text, option, new FlinkException('java.lang.NumberFormatException', number.error));
  }

  #text({key, deprecated}: Option): string | undefined {
    const text = this.#values.get(key);
    if (text !== undefined || deprecated === undefined) return text;
    const old = this.#values.get(deprecated);
    if (old !== undefined) this.#warnDeprecated(deprecated, key);
    return old;
  }

  #warnDeprecated(deprecated: string, key: string): void {
    this.warn(`Config uses deprecated configuration key '${deprecated}' instead of proper key '${key}'`);
  }
}

function readSize(text: string): bigint {
  const size = parseMemorySize(text);
  if ('bytes' in size) return size.bytes;
  throw new FlinkException(`java.lang.${size.exception}`, size.error);
}

function unreadable(text: string, {key}: Option, cause: FlinkException): FlinkException {
  return new FlinkException(ILLEGAL_ARGUMENT, `Could not parse value '${text}' for key '${key}'.`, cause);
}
