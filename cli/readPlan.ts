import {readFileSync} from 'node:fs';
import {InputError, type Place} from '../model/diagnostic.ts';
import {type PlanResult, planSchema} from '../results/planResult.ts';
import {API_VERSION} from '../results/simulationResult.ts';

/** Reads a plan's file as -o json or --out writes it. Throws an InputError that says why it cannot. */
export function readPlan(path: string): PlanResult {
  const refusal = (message: string, place: Partial<Place> = {}): InputError =>
    new InputError([
      {
        code: 'STW-1015',
        severity: 'error',
        message,
        place: {file: path, line: 1, column: 1, ...place},
        hint: 'write it anew with stowage plan --out FILE',
      },
    ]);
  const value = parsed(textOf(path), refusal);
  const {kind, apiVersion} = (value ?? {}) as {readonly kind?: unknown; readonly apiVersion?: unknown};
  if (kind !== 'Plan') throw refusal(`kind is ${wordsOf(kind)}, not "Plan"`, {field: 'kind'});
  if (apiVersion !== API_VERSION) {
    throw refusal(`apiVersion is ${wordsOf(apiVersion)}, not "${API_VERSION}"`, {field: 'apiVersion'});
  }
  const outcome = planSchema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [first, ...others] = outcome.error.issues;
  const more = others.length === 0 ? '' : `, and ${others.length} more fields are wrong`;
  throw refusal(`not a Plan of ${API_VERSION}: ${first?.message.replace('Invalid input: ', '')}${more}`, {
    field: first?.path.map(String).join('.') ?? '',
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    const place = {file: path, line: 1, column: 1};
    throw new InputError([{code: 'STW-1007', severity: 'error', message, place, hint: 'check the path'}]);
  }
}

function parsed(text: string, refusal: (message: string, place: Partial<Place>) => InputError): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const {message} = error as Error;
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
    throw refusal(`not JSON: ${message}`, line === undefined ? {} : {line: Number(line), column: Number(column)});
  }
}

function wordsOf(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
