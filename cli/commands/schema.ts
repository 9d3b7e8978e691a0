import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {suggestion} from '../../sources/schemaErrors.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {PACKAGE_ROOT} from '../package.ts';

const SCHEMAS = join(PACKAGE_ROOT, 'schemas');

/** Prints a JSON Schema of the package, or the names of all of them. */
export function schemaCommand(name: string | undefined, io: Io): ExitCode {
  if (name === undefined)
    io.stdout.write(
      schemaNames()
        .map((one) => `${one}\n`)
        .join(''),
    );
  else io.stdout.write(readSchema(name));
  return ExitCode.Ok;
}

/** The schemas by the name people call them: `scenario`, `simulation-result`. */
export function schemaNames(): readonly string[] {
  return readdirSync(SCHEMAS)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, file.indexOf('.')))
    .sort();
}

/** The text of a schema. Throws a UsageError when there is none of the name. */
export function readSchema(name: string): string {
  const names = schemaNames();
  const file = readdirSync(SCHEMAS).find((one) => one.startsWith(`${name}.`));
  if (file === undefined) {
    throw new UsageError(
      `no schema is called "${name}"; ${suggestion(name, names) ?? `there are ${names.join(', ')}`}`,
    );
  }
  return readFileSync(join(SCHEMAS, file), 'utf8');
}

/** Where the schema of a kind lies, for the first line of a YAML file. */
export function schemaPath(name: string): string {
  const file = readdirSync(SCHEMAS).find((one) => one.startsWith(`${name}.`));
  return join(SCHEMAS, file ?? '');
}
