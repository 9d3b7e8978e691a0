import {isRecord} from './field.ts';
import {illegalArgument, JavaFailure} from './flinkDeployment/javaFailure.ts';
import {parseMap, splitEscaped} from './flinkDeployment/structuredOptions.ts';
import {readJavaDouble, readJavaInteger} from './javaNumber.ts';

const DEEPEST = 100;

/** A key of Flink's configuration, and the older ones that count where it is not set, first match. */
export interface ConfigurationOption {
  readonly key: string;
  readonly fallbacks?: readonly string[];
}

/** A configuration as Flink sees it: flat keys, every value a text. */
export class FlinkConfiguration {
  readonly values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.values = values;
  }

  /** This configuration with more values, which win. */
  with(more: Iterable<readonly [key: string, value: string]>): FlinkConfiguration {
    return new FlinkConfiguration(new Map([...this.values, ...more]));
  }

  /** With values for those options that are not set. */
  withDefaults(defaults: readonly (readonly [option: ConfigurationOption, value: string])[]): FlinkConfiguration {
    const missing = defaults.filter(([option]) => !this.has(option));
    return this.with(missing.map(([{key}, value]) => [key, value] as const));
  }

  has(option: ConfigurationOption): boolean {
    return this.text(option) !== undefined;
  }

  text({key, fallbacks = []}: ConfigurationOption): string | undefined {
    for (const name of [key, ...fallbacks]) {
      const value = this.values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  integer(option: ConfigurationOption): number | undefined {
    return this.#read(option, (text) => numberOf(readJavaInteger(text)));
  }

  double(option: ConfigurationOption): number | undefined {
    return this.#read(option, (text) => numberOf(readJavaDouble(text)));
  }

  boolean(option: ConfigurationOption): boolean | undefined {
    return this.#read(option, (text) => {
      const upper = text.toUpperCase();
      if (upper === 'TRUE' || upper === 'FALSE') return upper === 'TRUE';
      throw illegalArgument(
        `Unrecognized option for boolean: ${text}. Expected either true or false(case insensitive)`,
      );
    });
  }

  /** `a:b,c:d` */
  map(option: ConfigurationOption): Readonly<Record<string, string>> | undefined {
    return this.#read(option, parseMap);
  }

  /** `a;b;c` */
  list(option: ConfigurationOption): readonly string[] | undefined {
    return this.#read(option, (text) => splitEscaped(text, ';'));
  }

  /** `a:b,c:d;a:e` */
  maps(option: ConfigurationOption): readonly Readonly<Record<string, string>>[] | undefined {
    return this.#read(option, (text) => splitEscaped(text, ';').map(parseMap));
  }

  /** What follows a prefix, by the rest of the key. */
  prefixed(prefix: string): ReadonlyMap<string, string> {
    const entries = [...this.values].filter(([key]) => key.length > prefix.length && key.startsWith(prefix));
    return new Map(entries.map(([key, value]) => [key.slice(prefix.length), value]));
  }

  #read<T>(option: ConfigurationOption, read: (text: string) => T): T | undefined {
    const text = this.text(option);
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof JavaFailure)) throw error;
      const message = `Could not parse value '${text}' for key '${option.key}'.`;
      throw new JavaFailure([`java.lang.IllegalArgumentException: ${message}`, ...error.chain], option.key);
    }
  }
}

function numberOf(number: ReturnType<typeof readJavaInteger>): number {
  if ('value' in number) return number.value;
  throw new JavaFailure([`java.lang.NumberFormatException: ${number.error}`]);
}

/** Flat keys of `flinkConfiguration`, which may be written nested; of a key written twice the last counts. */
export function flatConfiguration(
  record: Readonly<Record<string, unknown>>,
  prefix = '',
  depth = 0,
): readonly (readonly [key: string, value: string])[] {
  if (depth > DEEPEST) throw illegalArgument(`nested more than ${DEEPEST} levels deep`);
  return Object.entries(record).flatMap(([key, value]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (isRecord(value)) return flatConfiguration(value, name, depth + 1);
    if (Array.isArray(value)) return [[name, value.map(textOf).join(';')] as const];
    return [[name, textOf(value)] as const];
  });
}

/** What Jackson calls the text of a node: none for a list or a map. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : String(value);
}
