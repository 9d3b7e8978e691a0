import {type ErrorChain, FlinkException, type Misfit} from './flinkException.ts';
import type {FlinkVersion} from './flinkVersion.ts';
import {MemoryConfiguration} from './memoryConfiguration.ts';
import type {Environment, MemoryContext} from './processMemory.ts';

export interface MemoryQuestion {
  readonly version: FlinkVersion;
  /** It matters only for the legacy heap keys. */
  readonly environment: Environment;
}

/** Flink's answer, with the lines of its log: the memory, or the exceptions with which the process does not start. */
export type MemoryAnswer<T> =
  | {readonly memory: T; readonly log: readonly string[]}
  | {readonly error: ErrorChain; readonly misfit: Misfit | undefined; readonly log: readonly string[]};

/** Answers a question about memory: what Flink throws is an answer, too. */
export function answer<T>(
  values: ReadonlyMap<string, string>,
  version: FlinkVersion,
  ask: (context: MemoryContext) => T,
): MemoryAnswer<T> {
  const configuration = new MemoryConfiguration(values);
  const {log} = configuration;
  try {
    return {memory: ask({configuration, version}), log};
  } catch (error) {
    if (error instanceof FlinkException) return {error: error.chain, misfit: error.misfit, log};
    throw error;
  }
}
