import {type Component, type ComponentMemory, componentMemory} from '../../../flink/memory/component.ts';
import {readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import type {MemoryAnswer, MemoryQuestion} from '../../../flink/memory/memoryAnswer.ts';
import {optionKinds} from '../../../flink/memory/memoryOptions.ts';
import {type MemoryOrigins, mebibytes, memoryOrigins} from '../../../flink/memory/memoryOrigins.ts';
import {memoryRemedies, type Remedy} from '../../../flink/memory/memoryRemedies.ts';
import type {Environment} from '../../../flink/memory/processMemory.ts';
import {ROCKSDB_KEYS, type RocksDbShare, rocksDbShares} from '../../../flink/memory/rocksDb.ts';

/** A process whose memory is asked for. */
export interface MemorySubject {
  /** `KIND/NAMESPACE/NAME`; null for options of the command line. */
  readonly object: string | null;
  readonly component: Component;
  readonly flinkVersion: string;
  readonly environment: Environment;
  readonly values: ReadonlyMap<string, string>;
  /** The memory limit of the container in bytes, where it is known and not made of the process size. */
  readonly limit: bigint | undefined;
  readonly notes: readonly string[];
  /** Of a resource: its field to raise when the memory is too little. */
  readonly enlarge?: () => Remedy | undefined;
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
    const enlarged = answer.misfit?.leaves === 'too little' ? subject.enlarge?.() : undefined;
    const remedies = enlarged === undefined ? memoryRemedies(component, values, question) : [enlarged];
    return {...subject, answer, origins: {}, rocksDb: [], remedies};
  }
  const {memory} = answer;
  return {
    ...subject,
    answer,
    origins: memoryOrigins(component, memory, values, question),
    rocksDb: 'slot' in memory && memory.slot.managed > 0n ? rocksDbShares(memory.slot.managed, values) : [],
    remedies: [],
    notes: [...subject.notes, ...limitNotes(subject.limit, memory)],
  };
}

/** How the process compares with its container, whose limit kills it. */
function limitNotes(limit: bigint | undefined, memory: ComponentMemory): readonly string[] {
  if (limit === undefined || !('process' in memory) || memory.process === limit) return [];
  const {process} = memory;
  return process > limit
    ? [
        `the process may grow to ${mebibytes(process)}, but the container has ${mebibytes(limit)}: it risks being killed`,
      ]
    : [`${mebibytes(limit - process)} of the container's ${mebibytes(limit)} are not given to the process`];
}

/** As -o json and -o yaml print it, by the schema FlinkMemory. */
export function memoryItemDocument(item: MemoryItem): object {
  const {object, component, flinkVersion, environment, values, answer, origins, rocksDb, remedies, notes} = item;
  const kinds = optionKinds(component);
  const {jvm = null, cpu = null, slots = null, slot = null, ...sizes} = factsOf(answer);
  return {
    object,
    component,
    flinkVersion,
    environment,
    configuration: Object.fromEntries([...values].filter(([key]) => kinds.has(key) || ROCKSDB_KEYS.includes(key))),
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
