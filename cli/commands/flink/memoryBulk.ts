/** Memory questions and answers line by line. */
import {type Component, componentMemory} from '../../../flink/memory/component.ts';
import {type FlinkVersion, readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import type {ExitCode} from '../../exitCode.ts';
import type {Io} from '../../io.ts';
import {answerEachLine, type LineAnswer, type LineFields, wrongField} from './lineAnswers.ts';

/** Answers each line for the version that it names, or else for the one given. */
export function answerMemoryLines(
  path: string,
  {version, asJson}: {readonly version: FlinkVersion; readonly asJson: boolean},
  io: Io,
): Promise<ExitCode> {
  const expected = 'id, target, env and conf';
  return answerEachLine(path, (fields) => answerOf(fields, version), {expected, asJson}, io);
}

const TARGETS: Readonly<Record<string, Component>> = {tm: 'taskmanager', jm: 'jobmanager'};

function answerOf({target, env = 'standalone', conf, flink}: LineFields, standard: FlinkVersion): LineAnswer {
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
  const answer = componentMemory(component, values, {version, environment: env});
  const out = 'memory' in answer ? answer.memory : {error: answer.error};
  return {out: answer.log.length === 0 ? out : {...out, log: answer.log}};
}

function wrong(what: string, found: unknown, expected: string): LineAnswer {
  return {problem: wrongField(what, found, expected)};
}
