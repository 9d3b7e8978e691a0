import {type MemorySizeResult, parseMemorySize} from '../memorySize.ts';
import {amountInBytes} from './fabricQuantity.ts';

/**
 * Reads a memory field of a FlinkDeployment: Flink's syntax first, else a quantity without regard to case, blanks and a
 * final B. `4096m` is 4096 MiB, `2Gib` 2 GiB, `2P` 2·10^15 bytes; what comes out must be whole for Flink to read it.
 */
export function readOperatorMemory(text: string): {readonly bytes: bigint} | {readonly error: string} {
  const flink = parseMemorySize(text);
  if ('bytes' in flink) return flink;
  const quantity = amountInBytes(normalized(text));
  return 'error' in quantity ? quantity : withoutException(parseMemorySize(quantity.text));
}

function withoutException(size: MemorySizeResult): {readonly bytes: bigint} | {readonly error: string} {
  return 'bytes' in size ? size : {error: size.error};
}

function normalized(text: string): string {
  return text.replace(/\s/g, '').toUpperCase().replace(/B$/, '').replace(/I$/, 'i');
}
