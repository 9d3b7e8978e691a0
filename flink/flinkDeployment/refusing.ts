import {escapePointer} from '../../model/diagnostic.ts';
import {type FlinkRefusal, refused} from '../flinkOutcome.ts';
import {JavaFailure, messageOf} from './javaFailure.ts';
import type {Prepared} from './prepareDeployment.ts';

/** What the API server or the validator refuses. */
export function refusedBy(prepared: Exclude<Prepared<unknown>, {kind: 'accepted'}>): FlinkRefusal {
  return prepared.kind === 'validation'
    ? refused([prepared.problem], 'validation')
    : refused(prepared.errors, 'schema');
}

/** Runs a step whose exceptions are refusals, too: the innermost says what is wrong. */
export function orRefused<T>(step: () => T): T | FlinkRefusal {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof JavaFailure)) throw error;
    const {chain, key} = error;
    const pointer = key === undefined ? '/spec' : `/spec/flinkConfiguration/${escapePointer(key)}`;
    return refused([{message: messageOf(chain.at(-1) ?? ''), pointer}], 'deployment');
  }
}
