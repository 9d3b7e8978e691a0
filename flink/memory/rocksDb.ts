/** What RocksDB gets of the managed memory of a slot, where it shares that with others. */
import {readJavaDouble, readJavaInteger} from '../javaNumber.ts';

/** Who uses managed memory; a kind counts only where the job has it. */
export const CONSUMERS = ['STATE_BACKEND', 'OPERATOR', 'PYTHON'] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** Bytes of one slot. */
export interface RocksDbShare {
  /** The consumers beside RocksDB in the slot. */
  readonly beside: readonly Consumer[];
  readonly memory: bigint;
  /** The block cache, which holds the write buffers, too. */
  readonly cache: bigint;
  /** What the write buffers may take of it before RocksDB flushes them. */
  readonly writeBuffers: bigint;
}

const WEIGHTS_KEY = 'taskmanager.memory.managed.consumer-weights';
const RATIO_KEY = 'state.backend.rocksdb.memory.write-buffer-ratio';

/** The options on which the shares depend. */
export const ROCKSDB_KEYS: readonly string[] = [WEIGHTS_KEY, RATIO_KEY];

const STANDARD_WEIGHTS: ReadonlyMap<string, string> = new Map([
  ['OPERATOR', '70'],
  ['STATE_BACKEND', '70'],
  ['PYTHON', '30'],
]);

const COMPANIES: readonly (readonly Consumer[])[] = [[], ['OPERATOR'], ['PYTHON'], ['OPERATOR', 'PYTHON']];

/** RocksDB's share of a slot, alone and beside others; empty where the options for it cannot be read. */
export function rocksDbShares(managedOfSlot: bigint, values: ReadonlyMap<string, string>): readonly RocksDbShare[] {
  const weights = consumerWeights(values.get(WEIGHTS_KEY));
  const ratio = writeBufferRatio(values.get(RATIO_KEY));
  if (weights === undefined || ratio === undefined) return [];
  return COMPANIES.map((beside) => {
    const total = weights.STATE_BACKEND + beside.reduce((sum, consumer) => sum + weights[consumer], 0);
    const memory = shareOf(managedOfSlot, weights.STATE_BACKEND, total);
    return {
      beside,
      memory: BigInt(memory),
      cache: BigInt(Math.floor(((3 - ratio) * memory) / 3)),
      writeBuffers: BigInt(Math.floor((2 * memory * ratio) / 3)),
    };
  });
}

/** A weight as a fraction of 16 decimals, cut off, times the memory in a double. */
function shareOf(managed: bigint, weight: number, total: number): number {
  if (total === 0) return 0;
  const decimals = (BigInt(weight) * 10n ** 16n) / BigInt(total);
  return Math.floor(Number(managed) * Number(`${decimals}e-16`));
}

function consumerWeights(text: string | undefined): Record<Consumer, number> | undefined {
  const written = text === undefined ? STANDARD_WEIGHTS : readPairs(text);
  if (written === undefined) return undefined;
  const weight = (consumer: Consumer): number => {
    // DATAPROC was the name of both in 1.12.
    const old = consumer === 'PYTHON' ? undefined : written.get('DATAPROC');
    const number = readJavaInteger(written.get(consumer) ?? old ?? '0');
    return 'value' in number && number.value >= 0 ? number.value : Number.NaN;
  };
  const weights = {STATE_BACKEND: weight('STATE_BACKEND'), OPERATOR: weight('OPERATOR'), PYTHON: weight('PYTHON')};
  return Object.values(weights).some(Number.isNaN) ? undefined : weights;
}

function readPairs(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split(',').map((pair) => pair.split(':').map((part) => part.trim()));
  if (pairs.some(({length}) => length !== 2)) return undefined;
  return new Map(pairs.map(([name, weight]) => [name!, weight!]));
}

function writeBufferRatio(text: string | undefined): number | undefined {
  if (text === undefined) return 0.5;
  const ratio = readJavaDouble(text);
  return 'value' in ratio && ratio.value >= 0 && ratio.value <= 1 ? ratio.value : undefined;
}
