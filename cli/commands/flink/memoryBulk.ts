/** Memory questions and answers line by line. */
import {setImmediate} from 'node:timers/promises';
import {type Component, componentMemory} from '../../../flink/memory/component.ts';
import {type FlinkVersion, readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import type {Environment} from '../../../flink/memory/processMemory.ts';
import type {Diagnostic} from '../../../model/diagnostic.ts';
import type {DiagnosticCode} from '../../../model/diagnosticCodes.ts';
import {formatPlural} from '../../../results/format.ts';
import {shown} from '../../../sources/schemaErrors.ts';
import {ExitCode} from '../../exitCode.ts';
import type {Io} from '../../io.ts';
import {linesOf} from '../../lines.ts';
import {diagnosticsJson, diagnosticsText} from '../../output/diagnosticsText.ts';
import {styleOf} from '../../output/style.ts';
import {wideJson} from '../../output/wideJson.ts';

interface Question {
  readonly id: unknown;
  readonly component: Component;
  readonly environment: Environment;
  readonly version: FlinkVersion;
  readonly values: ReadonlyMap<string, string>;
}

interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** So many characters of output are written at once. */
const BLOCK = 1 << 16;
/** Problems beyond these are counted. */
const SHOWN_PROBLEMS = 20;

/**
 * Answers every line of a file, in order. A line that is no question is reported with its number and the others are
 * answered all the same.
 */
export async function answerLines(
  path: string,
  {version, asJson}: {readonly version: FlinkVersion; readonly asJson: boolean},
  io: Io,
): Promise<ExitCode> {
  const problems: Diagnostic[] = [];
  let unanswered = 0;
  let block = '';
  let number = 0;
  for (const line of linesOf(path, io)) {
    number += 1;
    if (line.trim() === '') continue;
    const question = readQuestion(line, version);
    if ('code' in question) {
      unanswered += 1;
      if (problems.length < SHOWN_PROBLEMS) {
        problems.push({...question, severity: 'error', place: {file: path, line: number, column: 1}});
      }
      continue;
    }
    block += `${wideJson({id: question.id, out: outOf(question)})}\n`;
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

function outOf({component, environment, version, values}: Question): object {
  const answer = componentMemory(component, values, {version, environment});
  const out = 'memory' in answer ? answer.memory : {error: answer.error};
  return answer.log.length === 0 ? out : {...out, log: answer.log};
}

const TARGETS: Readonly<Record<string, Component>> = {tm: 'taskmanager', jm: 'jobmanager'};

function readQuestion(line: string, standard: FlinkVersion): Question | Problem {
  const value = parse(line);
  if (value === undefined) return problem('STW-1001', 'the line is not JSON', 'write one JSON object a line');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong('the line', value, 'a JSON object with id, target, env and conf');
  }
  const {id, target, env = 'standalone', conf, flink} = value as Readonly<Record<string, unknown>>;
  if (id === undefined) return problem('STW-1003', 'the line has no id', 'write an id, which its answer then has, too');
  const component = typeof target === 'string' && Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined;
  if (component === undefined) return wrong('target', target, 'tm or jm');
  if (env !== 'standalone' && env !== 'active') return wrong('env', env, 'standalone or active');
  const version = flink === undefined ? standard : typeof flink === 'string' ? readFlinkVersion(flink) : undefined;
  if (version === undefined) return wrong('flink', flink, 'a version from 1.10 to 2.3, such as 1.20.5');
  if (typeof conf !== 'object' || conf === null || Array.isArray(conf)) {
    return wrong('conf', conf, 'an object of keys and values');
  }
  const values = new Map<string, string>();
  for (const [key, text] of Object.entries(conf as Readonly<Record<string, unknown>>)) {
    if (typeof text === 'object') return wrong(`conf["${key}"]`, text, 'a text');
    values.set(key, String(text));
  }
  return {id, component, environment: env, version, values};
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

function wrong(what: string, found: unknown, expected: string): Problem {
  return problem('STW-1003', `${what} is ${shownAny(found)}`, `write ${expected}`);
}

function shownAny(value: unknown): string {
  return value === undefined ? 'missing' : typeof value === 'bigint' ? String(value) : shown(value);
}

function problem(code: DiagnosticCode, message: string, hint: string): Problem {
  return {code, message, hint};
}
