import {escapePointer} from '../../model/diagnostic.ts';
import type {FlinkOutcome, FlinkProblem} from '../flinkOutcome.ts';
import {JavaFailure, messageOf} from './javaFailure.ts';
import type {Prepared} from './prepareDeployment.ts';

type Refused = Extract<FlinkOutcome, {kind: 'refused'}>;

/** What the API server or the validator refuses. */
export function refusedBy(prepared: Exclude<Prepared<unknown>, {kind: 'accepted'}>): Refused {
  if (prepared.kind === 'validation') return refused([{...prepared.problem, gate: 'validation'}]);
  return refused(prepared.errors.map((error) => ({...error, gate: 'schema'})));
}

/** Runs a step whose exceptions are refusals, too: the innermost says what is wrong. */
export function orRefused<T>(step: () => T): T | Refused {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof JavaFailure)) throw error;
    const {chain, key} = error;
    const pointer = key === undefined ? '/spec' : `/spec/flinkConfiguration/${escapePointer(key)}`;
    return refused([{message: messageOf(chain.at(-1) ?? ''), pointer, gate: 'deployment'}]);
  }
}

function refused(problems: readonly FlinkProblem[]): Refused {
  const {message = '', pointer = ''} = problems[0] ?? {};
  return {kind: 'refused', message, pointer, problems};
}
