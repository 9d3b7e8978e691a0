import {type Component, type ComponentMemory, componentMemory} from '../../../flink/memory/component.ts';
import {readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import type {MemoryAnswer, MemoryQuestion} from '../../../flink/memory/memoryAnswer.ts';
import {type MemoryOrigins, memoryOrigins} from '../../../flink/memory/memoryOrigins.ts';
import {memoryRemedies, type Remedy} from '../../../flink/memory/memoryRemedies.ts';
import type {Environment} from '../../../flink/memory/processMemory.ts';
import {type RocksDbShare, rocksDbShares} from '../../../flink/memory/rocksDb.ts';

/** A process whose memory is asked for. */
export interface MemorySubject {
  /** `KIND/NAMESPACE/NAME`; null for options of the command line. */
  readonly object: string | null;
  readonly component: Component;
  readonly flinkVersion: string;
  readonly environment: Environment;
  readonly values: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** The answer with all that explains it. */
export interface MemoryItem extends MemorySubject {
  readonly answer: MemoryAnswer<ComponentMemory>;
  readonly origins: MemoryOrigins;
  readonly rocksDb: readonly RocksDbShare[];
  readonly remedies: readonly Remedy[];
}

export function memoryItem(subject: MemorySubject): MemoryItem {
  const {component, values, environment} = subject;
  const version = readFlinkVersion(subject.flinkVersion);
  if (version === undefined) throw new Error(`Flink ${subject.flinkVersion} has no memory model here`);
  const question: MemoryQuestion = {version, environment};
  const answer = componentMemory(component, values, question);
  if ('error' in answer) {
    return {...subject, answer, origins: {}, rocksDb: [], remedies: memoryRemedies(component, values, question)};
  }
  const {memory} = answer;
  return {
    ...subject,
    answer,
    origins: memoryOrigins(component, memory, values, question),
    rocksDb: 'slot' in memory ? rocksDbShares(memory.slot.managed, values) : [],
    remedies: [],
  };
}

/** As -o json and -o yaml print it, by the schema FlinkMemory. */
export function memoryItemDocument(item: MemoryItem): object {
  const {object, component, flinkVersion, environment, values, answer, origins, rocksDb, remedies, notes} = item;
  const {jvm = null, cpu = null, slots = null, slot = null, ...sizes} = factsOf(answer);
  return {
    object,
    component,
    flinkVersion,
    environment,
    configuration: Object.fromEntries(values),
    memory: 'memory' in answer ? sizes : null,
    origins,
    jvm,
    cpu,
    slots,
    slot,
    rocksDb,
    error: 'error' in answer ? answer.error.map(([exception, message]) => ({exception, message})) : null,
    remedies,
    log: answer.log,
    notes,
  };
}

function factsOf(answer: MemoryAnswer<ComponentMemory>): Readonly<Record<string, unknown>> {
  return 'memory' in answer ? {...answer.memory} : {};
}
