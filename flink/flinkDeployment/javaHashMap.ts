const SMALLEST_TABLE = 16;

/** Keys in the order in which a `java.util.HashMap` of them is walked, if they are put in this order. */
export function hashMapOrder(keys: readonly string[]): readonly string[] {
  let size = SMALLEST_TABLE;
  while (keys.length > size * 0.75) size *= 2;
  return keys
    .map((key, index) => ({key, index, bucket: spread(hashCode(key)) & (size - 1)}))
    .sort((a, b) => a.bucket - b.bucket || a.index - b.index)
    .map(({key}) => key);
}

/** `String.hashCode`. */
function hashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 16);
}
