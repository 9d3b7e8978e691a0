import {z} from 'zod';
import {COMPONENTS} from '../../flink/memory/component.ts';
import {CONSUMERS} from '../../flink/memory/rocksDb.ts';
import {API_VERSION} from '../../results/simulationResult.ts';

/** What `flink memory` prints with -o json. Sizes are whole bytes and may be beyond 2^53. */
const bytes = z.number().nonnegative().multipleOf(1).meta({description: 'bytes; may be beyond 2^53'});
const cores = z.string().meta({description: 'cores, as decimal text'});

const origin = z.strictObject({
  from: z.enum(['configured', 'default', 'derived']),
  by: z.string().meta({description: 'the option and its value, the option whose default it is, or the rule'}),
});

const slot = z
  .strictObject({cpu: cores, taskHeap: bytes, taskOffHeap: bytes, managed: bytes, network: bytes})
  .meta({description: 'what each of the equal slots has'});

const rocksDb = z.strictObject({
  beside: z.array(z.enum(CONSUMERS)).meta({description: 'who else uses managed memory in the slot'}),
  memory: bytes,
  cache: bytes,
  writeBuffers: bytes.meta({description: 'bytes of the cache that write buffers may take'}),
});

const memory = z
  .strictObject({
    process: bytes,
    flink: bytes,
    frameworkHeap: bytes,
    taskHeap: bytes,
    frameworkOffHeap: bytes,
    taskOffHeap: bytes,
    managed: bytes,
    network: bytes,
    metaspace: bytes,
    overhead: bytes,
    heap: bytes.meta({description: 'bytes; -Xmx'}),
    direct: bytes.meta({description: 'bytes; -XX:MaxDirectMemorySize'}),
    offHeap: bytes.meta({description: 'bytes; of a JobManager'}),
  })
  .partial()
  .meta({description: 'a TaskManager has all but offHeap; a JobManager of Flink 1.10 has the heap only'});

const item = z.strictObject({
  object: z.string().nullable().meta({description: 'KIND/NAMESPACE/NAME; null: options of the command line'}),
  component: z.enum(COMPONENTS),
  flinkVersion: z.string(),
  environment: z.enum(['standalone', 'active']),
  configuration: z.record(z.string(), z.string()).meta({description: 'the options with a part in the answer'}),
  memory: memory.nullable().meta({description: 'null: the process does not start, see error'}),
  origins: z.record(z.string(), origin).meta({description: 'where each size comes from, by its name in memory'}),
  jvm: z.string().nullable().meta({description: 'arguments of the JVM'}),
  cpu: cores.nullable(),
  slots: z.int().nullable(),
  slot: slot.nullable(),
  rocksDb: z.array(rocksDb).meta({description: 'what RocksDB gets of a slot, alone and beside others'}),
  error: z
    .array(z.strictObject({exception: z.string(), message: z.string()}))
    .nullable()
    .meta({description: "Flink's exceptions, outermost first"}),
  remedies: z.array(z.strictObject({set: z.record(z.string(), z.string()), why: z.string()})),
  log: z.array(z.string()).meta({description: "lines of Flink's log, with their level"}),
  notes: z.array(z.string()),
});

export const flinkMemorySchema = z
  .strictObject({apiVersion: z.literal(API_VERSION), kind: z.literal('FlinkMemory'), items: z.array(item)})
  .meta({id: 'FlinkMemory', title: "Flink's memory of a configuration"});
