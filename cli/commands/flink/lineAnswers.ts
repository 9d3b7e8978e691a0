/** Questions in JSON, one a line, answered in their order. */
import {setImmediate} from 'node:timers/promises';
import type {Diagnostic} from '../../../model/diagnostic.ts';
import type {DiagnosticCode} from '../../../model/diagnosticCodes.ts';
import {formatPlural} from '../../../results/format.ts';
import {shown} from '../../../sources/schemaErrors.ts';
import {ExitCode} from '../../exitCode.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';
import {linesOf} from '../../lines.ts';
import {diagnosticsJson, diagnosticsText} from '../../output/diagnosticsText.ts';
import {styleOf} from '../../output/style.ts';
import {wideJson} from '../../output/wideJson.ts';

/** Why a line has no answer. */
export interface LineProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

export type LineAnswer = {readonly out: object} | {readonly problem: LineProblem};

/** The fields of a line; its id is the caller's own and comes back with the answer. */
export type LineFields = Readonly<Record<string, unknown>>;

/** So many characters of output are written at once. */
const BLOCK = 1 << 16;
/** Problems beyond these are counted. */
const SHOWN_PROBLEMS = 20;

/**
 * Answers every line of a file, in order. A line that is no question is reported with its number and the others are
 * answered all the same.
 */
export async function answerEachLine(
  path: string,
  answer: (fields: LineFields) => LineAnswer,
  {expected, asJson}: {readonly expected: string; readonly asJson: boolean},
  io: Io,
): Promise<ExitCode> {
  const problems: Diagnostic[] = [];
  let unanswered = 0;
  let block = '';
  let number = 0;
  for (const line of linesOf(path, io)) {
    number += 1;
    if (line.trim() === '') continue;
    const read = readLine(line, expected);
    const answered = 'fields' in read ? {...answer(read.fields), id: read.fields.id} : read;
    if ('problem' in answered) {
      unanswered += 1;
      if (problems.length < SHOWN_PROBLEMS) {
        problems.push({...answered.problem, severity: 'error', place: {file: path, line: number, column: 1}});
      }
      continue;
    }
    block += `${wideJson({id: answered.id, out: answered.out})}\n`;
    if (block.length < BLOCK) continue;
    io.stdout.write(block);
    block = '';
    // What is written is let go of in the next turn only.
    await setImmediate();
  }
  io.stdout.write(block);
  if (unanswered === 0) return ExitCode.Ok;
  const style = styleOf(io.stderr);
  io.stderr.write(asJson ? diagnosticsJson(problems) : diagnosticsText(problems, style));
  const more = unanswered - problems.length;
  if (more > 0 && !asJson) io.stderr.write(style.dim(`and ${formatPlural(more, 'more line')} without an answer\n`));
  return ExitCode.InvalidInput;
}

/** Answers are lines of JSON whatever `-o` says; `json` makes those of the problems the same. */
export function checkBulkOutput(output: string): void {
  if (output === 'table' || output === 'json') return;
  throw new UsageError(`-o ${output}: --from-ndjson answers in lines of JSON; leave -o out`);
}

/** A field that is not as it must be. */
export function wrongField(what: string, found: unknown, expected: string): LineProblem {
  const text = found === undefined ? 'missing' : typeof found === 'bigint' ? String(found) : shown(found);
  return {code: 'STW-1003', message: `${what} is ${text}`, hint: `write ${expected}`};
}

function readLine(line: string, expected: string): {readonly fields: LineFields} | {readonly problem: LineProblem} {
  const value = parse(line);
  if (value === undefined) {
    return {problem: {code: 'STW-1001', message: 'the line is not JSON', hint: 'write one JSON object a line'}};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {problem: wrongField('the line', value, `a JSON object with ${expected}`)};
  }
  const fields = value as LineFields;
  if (fields.id !== undefined) return {fields};
  const hint = 'write an id, which its answer then has, too';
  return {problem: {code: 'STW-1003', message: 'the line has no id', hint}};
}

/** Integers of 16 digits and more, of which a double may not hold every digit. */
const WIDE_INTEGER = /[:[,]\s*-?\d{16}/;

function parse(line: string): unknown {
  try {
    return WIDE_INTEGER.test(line) ? JSON.parse(line, keepWide) : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function keepWide(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value;
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
